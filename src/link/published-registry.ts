/** The registry of MAC prefixes as the IEEE publishes it: from a folder, or from where it does. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { csvRecords } from "../bytes/csv.ts";
import { clean } from "../bytes/text.ts";
import type { Registered } from "../knowledge/registry.ts";
import { fetched } from "./published/fetched.ts";
import { inWords } from "./refusals.ts";

/** What the IEEE publishes: blocks of 24, 28 and 36 bits. */
export const PUBLISHED = ["oui.csv", "mam.csv", "oui36.csv"] as const;

/** Ten times what it is. */
const FILE_BYTES_MAX = 20_000_000;
const COLUMNS = ["Registry", "Assignment", "Organization Name"] as const;
const NAME_LENGTH_MAX = 128;
const PREFIX = /^(?:[0-9a-f]{6}|[0-9a-f]{7}|[0-9a-f]{9})$/;

/** Throws an Error that names the row, with what was expected there and what came. */
function readRegistry(csv: string): readonly Registered[] {
  const [head = [], ...rows] = csvRecords(csv.replace(/^\ufeff/, ""), ",").filter((record) => record.some((cell) => cell !== ""));
  if (!COLUMNS.every((title, place) => head[place] === title))
    throw new Error(`1: expected the columns ${COLUMNS.join(", ")}, got ${clean(head.join(", ").slice(0, NAME_LENGTH_MAX)) || "nothing"}`);
  return rows.map(([, assignment = "", organization = ""], place) => {
    const prefix = assignment.toLowerCase();
    if (!PREFIX.test(prefix))
      throw new Error(`${place + 2}: expected 6, 7 or 9 hex digits, got "${clean(assignment.slice(0, NAME_LENGTH_MAX))}"`);
    return [prefix, clean(organization).replace(/\s+/g, " ").trim().slice(0, NAME_LENGTH_MAX)] as const;
  });
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
    const text = (await fetched(url, FILE_BYTES_MAX)).toString("utf8");
    try {
      all.push(...readRegistry(text));
    } catch (error) {
      throw new Error(`${url.href}: ${(error as Error).message}`, { cause: error });
    }
  }
  return all;
}
const FOLDERS = ["oui", "oui28", "oui36"] as const;
