import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_VERBS, Verbs } from "./verbs.ts";

test("the same verbs are the same set, however they came together, and are listed in order", () => {
  const verbs = new Verbs();
  const [store, echo] = [verbs.with(NO_VERBS, "C-STORE"), verbs.with(NO_VERBS, "C-ECHO")];
  assert.equal(verbs.with(store, "C-ECHO"), verbs.with(echo, "C-STORE"));
  assert.equal(verbs.joined(store, echo), verbs.with(store, "C-ECHO"));
  assert.equal(verbs.with(store, "C-STORE"), store);
  assert.equal(verbs.joined(NO_VERBS, echo), echo);
  assert.deepEqual(verbs.list(verbs.joined(store, echo)), ["C-ECHO", "C-STORE"]);
  assert.deepEqual(verbs.list(NO_VERBS), []);
});

test("who invents verbs gets so many and no more, and what is let go is counted", () => {
  const verbs = new Verbs();
  let set = NO_VERBS;
  for (let i = 0; i < 1_000; i++) set = verbs.with(set, `V${i}`);
  assert.equal(verbs.list(set).length, 64);
  assert.equal(verbs.takeRefused(), 1_000 - 64);
  assert.equal(verbs.takeRefused(), 0);
  for (let i = 0; i < 40_000; i++) verbs.with(NO_VERBS, `W${i}`);
  assert.ok(verbs.takeRefused() > 20_000);
  assert.deepEqual(verbs.list(verbs.with(NO_VERBS, "V0")), ["V0"]);
});
