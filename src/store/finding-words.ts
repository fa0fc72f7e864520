/**
 * What people say of findings: rows of the table of changes like any other, so they are chained, never edited, and taken back by another
 * row. A word hangs on detector and key, not on an id, with what the finding was by then: what goes beyond that it does not cover.
 */
import type { Engine } from "./engine.ts";
import { type FindingSaid, type FindingWord, type SaidOfFinding, type Severity } from "../model/finding.ts";
import { dayInWords, wordInWords } from "../model/finding-words.ts";
import { append, FINDING, takenBack } from "./said.ts";

/** `about` of such a row. */
export interface AboutFinding {
  readonly detector: string;
  readonly key: string;
}

/** An exception that nobody would look at again is none: at most so long after what was heard, or after today. */
export const EXPLAINED_DAYS_MAX = 366;
const DAY_US = 86_400_000_000;

/** Within the caller's transaction; answers the number of the change. Throws an Error for people where it cannot be said. `at` is the wall clock. */
export function sayOfFinding(database: Engine, { who, reason, finding, word }: SaidOfFinding, at: number): number {
  const row = database.prepare("SELECT detector, key, severity, last FROM finding WHERE id = ?").get(finding) as
    | (AboutFinding & { readonly severity: Severity; readonly last: number })
    | undefined;
  if (row === undefined) throw new Error(`expected the id of a finding of this recording, got ${finding}`);
  const { detector, key, severity, last } = row;
  if (word.what === "explain") checkUntil(word.until, last, at);
  const about: AboutFinding = { detector, key };
  const value: Kept = { ...word, id: finding, last, severity };
  return append(database, { at, who, what: FINDING, about: JSON.stringify(about), attribute: word.what, value: JSON.stringify(value), reason, undoes: null }); // prettier-ignore
}

function checkUntil(until: number, last: number, at: number): void {
  if (until < last)
    throw new Error(`expected a day not before the finding's last, ${dayInWords(last)}, got ${dayInWords(until)}: it would cover nothing`);
  const most = Math.max(last, at) + EXPLAINED_DAYS_MAX * DAY_US;
  if (until > most)
    throw new Error(`expected a day within ${EXPLAINED_DAYS_MAX} days, so that somebody looks again, got ${dayInWords(until)}`);
}

type Kept = FindingWord & Pick<FindingSaid, "id" | "last" | "severity">;

/** By `keyOf`, the oldest first; without what was taken back. */
export function wordsOfFindings(database: Engine): ReadonlyMap<string, readonly FindingSaid[]> {
  const rows = database
    .prepare(`SELECT number, at, who, reason, about, value FROM change WHERE what = '${FINDING}' ORDER BY number`)
    .all() as unknown as {
    readonly number: number;
    readonly at: number;
    readonly who: string;
    readonly reason: string;
    readonly about: string;
    readonly value: string;
  }[];
  if (rows.length === 0) return new Map();
  const isTakenBack = takenBack(database);
  const words = rows
    .filter(({ number }) => !isTakenBack(number))
    .map(({ number, at, who, reason, about, value }) => {
      const { id, last, severity, ...word } = JSON.parse(value) as Kept;
      return { of: keyOf(JSON.parse(about) as AboutFinding), said: { change: number, at, who, reason, word, id, last, severity } };
    });
  return new Map([...Map.groupBy(words, ({ of }) => of)].map(([of, all]) => [of, all.map(({ said }) => said)]));
}

export function keyOf({ detector, key }: AboutFinding): string {
  return `${detector} ${key}`;
}

/** "finding 1f0a… is explained until 2026-12-01, owner lind": `value` of a row in the list of changes. */
export function findingWordInWords(value: string): string {
  const { id, ...word } = JSON.parse(value) as Kept;
  return `finding ${id} is ${wordInWords(word)}`;
}
