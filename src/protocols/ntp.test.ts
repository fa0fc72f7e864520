import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { ntp } from "./ntp.ts";

const time = "ee000000 00000000";
const message = (first: string, transmit = time) => hex`${first} 02 06 ec 00000000 00000000 c0000201 ${time} ${time} ${time} ${transmit}`;

test("question and answer say who serves", () => {
  assert.equal(ntp.recognize(message("23"), "client"), true); //   version 4, mode 3
  assert.equal(ntp.recognize(message("23"), "server"), false);
  assert.equal(ntp.recognize(message("24"), "server"), true);
  assert.deepEqual(notes(ntp, message("23")), ["operation: QUERY"]);
  assert.deepEqual(notes(ntp, message("24")), ["operation: ANSWER"]);
  assert.deepEqual(notes(ntp, message("1d")), ["operation: BROADCAST"]);
});

test("asked for its variables, a server names its program and system", () => {
  const text = Buffer.from('version="ntpd 4.2.8p10", processor="armv7", system="Linux/4.9"');
  const answer = hex`16 82 0001 0618 0000 0000 ${Uint8Array.of(0, text.length)} ${text}`;
  assert.equal(ntp.recognize(answer, "server"), true);
  assert.deepEqual(notes(ntp, answer), ["operation: CONTROL", "10.0.0.1 software: ntpd 4.2.8p10", "10.0.0.1 osStated: Linux/4.9"]);
});

test("the list of clients is asked for by mode 7", () => {
  assert.equal(ntp.recognize(hex`17 00 03 2a 0000 0000`, "client"), true);
  assert.deepEqual(notes(ntp, hex`17 00 03 2a 0000 0000`), ["operation: PRIVATE"]);
});

test("a message cut short, variables cut short", () => {
  assert.equal(ntp.recognize(message("23").subarray(0, 44), "unknown"), false);
  assert.deepEqual(notes(ntp, message("23").subarray(0, 44)), ["operation: QUERY", "malformed: shorter than an NTP message"]);
  assert.deepEqual(notes(ntp, hex`16 82 0001 0618 0000 0000 0040 41`), ["operation: CONTROL", "malformed: variables are cut short"]);
});

test("an answer without a time, a version nobody wrote, PTP's announcement and a DNS question are not NTP", () => {
  assert.equal(ntp.recognize(hex`0b 02 0040 ${"00".repeat(60)}`, "unknown"), false);
  assert.equal(ntp.recognize(message("24", "00000000 00000000"), "unknown"), false);
  assert.equal(ntp.recognize(message("3b"), "unknown"), false);
  assert.equal(ntp.recognize(hex`2312 0100 0001 0000 0000 0000 01 61 00 0001 0001`, "unknown"), false);
});
