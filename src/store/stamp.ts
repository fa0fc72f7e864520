/**
 * Names what devices are worked out by: all we know and how it is weighed. When it is another than the one a recording was worked out by,
 * with a new version, a new pack or other settings, what is derived there is worked out anew.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Of the files under these folders, and of settings. Tests and licenses change nothing. */
export function stampOf(folders: readonly string[], settings: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(settings));
  for (const folder of folders)
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted()) {
      if (!/\.(ts|tsv|json|os|bin)$/.test(name) || name.endsWith(".test.ts")) continue;
      hash.update(`\0${name}\0`).update(readFileSync(join(folder, name)));
    }
  return hash.digest("hex").slice(0, DIGITS);
}
const DIGITS = 32;
