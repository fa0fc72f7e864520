import assert from "node:assert/strict";
import { test } from "node:test";
import { loadMakers } from "./makers.ts";

const makers = loadMakers();

test("a maker nobody listed keeps its name, without its legal form and not in capitals", () => {
  for (const [said, name] of [
    ["Umbrawerk Co., Ltd.", "Umbrawerk"],
    ["UMBRAWERK S.p.A.", "Umbrawerk"],
    ["Umbra GmbH & Co. KG", "Umbra GmbH &"],
    ["Inc.", "Inc."],
  ] as const)
    assert.equal(makers.called(said).name, name);
});

test("a name that somebody made up to be long in reading is read at once", () => {
  const began = process.threadCpuUsage();
  for (let length = 200; length < 256; length++) makers.called(`${".".repeat(length)}!`);
  assert.ok(process.threadCpuUsage(began).user < 1_000_000);
});
