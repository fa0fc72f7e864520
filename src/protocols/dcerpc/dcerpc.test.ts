import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../../testing/notes.ts";
import { dcerpc } from "./dcerpc.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const NDR = hex`045d888aeb1cc9119fe808002b104860 02000000`;
const bind = (face: Uint8Array) => hex`
  05 00 0b 03 10000000 4800 0000 07000000       # bind, 72 bytes, no proof
  d016 d016 00000000 01 000000                  # one context
  0300 01 00 ${face} 02000000 ${NDR}`;
const CONTROL = hex`81bb7a36 4498 f135 ad3298f038001003`;
const MAPPER = hex`0883afe1 1f5d c911 91a408002b14a0fa`;

test("what is bound to is the operation", () => {
  const message = bind(CONTROL);
  assert.equal(dcerpc.recognize(message, "client"), true);
  assert.equal(dcerpc.recognize(message, "server"), false);
  assert.equal(dcerpc.messageLength!(message), message.length);
  assert.deepEqual(notes(dcerpc, message), ["operation: SERVICE_CONTROL"]);
  assert.deepEqual(notes(dcerpc, bind(new Uint8Array(16))), ["operation: OTHER"], "an interface nobody named here");
});

const mapped = hex`
  05 00 02 03 10000000 7800 0000 07000000
  60000000 0300 00 00                           # an answer in context 3
  0000000000000000000000000000000000000000      # handle
  01000000  04000000 00000000 01000000 03000000 # one tower
  20000000 20000000                             # of 32 bytes
  0500  0100 0d 0000  0100 0d 0000  0100 0b 0000
  0100 07 0200 c200                             # TCP 49664
  0100 09 0000 0000                             # IP
  00000000`;

test("where the endpoint mapper sends them, they are expected; only where it was asked", () => {
  const memory = dcerpc.remember!();
  notes(dcerpc, bind(MAPPER), { memory });
  assert.deepEqual(notes(dcerpc, mapped, { ...SERVER, memory }), ["expect: dcerpc tcp/49664 at 10.0.0.2"]);
  assert.deepEqual(notes(dcerpc, mapped, SERVER), []);
  assert.deepEqual(notes(dcerpc, mapped.subarray(0, 80), { ...SERVER, memory }), [
    "malformed: a tower of the endpoint mapper runs past the end",
  ]);
});

test("a refused bind is a refusal, and a bind cut short is broken", () => {
  assert.deepEqual(notes(dcerpc, hex`05 00 0d 03 10000000 1200 0000 07000000 0400`, SERVER), ["association refused"]);
  assert.deepEqual(notes(dcerpc, bind(CONTROL).subarray(0, 50)), ["malformed: a context of a bind runs past the end"]);
  assert.deepEqual(notes(dcerpc, hex`ffff`), ["malformed: bytes between messages that belong to none", "enough"]);
});

test("without a connection a call is told by its interface", () => {
  const call = hex`
    04 00 20 00 100000 00 ${new Uint8Array(16)} 0100a0de976cd111827100a02442df7d ${new Uint8Array(16)}
    00000000 01000000 00000000 0000 ffff ffff 0400 0000 00 00 00000000`;
  assert.equal(dcerpc.recognize(call, "client"), true);
  assert.deepEqual(notes(dcerpc, call), ["operation: PROFINET"]);
  assert.equal(dcerpc.recognize(call.subarray(0, 82), "client"), false, "the length is not the datagram's");
});

test("SOCKS, a bind without a context and an unknown kind are not DCE/RPC", () => {
  assert.equal(dcerpc.recognize(hex`05 01 00`, "client"), false);
  assert.equal(dcerpc.recognize(hex`05 01 00 01 10000000 1800 0000 0101 01bb ${new Uint8Array(8)}ff`, "client"), false);
  const empty = bind(CONTROL);
  empty[24] = 0;
  assert.equal(dcerpc.recognize(empty, "client"), false);
  assert.equal(dcerpc.recognize(hex`05 00 63 03 10000000 1000 0000 00000000`, "client"), false);
});
