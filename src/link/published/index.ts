/**
 * A folder with what was published → feeds, and what is kept out of them with why. What a file is is told by what stands in it. A file with
 * `FILE.sha512` or `FILE.sha256` beside it must be what that says. Signatures (.asc) are not checked: we have no keys of publishers.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { clean } from "../../bytes/text.ts";
import { advisoryRecord } from "../../knowledge/advisories.ts";
import type { Feed, FeedHead } from "../../knowledge/feeds.ts";
import { PUBLISHED } from "../published-registry.ts";
import { inWords } from "../refusals.ts";
import { readCsaf, type ReadAdvisory } from "./csaf.ts";
import { CATALOGUE_HEAD, readCatalogue, readCatalogueTable } from "./exploited.ts";
import { readScores, SCORES_HEAD } from "./likelihood.ts";
import { isOfApi, readEnds } from "./support.ts";
import { checkDay, jsonOf } from "./wrong-feed.ts";

/** A feed that can be read. */
export interface ReadFeed extends Pick<FeedHead, "source" | "day"> {
  readonly name: Feed;
  readonly records: readonly string[];
}

/** `whole`: it is all its publisher has, so nothing of what serves may be missing. Of advisories that is known where an index lies beside them. */
export interface Brought extends ReadFeed {
  readonly whole: boolean;
}

export interface KeptOut {
  /** The file. */
  readonly place: string;
  /** "vulnerabilities[3].cveID: expected …, got …". */
  readonly why: string;
}

export interface PublishedFolder {
  readonly feeds: readonly Brought[];
  readonly keptOut: readonly KeptOut[];
}

/** Ten times the largest there is, also once it is unpacked. */
const FILE_BYTES_MAX = 100_000_000;
/** Ten times what CISA ever published. */
const FILES_MAX = 50_000;
const DEPTH_MAX = 6;
/** What lies beside feeds and is none. */
const BESIDE = /\.(?:sha256|sha512|asc|sig|md|html)$|^(?:index\.txt|changes\.csv|provider-metadata\.json|LICENSE.*|\..*)$/;

type Read = ReadFeed | ReadAdvisory;

/** `today`: YYYY-MM-DD. Throws an Error for people where the folder cannot be read. */
export function publishedFeeds(folder: string, today: string): PublishedFolder {
  const keptOut: KeptOut[] = [];
  const read: { readonly it: Read; readonly file: string }[] = [];
  for (const file of filesIn(folder)) {
    try {
      read.push({ it: readFile(file, today), file });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const why = code === undefined || !/^E[A-Z]+$/.test(code) ? (error as Error).message : `expected a file, got ${inWords(error)}`;
      keptOut.push({ place: clean(relative(folder, file)), why });
    }
  }
  const advisories = read.flatMap(({ it, file }) => ("advisory" in it ? [{ ...it, file }] : []));
  const stopped = missingOf(folder, [...read.map(({ file }) => file), ...keptOut.map(({ place }) => join(folder, place))]);
  const feeds: Brought[] = newestOf(read.flatMap(({ it }) => ("advisory" in it ? [] : [it])));
  for (const [source, own] of Map.groupBy(advisories, (it) => it.source)) {
    const families = new Set(own.map(({ file }) => familyOf(basename(file))));
    const missing = stopped?.filter((name) => families.has(familyOf(basename(name)))) ?? [];
    if (missing.length > 0)
      keptOut.push({ place: "index.txt", why: `expected each file it lists, got none of ${clean(missing[0]!)}${missing.length === 1 ? "" : ` and ${missing.length - 1} more`}: ${source} stops half-way` }); // prettier-ignore
    else feeds.push(feedOf(source, own, stopped !== null));
  }
  return { feeds, keptOut };
}

