/**
 * A folder with what was published → feeds, and what is kept out of them with why. What a file is is told by what stands in it. A file with
 * `FILE.sha512` or `FILE.sha256` beside it must be what that says; one with `FILE.asc` must be signed by a publisher whose key the site has.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { clean } from "../../bytes/text.ts";
import { advisoryRecord } from "../../knowledge/advisories.ts";
import { IN_PIECES, type Feed, type FeedHead } from "../../knowledge/feeds.ts";
import { PUBLISHED } from "../published-registry.ts";
import { inWords } from "../refusals.ts";
import { readCsaf, type ReadAdvisory } from "./csaf.ts";
import { CATALOGUE_HEAD, readCatalogue, readCatalogueTable } from "./exploited.ts";
import { readScores, SCORES_HEAD } from "./likelihood.ts";
import { isModelTable, readModelTable } from "./model-support.ts";
import { isOfOpenFda, readRecalls } from "./recalls.ts";
import { signaturesBy, type Signatures } from "./signatures.ts";
import { isOfNvd, readSeverities } from "./severities.ts";
import { isOfApi, readEnds } from "./support.ts";
import { checkDay, jsonOf } from "./wrong-feed.ts";

/** A feed that can be read. */
export interface ReadFeed extends Pick<FeedHead, "source" | "day"> {
  readonly name: Feed;
  readonly records: readonly string[];
  /** Of one in several files: how many there are, and records in all of them. */
  readonly part?: { readonly of: number; readonly all: number };
}

/** `whole`: it is all its publisher has, so nothing of what serves may be missing. Of advisories that is known where an index lies beside them. */
export interface Brought extends ReadFeed {
  readonly whole: boolean;
}

export interface KeptOut {
  /** The file, below the folder; the publication where a whole one is kept out. */
  readonly place: string;
  /** The publication; null where a file is so broken that it could not be told. */
  readonly source: string | null;
  /** "vulnerabilities[3].cveID: expected …, got …". */
  readonly why: string;
}

export interface PublishedFolder {
  readonly feeds: readonly Brought[];
  /** What could be read, as `KeptOut.place` has files. */
  readonly files: readonly string[];
  readonly keptOut: readonly KeptOut[];
  /** What was made of signatures, a sentence; "" where there was none. */
  readonly signatures: string;
}

/** More than the largest there is, openFDA's of all recalls, also once it is unpacked. */
const FILE_BYTES_MAX = 300_000_000;
/** Ten times what CISA ever published. */
const FILES_MAX = 50_000;
const DEPTH_MAX = 6;
/** What lies beside feeds and is none. */
const BESIDE = /\.(?:sha256|sha512|asc|sig|md|html)$|^(?:index\.txt|changes\.csv|provider-metadata\.json|LICENSE.*|\..*)$/;

type Read = ReadFeed | ReadAdvisory;

/** `today`: YYYY-MM-DD; `keys`: where the site keeps publishers' keys. Throws an Error for people where the folder cannot be read. */
export function publishedFeeds(folder: string, today: string, keys: string | null = null): PublishedFolder {
  const signatures = signaturesBy(keys);
  try {
    return { ...feedsOf(folder, today, signatures), signatures: signatures.words() };
  } finally {
    signatures.close();
  }
}

