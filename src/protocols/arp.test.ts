import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { arp } from "./arp.ts";

const CARD = { mac: "00:09:fb:12:34:56" };

const REQUEST = hex`
  0001 0800 06 04 0001          # Ethernet, IPv4, their lengths, a request
  0009fb123456 c0000207         # sender: 192.0.2.7
  000000000000 c0000201`; //      who has 192.0.2.1

test("who asks says which address is its own", () => {
  assert.equal(arp.recognize(REQUEST, "unknown"), true);
  assert.deepEqual(notes(arp, REQUEST, { sender: CARD }), [
    "operation: REQUEST",
    "00:09:fb:12:34:56 claims 192.0.2.7: asks 192.0.2.1",
    "00:09:fb:12:34:56 address: 192.0.2.7",
  ]);
});

test("an answer is told from a question: a proxy only ever answers", () => {
  const reply = hex`0001 0800 06 04 0002  0009fb123456 c0000207  0009fb000001 c0000201`;
  assert.deepEqual(notes(arp, reply, { sender: CARD }), [
    "operation: REPLY",
    "00:09:fb:12:34:56 claims 192.0.2.7: answers 192.0.2.1",
    "00:09:fb:12:34:56 answersFor: 192.0.2.7",
  ]);
  const announcement = hex`0001 0800 06 04 0002  0009fb123456 c0000207  0009fb123456 c0000207`;
  assert.deepEqual(notes(arp, announcement, { sender: CARD }), [
    "operation: ANNOUNCE",
    "00:09:fb:12:34:56 claims 192.0.2.7: announces 192.0.2.7",
    "00:09:fb:12:34:56 address: 192.0.2.7",
  ]);
});

test("a probe binds nothing: its sender is still looking for an address", () => {
  const probe = hex`0001 0800 06 04 0001  0009fb123456 00000000  000000000000 c0000207`;
  assert.deepEqual(notes(arp, probe, { sender: CARD }), ["operation: PROBE"]);
});

test("a router's shared address belongs to no machine", () => {
  const reply = hex`0001 0800 06 04 0002  00005e000107 c0000201  0009fb123456 c0000207`;
  assert.deepEqual(notes(arp, reply, { sender: { mac: "00:09:fb:00:00:01" } }), [
    "operation: REPLY",
    "00:00:5e:00:01:07 virtualAddress: 192.0.2.1",
    "00:00:5e:00:01:07 carrier: virtual router address",
  ]);
});

test("a card that speaks for another binds neither", () => {
  assert.deepEqual(notes(arp, REQUEST, { sender: { mac: "00:09:fb:00:00:02" } }), [
    "operation: REQUEST",
    "malformed: the sender's hardware address is not the frame's",
  ]);
});

test("a group or an empty hardware address is no machine's", () => {
  const broadcast = hex`0001 0800 06 04 0001  ffffffffffff c0000207  000000000000 c0000207`;
  assert.deepEqual(notes(arp, broadcast), ["operation: ANNOUNCE", "malformed: the sender's hardware address is no machine's"]);
});

test("a message cut short is no ARP, and what asks about DECnet is not for us", () => {
  assert.equal(arp.recognize(REQUEST.subarray(0, 27), "unknown"), false);
  assert.deepEqual(notes(arp, REQUEST.subarray(0, 27)), ["malformed: shorter than an ARP message"]);
  assert.equal(arp.recognize(hex`0001 6003 06 02 0001 ${new Uint8Array(20)}`, "unknown"), false);
});

test("an address longer than its kind has is told, and nothing of it read", () => {
  const long = hex`0001 0800 06 ff 0001 0009fb123456 c0000207 ${new Uint8Array(502)}`;
  assert.equal(arp.recognize(long, "unknown"), true);
  assert.deepEqual(notes(arp, long), ["notable: arpOddLength", "malformed: addresses of a length their kind does not have"]);
});
