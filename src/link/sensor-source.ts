/**
 * The sensor's source without its types, kept beside what Node keeps of ours (`bin/auscult.mjs`). Taking types off is most of what the start
 * of a sensor costs, and Node's own cache is not for a process that may write nothing: it asks for the right to write first.
 *
 * What is kept is named by all that it was made of, so it is never out of date, and it is all that a sensor started from it may read.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { Worker } from "node:worker_threads";

export const SENSOR = resolve(import.meta.dirname, "..", "sensor.ts");
export const IMPORTED = /\b(from|import) "(\.{1,2}\/[^"]+)\.ts"/g;
/** By name within `src/`. */
export type Sources = ReadonlyMap<string, Uint8Array>;

const SOURCE = dirname(SENSOR);
/** Tables lie beside the code that reads them. */
const TABLES = join(SOURCE, "knowledge");
const KEPT = resolve(SOURCE, "..", "node_modules", ".cache", "auscult-sensor");
/** Installed by another account, or on a disk that takes nothing. */
const CANNOT_KEEP: ReadonlySet<string | undefined> = new Set(["EACCES", "EDQUOT", "ENOENT", "ENOSPC", "EPERM", "EROFS"]);

/** The sensor to start: `SENSOR` itself where nothing can be kept. */
export async function keptSensor(folder = KEPT): Promise<string> {
  const sources: Sources = new Map([...modules(), ...tables()]);
  const made = join(folder, nameOf(sources));
  try {
    if (!existsSync(made)) await keep(made, sources);
  } catch (error) {
    if (CANNOT_KEEP.has((error as NodeJS.ErrnoException).code)) return SENSOR;
    throw error;
  }
  return join(made, "src", "sensor.mjs");
}

/** It did not start: the next start makes it anew. */
export function forgetKept(sensor: string): void {
  rmSync(resolve(sensor, "..", ".."), { recursive: true, force: true });
}

/** The sensor and all it imports. */
function modules(): Sources {
  const found = new Map<string, Buffer>();
  const visit = (path: string) => {
    const name = relative(SOURCE, path);
    if (found.has(name)) return;
    const source = readFileSync(path);
    found.set(name, source);
    for (const [, , imported] of source.toString("utf8").matchAll(IMPORTED)) visit(resolve(dirname(path), `${imported}.ts`));
  };
  visit(SENSOR);
  return found;
}

function tables(): Sources {
  const names = readdirSync(TABLES, { recursive: true, withFileTypes: true }).filter((it) => it.isFile() && !it.name.endsWith(".ts"));
  const paths = names.map((it) => join(it.parentPath, it.name));
  return new Map(paths.toSorted().map((path) => [relative(SOURCE, path), readFileSync(path)]));
}

function nameOf(sources: Sources): string {
  const hash = createHash("sha256").update(process.version);
  for (const [name, content] of sources) hash.update(`\n${name} ${content.length}\n`).update(content);
  return hash.digest("hex").slice(0, 32);
}

async function keep(made: string, sources: Sources): Promise<void> {
  const worker = new Worker(join(import.meta.dirname, "sensor-source-worker.ts"), {
    workerData: { made, sources },
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  await new Promise<void>((resolve, reject) => worker.once("error", reject).once("exit", () => resolve()));
}
