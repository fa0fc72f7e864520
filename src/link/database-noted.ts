/** How far the database of many sites had come, kept in the data directory: one that was set back to yesterday is found by it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { goneSince, standingOf, type Standing } from "../store/postgres/standing.ts";
import { makeFolder, writeWhole } from "./folders.ts";

interface Noted {
  readonly now: Standing;
  /** A sentence each; empty while the database only went on since we looked. */
  readonly gone: readonly string[];
}

/** Looks, says what is gone since the last look, and notes how far it is. Throws an Error for people where nobody answers. */
export function noteDatabase(data: string, url: string): Noted {
  const file = join(data, "database.json");
  const now = standingOf(url);
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Standing) : null;
  makeFolder(data);
  writeWhole(file, JSON.stringify(now));
  return { now, gone: before === null ? [] : goneSince(before, now) };
}
