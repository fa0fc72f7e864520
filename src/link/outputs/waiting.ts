/**
 * Outputs tell findings whose turn it is, and of those that wait one line for each role: how many, and which. The line is a finding itself,
 * so that each output tells it as it tells all others; it comes again in each shift, and when they became ten times as many.
 */
import { createHash } from "node:crypto";
import type { RoleAsked } from "../../model/asking.ts";
import { isWaiting, waitingInWords } from "../../model/asking-words.ts";
import type { Finding } from "../../model/finding.ts";

/** In place of a detector: it is of none, and no page of its own. */
export const WAITING = "findings-waiting";

/** Of the new ones, those whose turn it is, and the lines. */
export function inTurn(fresh: readonly Finding[], asked: readonly RoleAsked[]): readonly Finding[] {
  const waiting = fresh.filter((it) => isWaiting(it, asked));
  const last = waiting.reduce((latest, it) => Math.max(latest, it.last), 0);
  return [...fresh.filter((it) => !waiting.includes(it)), ...asked.flatMap((it) => lineOf(it, last) ?? [])];
}

/** Null where none waits. Its id is another in each shift and with each digit that their number grows by, and else the same. */
function lineOf(asked: RoleAsked, last: number): Finding | null {
  const { site, role, shift, waiting, waits } = asked;
  const [first] = waits;
  if (first === undefined || shift === null) return null;
  const of = JSON.stringify(["waiting", site, role, shift.from, String(waiting).length]);
  return {
    id: createHash("sha256").update(of).digest("hex").slice(0, 16),
    detector: WAITING,
    title: "Findings wait for their turn",
    family: "hazard",
    severity: first.severity,
    harms: [],
    remedy: "Open the list of findings: for each that somebody takes the next one asks",
    technique: [],
    about: null,
    others: [],
    othersBeyond: 0,
    first: last,
    last,
    count: waiting,
    summary: waitingInWords(asked)!,
    because: [],
    witnesses: 0,
    before: null,
    standing: { state: "new", said: null, lapsed: null },
    planned: null,
    hides: null,
  };
}
