import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { assertProperty } from "../testing/property.ts";
import { KeySet } from "./key-set.ts";

test("it holds what was added and nothing else, however much that is", () => {
  const key = fc.oneof(
    fc.integer({ min: 1, max: 50 }),
    fc.maxSafeInteger().map((it) => Math.abs(it) + 1),
  );
  assertProperty(
    fc.property(fc.array(key, { maxLength: 3_000 }), fc.array(key), (added, others) => {
      const plain = new Set<number>();
      const set = new KeySet();
      for (const it of added) {
        assert.equal(set.has(it), plain.has(it));
        set.add(it);
        plain.add(it);
        assert.equal(set.size, plain.size);
      }
      for (const it of [...added, ...others]) assert.equal(set.has(it), plain.has(it));
    }),
  );
});
