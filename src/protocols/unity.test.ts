import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { unity } from "./unity.ts";

const field = (text: string, bytes: number) => Buffer.from(text.padEnd(bytes, "\0"), "latin1");
/** Bytes whose meaning is not published are zeros here. */
const time = (address: string, unit: string, room: string, seconds = "e93b2300") =>
  hex`000000000000 ${address} ${"00".repeat(14)} ${field(unit, 7)} ${field(room, 6)} ${"00".repeat(23)} ${seconds}`;

test("who keeps the time says where it stands", () => {
  const message = time("0a000001", "ICU", "CIC1");
  assert.equal(message.length, 64);
  assert.equal(unity.recognize(message, "unknown"), true);
  assert.deepEqual(notes(unity, message), [
    "operation: TIME",
    "10.0.0.1 capability: keeps the time of a GE Unity network",
    "10.0.0.1 location: ICU / CIC1",
  ]);
});

test("one that names another address is of nobody known", () => {
  assert.deepEqual(notes(unity, time("0a000009", "ICU", "CIC1")), ["operation: TIME", "malformed: the address in it is not its sender's"]);
});

test("one that was cut is broken", () => {
  assert.deepEqual(notes(unity, time("0a000001", "ICU", "CIC1").subarray(0, 40)), [
    "malformed: a length, a place or a time that no time of a Unity network has",
  ]);
});

test("another length, an old time, no place, and zeros within one look alike", () => {
  for (const bytes of [
    hex`${time("0a000001", "ICU", "CIC1")} 00`,
    time("0a000001", "ICU", "CIC1", "00000001"),
    time("0a000001", "", "CIC1"),
    time("0a000001", "IC\0U", "CIC1"),
    time("e0000001", "ICU", "CIC1"),
    new Uint8Array(64),
    new Uint8Array(64).fill(0x41),
  ])
    assert.equal(unity.recognize(bytes, "unknown"), false, Buffer.from(bytes).toString("hex"));
});
