/**
 * The sensor's source as one module without its types, kept beside what Node keeps of ours (`bin/auscult.mjs`). Taking types off and opening
 * some 170 files is most of what the start of a sensor costs, and Node's own cache is not for a process that may write nothing: it asks for
 * the right to write first.
 *
 * What is kept is named by all that it was made of, so it is never out of date, and it is all that a sensor started from it may read. Its
 * sources are read again when the file system says that one changed.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import type { OneModule } from "./one-module.ts";
import { madeBefore, noteMade } from "./unchanged.ts";

export const SENSOR = resolve(import.meta.dirname, "..", "sensor.ts");
/** By name within `src/`. */
export type Sources = ReadonlyMap<string, Uint8Array>;
export const MAIN = "sensor.ts";
export const MADE = "sensor.mjs";
/** Beside `src/` in what is kept: what came from where. */
export const PLACES = "places.json";

const AT_LINE = /[^\s()]*\bsensor\.mjs:(\d+)/g;
const IMPORTED = /\b(?:from|import) "(\.{1,2}\/[^"]+\.ts)"/g;
const SOURCE = dirname(SENSOR);
/** Tables lie beside the code that reads them. */
const TABLES = join(SOURCE, "knowledge");
/** Files of ours that decide what becomes of them. */
const MAKERS = ["one-module.ts", "sensor-source.ts", "sensor-source-worker.ts"].map((name) => join(import.meta.dirname, name));
const KEPT = resolve(SOURCE, "..", "node_modules", ".cache", "auscult-sensor");
/** Folders that link to one `node_modules` keep theirs in one place. */
const NOTE = `made-${shortHash([SOURCE])}.json`;
/** Installed by another account, or on a disk that takes nothing. */
const CANNOT_KEEP: ReadonlySet<string | undefined> = new Set(["EACCES", "EDQUOT", "ENOENT", "ENOSPC", "EPERM", "EROFS"]);

/** The sensor to start: `SENSOR` itself where nothing can be kept. */
export async function keptSensor(folder = KEPT): Promise<string> {
  const sensorIn = (name: string) => join(folder, name, "src", MADE);
  const note = join(folder, NOTE);
  const known = madeBefore(note);
  if (known !== undefined && existsSync(sensorIn(known))) return sensorIn(known);

  const began = Date.now();
  const sources: Sources = new Map([...modules(), ...tables()]);
  const name = nameOf(sources);
  const isKept = existsSync(join(folder, name)) || (await canKeep(() => keep(join(folder, name), sources)));
  if (!isKept) return SENSOR;
  await canKeep(() => noteMade(note, name, [...pathsOf(sources), ...MAKERS, process.execPath], began));
  return sensorIn(name);
}

/** It did not start: the next start makes it anew. */
export function forgetKept(sensor: string): void {
  rmSync(resolve(sensor, "..", ".."), { recursive: true, force: true });
}

/** What it says of where it was, said of the source. */
export function inSource(sensor: string, text: string): string {
  if (!text.includes(MADE)) return text;
  const file = resolve(sensor, "..", "..", PLACES);
  // A sensor that listens for days may outlive what it was started from.
  if (!existsSync(file)) return text;
  const places = JSON.parse(readFileSync(file, "utf8")) as OneModule["places"];
  return text.replace(AT_LINE, (_, at: string) => {
    const [line, name] = places.findLast(([first]) => first <= Number(at)) ?? [1, MAIN];
    return `src/${name}:${Number(at) - line + 1}`;
  });
}

/** The sensor and all it imports. */
function modules(): Sources {
  const found = new Map<string, Buffer>();
  const visit = (path: string) => {
    const name = relative(SOURCE, path);
    if (found.has(name)) return;
    const source = readFileSync(path);
    found.set(name, source);
    for (const [, imported] of source.toString("utf8").matchAll(IMPORTED)) visit(resolve(dirname(path), imported!));
  };
  visit(SENSOR);
  return found;
}

function tables(): Sources {
  const names = readdirSync(TABLES, { recursive: true, withFileTypes: true }).filter((it) => it.isFile() && !it.name.endsWith(".ts"));
  const paths = names.map((it) => join(it.parentPath, it.name));
  return new Map(paths.toSorted().map((path) => [relative(SOURCE, path), readFileSync(path)]));
}

/** Folders among them: a table that comes or goes is a change of its folder. */
function pathsOf(sources: Sources): readonly string[] {
  const paths = Array.from(sources.keys(), (name) => join(SOURCE, name));
  return [...paths, ...new Set(paths.map((path) => dirname(path)))];
}

function nameOf(sources: Sources): string {
  const makers = MAKERS.map((path) => readFileSync(path));
  return shortHash([process.version, ...makers, ...[...sources].flatMap(([name, content]) => [`\n${name} ${content.length}\n`, content])]);
}

function shortHash(pieces: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex").slice(0, 32);
}

async function keep(kept: string, sources: Sources): Promise<void> {
  const worker = new Worker(join(import.meta.dirname, "sensor-source-worker.ts"), {
    workerData: { kept, sources },
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
