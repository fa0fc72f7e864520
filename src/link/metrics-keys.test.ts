import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { metricsKeysIn } from "./metrics-keys.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-keys-"));
after(() => rmSync(folder, { recursive: true }));
const KEYS = ["first-key-of-24-characters", "another-key-of-the-second"] as const;

function written(text: string): string {
  const path = join(folder, "keys");
  writeFileSync(path, text);
  return path;
}

test("whose key it is; of nobody's, and without a file, nothing", () => {
  const whose = metricsKeysIn(written(`# who\r\nprometheus  ${KEYS[0]}\r\n\nnagios ${KEYS[1]}\n`));
  assert.deepEqual([whose(KEYS[0]), whose(KEYS[1]), whose(""), whose(`${KEYS[0]} `)], ["prometheus", "nagios", undefined, undefined]);
  assert.equal(metricsKeysIn("")(""), undefined);
});

test("what is no line of a name and a key is refused by its place, and never printed", () => {
  for (const [text, words] of [
    ["prometheus", /line 1: expected a name and a key/],
    [`\nPro metheus ${KEYS[0]}`, /line 2: expected a name and a key/],
    ["prometheus short-secret", /line 1: expected a key of at least 24 characters, got 12/],
  ] as const) {
    assert.throws(
      () => metricsKeysIn(written(text)),
      (error: Error) => words.test(error.message) && !/secret|first-key/.test(error.message),
    );
  }
  assert.throws(() => metricsKeysIn(join(folder, "none")), /metricsKeys: expected a file that can be read/);
});
