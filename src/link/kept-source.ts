/**
 * Our source as modules of one file each, without types, kept beside what Node keeps of ours (`bin/auscult.mjs`): taking types off and opening
 * some hundred files is most of what a start costs.
 *
 * What is kept is named by all that it was made of, so it is never out of date. Its sources are read again when the file system says that one
 * changed.
 */
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { keptBefore, noteIn, noteMade } from "./unchanged.ts";

export const SOURCE = resolve(import.meta.dirname, "..");
/** By name within `src/`. */
export type Sources = ReadonlyMap<string, Uint8Array>;

/** What the thread that makes it is told. */
export interface Making {
  readonly kept: string;
  readonly sources: Sources;
  /** Modules that are started; each becomes a file (`madeOf`). */
  readonly begins: readonly string[];
  /** Where its modules look for what lies beside them: in the source, or in what is kept. */
  readonly tables: "source" | "kept";
}

interface Keeping extends Omit<Making, "kept" | "sources"> {
  readonly folder: string;
  /** By the paths they were read from. */
  readonly sources: () => ReadonlyMap<string, Found>;
}
type Found = readonly [name: string, content: Uint8Array];

const CACHE = resolve(SOURCE, "..", "node_modules", ".cache");
/** Files of ours that decide what becomes of them. */
const MAKERS = ["in-source.ts", "kept-source.ts", "one-module.ts", "one-module-worker.ts"].map((name) => join(import.meta.dirname, name));
const IMPORTED = /\b(?:from |import |import\(|new URL\()["'](\.{1,2}\/[^"']+\.[jt]s)["']/g;
/** Installed by another account, or on a disk that takes nothing. */
const CANNOT_KEEP: ReadonlySet<string | undefined> = new Set(["EACCES", "EDQUOT", "ENOENT", "ENOSPC", "EPERM", "EROFS"]);

/** The file that is made of a module, by its name: all of them lie in one folder. */
export function madeOf(name: string): string {
  return name.replaceAll("/", "-").replace(/ts$/, "mjs");
}

export function keptIn(name: string): string {
  return join(CACHE, name);
}

/** The folder that is made, or was made before; undefined where nothing can be kept. */
export async function keptSource({ folder, sources, begins, tables }: Keeping): Promise<string | undefined> {
  const before = keptBefore(folder, SOURCE);
  if (before !== undefined || !mayKeep(folder)) return before;
  const began = Date.now();
  const found = sources();
  const named = new Map(found.values());
  const makers = MAKERS.map((path) => readFileSync(path));
  const pieces = [...named].flatMap(([name, content]) => [`\n${name} ${content.length}\n`, content]);
  const name = shortHash([process.version, JSON.stringify([begins, tables, tables === "source" && SOURCE]), ...makers, ...pieces]);
  const kept = join(folder, name);
  if (!existsSync(kept) && !(await canKeep(() => make({ kept, sources: named, begins, tables })))) return undefined;
  const folders = new Set(Array.from(found.keys(), (path) => dirname(path)));
  await canKeep(() => noteMade(noteIn(folder, SOURCE), name, [...found.keys(), ...folders, ...MAKERS, process.execPath], began));
  return kept;
}

/** Modules and all they import, at once or later. `packages`: of JavaScript modules alone, which are taken in, each with its first. */
export function modulesOf(
  begins: readonly string[],
  packages: readonly (readonly [name: string, path: string])[] = [],
): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  const visit = (path: string, name: string) => {
    if (found.has(path)) return;
    const source = readFileSync(path);
    found.set(path, [name, source]);
    for (const [, from] of source.toString("utf8").matchAll(IMPORTED)) visit(resolve(dirname(path), from!), join(dirname(name), from!));
  };
  for (const name of begins) visit(join(SOURCE, name), name);
  for (const [name, path] of packages) visit(path, join(name, "index.js"));
  return found;
}

/** Without a word to the file system, before a second goes into what it will not take. */
function mayKeep(folder: string): boolean {
  try {
    if (existsSync(folder)) accessSync(folder, constants.W_OK);
    else return dirname(folder) !== folder && mayKeep(dirname(folder));
    return true;
  } catch {
    return false; // The source is started as it stands.
  }
}

function shortHash(pieces: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex").slice(0, 32);
}

async function make(making: Making): Promise<void> {
  const worker = new Worker(new URL("./one-module-worker.ts", import.meta.url), {
    workerData: making,
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  await new Promise<void>((resolve, reject) => worker.once("error", reject).once("exit", () => resolve()));
}

async function canKeep(something: () => void | Promise<void>): Promise<boolean> {
  try {
    await something();
    return true;
  } catch (error) {
    if (CANNOT_KEEP.has((error as NodeJS.ErrnoException).code)) return false;
    throw error;
  }
}
