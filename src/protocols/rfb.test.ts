import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { rfb } from "./rfb.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const version = (number: string) => Buffer.from(`RFB ${number}\n`);

test("both say their version, the server's is kept", () => {
  assert.equal(rfb.recognize(version("003.008"), "server"), true);
  assert.equal(rfb.messageLength!(hex`${version("003.008")} 02`), 12);
  assert.deepEqual(notes(rfb, version("003.889"), SERVER), ["10.0.0.2 serverBanner: RFB 003.889"]);
  assert.deepEqual(notes(rfb, version("003.008")), ["operation: CONNECT"]);
});

test("a server that asks for nothing is a finding, in either form", () => {
  assert.equal(rfb.messageLength!(hex`02 10 01`), 3);
  assert.deepEqual(notes(rfb, hex`02 10 01`, SERVER), ["10.0.0.2 dialect: VNC without a password", "enough"]);
  assert.deepEqual(notes(rfb, hex`01 10`, SERVER), ["enough"]);
  assert.deepEqual(notes(rfb, hex`00000001`, SERVER), ["10.0.0.2 dialect: VNC without a password", "enough"]);
  assert.deepEqual(notes(rfb, hex`00000010`, SERVER), ["enough"]);
});

test("whether a password was right; before one was offered nothing is refused", () => {
  const said = (result: Uint8Array, kinds: Uint8Array, ...between: Uint8Array[]) => {
    const memory = rfb.remember!();
    const lines = notes(rfb, kinds, { ...SERVER, memory });
    for (const it of between) lines.push(...notes(rfb, it, it.length === 17 ? { ...SERVER, memory } : { memory }));
    return [...lines, ...notes(rfb, result, { ...SERVER, memory })];
  };
  const challenge = new Uint8Array(17).fill(7);
  const answer = new Uint8Array(16).fill(9);
  assert.deepEqual(said(hex`00000001 0000`, hex`01 02`, hex`02`, challenge, answer), ["login refused", "enough"]);
  assert.deepEqual(said(hex`00000000`, hex`01 02`, hex`02`, challenge, answer), ["login accepted", "enough"]);
  assert.deepEqual(said(hex`00000001`, hex`00000002 ${challenge}`, answer), ["login refused", "enough"], "3.3, with the challenge at once");
  assert.deepEqual(said(hex`00000001`, hex`01 02`, hex`10`), ["enough"], "another proof was chosen");
  assert.deepEqual(said(hex`00000001`, hex`01 02`, hex`02`), []);
});

test("any cut is survived", () => {
  for (const message of [version("003.008"), hex`02 10 01`])
    for (let bytes = 0; bytes < message.length; bytes++) notes(rfb, message.subarray(0, bytes), { ...SERVER, cut: true });
});

test("words that begin alike are not RFB", () => {
  assert.equal(rfb.recognize(Buffer.from("RFB 3.8\n and more"), "server"), false);
  assert.equal(rfb.recognize(Buffer.from("RFB 003.008 is what it speaks\n"), "server"), false);
  assert.equal(rfb.recognize(Buffer.from("RFB 003"), "server"), false);
});
