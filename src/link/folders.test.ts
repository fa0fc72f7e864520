import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writeWhole } from "./folders.ts";

test("a file is written whole and for its owner alone, or stays as it was", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-folders-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "team.json");
  writeFileSync(file, "before", { mode: 0o644 });
  mkdirSync(`${file}.new`);
  assert.throws(() => writeWhole(file, "after"), { code: "EISDIR" });
  assert.equal(readFileSync(file, "utf8"), "before");
  rmSync(`${file}.new`, { recursive: true });
  writeWhole(file, "after");
  assert.deepEqual([readFileSync(file, "utf8"), statSync(file).mode & 0o077, readdirSync(folder)], ["after", 0, ["team.json"]]); // prettier-ignore
});
