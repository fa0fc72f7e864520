/** What outputs are given of many findings, and what a mail makes of the line. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { askedOf } from "../../findings/asking.ts";
import { ASK_RULES } from "../../model/asking.ts";
import type { Finding } from "../../model/finding.ts";
import { finding } from "../../testing/risky.ts";
import { letterOf } from "./mail-text.ts";
import { inTurn, WAITING } from "./waiting.ts";

const NOON = Date.UTC(2026, 0, 5, 12) * 1_000;
const DAY = 86_400_000_000;

/** So many alike ones after one that endangers a patient, which came last. */
function given(count: number, now = NOON): readonly Finding[] {
  const alike = Array.from({ length: count }, (_, number) => finding({ id: String(number).padStart(16, "0"), first: NOON + number, severity: "critical" })); // prettier-ignore
  const fresh = [...alike, finding({ id: "d".repeat(16), title: "A dose beyond what is usual", family: "clinical", first: NOON + DAY })];
  return inTurn(fresh, askedOf(fresh, ASK_RULES, now));
}

test("outputs are given those whose turn it is, and one line with the number of the others: once in a shift, and when they are ten times as many", () => {
  const told = given(900);
  assert.equal(told.length, 11);
  assert.ok(told.some(({ family }) => family === "clinical"));
  const line = told.at(-1)!;
  assert.deepEqual([line.detector, line.count, line.severity], [WAITING, 891, "critical"]);
  assert.equal(line.summary, "891 findings wait until one of the 10 that ask the team is taken: 891 × A device was probed (critical)");
  assert.equal(given(905).at(-1)!.id, line.id);
  assert.notEqual(given(9_000).at(-1)!.id, line.id);
  assert.notEqual(given(900, NOON + DAY).at(-1)!.id, line.id, "another shift");
});

test("where none waits there is no line", () => {
  assert.deepEqual([given(9).length, given(9).some(({ detector }) => detector === WAITING)], [10, false]);
});

test("a mail says of the line what it is, and leads to the list", () => {
  const { text } = letterOf([{ finding: given(900).at(-1)!, site: "main" }], {
    page: "https://auscult.example",
    callsFor: () => ({ contacts: [], missing: "this" }),
  });
  assert.match(
    text,
    /891 findings wait until one of the 10 [^]*for each that somebody takes the next one asks: https:\/\/auscult\.example\/findings$/m,
  );
  assert.doesNotMatch(text, /a segment|No contact/);
});
