/** Every condition has a test that it finds what it is for, and one that what looks like it stays silent; docs/weaknesses.md names both. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionTests } from "../../scripts/build-docs.ts";
import { fleetDevice } from "../testing/fleet.ts";
import { examined } from "./examining.ts";
import { conditions } from "./index.ts";

for (const condition of conditions)
  test(`${condition.name} has its triggering test and its silent twin`, () => {
    const { titles, silent } = conditionTests(condition);
    assert.ok(titles.length > silent.length, "expected a test of what it is for");
    assert.ok(silent.length > 0, `expected a test whose title says what is none: ${titles.join("; ")}`);
  });

test("names are told apart, and each says all there is to its page", () => {
  assert.equal(new Set(conditions.map(({ name }) => name)).size, conditions.length);
  for (const { name, title, remedy, misses, source, minutes } of conditions) {
    for (const text of [title, remedy, misses, source]) assert.ok(text.length > 0, name);
    assert.ok(minutes > 0, name);
  }
});

test("a device of which nothing is known has none", () => {
  assert.deepEqual(examined(fleetDevice(), conditions), []);
});
