import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { phd } from "./phd.ts";

// IEEE 11073-20601, annex H.2: an oximeter asks for an association, and is granted it.
const request = hex`
  e200 0032 80000000 0001 002a 5079 0026
  80000000 a000 80000000 00000000 00800000 0008 1122334455667788 0191 0001 01 00 0000 0000`;
const response = (result: string) => hex`
  e300 002c ${result} 5079 0026
  80000000 8000 80000000 00000000 80000000 0008 8877665544332211 0000 0000 00 00 0000 0000`;
const SERVER = { side: "server" } as const;
const text = (words: string) => new Uint8Array(Buffer.from(words));

/** What the device says of itself: its kind, maker and model, serial number. */
const got = (serial: Uint8Array) => {
  const attributes = hex`
    0a5a 0008 0001 0004 1004 0001
    0928 001a 000a ${text("TheCompany")} 000c ${text("TheOximeterA")}
    092d ${(8 + 2 + serial.length).toString(16).padStart(4, "0")} 0001 0000 0001 0000 ${serial.length.toString(16).padStart(4, "0")} ${serial}`;
  const sized = (bytes: Uint8Array) => hex`${bytes.length.toString(16).padStart(4, "0")} ${bytes}`;
  return hex`e700 ${sized(sized(hex`0024 0203 ${sized(hex`0000 0003 ${sized(attributes)}`)}`))}`;
};

test("who asks for an association, and what comes of it", () => {
  assert.equal(phd.recognize(request, "client"), true);
  assert.equal(phd.speaker!(request), "client");
  assert.equal(phd.messageLength!(request), request.length);
  assert.deepEqual(notes(phd, request), ["operation: ASSOCIATE"]);
  assert.equal(phd.recognize(response("0003"), "server"), true);
  assert.deepEqual(notes(phd, response("0000"), SERVER), ["association accepted"]);
  assert.deepEqual(notes(phd, response("0003"), SERVER), ["association accepted"]);
  assert.deepEqual(notes(phd, response("0002"), SERVER), ["association refused"]);
});

test("what a device says of itself is of the device, not of the gateway that carries it", () => {
  const memory = phd.remember!();
  notes(phd, request, { memory });
  assert.equal(phd.recognize(got(text("DE124567")), "unknown"), true);
  assert.deepEqual(notes(phd, got(text("DE124567")), { memory }), [
    "10.0.0.1/DE124567 uuid: 1122334455667788",
    "10.0.0.1/DE124567 deviceCode: MDC_DEV_SPEC_PROFILE_PULS_OXIM",
    "10.0.0.1/DE124567 maker: TheCompany",
    "10.0.0.1/DE124567 model: TheOximeterA",
    "10.0.0.1/DE124567 serial: DE124567",
  ]);
  assert.ok(notes(phd, got(text("")), { memory }).includes("10.0.0.1/1122334455667788 model: TheOximeterA"));
  assert.deepEqual(notes(phd, got(text(""))), [], "nobody said whose words they are");
});

test("what a manager asks for, and what it changes", () => {
  const verb = (message: Uint8Array) => notes(phd, message, SERVER);
  assert.deepEqual(verb(hex`e700 000e 000c 0024 0103 0006 0000 0000 0000`), ["operation: GET"]);
  assert.deepEqual(verb(hex`e700 000e 000c 0024 0107 0006 0000 0c17 0000`), ["operation: SET_TIME"]);
  assert.deepEqual(verb(hex`e700 000e 000c 0024 0107 0006 0000 0c0c 0000`), ["operation: SEGMENT_CLEAR"]);
  assert.deepEqual(verb(hex`e700 000e 000c 0024 0107 0006 0000 0c0d 0000`), ["operation: ACTION"]);
  assert.deepEqual(verb(hex`e700 000e 000c 0024 0101 0006 0000 0000 0000`), ["operation: EVENT"]);
  assert.deepEqual(verb(hex`e400 0002 0000`), ["operation: RELEASE"]);
  assert.deepEqual(verb(hex`e600 0002 0000`), ["operation: ABORT"]);
});

test("attributes that run past their end are broken, and any cut is survived", () => {
  const broken = got(text("DE1"));
  broken[20] = 0xff;
  const memory = phd.remember!();
  notes(phd, request, { memory });
  assert.deepEqual(notes(phd, broken, { memory }), ["malformed: it ends inside what it tells"]);
  for (let bytes = 0; bytes < broken.length; bytes++) notes(phd, broken.subarray(0, bytes), { cut: true });
  assert.deepEqual(notes(phd, hex`e800 0000`), ["malformed: not one of the six kinds of messages"]);
});

test("another protocol's association, lengths that do not agree, and half a message are not it", () => {
  for (const bytes of [
    hex`${request.subarray(0, 12)} 507a ${request.subarray(14)}`,
    hex`${request.subarray(0, 10)} 002b ${request.subarray(12)}`,
    hex`e700 000e 000b 0024 0103 0006 0000 0000 0000`,
    hex`e700 000e 000c 0024 0109 0006 0000 0000 0000`,
    request.subarray(0, 40),
  ])
    assert.equal(phd.recognize(bytes, "unknown"), false, Buffer.from(bytes).toString("hex"));
});
