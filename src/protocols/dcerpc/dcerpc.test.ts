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

/** What a call of this number says, of an interface bound to before. */
function called(face: Uint8Array, number: number, stub: Uint8Array = hex``, flags = "03"): string[] {
  const memory = dcerpc.remember!();
  notes(dcerpc, bind(face), { memory });
  const length = (value: number) => hex`${(value & 255).toString(16).padStart(2, "0")} ${(value >> 8).toString(16).padStart(2, "0")}`;
  const call = hex`05 00 00 ${flags} 10000000 ${length(24 + stub.length)} 0000 01000000 00000000 0300 ${length(number)} ${stub}`;
  return notes(dcerpc, call, { memory });
}

test("of a registry read from afar only the key of its passwords, and what is saved of it, are told", () => {
  const registry = hex`01d08c33 4422 f131 aaaa 900038001003`;
  const key = (path: string) => new Uint8Array(Buffer.from(path, "utf16le"));
  assert.deepEqual(called(registry, 15, key("SYSTEM\\CurrentControlSet\\Control\\Lsa\\JD")), ["notable: secretsRead"]);
  assert.deepEqual(called(registry, 15, key("SYSTEM\\CurrentControlSet\\Control\\Lsa")), []);
  assert.deepEqual(called(registry, 20), ["notable: secretsRead"]);
});

test("calls by which a machine is made to do something are told by number, also where what they carry is sealed", () => {
  assert.deepEqual(called(CONTROL, 12), ["notable: serviceCreated"]);
  assert.deepEqual(called(CONTROL, 12, hex``, "02"), [], "the second piece of it");
  assert.deepEqual(called(CONTROL, 15), [], "only opened");
  assert.deepEqual(called(MAPPER, 12), [], "another interface has other calls");
  assert.deepEqual(called(hex`354251e3 064b d111 ab04 00c04fc2dcd2`, 3), ["notable: directoryReplicated"]);
  assert.deepEqual(notes(dcerpc, hex`05 00 00 03 10000000 1800 0000 01000000 00000000 0300 0c00`), [], "nobody heard what it is bound to");
});

const NETLOGON = hex`78563412 3412 cdab ef00 01234567cffb`;
const name = (text: string) => {
  const count = hex`0${String(text.length)}000000`;
  return hex`${count} 00000000 ${count} ${Buffer.from(text, "utf16le")}`;
};
const authenticate = (proof: string) => hex`00000200 ${name("DC1\0")} ${name("DC1$\0")} 0600 ${name("DC1\0")} ${proof} ffff2f21`;

test("a proof of zeros is told, any other and a cut one is not", () => {
  assert.deepEqual(called(NETLOGON, 26, authenticate("0000000000000000")), ["notable: emptyProof"]);
  assert.deepEqual(called(NETLOGON, 26, authenticate("0000000000000001")), []);
  assert.deepEqual(called(NETLOGON, 26, authenticate("0000000000000000").subarray(0, 40)), []);
  assert.deepEqual(called(NETLOGON, 4, authenticate("0000000000000000")), [], "another call");
});

test("a path that climbs, and instructions in place of a name, are told", () => {
  const server = hex`c84f324b 7016 d301 1278 5a47bf6ee188`;
  const path = (text: string) => new Uint8Array(Buffer.from(text, "utf16le"));
  assert.deepEqual(called(server, 31, path("\\x\\..\\..\\y")), ["notable: overlongCall"]);
  assert.deepEqual(called(server, 31, path("\\x\\..\\y")), []);
  assert.deepEqual(called(server, 15), ["notable: sharesListed"]);
  const activation = hex`a0010000 0000 0000 c000 000000000046`;
  assert.deepEqual(called(activation, 4, new Uint8Array(64).fill(0x90)), ["notable: overlongCall"]);
  assert.deepEqual(called(activation, 4, new Uint8Array(64)), []);
});