function feedsOf(folder: string, today: string, signatures: Signatures): Omit<PublishedFolder, "signatures"> {
  const keptOut: KeptOut[] = [];
  const read: { readonly it: Read; readonly file: string }[] = [];
  for (const file of filesIn(folder)) {
    try {
      read.push({ it: readFile(file, today, signatures), file });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const why = code === undefined || !/^E[A-Z]+$/.test(code) ? (error as Error).message : `expected a file, got ${inWords(error)}`;
      keptOut.push({ place: placeIn(folder, file), source: null, why });
    }
  }
  const advisories = read.flatMap(({ it, file }) => ("advisory" in it ? [{ ...it, file }] : []));
  const stopped = missingOf(folder, [...read.map(({ file }) => file), ...keptOut.map(({ place }) => join(folder, place))]);
  const others = read.flatMap(({ it }) => ("advisory" in it ? [] : [it]));
  const feeds: Brought[] = newestOf(others.filter(({ name }) => !IN_PIECES.has(name)));
  for (const [source, pieces] of Map.groupBy(others.filter(({ name }) => IN_PIECES.has(name)), (it) => it.source)) { // prettier-ignore
    const count = pieces.reduce((sum, { records }) => sum + records.length, 0);
    const parts = pieces.flatMap(({ part }) => part ?? []);
    const { of = 0, all = 0 } = parts[0] ?? {};
    if (parts.length < of) keptOut.push({ place: source, source, why: `expected all ${of} files of it, got ${parts.length}: it stops half-way` });
    else if (count < all) keptOut.push({ place: source, source, why: `expected ${all} records, as meta.results.total says, got ${count}: it stops half-way` });
    else feeds.push({ ...joined(pieces), whole: of > 0 });
  } // prettier-ignore
  for (const [source, own] of Map.groupBy(advisories, (it) => it.source)) {
    const families = new Set(own.map(({ file }) => familyOf(basename(file))));
    const missing = stopped?.filter((name) => families.has(familyOf(basename(name)))) ?? [];
    if (missing.length > 0)
      keptOut.push({ place: "index.txt", source, why: `expected each file it lists, got none of ${clean(missing[0]!)}${missing.length === 1 ? "" : ` and ${missing.length - 1} more`}: ${source} stops half-way` }); // prettier-ignore
    else feeds.push(feedOf(source, own, stopped !== null));
  }
  return { feeds, files: read.map(({ file }) => placeIn(folder, file)), keptOut };
}

function placeIn(folder: string, file: string): string {
  return clean(relative(folder, file));
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

/** Pieces of one feed: of a record in several the newest. */
function joined(pieces: readonly ReadFeed[]): ReadFeed {
  const newest = new Map<string, string>();
  const dayIn = (record: string | undefined) => record?.split("\t", 2)[1] ?? "";
  for (const record of pieces.flatMap(({ records }) => records)) {
    const [key = ""] = record.split("\t", 1);
    if (dayIn(newest.get(key)) <= dayIn(record)) newest.set(key, record);
  }
  const day = pieces.reduce((latest, it) => (it.day > latest ? it.day : latest), "");
  return { name: pieces[0]!.name, source: pieces[0]!.source, day, records: [...newest.values()].toSorted() };
}

function readFile(file: string, today: string, signatures: Signatures): Read {
  const { size, mtime } = statSync(file);
  if (size > FILE_BYTES_MAX) throw new Error(`expected at most ${FILE_BYTES_MAX / 1e6} MB, got ${Math.ceil(size / 1e6)} MB`);
  const bytes = readFileSync(file);
  checkDigest(file, bytes);
  signatures.check(file);
  const it = readText(textOf(bytes), file.replace(/\.gz$/, ""), today, mtime);
  if (!("advisory" in it)) checkDay(it.day, today);
  return it;
}

function readText(text: string, file: string, today: string, written: Date): Read {
  if (SCORES_HEAD.test(text)) return readScores(text);
  if (CATALOGUE_HEAD.test(text)) return readCatalogueTable(text);
  if (isModelTable(text)) return readModelTable(text, [written.toISOString().slice(0, 10), today].toSorted()[0]!);
  if (text.startsWith("PK")) throw new Error("expected what is in it, got a zip file: unpack it first");
  if (!/^\ufeff?\s*\{/.test(text)) throw new Error(`expected ${EXPECTED}, got something else`);
  const value = jsonOf(text) as object;
  const name = basename(file);
  const [year = null] = /^\d{4}$/.exec(basename(dirname(file))) ?? [];
  if ("document" in value) return readCsaf(value, { name, year, today });
  if ("catalogVersion" in value) return readCatalogue(value);
  if (isOfApi(value) || "windows" in value) return readEnds(value, name);
  if (isOfNvd(value)) return readSeverities(value);
  if (isOfOpenFda(value)) return readRecalls(value, name);
  throw new Error(`expected ${EXPECTED}, got other JSON`);
}
const EXPECTED = "an advisory (CSAF), KEV, EPSS, endoflife.date, NVD, recalls of openFDA, or a table of ends of support";

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
