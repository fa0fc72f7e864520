import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { vrrp } from "./vrrp.ts";

const VIRTUAL = { sender: { mac: "00:00:5e:00:01:07", ip: "10.9.0.2" } };
const CARD = { sender: { mac: "02:00:00:00:00:0a", ip: "10.9.0.2" } };

// Router 7, priority 100, two addresses; no password, every second, checksum.
const TWO = hex`21 07 64 02 00 01 0000 0a090001 0a090081 0000000000000000`;
const THREE = hex`31 07 64 01 0064 0000 0a090001`;

test("the addresses are the virtual card's, and whoever speaks for it forwards", () => {
  assert.equal(vrrp.recognize(TWO, "client"), true);
  assert.deepEqual(notes(vrrp, TWO, VIRTUAL), [
    "operation: ADVERTISE",
    "notable: gatewaySpoke",
    "00:00:5e:00:01:07 carrier: VRRP router 7",
    "00:00:5e:00:01:07 virtualAddress: 10.9.0.1",
    "00:00:5e:00:01:07 virtualAddress: 10.9.0.129",
  ]);
  assert.deepEqual(notes(vrrp, THREE, VIRTUAL).at(-1), "00:00:5e:00:01:07 virtualAddress: 10.9.0.1");
  const six = hex`31 07 64 02 0064 0000 fe80 000000000000 0000000000000001 20010db8 00000000 00000000 00000001`;
  assert.deepEqual(notes(vrrp, six, { sender: { mac: "00:00:5e:00:02:07" } }).slice(2), [
    "00:00:5e:00:02:07 carrier: VRRP router 7",
    "00:00:5e:00:02:07 virtualAddress: fe80::1",
    "00:00:5e:00:02:07 virtualAddress: 2001:db8::1",
  ]);
});

test("two servers that share an address from their own cards are no routers", () => {
  assert.deepEqual(notes(vrrp, THREE, CARD), [
    "operation: ADVERTISE",
    "notable: gatewaySpoke",
    "02:00:00:00:00:0a virtualAddress: 10.9.0.1",
  ]);
});

test("a password in the clear is a finding and is not repeated", () => {
  const lines = notes(vrrp, hex`21 07 64 01 01 01 0000 0a090001 ${Buffer.from("s3cret\0\0")}`, CARD);
  assert.deepEqual(lines, [
    "operation: ADVERTISE",
    "notable: gatewaySpoke",
    "02:00:00:00:00:0a clearCredentials: vrrp",
    "02:00:00:00:00:0a virtualAddress: 10.9.0.1",
  ]);
});

test("any cut is survived, and one that loses an address is broken", () => {
  for (let bytes = 0; bytes < TWO.length; bytes++) assert.equal(notes(vrrp, TWO.subarray(0, bytes)).length, 1);
  assert.deepEqual(notes(vrrp, THREE.subarray(0, 11)), ["malformed: its addresses are not all of it"]);
});

test("CARP, which has the same number, another version and router 0 are not VRRP", () => {
  assert.equal(vrrp.recognize(hex`21 07 64 07 00 01 0000 ${"5a".repeat(28)}`, "client"), false); // CARP: its authentication is 7 words long
  assert.equal(vrrp.recognize(hex`41 07 64 01 0064 0000 0a090001`, "client"), false);
  assert.equal(vrrp.recognize(hex`31 00 64 01 0064 0000 0a090001`, "client"), false);
});
