/** Keeps in mind what was kept out of a site's feeds (knowledge/kept-out.ts), and forgets it when it is brought whole. */
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KEPT_OUT, keptOutIn, keptOutText, type KeptOutFeed } from "../knowledge/kept-out.ts";
import { makeFolder } from "./folders.ts";
import type { KeptOut } from "./published/index.ts";

/** Of a folder of rubbish the last are remembered; each is said when it is brought. */
const REMEMBERED_MAX = 100;

interface Try {
  /** Files that could be read, as `KeptOut.place` has them. */
  readonly files: readonly string[];
  /** Sources that were taken, or were no newer. */
  readonly sources: readonly string[];
  readonly keptOut: readonly KeptOut[];
  /** YYYY-MM-DD. */
  readonly today: string;
}

/** `folder`: the site's feeds. */
export function rememberKeptOut(folder: string, { files, sources, keptOut, today }: Try): void {
  const before = keptOutIn(folder);
  const well = new Set([...files, ...sources]);
  const anew = new Set(keptOut.map(({ place }) => place));
  // A file may be called otherwise the next time: once all that is brought is good, no broken one of before is missed.
  const isSettled = ({ day, place, source }: KeptOutFeed) => day === null || well.has(source ?? place) || anew.has(place) || (source === null && keptOut.length === 0 && sources.length > 0); // prettier-ignore
  const all = [...before.filter((it) => !isSettled(it)), ...keptOut.map(({ place, source, why }) => ({ day: today, place, source, why }))];
  if (all.length === 0) return rmSync(join(folder, KEPT_OUT), { force: true });
  makeFolder(folder);
  const file = join(folder, KEPT_OUT);
  writeFileSync(`${file}.part`, keptOutText(all.slice(-REMEMBERED_MAX)), { mode: 0o600, flush: true });
  renameSync(`${file}.part`, file);
}
