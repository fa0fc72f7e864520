/** Recalls in their folder: begun, ticked, taken back, and refused where that cannot be. */
import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { RecallEntry } from "../model/recall.ts";
import { beginRecall, recallIn, recallsIn, tickIn, WrongTick } from "./recalls.ts";

const entry = (id: string): RecallEntry => ({ id, state: "heard", name: id, what: "", missing: "", ward: null, place: null, last: 1 });
const begun = { title: "hose", recording: "ward", question: { model: "VT-4" }, who: "lind", at: 7, entries: [entry("d1"), entry("row 4")] };
const tick = { entry: "d1", word: "found", who: "berg", at: 8, note: "store" } as const;

function folder(t: TestContext): string {
  const data = mkdtempSync(join(tmpdir(), "auscult-recalls-"));
  t.after(() => rmSync(data, { recursive: true }));
  return data;
}

test("a list stays as it was begun, with each tick and each taken back, by whom and when", (t) => {
  const data = folder(t);
  assert.deepEqual([recallsIn(data), recallIn(data, 1)], [[], null]);
  assert.deepEqual([beginRecall(data, begun), beginRecall(data, { ...begun, title: "other" })], [1, 2]);
  tickIn(data, 1, tick);
  tickIn(data, 1, { ...tick, word: null, at: 9 });
  assert.deepEqual(recallIn(data, 1), { begun: { ...begun, number: 1 }, ticks: [tick, { ...tick, word: null, at: 9 }] });
  assert.deepEqual(recallsIn(data).map((it) => [it.begun.number, it.ticks.length]), [[2, 0], [1, 2]]); // prettier-ignore
});

test("what is in no list, ticked by nobody, or of nobody is refused in a line", (t) => {
  const data = folder(t);
  beginRecall(data, begun);
  const refused = (what: RegExp, act: () => unknown) => assert.throws(act, (error) => error instanceof WrongTick && what.test(error.message)); // prettier-ignore
  refused(/an entry of recall 1, such as d1, got "d2"/u, () => tickIn(data, 1, { ...tick, entry: "d2" }));
  refused(/the number of a recall, got 3/u, () => tickIn(data, 3, tick));
  refused(/nothing to take back/u, () => tickIn(data, 1, { ...tick, word: null }));
  refused(/means somebody/u, () => beginRecall(data, { ...begun, entries: [] }));
});

test("a line that was cut short was never kept; one that is not as it was written is said", (t) => {
  const data = folder(t);
  beginRecall(data, begun);
  appendFileSync(join(data, "recalls", "1.jsonl"), '{"entry":"d1"');
  assert.deepEqual(recallIn(data, 1)!.ticks, []);
  tickIn(data, 1, tick);
  assert.deepEqual(recallIn(data, 1)!.ticks, [tick]);
  appendFileSync(join(data, "recalls", "1.jsonl"), '{"entry":"d1"\n');
  assert.throws(() => recallIn(data, 1), /in line 3 of .*1\.jsonl/u);
});
