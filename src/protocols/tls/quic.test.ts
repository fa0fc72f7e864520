import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readCapture } from "../../../fuzz/corpus.ts";
import { hex, notes } from "../../testing/notes.ts";
import { quic } from "./quic.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
/** Encrypted as RFC 9001 has it by the script beside it, which tshark opens as well. */
const messages = await readCapture(join(import.meta.dirname, "..", "..", "..", "fixtures", "quic", "portal.pcap"));
const [first, second, answer] = messages.map(({ bytes }) => bytes) as [Uint8Array, Uint8Array, Uint8Array];

test("a hello in pieces over two packets says whom the client asks, and with which library", () => {
  const memory = quic.remember!();
  assert.equal(quic.recognize(first, "client"), true);
  assert.deepEqual(notes(quic, first, { memory }), ["operation: QUIC 1"]);
  assert.deepEqual(notes(quic, second, { memory }), [
    "operation: QUIC 1",
    "10.0.0.2 askedAs: portal.clinic.example",
    "10.0.0.1 ja4: q13d0205h3_62ed6f6ca7ad_fbabbea27ee8",
  ]);
  assert.deepEqual(notes(quic, answer, { ...SERVER, memory }), ["enough"], "there is nothing more for us");
});

test("who sends the first packet is told by the keys that open it", () => {
  assert.equal(quic.speaker!(first), "client");
  assert.equal(quic.speaker!(answer), "unknown");
  assert.equal(quic.recognize(answer, "server"), true);
  assert.deepEqual(notes(quic, answer), [], "taken for a client's, it says nothing");
});

test("a changed byte leaves nothing to read, and any cut is survived", () => {
  const changed = first.slice();
  changed[600]! ^= 1;
  assert.deepEqual(notes(quic, changed), []);
  for (let bytes = 0; bytes < first.length; bytes += 7) {
    assert.equal(quic.recognize(first.subarray(0, bytes), "client"), false);
    notes(quic, first.subarray(0, bytes), { cut: true });
  }
});

test("another version, and a short datagram of a client, are not taken", () => {
  const other = first.slice();
  other[4] = 9;
  assert.equal(quic.recognize(other, "client"), false);
  assert.equal(quic.recognize(hex`c0 00000001 08 8394c8f03e515708 00 00 14 ${new Uint8Array(20)}`, "client"), false);
  assert.equal(quic.recognize(hex`c0 00000001 ff`, "unknown"), false);
});
