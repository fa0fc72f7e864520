import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { oncrpc } from "./oncrpc.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const getPort = hex`
  00000007 00000000 00000002 000186a0 00000002 00000003     # call 7, port mapper 2, a port
  00000000 00000000 00000000 00000000
  000186a3 00000003 00000006 00000000`; //                     of NFS 3 over TCP
const port = hex`00000007 00000001 00000000 00000000 00000000 00000000 00000801`;

test("the port mapper's answer is expected to be used", () => {
  const memory = oncrpc.remember!();
  assert.equal(oncrpc.recognize(getPort, "unknown"), true);
  assert.equal(oncrpc.recognize(getPort, "server"), false);
  assert.deepEqual(notes(oncrpc, getPort, { memory }), ["operation: PORTMAP"]);
  assert.equal(oncrpc.recognize(port, "server"), true);
  assert.deepEqual(notes(oncrpc, port, { ...SERVER, memory }), ["expect: oncrpc tcp/2049 at 10.0.0.2"]);
  assert.deepEqual(notes(oncrpc, port, SERVER), [], "nobody asked");
});

const call = hex`
  00000008 00000000 00000002 000186a3 00000003 00000001
  00000001 00000018 00000000 00000005 ${Buffer.from("cart7")}000000 00000000 00000000
  00000000 00000000`;

test("a client names its machine; over TCP with a length in front", () => {
  assert.deepEqual(notes(oncrpc, call), ["operation: NFS", "10.0.0.1 hostname: cart7"]);
  const framed = hex`80000048 ${call}`;
  assert.equal(oncrpc.messageLength!(framed), 76);
  assert.equal(oncrpc.recognize(framed, "client"), true);
  assert.deepEqual(notes(oncrpc, framed), ["operation: NFS", "10.0.0.1 hostname: cart7"]);
});

test("a proof that runs past the end is broken", () => {
  assert.deepEqual(notes(oncrpc, call.subarray(0, 40)), ["operation: NFS", "malformed: a call's proof runs past the end"]);
  for (let bytes = 0; bytes < call.length; bytes++) notes(oncrpc, call.subarray(0, bytes), { cut: true });
});

test("another version, an unknown program, and a reply nobody is known to have asked for are not taken", () => {
  const [version, program] = [getPort.slice(), getPort.slice()];
  version[11] = 3;
  program[12] = 1;
  assert.equal(oncrpc.recognize(version, "client"), false);
  assert.equal(oncrpc.recognize(program, "client"), false);
  assert.equal(oncrpc.recognize(port, "unknown"), false);
  assert.equal(oncrpc.recognize(new Uint8Array(64), "unknown"), false);
});
