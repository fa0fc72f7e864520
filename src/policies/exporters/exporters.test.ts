/** The whole text of every exporter, as equipment is given it: `npm run golden` writes it anew, and the diff is what one reviews. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { csvRecords } from "../../bytes/csv.ts";
import { expectedTexts, SAMPLE_WALL } from "../../testing/sample-wall.ts";
import { exporters } from "./index.ts";

const EXPECTED = join(import.meta.dirname, "expected");

for (const [file, text] of expectedTexts(exporters))
  test(`${file} is written as it stands in expected/`, () => {
    assert.equal(text, readFileSync(join(EXPECTED, file), "utf8"));
  });

test("every text that is expected belongs to an exporter", () => {
  assert.deepEqual(
    readdirSync(EXPECTED).toSorted(),
    expectedTexts(exporters)
      .map(([file]) => file)
      .toSorted(),
  );
});

test("the same wall gives the same bytes, and another wall another mark", () => {
  for (const { write, name } of exporters) {
    assert.equal(write(structuredClone(SAMPLE_WALL)), write(SAMPLE_WALL), name);
    const { policy } = SAMPLE_WALL;
    assert.notEqual(write({ ...SAMPLE_WALL, policy: { ...policy, rules: policy.rules.slice(1) } }), write(SAMPLE_WALL), name);
  }
});

test("what people wrote ends no line, no comment and no text in quotes", () => {
  for (const { write, name, extension } of exporters) {
    const text = write(SAMPLE_WALL);
    assert.doesNotMatch(text, /^of two lines/m, name);
    if (extension === "csv") assert.deepEqual([...new Set(csvRecords(text, ",").map((row) => row.length))], [10], name);
    else assert.doesNotMatch(text, /"odd"|"4"/, name);
  }
});
