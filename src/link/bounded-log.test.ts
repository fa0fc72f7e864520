import assert from "node:assert/strict";
import { test } from "node:test";
import { boundedLog } from "./bounded-log.ts";

test("a flood of complaints is cut, however it comes in pieces, and an hour later they are heard again", () => {
  const lines: string[] = [];
  let now = 0;
  const said = boundedLog(
    (line) => lines.push(line),
    () => now,
  );
  said("a warning\nof two lines\n");
  assert.deepEqual(lines, ["a warning", "of two lines"]);
  for (let piece = 0; piece < 1_000; piece++) said(`${"x".repeat(999)}\n`);
  assert.ok(lines.join("\n").length < 70_000);
  assert.equal(lines.at(-1), "what it says more within this hour is left out");
  const { length } = lines;
  now = 3_600_000;
  said("another\u001b[31m\n");
  assert.deepEqual(lines.slice(length).map((line) => line.includes("\u001b")), [false]); // prettier-ignore
});
