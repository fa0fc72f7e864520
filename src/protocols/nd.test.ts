import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { nd } from "./nd.ts";

const CARD = "00:09:fb:12:34:56";
const TARGET = "20010db8000000000000000000000007";

test("a machine names its address before it uses it", () => {
  const probe = hex`87 00 0000 00000000 ${TARGET}`; // solicitation from "::"
  assert.equal(nd.recognize(probe, "unknown"), true);
  assert.deepEqual(notes(nd, probe, { sender: { mac: CARD, ip: "::" } }), ["operation: PROBE", `${CARD} address: 2001:db8::7`]);
});

test("an answer says whose card the address is on", () => {
  const answer = hex`
    88 00 0000 60000000 ${TARGET}     # advertisement, solicited and override
    02 01 0009fb123456                # target link-layer address`;
  assert.deepEqual(notes(nd, answer, { sender: { mac: CARD, ip: "2001:db8::7" } }), [
    "operation: ADVERTISE",
    `${CARD} address: 2001:db8::7`,
    `${CARD} claims 2001:db8::7: overrides 10.0.0.2`,
  ]);
  const [toAll, ofProxy] = [{ receiver: { ip: "ff02::1" } }, answer.slice()];
  ofProxy[4] = 0x40;
  assert.equal(notes(nd, answer, toAll).at(-1), `${CARD} claims 2001:db8::7: overrides `);
  assert.doesNotMatch(notes(nd, ofProxy).join(), /claims/);
});

test("a router says so, unless its lifetime is zero", () => {
  const advertisement = (lifetime: string) => hex`
    86 00 0000 40 00 ${lifetime} 00000000 00000000
    01 01 0009fb123456                # source link-layer address`;
  const sender = { mac: CARD, ip: "fe80::1" };
  assert.deepEqual(notes(nd, advertisement("0708"), { sender }), [
    "operation: ADVERTISE ROUTER",
    `${CARD} carrier: router advertisement`,
    "notable: routerAnnounced",
    `${CARD} address: fe80::1`,
  ]);
  assert.deepEqual(notes(nd, advertisement("0000"), { sender }), [
    "operation: ADVERTISE ROUTER",
    "notable: routerEnded",
    `${CARD} address: fe80::1`,
  ]);
});

test("a card that answers for another binds neither", () => {
  const answer = hex`88 00 0000 60000000 ${TARGET} 02 01 0009fb000001`;
  assert.deepEqual(notes(nd, answer, { sender: { mac: CARD, ip: "2001:db8::7" } }), [
    "operation: ADVERTISE",
    "malformed: the link-layer address is not the frame's",
  ]);
});

test("an option without a length ends the reading, what came before counts", () => {
  const endless = hex`87 00 0000 00000000 ${TARGET} 01 01 0009fb123456 05 00`;
  assert.equal(nd.recognize(endless, "unknown"), false);
  assert.deepEqual(notes(nd, endless, { sender: { mac: CARD, ip: "2001:db8::9" } }), [
    "operation: SOLICIT",
    `${CARD} address: 2001:db8::9`,
    `${CARD} claims 2001:db8::9: asks 2001:db8::7`,
    "malformed: an option has no length",
  ]);
});

test("an echo request is not neighbor discovery, nor is one cut short", () => {
  assert.equal(nd.recognize(hex`80 00 1234 0001 0001 6162636465666768`, "unknown"), false);
  assert.equal(nd.recognize(hex`87 00 0000 00000000 20010db8`, "unknown"), false);
});

test("name servers of a router in an option of an even length are told: none has one", () => {
  const advertisement = (units: string, servers: string) =>
    hex`86 00 0000 40 00 0708 00000000 00000000  19 ${units} 0000 0000003c ${servers}`;
  const server = "20010db8000000000000000000000001";
  assert.deepEqual(notes(nd, advertisement("04", `${server}${"41".repeat(8)}`), { sender: { ip: "fe80::1" } }), [
    "operation: ADVERTISE ROUTER",
    "fe80::1 carrier: router advertisement",
    "notable: routerAnnounced",
    "notable: oddRdnss",
  ]);
  assert.deepEqual(notes(nd, advertisement("03", server), { sender: { ip: "fe80::1" } }), [
    "operation: ADVERTISE ROUTER",
    "fe80::1 carrier: router advertisement",
    "notable: routerAnnounced",
  ]);
});
