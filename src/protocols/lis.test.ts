import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { lis } from "./lis.ts";

const latin = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
/** LIS1-A section 6.3: number, text, mark, sum. */
const frame = (text: string, { number = 1, mark = "\x03" } = {}) => {
  const summed = `${number}${text}${mark}`;
  const sum = Buffer.from(summed, "latin1").reduce((total, byte) => total + byte, 0) & 0xff;
  return latin(`\x02${summed}${sum.toString(16).toUpperCase().padStart(2, "0")}\r\n`);
};
const header = (sender: string, password = "") => `H|\\^&||${password}|${sender}|||||LIS||P|LIS2-A2\r`;
const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;

test("an analyzer that gives maker, model, version and serial number is that one, whoever carries its words", () => {
  const message = frame(header("Maker^Analyzer 7^2.10.1^SN1"));
  assert.equal(lis.recognize(message, "unknown"), true);
  assert.equal(lis.recognize(latin(`\x05${Buffer.from(message).toString("latin1")}`), "client"), true);
  assert.deepEqual(notes(lis, message), [
    "10.0.0.1/SN1 serial: SN1",
    "10.0.0.1/SN1 maker: Maker",
    "10.0.0.1/SN1 model: Analyzer 7",
    "10.0.0.1/SN1 software: 2.10.1",
  ]);
});

test("what else stands in the sender's name is kept as it is", () => {
  const said = (sender: string) => notes(lis, frame(header(sender)));
  assert.deepEqual(said("LIS"), ["10.0.0.1 description: LIS"]);
  assert.deepEqual(said("ARCHITECT^8.10^F3453010030^H1P1"), ["10.0.0.1 description: ARCHITECT 8.10 F3453010030 H1P1"]);
  assert.deepEqual(said("Maker^Analyzer 7^2.10.1^000"), ["10.0.0.1 description: Maker Analyzer 7 2.10.1 000"]);
  assert.deepEqual(said(""), []);
});

test("a password is told of, never told", () => {
  assert.deepEqual(notes(lis, frame(header("LIS", "ZZSECRET"))), ["10.0.0.2 clearCredentials: lis", "10.0.0.1 description: LIS"]);
});

test("separators are the header's own", () => {
  assert.deepEqual(notes(lis, frame("H!~*/!!!Maker*Analyzer 7*2.1*SN1\rR!1!!5\r")), [
    "10.0.0.1/SN1 serial: SN1",
    "10.0.0.1/SN1 maker: Maker",
    "10.0.0.1/SN1 model: Analyzer 7",
    "10.0.0.1/SN1 software: 2.1",
    "operation: RESULTS",
    "10.0.0.1 capability: sends laboratory results",
  ]);
});

test("results, queries and orders are told apart, and the patient is noticed once", () => {
  const memory = lis.remember!();
  const heard = (text: string) => notes(lis, frame(text), { memory });
  assert.deepEqual(heard("P|1||ZZTEST||ZZTEST^ALPHA\rO|1|ZZTEST\rR|1|^^^GLU|5.4\rL|1\r"), [
    "10.0.0.1 patientData: lis",
    "operation: RESULTS",
    "10.0.0.1 capability: sends laboratory results",
  ]);
  assert.deepEqual(heard("P|1||ZZTEST\rQ|1|ALL\rL|1\r"), ["operation: QUERY"]);
  assert.deepEqual(notes(lis, frame("P|1|||||^^\rO|1|ZZTEST\rL|1\r"), { ...SERVER, memory: lis.remember!() }), [
    "operation: ORDERS",
    "10.0.0.2 capability: sends laboratory orders",
  ]);
});

test("a record goes on in the next frame, where its rest is none of its own", () => {
  const memory = lis.remember!();
  notes(lis, frame("C|1|I|ZZTE", { mark: "\x17" }), { memory });
  assert.deepEqual(notes(lis, frame("R|not a record\rQ|1|ALL\r", { number: 2 }), { memory }), ["operation: QUERY"]);
});

test("without frames records are lines", () => {
  const stream = latin(`${header("LIS")}P|1\r`);
  assert.equal(lis.recognize(stream, "client"), true);
  assert.equal(lis.messageLength!(stream), header("LIS").length);
  assert.deepEqual(notes(lis, latin(header("LIS"))), ["10.0.0.1 description: LIS"]);
});

test("a frame ends behind its sum, and some leave that out; between frames single bytes take turns", () => {
  const message = frame(header("LIS"));
  for (let bytes = 1; bytes < message.length; bytes++) assert.equal(lis.messageLength!(message.subarray(0, bytes)), 0);
  assert.equal(lis.messageLength!(message), message.length);
  assert.equal(lis.messageLength!(latin("\x021H|\\^&\r\x03\r\n\x04")), 11);
  assert.equal(lis.messageLength!(latin("\x021H|\\^&\r\x03\x021P|1\r")), 9);
  for (const byte of ["\x05", "\x06", "\x15", "\x04"]) {
    assert.equal(lis.messageLength!(latin(`${byte}\x02`)), 1);
    assert.deepEqual(notes(lis, latin(byte)), []);
  }
});

test("a frame whose sum is wrong is sent again: it is not read; the next one is found", () => {
  const message = frame(header("Maker^Analyzer 7^2.10.1^SN1"));
  message[20]! ^= 1;
  assert.deepEqual(notes(lis, message), ["malformed: a frame whose sum is another than it says"]);
  const stream = Buffer.concat([latin("~ZZTEST\x02"), frame(header("LIS"))]);
  assert.equal(lis.resume!(stream), 8);
  assert.equal(lis.messageLength!(stream), 8);
});

test("heard from the middle a frame is one by its sum", () => {
  assert.equal(lis.recognize(frame("R|1|^^^GLU|5.4\r", { number: 4 }), "unknown"), true);
  const wrong = frame("R|1|^^^GLU|5.4\r", { number: 4 });
  wrong[5]! ^= 1;
  assert.equal(lis.recognize(wrong, "unknown"), false);
});

test("single bytes, letters where marks belong, and text are not it", () => {
  for (const words of [
    "\x05",
    "\x06",
    "\x05\x06",
    "\x029H|\\^&|",
    "\x021H|abc|",
    "\x021H||||",
    "H|a^&|",
    "HELO mail",
    "H|",
    "\x021X|1\r\x0300\r\n",
  ])
    assert.equal(lis.recognize(latin(words), "client"), false, words);
});
