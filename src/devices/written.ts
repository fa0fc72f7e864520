/**
 * Words that others wrote down rather than a frame: they stand under the kind of file, name it with its date, and are worth half for each
 * week between what was written and when the device was heard (identity notes 8).
 */
import { evidenceIn } from "../model/evidence.ts";
import { earlier, type ClaimRow, type Heard } from "../model/heard.ts";
import type { Word } from "./words.ts";

const WEEK_US = 7 * 86_400e6;

export function written(words: readonly Word[], heard: Heard): readonly Word[] {
  const told = heard.claims.filter(({ protocol }) => evidenceIn(protocol) !== null);
  if (told.length === 0) return words;
  const span = spanOf(heard);
  return words.map((word) => {
    const file = evidenceIn(word.protocol);
    if (file !== null)
      return { ...word, source: file.source, protocol: file.source, why: dated(file.file, word.last), weeks: weeksFrom(span, word) };
    return word.observed === "prefix" ? ofToldCard(word, told, heard) : word;
  });
}

/** What a word is worth after the weeks that lie between. */
export function faded(weight: number, { weeks = 0 }: Word): number {
  return Math.trunc(weight / 2 ** weeks);
}

/** A card no frame wore is known by what was written down, and so is all that follows from it. */
function ofToldCard(word: Word, told: readonly ClaimRow[], { endpoints }: Heard): Word {
  if (endpoints.some(({ mac, frames }) => mac === word.raw && frames > 0)) return word;
  const numbers = new Set(endpoints.flatMap(({ mac, number }) => (mac === word.raw ? [number] : [])));
  const [newest] = told
    .filter(({ attribute, endpoint }) => attribute === "toldAddress" && numbers.has(endpoint))
    .toSorted((a, b) => b.last - a.last || (a.protocol < b.protocol ? -1 : 1));
  if (newest === undefined) return word;
  const { source, file } = evidenceIn(newest.protocol)!;
  return { ...word, why: `${word.why}; the card stands in the ${source} ${dated(file, newest.last)}` };
}

/** "leases.csv, of 2026-11-23". */
function dated(file: string, last: number): string {
  return `${file}, of ${new Date(last / 1_000).toISOString().slice(0, 10)}`;
}

interface Span {
  readonly first: number;
  readonly last: number;
}

/** When it was heard; null where it never was. */
function spanOf({ endpoints }: Heard): Span | null {
  const span = { first: 0, last: 0 };
  for (const { first, last, frames } of endpoints) {
    if (frames === 0) continue;
    span.first = earlier(span.first, first);
    span.last = Math.max(span.last, last);
  }
  return span.last === 0 ? null : span;
}

function weeksFrom(span: Span | null, { first, last }: Span): number {
  return span === null ? 0 : Math.floor(Math.max(0, span.first - last, first - span.last) / WEEK_US);
}
