import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { enip } from "./enip.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const le16 = (value: number) => Uint8Array.of(value & 255, value >> 8);
/** Command, length, session, status 0, the sender's own, options 0. */
const message = (command: string, session: string, more: Uint8Array) =>
  hex`${command}00 ${le16(more.length)} ${session} 00000000 0001020304050607 00000000 ${more}`;
const item = (type: string, more: Uint8Array) => hex`${type} ${le16(more.length)} ${more}`;

const ASKED = message("63", "00000000", hex``);
const IDENTITY = hex`
  0100 0002 af12 0a000002 0000000000000000     # version 1; IPv4, port 44818, 10.0.0.2
  0100 0e00 9600 14 0b 6000 efbeadde           # Rockwell, controller, product 150, revision 20.11, status, serial number
  0b ${Buffer.from("1756-L61/B ")} 03`; //       name, state
const ANSWERED = message("63", "00000000", hex`0100 ${item("0c00", IDENTITY)}`);

test("a device that is asked says its product, revision and serial number", () => {
  assert.equal(enip.recognize(ASKED, "client"), true);
  assert.equal(enip.recognize(ASKED, "server"), false);
  assert.equal(enip.recognize(ANSWERED, "server"), true);
  assert.equal(enip.recognize(ANSWERED, "client"), false);
  assert.equal(enip.messageLength!(hex`${ANSWERED} 00`), ANSWERED.length);
  assert.deepEqual(notes(enip, ASKED), ["operation: LIST_IDENTITY"]);
  assert.deepEqual(notes(enip, ANSWERED, SERVER), [
    "10.0.0.2 maker: Rockwell Automation",
    "10.0.0.2 model: 1756-L61/B",
    "10.0.0.2 software: 20.11",
    "10.0.0.2 serial: DEADBEEF",
    "10.0.0.2 capability: programmable logic controller",
  ]);
});

test("a vendor nobody here knows for sure is not named, and a serial number of zeros is none", () => {
  const other = hex`0100 ${"00".repeat(16)} ff03 ffff 9600 01 01 6000 00000000 01 58 00`;
  assert.deepEqual(notes(enip, message("63", "00000000", hex`0100 ${item("0c00", other)}`), SERVER), [
    "10.0.0.2 model: X",
    "10.0.0.2 software: 1.1",
  ]);
});

test("a restart is told, other services are not", () => {
  const send = (service: string) =>
    message("6f", "07000000", hex`00000000 0500 0200 00000000 ${item("b200", hex`${service} 02 20 01 24 01`)}`);
  assert.equal(enip.recognize(send("05"), "unknown"), true);
  assert.deepEqual(notes(enip, send("05")), ["operation: SEND", "operation: RESET"]);
  assert.deepEqual(notes(enip, send("01")), ["operation: SEND"]);
  const connected = message(
    "70",
    "07000000",
    hex`00000000 0000 0200 ${item("a100", hex`09000000`)} ${item("b100", hex`0001 05 02 20 01 24 01`)}`,
  );
  assert.deepEqual(notes(enip, connected), ["operation: SEND_CONNECTED", "operation: RESET"]);
  assert.deepEqual(notes(enip, send("85"), SERVER), []);
  assert.deepEqual(notes(enip, message("65", "00000000", hex`0100 0000`)), ["operation: REGISTER_SESSION"]);
});

test("an item that runs past the end is broken, and any cut is survived", () => {
  assert.deepEqual(notes(enip, message("63", "00000000", hex`0100 0c00 ff00 0100`), SERVER), ["malformed: an item runs past the end"]);
  for (let bytes = 0; bytes < ANSWERED.length; bytes++) notes(enip, ANSWERED.subarray(0, bytes), { cut: true });
});

test("zeros, other lengths and options that are not 0 are not EtherNet/IP", () => {
  assert.equal(enip.recognize(new Uint8Array(24), "client"), false);
  assert.equal(enip.recognize(hex`6300 0000 00000000 00000000 0001020304050607 01000000`, "client"), false);
  assert.equal(enip.recognize(hex`${ASKED} 00`, "client"), false);
  assert.equal(enip.recognize(message("63", "00000000", hex`0100 0c00 ff00 0100`), "server"), false);
  assert.equal(enip.recognize(message("65", "00000000", hex`0200 0000`), "client"), false);
});
