import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { cdp } from "./cdp.ts";

const SENDER = { mac: "00:09:fb:12:34:56" };
const text = (type: number, value: string) => hex`00 ${Uint8Array.of(type)} 00 ${Uint8Array.of(value.length + 4)} ${Buffer.from(value)}`;
const ADDRESS = hex`0002 0011 00000001 01 01 cc 0004 c0000207`; // one: IPv4 192.0.2.7

test("a phone says its name, model, system and address", () => {
  const message = hex`
    02 b4 1234                          # version 2, 180 seconds
    ${text(1, "SEP0009FB123456")} ${ADDRESS}
    0004 0008 00000490                  # host, telephone, and a bit for two ports
    ${text(5, "SIP-3.2\nbuild 7")} ${text(6, "Acme Phone 7")}
    000a 0006 0014                      # native VLAN 20
    ${text(23, "\0Ward 3")}`;
  assert.equal(cdp.recognize(message, "unknown"), true);
  assert.deepEqual(notes(cdp, message, { sender: SENDER }), [
    "operation: ADVERTISE",
    `${SENDER.mac} hostname: SEP0009FB123456`,
    `${SENDER.mac} osStated: SIP-3.2`,
    `${SENDER.mac} description: SIP-3.2 build 7`,
    `${SENDER.mac} model: Acme Phone 7`,
    `${SENDER.mac} vlan: 20`,
    `${SENDER.mac} location: Ward 3`,
    `${SENDER.mac} capability: host`,
    `${SENDER.mac} capability: telephone`,
    `${SENDER.mac} address: 192.0.2.7`,
  ]);
});

test("a switch's address is on none of its ports", () => {
  const message = hex`02 b4 1234 ${text(1, "sw-icu-1")} ${ADDRESS} 0004 0008 00000008`;
  assert.deepEqual(notes(cdp, message, { sender: SENDER }), [
    "operation: ADVERTISE",
    `${SENDER.mac} hostname: sw-icu-1`,
    `${SENDER.mac} capability: switch`,
  ]);
});

test("what came before a broken element still counts", () => {
  const broken = hex`02 b4 1234 ${text(1, "sw-icu-1")} 0006 0040 41`;
  assert.equal(cdp.recognize(broken, "unknown"), false);
  assert.deepEqual(notes(cdp, broken, { sender: SENDER }), [
    "operation: ADVERTISE",
    `${SENDER.mac} hostname: sw-icu-1`,
    "malformed: an element runs past the end of the message",
  ]);
});

test("elements without a device's name, or of no length, are another protocol's", () => {
  assert.equal(cdp.recognize(hex`01 b4 1234 ${text(6, "Acme")}`, "unknown"), false);
  assert.equal(cdp.recognize(hex`02 b4 1234 0001 0000 0000`, "unknown"), false);
});
