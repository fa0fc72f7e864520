import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { rdp } from "./rdp.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const text = (words: string) => new Uint8Array(Buffer.from(words));
const wide = (words: string) => new Uint8Array(Buffer.from(words, "utf16le"));

/** TPKT, then X.224 of a type: its length counts what follows it. */
const x224 = (type: string, more: Uint8Array) => {
  const rest = (6 + more.length).toString(16).padStart(2, "0");
  return hex`0300 ${(11 + more.length).toString(16).padStart(4, "0")} ${rest} ${type} 0000 0000 00 ${more}`;
};
const ASKED = x224("e0", hex`${text("Cookie: mstshash=jroe\r\n")} 01 00 0800 03000000`); // TLS or CredSSP

test("somebody is steered; who sits there is not kept", () => {
  assert.equal(rdp.recognize(ASKED, "client"), true);
  assert.equal(rdp.messageLength!(ASKED), ASKED.length);
  assert.deepEqual(notes(rdp, ASKED), ["operation: CONNECT"]);
});

test("a server that protects nothing is a finding, one that asks for TLS is not, one that refuses says so", () => {
  const answer = (kind: string, protocols: string) => x224("d0", hex`${kind} 00 0800 ${protocols}`);
  assert.equal(rdp.recognize(answer("02", "01000000"), "server"), true);
  assert.deepEqual(notes(rdp, answer("02", "01000000"), SERVER), []);
  assert.deepEqual(notes(rdp, answer("02", "00000000"), SERVER), ["10.0.0.2 dialect: RDP without TLS"]);
  assert.deepEqual(notes(rdp, x224("d0", hex``), SERVER), ["10.0.0.2 dialect: RDP without TLS"]);
  assert.deepEqual(notes(rdp, answer("03", "05000000"), SERVER), ["association refused"]);
});

test("TLS is handed on, record by record, and encrypted data ends it", () => {
  const record = hex`16 0303 0004 0e000000`;
  assert.equal(rdp.messageLength!(hex`${record} 17`), 9);
  assert.deepEqual(notes(rdp, record, SERVER), ["inside tls: 9 bytes"]);
  assert.deepEqual(notes(rdp, hex`17 0303 0001 aa`, SERVER), ["enough"]);
});

const core = hex`
  01c0 3c00                                         # settings, 60 bytes
  04000800 0005 0004 01ca 03aa 09040000             # version, 1280 by 1024, color, sequence, keyboard
  280a0000                                          # build 2600
  ${wide("CT-CONSOLE")} ${"00".repeat(12)} 00000000`;
const conference = (blocks: Uint8Array) => {
  const body = hex`02 f0 80 7f65 00050014 ${text("Duca")} 80 ${blocks.length.toString(16).padStart(2, "0")} ${blocks}`;
  return hex`0300 ${(4 + body.length).toString(16).padStart(4, "0")} ${body}`;
};

test("without TLS the client says its own name and build", () => {
  assert.deepEqual(notes(rdp, conference(hex`${core} 02c0 0800 00000000`)), [
    "10.0.0.1 hostname: CT-CONSOLE",
    "10.0.0.1 userAgent: RDP client build 2600",
    "enough",
  ]);
});

test("a channel that only the system opens is noted; those of clipboard and sound are not", () => {
  const channels = (...names: string[]) => {
    const list = hex`${names
      .map((it) => it.padEnd(8, "\0"))
      .map((it) => `${Buffer.from(it).toString("hex")}00000080`)
      .join("")}`;
    const length = (8 + list.length).toString(16).padStart(2, "0");
    return conference(hex`03c0 ${length}00 ${names.length.toString(16).padStart(2, "0")}000000 ${list}`);
  };
  assert.deepEqual(notes(rdp, channels("rdpsnd", "MS_T120")), ["notable: reservedChannel", "enough"]);
  assert.deepEqual(notes(rdp, channels("rdpsnd", "cliprdr", "MS_T12")), ["enough"]);
  assert.deepEqual(notes(rdp, conference(hex`03c0 0800 ffffffff`)), ["enough"]);
});

test("settings that run past the end are broken, and any cut is survived", () => {
  assert.deepEqual(notes(rdp, conference(hex`01c0 ff00 0400`)), ["malformed: a block of the client's settings runs past the end"]);
  assert.deepEqual(notes(rdp, conference(hex`01c0 0800 00000000`)), ["malformed: the client's settings are cut short"]);
  for (const message of [ASKED, conference(core)])
    for (let bytes = 0; bytes < message.length; bytes++) notes(rdp, message.subarray(0, bytes), { cut: true });
});

test("a controller that is asked for its rack and slot, and a cut request, are not RDP", () => {
  const s7 = hex`0300 0016 11 e0 0000 0001 00 c0 01 0a c1 02 0100 c2 02 0102`;
  assert.equal(rdp.recognize(s7, "client"), false);
  assert.equal(rdp.recognize(hex`0300 0016 11 d0 0001 0002 00 c0 01 0a c1 02 0100 c2 02 0102`, "server"), false);
  assert.equal(rdp.recognize(ASKED.subarray(0, 20), "client"), false);
});
