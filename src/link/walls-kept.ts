/**
 * What a backup takes along beside its recording, and how it is put back: policies with all they ever said, and of walls that were put up
 * their members, what takes them back, what became of their groups, and what used their openings. To the byte.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { PolicyHistory } from "../store/policy-history.ts";
import type { Beside } from "../store/backup.ts";
import { syncFolder } from "./folders.ts";

/** Of the data directory: each is put back whole, or not at all. */
const PLACES = ["policies", "wall"] as const;
const FOLDERS = ["policies", "wall/bridge", "wall/inet"] as const;
const HISTORY = "policies/history.db";
/** What people wrote, and our own: never a path that leads elsewhere. */
const NAME = /^(?:policies|wall\/(?:bridge|inet))\/[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u;
/** Files that somebody writes just now, which become others by a rename. */
const UNDER_WAY = /\.(?:new|part)$|-journal$/;
/** What waits to be confirmed, or is being taken back, is of this run of the kernel: put back later it would be taken for one that nobody confirmed. */
const WAITS = /^(?:pending|rolling)-\d+\.json$/;
/** A file may be renamed between its name and its bytes: then all is looked at anew. */
const LOOKS_MAX = 5;

/** Throws an Error for people where the history of policies is not as it was written. */
export function keptBeside(data: string): readonly Beside[] {
  if (!existsSync(join(data, HISTORY))) return readAll(data);
  const history = new PolicyHistory(join(data, HISTORY));
  try {
    const trouble = history.trouble();
    if (trouble !== null) throw new Error(trouble);
    // Nobody writes a policy meanwhile, so the file is as the last change left it.
    return history.alone(() => readAll(data));
  } finally {
    history.close();
  }
}

function readAll(data: string): readonly Beside[] {
  for (let look = 1; ; look++)
    try {
      return namesOf(data).filter((name) => !WAITS.test(basename(name))).map((name) => ({ name, bytes: readFileSync(join(data, name)) })); // prettier-ignore
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || look === LOOKS_MAX) throw error;
    }
}

/** Ours and those of people, by their names in the data directory; of `policies` and `wall` or one of them. */
function namesOf(data: string, place = ""): readonly string[] {
  return FOLDERS.filter((it) => it.startsWith(place) && existsSync(join(data, it))).flatMap((folder) =>
    readdirSync(join(data, folder), { withFileTypes: true })
      .filter((it) => it.isFile() && !UNDER_WAY.test(it.name) && (folder !== "policies" || it.name === basename(HISTORY) || it.name.endsWith(".yaml")))
      .map(({ name }) => `${folder}/${name}`)
      .filter((name) => NAME.test(name))
      .toSorted(),
  );
} // prettier-ignore

export type Place = (typeof PLACES)[number];

export interface PutBack {
  /** What comes back, and what is left since others are there. */
  readonly put: readonly Place[];
  readonly left: readonly Place[];
  /** Does it. */
  now(): void;
}

/**
 * Puts back what is not there; with `over` also what is, whose files are then kept in a folder beside (`policies.before`). Nothing is
 * changed before `now`, and by then all of it is checked and on the disk. Throws an Error for people where a wall waits to be confirmed,
 * or what came is not ours.
 */
export function putBeside(data: string, beside: readonly Beside[], over: boolean): PutBack {
  for (const { name } of beside) if (!NAME.test(name)) throw new Error(`expected policies and walls beside the recording, got ${JSON.stringify(name)}`); // prettier-ignore
  const of = (place: Place) => beside.filter(({ name }) => name.startsWith(`${place}/`));
  const others = PLACES.filter((place) => of(place).length > 0 && !isSame(data, place, of(place)));
  const left = over ? [] : others.filter((place) => namesOf(data, place).length > 0);
  const put = others.filter((place) => !left.includes(place));
  if (put.includes("wall") && namesOf(data, "wall").some((name) => WAITS.test(basename(name))))
    throw new Error("expected no wall that waits to be confirmed here, got one: auscult policy confirm, or auscult policy rollback");
  for (const place of put) stage(data, place, of(place));
  return { put, left, now: () => put.forEach((place) => swap(data, place)) };
}

function isSame(data: string, place: Place, files: readonly Beside[]): boolean {
  const here = namesOf(data, place);
  return here.length === files.length && files.every(({ name, bytes }) => here.includes(name) && readFileSync(join(data, name)).equals(bytes)); // prettier-ignore
}

function stage(data: string, place: Place, files: readonly Beside[]): void {
  const part = join(data, `${place}.part`);
  rmSync(part, { recursive: true, force: true });
  for (const { name, bytes } of files) {
    const file = join(part, name.slice(place.length + 1));
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, bytes, { mode: 0o600, flush: true });
    syncFolder(dirname(file));
  }
  const history = join(part, basename(HISTORY));
  if (place !== "policies" || !existsSync(history)) return;
  const own = new PolicyHistory(history);
  const trouble = own.trouble();
  own.close();
  if (trouble !== null) throw new Error(trouble);
}

/** What was there is kept until the next time. */
function swap(data: string, place: Place): void {
  const [folder, before] = [join(data, place), join(data, `${place}.before`)];
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) {
    rmSync(before, { recursive: true, force: true });
    renameSync(folder, before);
  }
  renameSync(join(data, `${place}.part`), folder);
  syncFolder(data);
}
