import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { dhcp6 } from "./dhcp6.ts";

const CLIENT = { mac: "00:09:fb:12:34:56", ip: "fe80::209:fbff:fe12:3456" };
const DUID = "0003 0001 0009fb123456"; // link-layer, Ethernet

const SOLICIT = hex`
  01 123456
  0001 000a ${DUID.replaceAll(" ", "")}
  0006 0004 0017 0018                          # wants: name servers, search list
  0010 000d 00000137 0007 4d53465420352e      # vendor class: Microsoft, "MSFT 5."
  0027 0007 00 05 70756d7037                  # full name: pump7, without an end`;

test("a client introduces itself", () => {
  assert.equal(dhcp6.recognize(SOLICIT, "client"), true);
  assert.equal(dhcp6.recognize(SOLICIT, "server"), false);
  assert.deepEqual(notes(dhcp6, SOLICIT, { sender: CLIENT }), [
    "operation: SOLICIT",
    `${CLIENT.mac} duid: 000300010009fb123456`,
    `${CLIENT.mac} dhcp6Fingerprint: 23,24`,
    `${CLIENT.mac} vendorClass: MSFT 5.`,
    `${CLIENT.mac} hostname: pump7`,
  ]);
});

/** One relay around a message: its peer is the client, its interface a port. */
const relayed = (inner: Uint8Array) => hex`
  0c 00 20010db8000000000000000000000001 fe80000000000000020009fffe123456
  0012 0005 67652d302f                         # interface: ge-0/
  0009 ${Uint8Array.of(inner.length >> 8, inner.length & 255)} ${inner}`;

test("behind a relay the client is known by the address the relay names", () => {
  const forward = relayed(SOLICIT);
  assert.equal(dhcp6.recognize(forward, "client"), true);
  const lines = notes(dhcp6, forward, { sender: { ip: "2001:db8::1" } });
  assert.equal(lines[1], "2001:db8::1 carrier: DHCPv6 relay");
  assert.ok(lines.includes("fe80::200:9ff:fe12:3456 hostname: pump7"));
  assert.equal(lines.at(-1), "fe80::200:9ff:fe12:3456 switchPort: ge-0/");
});

test("relays in relays have an end", () => {
  let message: Uint8Array = SOLICIT;
  for (let i = 0; i < 9; i++) message = relayed(message);
  assert.equal(notes(dhcp6, message).at(-1), "malformed: more relays than the protocol allows");
});

test("a reply ties the client's card to its address, and names the server", () => {
  const reply = hex`
    07 123456
    0002 000a 00030001 00005e005301            # server: its DUID
    0003 0028 00000001 00000000 00000000      # one association, no times
      0005 0018 20010db8000000000000000000000007 00000e10 00000e10`;
  assert.equal(dhcp6.recognize(reply, "server"), true);
  assert.deepEqual(notes(dhcp6, reply, { sender: { ip: "fe80::1" }, receiver: CLIENT }), [
    "operation: REPLY",
    "fe80::1 service: dhcp6",
    "fe80::1 duid: 0003000100005e005301",
    `${CLIENT.mac} address: 2001:db8::7`,
  ]);
});

test("what came before a broken option still counts", () => {
  const broken = hex`01 123456 0006 0002 0017 0001 00ff 0003`;
  assert.equal(dhcp6.recognize(broken, "client"), false);
  assert.deepEqual(notes(dhcp6, broken, { sender: CLIENT }), [
    "operation: SOLICIT",
    `${CLIENT.mac} dhcp6Fingerprint: 23`,
    "malformed: an option runs past the end of the message",
  ]);
});

test("options of another protocol, however well they close, are not these", () => {
  assert.equal(dhcp6.recognize(hex`01 123456 0050 0002 0000`, "client"), false);
  assert.equal(dhcp6.recognize(hex`01 00 0000 0000`, "client"), false);
});

test("the name servers a server gives are told apart, where no relay stands between", () => {
  const names = "20010db8000000000000000000000053";
  const reply = hex`07 123456 0002 000a 00030001 00005e005301 0017 0010 ${names}`;
  const notable = (lines: readonly string[]) => lines.filter((line) => line.startsWith("notable"));
  assert.equal(notable(notes(dhcp6, reply, { sender: { ip: "fe80::1" }, receiver: CLIENT })).length, 1);
  const bare = hex`07 123456 0002 000a 00030001 00005e005301`;
  assert.deepEqual(notable(notes(dhcp6, bare, { sender: { ip: "fe80::1" }, receiver: CLIENT })), []);
});