function feedOf(source: string, read: readonly ReadAdvisory[], whole: boolean): Brought {
  const newest = new Map<string, ReadAdvisory["advisory"]>();
  for (const { advisory } of read) if ((newest.get(advisory.id)?.updated ?? "") <= advisory.updated) newest.set(advisory.id, advisory);
  const all = [...newest.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const day = all.reduce((latest, { updated }) => (updated > latest ? updated : latest), "");
  return { name: "advisories", source, day, records: all.map(advisoryRecord), whole };
}

/** Of each feed the newest that was brought. */
function newestOf(read: readonly ReadFeed[]): Brought[] {
  const newest = new Map<string, Brought>();
  for (const it of read) if ((newest.get(it.name)?.day ?? "") <= it.day) newest.set(it.name, { ...it, whole: true });
  return [...newest.values()];
}

function readFile(file: string, today: string): Read {
  const { size } = statSync(file);
  if (size > FILE_BYTES_MAX) throw new Error(`expected at most ${FILE_BYTES_MAX / 1e6} MB, got ${Math.ceil(size / 1e6)} MB`);
  const bytes = readFileSync(file);
  checkDigest(file, bytes);
  const it = readText(textOf(bytes), file.replace(/\.gz$/, ""), today);
  if (!("advisory" in it)) checkDay(it.day, today);
  return it;
}

function readText(text: string, file: string, today: string): Read {
  if (SCORES_HEAD.test(text)) return readScores(text);
  if (CATALOGUE_HEAD.test(text)) return readCatalogueTable(text);
  if (!/^\ufeff?\s*\{/.test(text)) throw new Error("expected an advisory (CSAF), KEV, EPSS or endoflife.date, got something else");
  const value = jsonOf(text) as object;
  const name = basename(file);
  const [year = null] = /^\d{4}$/.exec(basename(dirname(file))) ?? [];
  if ("document" in value) return readCsaf(value, { name, year, today });
  if ("catalogVersion" in value) return readCatalogue(value);
  if (isOfApi(value) || "windows" in value) return readEnds(value, name);
  throw new Error("expected an advisory (CSAF), KEV, EPSS or endoflife.date, got other JSON");
}

/** Throws an Error where the file is not what its publisher says it is. */
function checkDigest(file: string, bytes: Uint8Array): void {
  for (const algorithm of ["sha512", "sha256"]) {
    const beside = `${file}.${algorithm}`;
    if (!existsSync(beside)) continue;
    const said = /^[0-9a-f]+/i.exec(readFileSync(beside, "utf8").trim())?.[0].toLowerCase() ?? "nothing";
    const found = createHash(algorithm).update(bytes).digest("hex");
    if (said !== found) throw new Error(`expected the digest of ${basename(beside)}, ${said.slice(0, 12)}…, got ${found.slice(0, 12)}…`);
  }
}

function textOf(bytes: Buffer): string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString("utf8");
  try {
    return gunzipSync(bytes, { maxOutputLength: FILE_BYTES_MAX }).toString("utf8");
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE" ? `more than ${FILE_BYTES_MAX / 1e6} MB in it` : "one that stops half-way, or is damaged"; // prettier-ignore
    throw new Error(`expected a whole gzip file, got ${why}`, { cause: error });
  }
}

function filesIn(folder: string, depth = 0): readonly string[] {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new Error(`${folder}: expected a folder, got ${inWords(error)}`, { cause: error });
  }
  const files = entries
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((it) => {
      const path = join(folder, it.name);
      if (it.isDirectory()) return depth < DEPTH_MAX && !it.name.startsWith(".") ? filesIn(path, depth + 1) : [];
      return it.isFile() && !BESIDE.test(it.name) && !(PUBLISHED as readonly string[]).includes(it.name) ? [path] : [];
    });
  if (files.length > FILES_MAX) throw new Error(`${folder}: expected at most ${FILES_MAX} files, got more`);
  return files;
}

/** "icsma": CISA's index lists all it publishes, and a hospital may bring the medical ones alone. */
function familyOf(name: string): string {
  return name.replace(/\d.*$/, "");
}

/** Files that a CSAF distribution's index lists (section 7.1.12) and that are not there; null where there is no index. */
function missingOf(folder: string, files: readonly string[]): readonly string[] | null {
  const index = join(folder, "index.txt");
  if (!existsSync(index)) return null;
  const there = new Set(files);
  const listed = readFileSync(index, "utf8").split(/\r?\n/);
  return listed.filter((line) => line.endsWith(".json") && !there.has(join(folder, line)));
}
