import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { assertProperty } from "../testing/property.ts";
import { checkLine } from "./check-line.ts";

test("what a sensor says comes through as it was said, without what nobody asked for", () => {
  for (const line of [
    { say: "ready", pid: 7 },
    { say: "progress", input: "ward.pcap", bytesRead: 4096, frames: 12 },
    { say: "part", input: "ward.pcap", name: "ward.pcap", frames: 12 },
    { say: "part", input: "ward.pcap", name: "ward.pcap", frames: 12, trouble: "expected a whole record" },
    { say: "done" },
  ])
    assert.deepEqual(checkLine({ ...line, more: "than asked" }), line);
});

test("what goes to a terminal brings no control characters, and what is counted with is a count", () => {
  const part = { say: "part", input: "eth1", name: "eth1", frames: 1 };
  assert.deepEqual(checkLine({ ...part, trouble: "gone\u001b]0;owned\u0007" }), { ...part, trouble: "gone·]0;owned·" });
  assert.equal(checkLine({ ...part, trouble: "x".repeat(2_000) }), null);
  for (const frames of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "12", null, undefined, {}])
    assert.equal(checkLine({ ...part, frames }), null);
  assert.equal(checkLine({ say: "stop" }), null);
});

test("no line is an exception", () => {
  assertProperty(
    fc.property(fc.object({ key: fc.constantFrom("say", "pid", "input", "name", "bytesRead", "frames", "trouble") }), (value) => {
      checkLine(value);
      for (const say of ["ready", "progress", "part", "done"]) checkLine({ ...value, say });
    }),
  );
});
