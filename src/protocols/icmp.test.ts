import assert from "node:assert/strict";
import { test } from "node:test";
import { hex, notes } from "../testing/notes.ts";
import { icmp } from "./icmp.ts";

const echo = (type: string, data: string) => hex`${type} 00 0000 0001 04d2 ${data}`;

test("a large ping is told by its number, and by what it carries", () => {
  assert.equal(icmp.recognize(echo("08", "41".repeat(100)), "client"), true);
  assert.deepEqual(notes(icmp, echo("08", "41".repeat(100))), [
    "notable: largeEcho 1/1234 100",
    `notable: largeEchoData 1/1234/${"A".repeat(100)}`,
  ]);
  assert.deepEqual(notes(icmp, echo("00", "42".repeat(65))), [
    "notable: largeEcho 1/1234 65",
    `notable: largeEchoData 1/1234/${"B".repeat(65)}`,
  ]);
});

test("pings as programs send them, and those the capture cut too early, tell nothing", () => {
  assert.deepEqual(notes(icmp, echo("08", "41".repeat(64))), []);
  assert.deepEqual(notes(icmp, echo("08", "41".repeat(100)), { cut: true }), []);
  assert.deepEqual(notes(icmp, hex`08 00 0000`), []);
});

test("what is unreachable is no ping", () => {
  assert.equal(icmp.recognize(hex`03 01 0000 00000000 4500`, "client"), false);
});
