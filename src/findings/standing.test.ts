/** What a person said of a finding covers what there was by then, and says why where it covers it no more. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FindingSaid, FindingWord, Severity, StoredFinding } from "../model/finding.ts";
import { standingOf } from "./standing.ts";

const finding = (first: number, last: number, severity: Severity = "medium") => ({ first, last, severity }) as StoredFinding;

let changes = 0;
function said(word: FindingWord, last: number, severity: Severity = "medium"): FindingSaid {
  return { change: ++changes, at: 0, who: "lind", reason: "seen", word, id: "1", last, severity };
}

/** `new`, `closed`, `new: went on`. */
function told(of: StoredFinding, ...words: readonly FindingSaid[]): string {
  const { state, lapsed } = standingOf(of, words);
  return lapsed === null ? state : `${state}: ${lapsed.why}`;
}

const acknowledge = { what: "acknowledge" } as const;
const close = { what: "close", verdict: "innocent" } as const;
const explain = (until: number) => ({ what: "explain", owner: "Kim", until }) as const;

test("nobody said anything: it is new; the last word decides; opened again it is new", () => {
  assert.equal(told(finding(10, 20)), "new");
  assert.equal(told(finding(10, 20), said(acknowledge, 20)), "acknowledged");
  assert.equal(told(finding(10, 20), said(acknowledge, 20), said(close, 20)), "closed");
  assert.equal(told(finding(10, 20), said(close, 20), said({ what: "reopen" }, 20)), "new");
});

test("who has it has it also while it goes on; a story that began later is another one", () => {
  assert.equal(told(finding(10, 50), said(acknowledge, 20)), "acknowledged");
  assert.equal(told(finding(30, 50), said(acknowledge, 20)), "new");
});

test("what was closed and goes on is new again and says so; what begins later is new", () => {
  assert.equal(told(finding(10, 21), said(close, 20)), "new: went on");
  assert.equal(told(finding(30, 50), said(close, 20)), "new");
});

test("an explanation covers every story of its key until its day, and nothing beyond it", () => {
  assert.equal(told(finding(10, 20), said(explain(100), 20)), "explained");
  assert.equal(told(finding(60, 100), said(explain(100), 20)), "explained");
  assert.equal(told(finding(60, 101), said(explain(100), 20)), "new: expired");
});

test("what became more severe than it was is not covered, whatever was said", () => {
  for (const word of [acknowledge, explain(100), close])
    assert.equal(told(finding(10, 20, "high"), said(word, 20, "medium")), "new: more severe", word.what);
});

test("a word of an earlier story leaves what was explained before it", () => {
  assert.equal(told(finding(30, 50), said(explain(100), 20), said(close, 20)), "explained");
});
