/**
 * `auscult update`: newer knowledge, from where it is published or from a folder: the registry of MAC prefixes, advisories, what is exploited,
 * how likely that is and how severe, ends of support, recalls. Of each only what can be believed is taken, and the one before is kept: `--back` goes back to it.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ADVISORIES_SOURCE, loadAdvisories } from "../knowledge/advisories.ts";
import { feedDays, ourFeeds, useSiteFeeds } from "../knowledge/feeds.ts";
import { loadSeverities } from "../knowledge/severities.ts";
import type { Registered } from "../knowledge/registry.ts";
import { publishedFeeds, type KeptOut, type PublishedFolder } from "../link/published/index.ts";
import { fetchFeeds, PUBLISHERS, type Publishers } from "../link/published/official.ts";
import { rememberKeptOut } from "../link/kept-out.ts";
import { publishedAt, publishedIn, PUBLISHED } from "../link/published-registry.ts";
import { feedsFolder, formerFeeds, installFeed, keysFolder, type InstalledFeed } from "../link/site-feeds.ts";
import { formerRegistry, installRegistry, siteRegistryIn } from "../link/site-registry.ts";
import { CommandError, Exit, number, plural, print, say } from "./terminal.ts";

const IEEE = "https://standards-oui.ieee.org/";

/** Where each is published. */
export interface Sources extends Publishers {
  readonly registry: string;
}

export interface UpdateOptions {
  readonly data: string;
  /** A folder with files as they are published. */
  readonly from?: string;
  readonly back?: boolean;
  readonly preview?: boolean;
  readonly recording?: string;
  readonly json?: boolean;
}

export async function update(options: UpdateOptions, sources: Sources = { ...PUBLISHERS, registry: IEEE }): Promise<void> {
  const { data, from, back, preview, json } = options;
  if (back) {
    if (from !== undefined || preview) throw new CommandError(`expected --back alone, got it with --${preview ? "preview" : "from"}`);
    return goBack(data);
  }
  const today = dayByClock();
  const fetched = from === undefined ? mkdtempSync(join(tmpdir(), "auscult-update-")) : null;
  try {
    const folder = from ?? fetched!;
    const unreachable = fetched === null ? [] : await fetchedInto(fetched, data, sources, today);
    const published = inOneLine(() => publishedFeeds(folder, today, keysFolder(data)));
    const brought = fetched === null ? registryIn(folder) : await registryAt(sources.registry);
    if (preview) {
      const { previewed } = await import("./update-preview.ts");
      const { registered, troubles } = brought;
      return await previewed({ ...options, ...published, registered, unreachable: [...unreachable, ...troubles] });
    }
    const registry = registryTaken(data, brought);
    const taken = take(feedsFolder(data), published);
    rememberKeptOut(feedsFolder(data), { files: published.files, sources: taken.feeds.map(({ source }) => source), keptOut: taken.keptOut, today }); // prettier-ignore
    const troubles = [...taken.keptOut.map(inWords), ...registry.troubles, ...unreachable];
    if (from !== undefined && registry.words === null && taken.feeds.length + troubles.length === 0)
      throw new CommandError(`${from}: expected files as they are published (auscult update --help lists them), got none`);
    if (json)
      await print(
        `${JSON.stringify({ schema: "auscult.update/1", feeds: taken.feeds, registry: registry.words, signatures: published.signatures, troubles })}\n`,
      );
    if (registry.words !== null) say(registry.words);
    for (const it of taken.feeds) say(takenInWords(it));
    if (published.signatures !== "") say(published.signatures);
    for (const trouble of troubles) say(trouble);
    if (troubles.length > 0)
      throw new CommandError(summary(taken.keptOut.length, registry.troubles.length + unreachable.length, from), from === undefined ? Exit.input : Exit.usage); // prettier-ignore
  } finally {
    if (fetched !== null) rmSync(fetched, { recursive: true, force: true });
  }
}

export interface Taken {
  readonly feeds: readonly InstalledFeed[];
  readonly keptOut: readonly KeptOut[];
}

/** Each by itself: one that is kept out holds up no other. */
export function take(folder: string, { feeds, keptOut }: Pick<PublishedFolder, "feeds" | "keptOut">): Taken {
  const out = [...keptOut];
  const installed = feeds.flatMap((it): InstalledFeed[] => {
    try {
      return [installFeed(folder, it)];
    } catch (error) {
      if (error instanceof Error && "code" in error) throw error;
      out.push({ place: it.source, source: it.source, why: (error as Error).message });
      return [];
    }
  });
  return { feeds: installed, keptOut: out };
}

