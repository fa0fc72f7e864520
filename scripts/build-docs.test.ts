import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DOCS, pages } from "./build-docs.ts";

for (const [file, text] of pages())
  test(`docs/${file} is what the tables say (npm run docs writes it)`, () => {
    assert.equal(readFileSync(join(DOCS, file), "utf8"), text);
  });
