import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../../testing/notes.ts";
import { mdns } from "./mdns.ts";

const SENDER = { ip: "192.0.2.7", mac: "00:09:fb:12:34:56" };

const name = (...labels: string[]) =>
  hex`${labels.map((label) => Buffer.from([label.length, ...Buffer.from(label)]).toString("hex")).join("")}00`;
const record = (owner: Uint8Array, type: string, data: Uint8Array) =>
  hex`${owner} ${type} 8001 00000078 ${Uint8Array.of(0, data.length)} ${data}`;
const text = (...entries: string[]) => Buffer.concat(entries.map((entry) => Buffer.from([entry.length, ...Buffer.from(entry)])));
const response = (...records: Uint8Array[]) => hex`0000 8400 0000 ${Uint8Array.of(0, records.length)} 0000 0000 ${Buffer.concat(records)}`;

const TYPE = name("_ipp", "_tcp", "local");
const INSTANCE = name("Ward 3 east", "_ipp", "_tcp", "local");
const HOST = name("prn-3", "local");
const SERVER = Buffer.concat([hex`0000 0000 0277`, HOST]);

test("a printer announces itself, and the name people gave it stays with it", () => {
  const announcement = response(
    record(TYPE, "000c", INSTANCE),
    record(INSTANCE, "0021", SERVER),
    record(
      INSTANCE,
      "0010",
      text("txtvers=1", "ty=Acme LaserPrint 400", "product=(LaserPrint 400)", "usb_MFG=Acme", "note=Ward 3", "adminurl=http://x/"),
    ),
    record(HOST, "0001", hex`c0000207`),
  );
  assert.equal(mdns.recognize(announcement, "unknown"), true);
  assert.deepEqual(notes(mdns, announcement, { sender: SENDER }), [
    "operation: RESPONSE",
    `${SENDER.mac} service: _ipp._tcp`,
    `${SENDER.mac} service: _ipp._tcp`,
    `${SENDER.mac} model: Acme LaserPrint 400`,
    `${SENDER.mac} model: LaserPrint 400`,
    `${SENDER.mac} maker: Acme`,
    `${SENDER.mac} location: Ward 3`,
    `${SENDER.mac} hostname: prn-3`,
  ]);
});

test("who announces for another lends it the words, not its own address", () => {
  const proxied = response(
    record(INSTANCE, "0021", SERVER),
    record(INSTANCE, "0010", text("ty=Acme LaserPrint 400")),
    record(HOST, "0001", hex`c0000208`),
  );
  assert.deepEqual(notes(mdns, proxied, { sender: SENDER }), [
    "operation: RESPONSE",
    "192.0.2.8 service: _ipp._tcp",
    "192.0.2.8 model: Acme LaserPrint 400",
    "192.0.2.8 hostname: prn-3",
  ]);
});

test("a list of service types, and what kind of machine it is", () => {
  const list = response(
    record(name("_services", "_dns-sd", "_udp", "local"), "000c", name("_airplay", "_tcp", "local")),
    record(name("Somebody's player", "_device-info", "_tcp", "local"), "0010", text("model=AppleTV3,2")),
    record(HOST, "000d", text("AARCH64", "LINUX")),
  );
  assert.deepEqual(notes(mdns, list, { sender: SENDER }), [
    "operation: RESPONSE",
    `${SENDER.mac} service: _airplay._tcp`,
    `${SENDER.mac} model: AppleTV3,2`,
    `${SENDER.mac} osStated: AARCH64 LINUX`,
  ]);
});

test("a question tells nothing: the answers in it are about others", () => {
  const query = hex`0000 0000 0001 0001 0000 0000 ${TYPE} 000c 0001 ${record(TYPE, "000c", INSTANCE)}`;
  assert.equal(mdns.recognize(query, "unknown"), true);
  assert.deepEqual(notes(mdns, query, { sender: SENDER }), ["operation: QUERY"]);
});

test("what came before a broken record still counts", () => {
  const broken = response(record(HOST, "0001", hex`c0000207`), hex`c0ff 0001 8001 00000078 0004 c0000207`);
  assert.equal(mdns.recognize(broken, "unknown"), false);
  assert.deepEqual(notes(mdns, broken, { sender: SENDER }), [
    "operation: RESPONSE",
    `${SENDER.mac} hostname: prn-3`,
    "malformed: a record is cut short or its name is broken",
  ]);
});

test("who asks for recursion by mistake still asks over mDNS", () => {
  assert.equal(mdns.recognize(hex`0086 0100 0001 0000 0000 0000 05 5f64616170 04 5f746370 05 6c6f63616c 00 000c 0001`, "unknown"), true);
});

test("an ordinary DNS answer is not mDNS, even about a local name", () => {
  assert.equal(
    mdns.recognize(hex`1234 8180 0001 0001 0000 0000 ${HOST} 0001 0001 ${record(HOST, "0001", hex`c0000207`)}`, "unknown"),
    false,
  );
  assert.equal(mdns.recognize(response(record(name("www", "example"), "0001", hex`c0000207`)), "unknown"), false);
});
