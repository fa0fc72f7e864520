/**
 * A newer registry of MAC prefixes than ours: `knowledge/registry.bin` in the data directory, made of what the IEEE publishes. The one before
 * it is kept beside it.
 */
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ourRegistry } from "../knowledge/prefixes.ts";
import { registeredIn, registryFile, rowsOf, useSiteRegistry, type Registered } from "../knowledge/registry.ts";
import { makeFolder, syncFolder } from "./folders.ts";

/** A list is only added to; one that lost this much is cut short, or another. */
const KEPT_SHARE_MIN = 0.95;

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

/** Null where there is none. */
function bytesOf(file: string): Uint8Array | null {
  return existsSync(file) ? readFileSync(file) : null;
}
