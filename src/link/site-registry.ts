/**
 * A newer registry of MAC prefixes than ours: `knowledge/registry.bin` in the data directory, made of what the IEEE publishes. The one before
 * it is kept beside it.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { clean } from "../bytes/text.ts";
import { ourRegistry } from "../knowledge/prefixes.ts";
import { registeredIn, registryFile, rowsOf, useSiteRegistry, type Registered } from "../knowledge/registry.ts";
import { makeFolder } from "./recordings.ts";
import { inWords } from "./refusals.ts";

/** What the IEEE publishes: blocks of 24, 28 and 36 bits. */
export const PUBLISHED = ["oui.csv", "mam.csv", "oui36.csv"] as const;

/** A list is only added to; one that lost this much is cut short, or another. */
const KEPT_SHARE_MIN = 0.95;
/** Ten times what it is. */
const FILE_BYTES_MAX = 20_000_000;
const COLUMNS = ["Registry", "Assignment", "Organization Name"] as const;
const NAME_LENGTH_MAX = 128;
const PREFIX = /^(?:[0-9a-f]{6}|[0-9a-f]{7}|[0-9a-f]{9})$/;

/** Throws an Error that names the line, with what was expected there and what came. */
function readRegistry(csv: string): readonly Registered[] {
  const rows = parse(csv, { bom: true, relax_column_count: true, skip_empty_lines: true, info: true }) as unknown as readonly {
    readonly record: readonly string[];
    readonly info: { readonly lines: number };
  }[];
  const head = rows[0]?.record ?? [];
  if (!COLUMNS.every((title, place) => head[place] === title))
    throw new Error(`1: expected the columns ${COLUMNS.join(", ")}, got ${clean(head.join(", ").slice(0, NAME_LENGTH_MAX)) || "nothing"}`);
  return rows.slice(1).map(({ record: [, assignment = "", organization = ""], info: { lines } }) => {
    const prefix = assignment.toLowerCase();
    if (!PREFIX.test(prefix))
      throw new Error(`${lines}: expected 6, 7 or 9 hex digits, got "${clean(assignment.slice(0, NAME_LENGTH_MAX))}"`);
    return [prefix, clean(organization).replace(/\s+/g, " ").trim().slice(0, NAME_LENGTH_MAX)] as const;
  });
}

export interface SiteRegistry {
  readonly file: string;
  /** How many prefixes serve; null where the file is damaged and ours serve. */
  readonly prefixes: number | null;
  readonly made: Date;
}

const current = (data: string) => join(data, "knowledge", "registry.bin");
const former = (data: string) => join(data, "knowledge", "registry.before.bin");

/** Null where there is none. */
export function siteRegistryIn(data: string): SiteRegistry | null {
  const file = current(data);
  const bytes = bytesOf(file);
  return bytes === null ? null : { file, prefixes: registeredIn(bytes), made: statSync(file).mtime };
}

/** Before a recording is opened: what is registered is what this program knows from here on. */
export function startWithSiteRegistry(data: string): SiteRegistry | null {
  const site = siteRegistryIn(data);
  useSiteRegistry(site === null || site.prefixes === null ? null : bytesOf(site.file));
  return site;
}

export interface Installed {
  readonly prefixes: number;
  /** That were not there before, have another name, or are no more. */
  readonly added: number;
  readonly renamed: number;
  readonly gone: number;
}

/** All or nothing: a reader finds the old one or the new one. Throws an Error for people where the list has lost too much to be whole. */
export function installRegistry(data: string, registered: readonly Registered[]): Installed {
  const now = bytesOf(current(data));
  const before = new Map(rowsOf(now !== null && registeredIn(now) !== null ? now : ourRegistry()));
  const after = new Map(registered);
  if (after.size < before.size * KEPT_SHARE_MIN)
    throw new Error(
      `expected at least ${Math.ceil(before.size * KEPT_SHARE_MIN)} prefixes, since there are ${before.size} now, got ${after.size}`,
    );
  makeFolder(join(data, "knowledge"));
  const part = `${current(data)}.part`;
  writeFileSync(part, registryFile(registered), { flush: true });
  if (existsSync(current(data))) renameSync(current(data), former(data));
  renameSync(part, current(data));
  syncFolder(join(data, "knowledge"));
  const added = [...after.keys()].filter((prefix) => !before.has(prefix)).length;
  return {
    prefixes: registered.length,
    added,
    renamed: [...after].filter(([prefix, name]) => before.has(prefix) && before.get(prefix) !== name).length,
    gone: before.size - (after.size - added),
  };
}

/** Back to the one before, or to ours where there was none; says which. Throws an Error for people where there is nothing to go back from. */
export function formerRegistry(data: string): "the one before" | "ours" {
  if (!existsSync(current(data))) throw new Error(`expected a newer registry in ${join(data, "knowledge")}, got none: ours serves`);
  const hadOne = existsSync(former(data));
  if (hadOne) renameSync(former(data), current(data));
  else rmSync(current(data));
  syncFolder(join(data, "knowledge"));
  return hadOne ? "the one before" : "ours";
}

/** What was published, from a folder. Throws an Error for people that names the file. */
export function publishedIn(folder: string): readonly Registered[] {
  return PUBLISHED.flatMap((name) => {
    const file = join(folder, name);
    try {
      const { size } = statSync(file);
      if (size > FILE_BYTES_MAX) throw new Error(`expected at most ${FILE_BYTES_MAX / 1e6} MB, got ${Math.ceil(size / 1e6)} MB`);
      return [...readRegistry(readFileSync(file, "utf8"))];
    } catch (error) {
      throw new Error(
        `${file}: ${"code" in (error as object) ? `expected a file of the IEEE's, got ${inWords(error)}` : (error as Error).message}`,
        { cause: error },
      );
    }
  });
}

/** What is published now, from where the IEEE publishes it. Throws an Error for people that names the address. */
export async function publishedAt(base: string): Promise<readonly Registered[]> {
  const all: Registered[] = [];
  for (const [place, name] of PUBLISHED.entries()) {
    const url = new URL(`${FOLDERS[place]}/${name}`, base);
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS_MAX), redirect: "error" });
      if (!response.ok) throw new Error(`expected the list, got ${response.status} ${response.statusText}`);
      all.push(...readRegistry(await textOf(response)));
    } catch (error) {
      const { cause, message } = error as Error & { readonly cause?: Error };
      throw new Error(`${url.href}: ${cause === undefined ? message : `expected an answer, got ${cause.message}`}`, { cause: error });
    }
  }
  return all;
}
const FOLDERS = ["oui", "oui28", "oui36"] as const;
const FETCH_MS_MAX = 120_000;

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk as Uint8Array);
    bytes += (chunk as Uint8Array).length;
    if (bytes > FILE_BYTES_MAX) throw new Error(`expected at most ${FILE_BYTES_MAX / 1e6} MB, got more`);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  fsyncSync(folder);
  closeSync(folder);
}

/** Null where there is none. */
function bytesOf(file: string): Uint8Array | null {
  return existsSync(file) ? readFileSync(file) : null;
}
