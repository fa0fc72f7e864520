import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { hsrp } from "./hsrp.ts";

const ROUTER = { sender: { mac: "00:00:0c:07:ac:0a", ip: "10.9.0.2" } };
const text = (words: string) => Buffer.from(words.padEnd(8, "\0"));
// Hello, active, every 3 seconds, for 10, priority 90, group 10.
const one = (password: string, address = "0a090001") => hex`00 00 10 03 0a 5a 0a 00 ${text(password)} ${address}`;
const group = (family: string, address: string) => hex`
  01 28 02 00 06 ${family} 07ab 02000000000a        # version 2, hello, active, IP version, group 1963, the router's card
  00000064 00000bb8 00002710 ${address}`; //           priority, every 3,000 ms, for 10,000
const TWO = group("04", `0a090001${"00".repeat(12)}`);

test("the address is the group's card's, and who speaks of it forwards", () => {
  assert.equal(hsrp.recognize(one("cisco"), "unknown"), true);
  assert.deepEqual(notes(hsrp, one("cisco"), ROUTER), [
    "operation: HELLO",
    "00:00:0c:07:ac:0a clearCredentials: hsrp, known default",
    "notable: gatewaySpoke",
    "10.9.0.2 carrier: HSRP router",
    "00:00:0c:07:ac:0a carrier: virtual router address",
    "00:00:0c:07:ac:0a virtualAddress: 10.9.0.1",
  ]);
  assert.equal(hsrp.recognize(TWO, "unknown"), true);
  assert.deepEqual(notes(hsrp, TWO, { sender: { mac: "00:00:0c:9f:f7:ab", ip: "10.9.0.2" } }), [
    "operation: HELLO",
    "02:00:00:00:00:0a carrier: HSRP router",
    "notable: gatewaySpoke",
    "10.9.0.2 carrier: HSRP router",
    "00:00:0c:9f:f7:ab carrier: virtual router address",
    "00:00:0c:9f:f7:ab virtualAddress: 10.9.0.1",
  ]);
  // A router that waits sends from its own card.
  assert.deepEqual(
    notes(hsrp, one("cisco"), { sender: { mac: "02:00:00:00:00:0b", ip: "10.9.0.3" } })[3],
    "02:00:00:00:00:0b carrier: HSRP router",
  );
  const six = group("06", "fe80000000000000000573fffea007ab");
  assert.deepEqual(notes(hsrp, six, ROUTER).at(-1), "00:05:73:a0:07:ab virtualAddress: fe80::5:73ff:fea0:7ab");
});

test("a password of one's own is not repeated, and an address not yet learned is none", () => {
  assert.deepEqual(notes(hsrp, one("s3cret"), ROUTER)[1], "00:00:0c:07:ac:0a clearCredentials: hsrp");
  const block = hex`03 08 ${text("s3cret")}`;
  assert.deepEqual(notes(hsrp, hex`${TWO} ${block}`, ROUTER).at(-1), "00:00:0c:07:ac:0a clearCredentials: hsrp");
  assert.deepEqual(notes(hsrp, one("", "00000000"), ROUTER), [
    "operation: HELLO",
    "notable: gatewaySpoke",
    "10.9.0.2 carrier: HSRP router",
  ]);
});

test("what came before a block that runs past the end still counts, and any cut is survived", () => {
  assert.deepEqual(notes(hsrp, hex`${TWO} 03 20 61`, ROUTER).slice(-2), [
    "00:00:0c:9f:f7:ab virtualAddress: 10.9.0.1",
    "malformed: a block runs past the end",
  ]);
  for (const message of [one("cisco"), TWO])
    for (let bytes = 0; bytes < message.length; bytes++) notes(hsrp, message.subarray(0, bytes), { cut: true });
  assert.deepEqual(notes(hsrp, one("cisco").subarray(0, 18)), ["malformed: shorter than a message, or no operation it has"]);
});

test("zeros, a group address, a state it has not and a longer message are not HSRP", () => {
  assert.equal(hsrp.recognize(new Uint8Array(20), "unknown"), false);
  assert.equal(hsrp.recognize(one("cisco", "e0000001"), "unknown"), false);
  assert.equal(hsrp.recognize(hex`00 00 03 03 0a 5a 0a 00 ${text("cisco")} 0a090001`, "unknown"), false);
  assert.equal(hsrp.recognize(hex`${one("cisco")} 00`, "unknown"), false);
  assert.equal(hsrp.recognize(hex`01 28 01 00 06 04 07ab`, "unknown"), false);
  assert.equal(hsrp.recognize(hex`${TWO} 03 08`, "unknown"), false);
  assert.equal(hsrp.recognize(one("a\0b"), "unknown"), false);
});
