/** What is lost without the network is said with its source, or not at all. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { lossesOf } from "./losses.ts";

const words = (kind: string | null) => lossesOf(kind).map((it) => it.words);

test("a pump infuses on and is not charted; what lies under a kind loses what the kind does; each has a source", () => {
  assert.equal(words("infusion pump").includes("doses are not charted; infuses on"), true);
  assert.equal(words("syringe pump").includes("doses are not charted; infuses on"), true);
  assert.equal(words("CT scanner").includes("images stay on the device until its disk is full"), true);
  for (const kind of ["infusion pump", "CT scanner", "patient monitor"])
    for (const { source } of lossesOf(kind)) assert.notEqual(source, "", kind);
});

test("who serves others is lost to them", () => {
  assert.equal(words("image archive").includes("images are not seen"), true);
});

test("of a kind nothing is written of, and of none, it is not known: that every device keeps time does not make it known", () => {
  for (const kind of [null, "defibrillator", "camera", "no such kind"]) assert.deepEqual(words(kind), [], String(kind));
});
