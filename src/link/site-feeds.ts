/**
 * What a site has of what is published anew: `knowledge/feeds` in the data directory, one file each as `knowledge/feeds.ts` reads them. Of
 * each the one before is kept beside it. A file is there whole at any moment: whoever reads finds the old one or the new one.
 */
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { advisoriesText, advisoryOf, type Advisory } from "../knowledge/advisories.ts";
import { feedsIn, feedText, IN_PIECES, ourFeeds, recordsOf, type Feed, type FeedHead, type ServingFeed } from "../knowledge/feeds.ts";
import { makeFolder, syncFolder } from "./folders.ts";
import type { Brought } from "./published/index.ts";

/** Catalogues are added to; one that lost this much is cut short, or another. Old releases go, and recalls are closed. */
const KEPT_SHARE_MIN: Readonly<Record<Feed, number>> = {
  advisories: 0.95,
  exploited: 0.95,
  support: 0.8,
  likelihood: 0.95,
  severities: 0.95,
  recalls: 0.8,
  // A site's own table: half of the models at once are no longer there only where half of the table is not.
  models: 0.5,
};

export function feedsFolder(data: string): string {
  return join(data, "knowledge", "feeds");
}

/** Where a site puts the public keys of those whose signatures it wants checked. */
export function keysFolder(data: string): string {
  return join(data, "knowledge", "keys");
}

/** Of the data directory a recording lies in; null where it lies elsewhere. */
export function feedsBeside(recording: string): string | null {
  const folder = dirname(recording);
  return basename(folder) === "recordings" ? feedsFolder(dirname(folder)) : null;
}

export interface InstalledFeed extends FeedHead {
  readonly name: Feed;
  /** Records that were not there before, are another, or are no more; all 0 where nothing was newer. */
  readonly added: number;
  readonly changed: number;
  readonly gone: number;
  /** The day of what served until now; null where nothing did. */
  readonly before: string | null;
}

/** All or nothing. Throws an Error for people where it is older than what serves, or has lost too much to be whole. */
export function installFeed(folder: string, brought: Brought): InstalledFeed {
  const { name, source, day } = brought;
  const serving = servingIn(folder, brought);
  const old = serving === undefined ? [] : recordsOf(readFileSync(serving.file, "utf8"));
  if (brought.whole && brought.records.length < old.length * KEPT_SHARE_MIN[name])
    throw new Error(`expected at least ${Math.ceil(old.length * KEPT_SHARE_MIN[name])} records of ${source}, since there are ${old.length} now, got ${brought.records.length}`); // prettier-ignore
  if (!IN_PIECES.has(name) && serving !== undefined && day < serving.head.day)
    throw new Error(`expected ${source} of ${serving.head.day} or later, which serves now, got that of ${day}`);
  const newest = serving === undefined || day > serving.head.day ? day : serving.head.day;
  const all = IN_PIECES.has(name) ? newestRecords(old, brought.records) : brought.records;
  const text = name === "advisories" ? merged(old.map(advisoryOf), brought) : feedText({ source, day: newest, records: all.length }, all);
  const records = recordsOf(text);
  const difference = differenceOf(old, records, name);
  if (difference.added + difference.changed + difference.gone > 0 || (serving !== undefined && serving.head.day < newest && name !== "advisories"))
    replace(folder, fileOf(brought), text);
  return { name, source, day: newest, records: records.length, ...difference, before: serving?.head.day ?? null };
} // prettier-ignore

/** Each takes the place of the one before it of the same id, unless it is older, or says the same. */
function merged(old: readonly Advisory[], { records, source }: Brought): string {
  const all = new Map(old.map((it) => [it.id, it]));
  for (const it of records.map(advisoryOf)) {
    const before = all.get(it.id);
    // Hints are a guess at its words: what was guessed otherwise is no news.
    if (before !== undefined && (before.updated > it.updated || factsOf(before) === factsOf(it))) continue;
    all.set(it.id, it);
  }
  return advisoriesText([...all.values()], source);
}

/** By their first cell, each with its day in the second: an older one changes nothing, and one of no more cells takes what there was away. */
function newestRecords(old: readonly string[], brought: readonly string[]): readonly string[] {
  const all = new Map(old.map((record) => [record.split("\t", 1)[0]!, record]));
  for (const record of brought) {
    const [key = "", day = "", ...rest] = record.split("\t");
    const before = all.get(key);
    if (before !== undefined && before.split("\t", 2)[1]! > day) continue;
    if (rest.length === 0) all.delete(key);
    else all.set(key, record);
  }
  return [...all.values()].toSorted();
}

/** Whatever order it names its products in. */
function factsOf({ products, vulnerabilities }: Advisory): string {
  const named = (places: readonly number[]) => places.map((place) => JSON.stringify(Object.values(products[place]!))).toSorted();
  return JSON.stringify(
    vulnerabilities.map(({ cve, cvss, vector, affects, spares }) => [cve, cvss, vector, named(affects), named(spares)]).toSorted(),
  );
}

function differenceOf(old: readonly string[], now: readonly string[], name: Feed): Pick<InstalledFeed, "added" | "changed" | "gone"> {
  const keyOf = (record: string) => (name === "advisories" ? advisoryOf(record).id : record.split("\t", name === "support" || name === "models" ? 2 : 1).join("\t")); // prettier-ignore
  const before = new Map(old.map((record) => [keyOf(record), record]));
  const after = new Map(now.map((record) => [keyOf(record), record]));
  const added = [...after.keys()].filter((key) => !before.has(key)).length;
  return {
    added,
    changed: [...after].filter(([key, record]) => before.has(key) && before.get(key) !== record).length,
    gone: before.size - (after.size - added),
  };
}

/** The newer of the site's and ours. */
function servingIn(folder: string, { name, source }: Pick<Brought, "name" | "source">): ServingFeed | undefined {
  return [...ourFeeds(), ...feedsIn(folder)]
    .filter((it) => it.name === name && it.head.source === source)
    .toSorted((a, b) => (a.head.day < b.head.day ? -1 : 1))
    .at(-1);
}

function fileOf({ name, source }: Pick<Brought, "name" | "source">): string {
  const words = source.normalize("NFKD").toLowerCase().match(/[a-z0-9]+/g) ?? []; // prettier-ignore
  return ["advisories", "recalls"].includes(name) ? `${[name, ...words].join("-").slice(0, 80)}.txt` : `${name}.txt`;
}

/** What serves is there at any moment, whenever we are stopped. */
function replace(folder: string, name: string, text: string): void {
  makeFolder(folder);
  const file = join(folder, name);
  writeFileSync(`${file}.part`, text, { mode: 0o600, flush: true });
  if (existsSync(file)) {
    rmSync(`${file}.former`, { force: true });
    linkSync(file, `${file}.former`);
    renameSync(`${file}.former`, formerOf(file));
  }
  renameSync(`${file}.part`, file);
  syncFolder(folder);
}

function formerOf(file: string): string {
  return `${file}.before`;
}

export interface WentBack {
  readonly source: string;
  readonly to: "the one before" | "ours" | "none";
}

/** Each goes back to the one before it, or to ours where there was none. */
export function formerFeeds(folder: string): readonly WentBack[] {
  const all = feedsIn(folder);
  const back = all.map(({ name, head: { source }, file }): WentBack => {
    if (existsSync(formerOf(file))) {
      renameSync(formerOf(file), file);
      return { source, to: "the one before" };
    }
    rmSync(file);
    return { source, to: ourFeeds().some((it) => it.name === name && it.head.source === source) ? "ours" : "none" };
  });
  if (all.length > 0) syncFolder(folder);
  return back;
}
