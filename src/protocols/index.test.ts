import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { protocols } from "./index.ts";

const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && name !== "index.ts",
);
/** A protocol's own file, and all of the folder that has its name. */
const sourceOf = (name: string) =>
  sources
    .filter((file) => file.split("/").some((part) => part === name || part === `${name}.ts`))
    .map((file) => readFileSync(join(import.meta.dirname, file), "utf8"))
    .join("\n");

test("each protocol is there once, and says what it is called, what it reads, what ends in it, and what it keeps", () => {
  assert.equal(new Set(protocols.map(({ name }) => name)).size, protocols.length);
  assert.equal(new Set(protocols.map(({ title }) => title)).size, protocols.length);
  for (const { name, over, privacy } of protocols) {
    assert.ok(over.length > 0, name);
    for (const sentence of [privacy?.reads ?? "", privacy?.ends ?? ""]) assert.match(sentence, /^[A-Z].*\.$/, name);
  }
});

test("what a protocol says it keeps, it can observe; tests of its parser hold it to the rest", () => {
  for (const { name, privacy } of protocols) {
    const source = sourceOf(name);
    // Once in the list itself.
    const unused = (privacy?.keeps ?? []).filter((attribute) => source.split(`"${attribute}"`).length < 3);
    assert.deepEqual(unused, [], name);
  }
});
