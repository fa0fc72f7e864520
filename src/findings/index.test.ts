/** Every watch has a test that it finds what it is for, and one that what looks like it stays silent; docs/detectors.md names both. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { twinsOf } from "../../scripts/build-docs.ts";
import { watches } from "./index.ts";

for (const watch of watches)
  test(`${watch.name} has its triggering test and its silent twin`, () => {
    const { files, titles, silent } = twinsOf(watch);
    assert.ok(files.length > 0 && titles.length > 0, "expected a test that imports or names it");
    assert.ok(silent.length > 0, `expected a test whose title says what is none, in ${files.join(", ")}: ${titles.join("; ")}`);
  });

test("names are told apart, and each says all there is to a detector's page", () => {
  assert.equal(new Set(watches.map(({ name }) => name)).size, watches.length);
  for (const { name, sees, misses, mistaken, tune, remedy, title } of watches)
    for (const text of [sees, misses, mistaken, tune, remedy, title]) assert.ok(text.length > 0, name);
});

test("a watch that no test names has none", () => {
  assert.deepEqual(twinsOf({ name: "no-such-watch" }), { files: [], titles: [], silent: [] });
});
