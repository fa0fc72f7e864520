import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { heardIn } from "./golden.ts";

const FIXTURES = join(import.meta.dirname, "..", "..", "fixtures");
const captures = readdirSync(FIXTURES, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".pcap"))
  .toSorted();

test("every fixture says what stands beside it", async () => {
  assert.ok(captures.length >= 30);
  for (const capture of captures) {
    const expected = readFileSync(join(FIXTURES, capture.replace(/\.pcap$/, ".expected.txt")), "utf8");
    assert.equal(await heardIn(join(FIXTURES, capture)), expected, `${capture}: npm run golden writes it anew`);
  }
});
