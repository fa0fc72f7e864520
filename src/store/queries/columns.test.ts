import assert from "node:assert/strict";
import { test } from "node:test";
import { Values } from "./columns.ts";

/** More than are sorted at once, and no multiple of it; several have one key. */
const TEXTS = 70_001;

test("texts are placed by their keys in steps as in one sort, equal keys at one place", () => {
  const texts = Array.from({ length: TEXTS }, (_, at) => (at === 9 ? "" : `Pump ${(at * 7_919) % 50_021}`));
  const values = new Values(false);
  values.add(texts);
  const steps = [...values.place()].length;
  assert.ok(steps > TEXTS / 20_000, `nobody waits for all of it, got ${steps} steps`);

  const keys = texts.map((it) => it.toLowerCase());
  const sorted = keys.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const placeOf = new Map<string, number>();
  for (const [place, key] of sorted.entries()) if (!placeOf.has(key)) placeOf.set(key, place);
  assert.deepEqual([...values.ranks(false)], keys.map((key) => (key === "" ? TEXTS : placeOf.get(key)!))); // prettier-ignore
  assert.deepEqual([...values.ranks(true)], keys.map((key) => (key === "" ? TEXTS : TEXTS - 1 - placeOf.get(key)!))); // prettier-ignore
  assert.deepEqual([...values.place()], [], "what is placed stays so");
});
