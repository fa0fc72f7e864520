/**
 * What is published anew every week: advisories, what is exploited, what nobody supports any more, how likely exploitation is. Of each but the
 * last the program brings one along, compiled by `scripts/build-feeds.ts`.
 *
 * Each is text. Its first line says whose it is and of which day, and how many records follow, so that one cut short is seen.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** `advisories`: model/weakness.ts's AdvisoryMatch is made of them; `exploited`: CISA's catalogue; `support`: ends of support; `likelihood`: FIRST's EPSS. */
export const FEEDS = ["advisories", "exploited", "support", "likelihood"] as const;
export type Feed = (typeof FEEDS)[number];

export interface FeedHead {
  /** "CISA ICSMA". */
  readonly source: string;
  /** YYYY-MM-DD on which what it was made of was last changed. */
  readonly day: string;
  readonly records: number;
}

export function feedText(head: FeedHead, records: readonly string[]): string {
  return `${[`# ${head.source}`, head.day, head.records].join("\t")}\n${records.map((it) => `${it}\n`).join("")}`;
}

/** Null where it is none, or is cut short. */
export function feedHead(text: string): FeedHead | null {
  const [, source, day, records] = /^# ([^\t\n]+)\t(\d{4}-\d\d-\d\d)\t(\d+)\n/.exec(text) ?? [];
  if (source === undefined || !text.endsWith("\n") || recordsOf(text).length !== Number(records)) return null;
  return { source, day: day!, records: Number(records) };
}

export function recordsOf(text: string): readonly string[] {
  return text.split("\n").slice(1, -1);
}

/** Null for one that nobody brought. */
export function feed(name: Feed): string | null {
  const file = join(import.meta.dirname, "pack", `${name}.txt`);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

/** "CISA ICSMA" → "2026-08-11", of what serves. */
export function feedDays(): Readonly<Record<string, string>> {
  const heads = FEEDS.map(feed).flatMap((text) => (text === null ? [] : (feedHead(text) ?? [])));
  return Object.fromEntries(heads.map(({ source, day }) => [source, day]));
}
