/**
 * What is published anew every week: advisories, what is exploited, what nobody supports any more, how likely exploitation is, how severe, what
 * is recalled. Of the first three the program brings one along, compiled by `scripts/build-feeds.ts`; a site may have newer ones and the others
 * (`auscult update`), of advisories also those of makers. Whoever opens a recording says where the site's are (`useSiteFeeds`), and they serve from the next question on.
 *
 * Each is text. Its first line says whose it is and of which day, and how many records follow, so that one cut short is seen.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { KEPT_OUT, keptOutIn, type KeptOutFeed } from "./kept-out.ts";

/** `advisories`: model/weakness.ts's AdvisoryMatch is made of them; `exploited`: CISA's catalogue; `support`: ends of support; `likelihood`: FIRST's EPSS; `severities`: NVD; `recalls`: openFDA; `models`: a site's own table of ends of support. */
export const FEEDS = ["advisories", "exploited", "support", "likelihood", "severities", "recalls", "models"] as const;
export type Feed = (typeof FEEDS)[number];

/** Those that are brought piece by piece: a piece changes what is in it, and takes nothing else away. */
export const IN_PIECES: ReadonlySet<Feed> = new Set<Feed>(["advisories", "severities", "recalls"]);

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

/** As they lie in a site's folder: of advisories and recalls one for each source, "advisories-cisa-icsma.txt"; of the others one, "exploited.txt". */
export const SITE_FEED = /^(advisories|exploited|support|likelihood|severities|recalls|models)(?:-[a-z0-9]+)*\.txt$/;

/** One that is whole. */
export interface ServingFeed {
  readonly name: Feed;
  readonly head: FeedHead;
  readonly file: string;
}

/** What serves: of each source the newer one, of the site or of ours. More than one of advisories; none of what nobody brought. */
export function feedRecords(name: Feed): readonly string[] {
  return servingFeeds().flatMap((it) => (it.name === name ? recordsOf(readFileSync(it.file, "utf8")) : []));
}

/** "CISA ICSMA" → "2026-08-11", of what serves. */
export function feedDays(): Readonly<Record<string, string>> {
  return Object.fromEntries(servingFeeds().map(({ head: { source, day } }) => [source, day]));
}

/** What the site's folder was brought and what was kept out of it, of what serves this thread. */
export function feedsKeptOut(): readonly KeptOutFeed[] {
  return keptOutNow();
}

/** Those of a site's folder; one that is damaged is left out. */
export function feedsIn(siteFolder: string): readonly ServingFeed[] {
  return namesIn(siteFolder).flatMap((name) => feedOf(SITE_FEED.exec(name)![1] as Feed, join(siteFolder, name)));
}

/** Those the program brought along. */
export function ourFeeds(): readonly ServingFeed[] {
  return FEEDS.flatMap((name) => {
    const file = join(import.meta.dirname, "pack", `${name}.txt`);
    return existsSync(file) ? feedOf(name, file) : [];
  });
}

function feedOf(name: Feed, file: string): readonly ServingFeed[] {
  const head = feedHead(readFileSync(file, "utf8"));
  return head === null ? [] : [{ name, head, file }];
}

function namesIn(siteFolder: string): readonly string[] {
  return existsSync(siteFolder) ? readdirSync(siteFolder).filter((name) => SITE_FEED.test(name)).toSorted() : []; // prettier-ignore
}

// Which serve. --------------------------------------------------------------------------------------------------------------------

let folder: string | null = null;
let edition = "";
let turns = 0;

/** For this thread from here on; null: only what the program brought along. */
export function useSiteFeeds(siteFolder: string | null): void {
  folder = siteFolder;
  feedTurns();
}

/** How often what serves was found to be another: looked up each time, since another process may bring newer ones. */
export function feedTurns(): number {
  const now = folder === null ? "" : editionOf(folder);
  if (now !== edition) {
    edition = now;
    turns++;
  }
  return turns;
}

function editionOf(siteFolder: string): string {
  // A file is replaced whole: it is another one, of another moment.
  const stamps = [...namesIn(siteFolder), KEPT_OUT].map((name) => {
    const found = statSync(join(siteFolder, name), { throwIfNoEntry: false });
    return [name, found?.ino, found?.mtimeMs, found?.size].join(" ");
  });
  return [siteFolder, ...stamps].join("\n");
}

/** Made again when other feeds serve. */
export function perEdition<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value; readonly turn: number } | null = null;
  return () => {
    if (made?.turn !== turns) made = { value: make(), turn: turns };
    return made.value;
  };
}

const servingFeeds = perEdition((): readonly ServingFeed[] => {
  const bySource = new Map<string, ServingFeed>();
  for (const it of [...ourFeeds(), ...(folder === null ? [] : feedsIn(folder))]) {
    const before = bySource.get(it.head.source);
    if (before === undefined || before.head.day <= it.head.day) bySource.set(it.head.source, it);
  }
  return [...bySource.values()];
});

const keptOutNow = perEdition(() => (folder === null ? [] : keptOutIn(folder)));