export function inWords({ place, why }: KeptOut): string {
  return `${place}: ${why}. Kept out: what served until now serves on.`;
}

function takenInWords({ source, day, records, added, changed, gone, before }: InstalledFeed): string {
  if (added + changed + gone === 0 && before === day) return `${source}: nothing newer than that of ${day}, which serves.`;
  return `${source} of ${day}, used from the next question on: ${plural(records, "record")}, ${number(added)} new, ${number(changed)} changed, ${number(gone)} gone.`;
}

function summary(keptOut: number, unreachable: number, from: string | undefined): string {
  const kept = keptOut === 0 ? [] : [`${plural(keptOut, "file or feed", "files or feeds")} kept out`];
  const not = unreachable === 0 ? [] : [`${plural(unreachable, "source")} not read`];
  const round = from !== undefined || unreachable === 0 ? "" : ` Where there is no way to it, bring it in a folder: auscult update --from FOLDER`; // prettier-ignore
  return `${[...kept, ...not].join(", ")}.${round}`;
}

/** YYYY-MM-DD. Throws where this machine's clock stands before what the program brought along: it could not tell tomorrow from last year. */
function dayByClock(): string {
  const day = new Date().toISOString().slice(0, 10);
  const ours = ourFeeds().reduce((latest, { head }) => (head.day > latest ? head.day : latest), "");
  if (day < ours)
    throw new CommandError(`expected a clock at ${ours} or later, of which Auscult's own knowledge is, got ${day}: set this machine's clock`, Exit.configuration); // prettier-ignore
  return day;
}

function goBack(data: string): void {
  const registry = siteRegistryIn(data) === null ? null : inOneLine(() => formerRegistry(data));
  const feeds = formerFeeds(feedsFolder(data));
  if (registry === null && feeds.length === 0)
    throw new CommandError(`expected something newer in ${join(data, "knowledge")}, got nothing: what Auscult brought along serves`);
  if (registry !== null) say(`The registry of MAC prefixes is ${registry} again, from the next start on.`);
  for (const { source, to } of feeds) say(to === "none" ? `${source} is gone.` : `${source} is ${to} again.`);
}

async function fetchedInto(folder: string, data: string, sources: Sources, today: string): Promise<readonly string[]> {
  useSiteFeeds(feedsFolder(data));
  const days = feedDays();
  const scored = loadSeverities();
  const vulnerabilities = loadAdvisories().flatMap((it) => it.vulnerabilities);
  const cves = new Set(vulnerabilities.filter(({ cve, cvss }) => cvss === null && !scored.has(cve)).map(({ cve }) => cve));
  return fetchFeeds(folder, sources, {
    advisoriesSince: days[ADVISORIES_SOURCE] ?? "",
    recallsSince: days,
    cves: [...cves].toSorted(),
    today,
  });
}

interface RegistryBrought {
  /** Null where none was brought, or it cannot be read. */
  readonly registered: readonly Registered[] | null;
  readonly troubles: readonly string[];
}

/** One of its files says that the registry is meant. */
function registryIn(folder: string): RegistryBrought {
  if (!PUBLISHED.some((name) => existsSync(join(folder, name)))) return { registered: null, troubles: [] };
  try {
    return { registered: publishedIn(folder), troubles: [] };
  } catch (error) {
    return { registered: null, troubles: [(error as Error).message] };
  }
}

async function registryAt(base: string): Promise<RegistryBrought> {
  try {
    return { registered: await publishedAt(base), troubles: [] };
  } catch (error) {
    return { registered: null, troubles: [(error as Error).message] };
  }
}

interface RegistryTaken {
  /** Null where none was taken. */
  readonly words: string | null;
  readonly troubles: readonly string[];
}

function registryTaken(data: string, { registered, troubles }: RegistryBrought): RegistryTaken {
  if (registered === null) return { words: null, troubles };
  try {
    const { prefixes, added, renamed, gone } = installRegistry(data, registered);
    const words = `${plural(prefixes, "MAC prefix", "MAC prefixes")} of the IEEE, used from the next start on: ${added} new, ${renamed} with another name, ${gone} gone. auscult update --back goes back.`;
    return { words, troubles };
  } catch (error) {
    return { words: null, troubles: [...troubles, (error as Error).message] };
  }
}

/** What is wrong with what a person brought is said in one line. */
function inOneLine<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}
