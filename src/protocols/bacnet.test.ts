import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { bacnet } from "./bacnet.ts";

const text = (words: string) => new Uint8Array(Buffer.from(words));
/** Annex J in front: function, length. */
const link = (kind: string, more: Uint8Array) => hex`81 ${kind} ${(4 + more.length).toString(16).padStart(4, "0")} ${more}`;

test("who asks, and who writes, is told by the service", () => {
  const whoIs = link("0b", hex`01 20 ffff 00 ff   10 08`); // to everybody, who is there
  assert.equal(bacnet.recognize(whoIs, "unknown"), true);
  assert.deepEqual(notes(bacnet, whoIs), ["operation: WHO_IS"]);
  assert.deepEqual(notes(bacnet, link("0a", hex`01 04   00 05 01 0f 0c 00400001 19 55`)), [
    "operation: WRITE_PROPERTY",
    "notable: bacnetWrite",
  ]);
  assert.deepEqual(notes(bacnet, link("0a", hex`01 04   00 05 01 14 09 00`)), [
    "operation: REINITIALIZE_DEVICE",
    "notable: controllerStopped",
  ]);
  assert.deepEqual(notes(bacnet, link("05", hex`003c`)), ["operation: REGISTER_FOREIGN_DEVICE"]);
});

const model = hex`0c 02000007  19 46  3e 75 05 00 ${text("AH-7")} 3f`; // device 7, model name

test("a controller answers with what it is", () => {
  assert.deepEqual(notes(bacnet, link("0a", hex`01 00   30 01 0c ${model}`)), ["10.0.0.1 model: AH-7"]);
  const several = hex`
    0c 02000007 1e                                  # of device 7
    29 79 4e 75 0a 00 ${text("Air Works")} 4f       # vendor name
    29 3a 4e 75 07 04 004f00520032 4f               # location, two bytes a character
    2a 0174 4e 75 03 00 ${text("12")} 4f            # serial number
    1f`;
  assert.deepEqual(notes(bacnet, link("0a", hex`01 00   30 01 0e ${several}`)), [
    "10.0.0.1 maker: Air Works",
    "10.0.0.1 location: OR2",
    "10.0.0.1 serial: 12",
  ]);
});

test("a property of another object is not the device's", () => {
  assert.deepEqual(notes(bacnet, link("0a", hex`01 00   30 01 0c   0c 00000001 19 1c 3e 75 03 00 ${text("ab")} 3f`)), []);
});

test("forwarded, it belongs to whom it came from; routed, to nobody known", () => {
  assert.deepEqual(notes(bacnet, link("04", hex`c0000209 bac0   01 00   30 01 0c ${model}`)), ["192.0.2.9 model: AH-7"]);
  assert.deepEqual(notes(bacnet, link("0a", hex`01 08 0005 01 07   30 01 0c ${model}`)), []);
});

test("a value that runs past the end is broken, and any cut is survived", () => {
  assert.deepEqual(notes(bacnet, link("0a", hex`01 00   30 01 0c   0c 02000007 19 46 3e 75 50 00 41`)), [
    "malformed: it ends inside a header or a value",
  ]);
  const whole = link("0a", hex`01 00   30 01 0c ${model}`);
  for (let bytes = 0; bytes < whole.length; bytes++) notes(bacnet, whole.subarray(0, bytes), { cut: true });
  assert.deepEqual(notes(bacnet, whole.subarray(0, 20)), ["malformed: the length is not the datagram's"]);
});

test("a length that is not the datagram's, and a function nobody defined, are not BACnet", () => {
  assert.equal(bacnet.recognize(hex`81 0a 0009 01 00 10 08`, "unknown"), false);
  assert.equal(bacnet.recognize(hex`81 40 0008 01 00 10 08`, "unknown"), false);
  assert.equal(bacnet.recognize(hex`81 0a`, "unknown"), false);
});
