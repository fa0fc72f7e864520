import assert from "node:assert/strict";
import { test } from "node:test";
import { thousands } from "./thousands.ts";

test("a number is written as the language does it, with commas and at most three decimals", () => {
  const values = [0, 7, 999, 1000, 12_345, 123_456, 1_000_000, 987_654_321, 2 ** 53 - 1, -4, -1234, 0.5, 1234.5678, 12.0004, 999.9999];
  assert.deepEqual(
    values.map(thousands),
    values.map((it) => it.toLocaleString("en")),
  );
});
