/** The families that the site's own people add: `knowledge/families.tsv` in the data directory. */
import { lstatSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { loadKnowledge } from "../knowledge/index.ts";
import { checkFamilies, useSiteFamilies, type CheckedFamilies } from "../knowledge/site-families.ts";
import { inWords } from "./refusals.ts";

/** Five thousand lines and more; our own table has 22 kB. */
const BYTES_MAX = 500_000;

export interface SiteFamilies extends CheckedFamilies {
  readonly file: string;
}

/** What they are now is what this program knows from here on, so before a recording is opened. Null where there is no such file. */
export function startWithSiteFamilies(data: string): SiteFamilies | null {
  const site = siteFamiliesIn(data);
  useSiteFamilies(site?.families ?? []);
  return site;
}

/** Null where there is no such file. */
export function siteFamiliesIn(data: string): SiteFamilies | null {
  const file = join(data, "knowledge", "families.tsv");
  return isThere(file) ? familiesIn(file) : null;
}

/** Also where it leads nowhere, or may not be looked at: that is told when it is read. */
function isThere(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** Nothing serves of a file that cannot be read. */
export function familiesIn(file: string): SiteFamilies {
  const bytes = bytesOf(file);
  if (typeof bytes !== "string") return { file, ...checkFamilies(bytes, file, loadKnowledge()) };
  return { file, families: [], troubles: [`${file}: ${bytes}`], refused: 0 };
}

/** Or what is wrong with it. */
function bytesOf(file: string): Uint8Array | string {
  try {
    const found = statSync(file);
    if (!found.isFile()) return `expected a text file, got ${found.isDirectory() ? "a folder" : "something that is no file"}`;
    if (found.size > BYTES_MAX) return `expected at most ${BYTES_MAX / 1000} kB, got ${Math.ceil(found.size / 1000)} kB`;
    return readFileSync(file);
  } catch (error) {
    return `expected a text file, got ${inWords(error)}`;
  }
}
