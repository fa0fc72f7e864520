/**
 * The sensor's source as one module without its types (`kept-source.ts`). Node's own cache is not for a process that may write nothing: it
 * asks for the right to write first. What is kept is all that a sensor started from it may read.
 */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { keptIn, keptSource, madeOf, modulesOf, SOURCE } from "./kept-source.ts";

const MAIN = "sensor.ts";
export const SENSOR = join(SOURCE, MAIN);
/** Tables lie beside the code that reads them. */
const TABLES = join(SOURCE, "knowledge");

/** The sensor to start: `SENSOR` itself where nothing can be kept. */
export async function keptSensor(folder = keptIn("auscult-sensor")): Promise<string> {
  const sources = () => new Map([...modulesOf([MAIN]), ...tables()]);
  const kept = await keptSource({ folder, sources, begins: [MAIN], tables: "kept" });
  return kept === undefined ? SENSOR : join(kept, "src", madeOf(MAIN));
}

/** It did not start: the next start makes it anew. */
export function forgetKept(sensor: string): void {
  rmSync(resolve(sensor, "..", ".."), { recursive: true, force: true });
}

function tables(): ReadonlyMap<string, readonly [name: string, content: Uint8Array]> {
  const names = readdirSync(TABLES, { recursive: true, withFileTypes: true }).filter((it) => it.isFile() && !it.name.endsWith(".ts"));
  const paths = names.map((it) => join(it.parentPath, it.name));
  return new Map(paths.toSorted().map((path) => [path, [relative(SOURCE, path), readFileSync(path)] as const]));
}
