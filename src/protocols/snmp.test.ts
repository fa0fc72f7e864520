import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { snmp } from "./snmp.ts";

/** One element: tag, length, content. */
const tlv = (tag: string, ...parts: Uint8Array[]) => {
  const content = Buffer.concat(parts);
  return hex`${tag} ${content.length < 128 ? Uint8Array.of(content.length) : Uint8Array.of(0x82, content.length >> 8, content.length & 255)} ${content}`;
};
const integer = (value: number) => tlv("02", Uint8Array.of(value));
const text = (value: string) => tlv("04", Buffer.from(value));
const oid = (value: string) => tlv("06", hex`${value}`);
const binding = (object: string, value: Uint8Array) => tlv("30", oid(object), value);

const SYS_DESCR = "2b06010201010100";
const SYS_OBJECT_ID = "2b06010201010200";
const SYS_CONTACT = "2b06010201010400";
const ENT_SERIAL = "2b060102012f010101010b";

const pdu = (kind: string, ...bindings: Uint8Array[]) => tlv(kind, integer(7), integer(0), integer(0), tlv("30", ...bindings));
const message = (version: number, community: string, body: Uint8Array) => tlv("30", integer(version), text(community), body);

test("an answer is the device's own inventory; who is in charge of it is left out", () => {
  const response = message(
    1,
    "public",
    pdu(
      "a2",
      binding(SYS_DESCR, text("Acme Printer 9\r\nFirmware 1.2")),
      binding(SYS_OBJECT_ID, oid("2b06010401bf0801")), //     1.3.6.1.4.1.8072.1
      binding(SYS_CONTACT, text("someone, room 4")),
      binding(`${ENT_SERIAL}01`, text("SN-0042")),
      binding(`${ENT_SERIAL}07`, text("a module's")),
    ),
  );
  assert.equal(snmp.recognize(response, "server"), true);
  assert.equal(snmp.recognize(response, "client"), false);
  assert.deepEqual(notes(snmp, response, { side: "server" }), [
    "operation: RESPONSE",
    "10.0.0.1 dialect: SNMP v2c",
    "10.0.0.1 clearCredentials: snmp default community",
    "10.0.0.1 description: Acme Printer 9 Firmware 1.2",
    "10.0.0.1 sysObjectId: 1.3.6.1.4.1.8072.1",
    "10.0.0.1 serial: SN-0042",
  ]);
});

test("a question says nothing about whom it asks, and the password is never repeated", () => {
  const get = message(0, "private", pdu("a0", binding(SYS_DESCR, tlv("05"))));
  assert.equal(snmp.recognize(get, "client"), true);
  const memory = snmp.remember!();
  assert.deepEqual(
    notes(snmp, get, { memory }),
    ["operation: GET", "notable: communityTried private"],
    "which is hashed, and goes no further",
  );
  assert.deepEqual(notes(snmp, get, { memory }), ["operation: GET"]);
  const vlan = message(1, "private@17", pdu("a3", binding(SYS_DESCR, tlv("05"))));
  assert.deepEqual(notes(snmp, vlan, { memory }), ["operation: SET", "notable: snmpSet", "notable: communityTried private"]);
  const lines = notes(snmp, message(0, "s3cret", pdu("a2", binding(SYS_DESCR, text("x")))));
  assert.ok(lines.includes("10.0.0.1 clearCredentials: snmp community"));
  assert.ok(!lines.join().includes("s3cret"));
});

test("an answer that reports an error repeats the question", () => {
  const refused = message(0, "public", tlv("a2", integer(7), integer(2), integer(1), tlv("30", binding(SYS_DESCR, text("not mine")))));
  assert.ok(!notes(snmp, refused).join().includes("not mine"));
});

test("version 3 hides all but the engine, which is the one that is asked", () => {
  const engine = hex`80001f88 03 0009fb123456`;
  const security = (id: Uint8Array) => tlv("04", tlv("30", tlv("04", id), integer(0), integer(0), text("user"), text(""), text("")));
  const header = (flags: string) => tlv("30", integer(1), integer(0x7f), tlv("04", hex`${flags}`), integer(3));
  const asked = tlv("30", integer(3), header("07"), security(engine), text("encrypted"));
  assert.equal(snmp.recognize(asked, "client"), true);
  assert.deepEqual(notes(snmp, asked), ["operation: ENCRYPTED", "10.0.0.2 engineId: 80001f88030009fb123456"]);
  const answered = tlv("30", integer(3), header("00"), security(engine), tlv("30", tlv("04", engine), text(""), pdu("a8")));
  assert.equal(snmp.recognize(answered, "server"), true);
  assert.deepEqual(notes(snmp, answered), ["operation: REPORT", "10.0.0.1 engineId: 80001f88030009fb123456"]);

  // Unknown users and wrong digests are refusals; an unknown engine is how everybody begins, and so is a wrong time.
  const refusals = (object: string) =>
    notes(snmp, tlv("30", integer(3), header("00"), security(engine), tlv("30", tlv("04", engine), text(""), pdu("a8", binding(object, integer(1)))))).filter((line) => line.includes("log")); // prettier-ignore
  for (const last of ["03", "05"]) assert.deepEqual(refusals(`2b060106030f0101${last}00`).length, 1);
  for (const last of ["02", "04"]) assert.deepEqual(refusals(`2b060106030f0101${last}00`), []);
});

test("what came before a broken binding still counts", () => {
  const broken = message(1, "x", pdu("a2", binding(SYS_DESCR, text("Acme")), hex`30 40 06 01 2b`));
  assert.deepEqual(notes(snmp, broken).slice(-2), ["10.0.0.1 description: Acme", "malformed: a binding is cut short"]);
});

test("what is BER but not SNMP, has a length of its own, or goes on too long, is not read", () => {
  const get = message(0, "public", pdu("a0"));
  assert.equal(snmp.recognize(get.subarray(0, -1), "unknown"), false);
  assert.equal(snmp.recognize(hex`${get} 00`, "unknown"), false);
  assert.equal(snmp.recognize(tlv("30", integer(1), tlv("60", integer(3), text(""), tlv("80"))), "unknown"), false); // LDAP bind
  assert.equal(snmp.recognize(hex`30 80 020100 0400 a000 0000`, "unknown"), false);
  assert.deepEqual(notes(snmp, hex`30 84 ffffffff 02`), ["malformed: not BER as SNMP has it"]);
});
