import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { assertProperty } from "./property.ts";

test("what breaks a property is told as small as it was found, with its seed", () => {
  assert.throws(
    () => assertProperty(fc.property(fc.nat(), (value) => value < 1_000)),
    (error: Error) => /seed: -?\d+, path: "/.test(error.message) && /Counterexample: \[1000\]/.test(error.message),
  );
  assertProperty(fc.property(fc.nat(), (value) => value >= 0));
});
