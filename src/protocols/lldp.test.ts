import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { lldp } from "./lldp.ts";

const SENDER = { mac: "00:09:fb:12:34:56" };
const START = "0207 04 0009fb123456  0403 07 3031  0602 0078"; // chassis: its MAC; port "01"; 120 seconds
const text = (type: number, value: string) => {
  const bytes = Buffer.from(value);
  return hex`${Uint8Array.of((type << 1) | (bytes.length >> 8), bytes.length)} ${bytes}`;
};
const inventory = (subtype: number, value: string) =>
  hex`fe ${Uint8Array.of(4 + value.length)} 0012bb ${Uint8Array.of(subtype)} ${Buffer.from(value)}`;

test("a switch says what it is; its address belongs to the card that speaks only if that is the chassis", () => {
  const message = hex`${START}
    ${text(5, "sw-icu-1")} ${text(6, "Acme switch, OS 1.2")}
    0e04 0014 0004                          # can: bridge and router; is: bridge
    100c 05 01 c0000201 02 00000001 00      # management: 192.0.2.1
    fe06 0080c2 01 000a                     # port VLAN: 10
    0000`;
  assert.equal(lldp.recognize(message, "unknown"), true);
  const said = ["sw-icu-1", "Acme switch, OS 1.2"];
  const lines = (mac: string) => notes(lldp, message, { sender: { mac } });
  assert.deepEqual(lines(SENDER.mac), [
    "operation: ADVERTISE",
    `${SENDER.mac} hostname: ${said[0]}`,
    `${SENDER.mac} description: ${said[1]}`,
    `${SENDER.mac} capability: bridge`,
    `${SENDER.mac} address: 192.0.2.1`,
    `${SENDER.mac} vlan: 10`,
  ]);
  assert.ok(!lines("00:09:fb:12:34:57").some((line) => line.includes("address")));
});

test("LLDP-MED gives the inventory and the room", () => {
  const message = hex`${START}
    ${inventory(6, "fw 4.1")} ${inventory(8, "SN0042")} ${inventory(9, "Acme")} ${inventory(10, "Monitor 7")} ${inventory(11, "A-17")}
    fe 1a 0012bb 03 02 14 01 5553           # location: civic, of the device, US
      1c 02 3132  1b 01 34  15 05 4e616d6573   # room 12, floor 4, and a resident
      19 01 42                              # building B
    0000`;
  assert.deepEqual(notes(lldp, message, { sender: SENDER }), [
    "operation: ADVERTISE",
    `${SENDER.mac} software: fw 4.1`,
    `${SENDER.mac} serial: SN0042`,
    `${SENDER.mac} maker: Acme`,
    `${SENDER.mac} model: Monitor 7`,
    `${SENDER.mac} assetTag: A-17`,
    `${SENDER.mac} location: building B, floor 4, room 12`,
  ]);
});

test("a MUD URL", () => {
  assert.equal(
    notes(lldp, hex`${START} fe 15 00005e 01 ${Buffer.from("https://a.example")}`, { sender: SENDER })[1],
    `${SENDER.mac} mudUrl: https://a.example`,
  );
});

test("what came before a broken element still counts", () => {
  const broken = hex`${START} ${text(5, "sw-icu-1")} 0cff 41`;
  assert.deepEqual(notes(lldp, broken, { sender: SENDER }), [
    "operation: ADVERTISE",
    `${SENDER.mac} hostname: sw-icu-1`,
    "malformed: an element runs past the end of the message",
  ]);
});

test("elements in another order, or of another protocol, are not LLDP", () => {
  assert.equal(lldp.recognize(hex`0403 07 3031 0207 04 0009fb123456 0602 0078`, "unknown"), false);
  assert.equal(lldp.recognize(hex`02 b4 0000 0001 0009 73772d69`, "unknown"), false);
});
