/** The program's source as one module, and each of its threads' as another (`kept-source.ts`), which `bin/auscult.mjs` starts. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { keptIn, keptSource, madeOf, modulesOf } from "./kept-source.ts";

const MAIN = "main.ts";
/** Loaded by every command. */
const PACKAGES = ["commander"].map((name) => [name, fileURLToPath(import.meta.resolve(name))] as const);
/** `new URL(…, import.meta.url)` in the source. */
const THREADS = [
  "link/backup-worker.ts",
  "link/reader-thread.ts",
  "link/recording-worker.ts",
  "link/sites/across-thread.ts",
  "link/sites/looking.ts",
  "store/postgres/client.ts",
];

/** The program to start; undefined where nothing can be kept: the source is started as it stands. */
export async function keptProgram(folder = keptIn("auscult-program")): Promise<string | undefined> {
  const begins = [MAIN, ...THREADS];
  const kept = await keptSource({ folder, sources: () => modulesOf(begins, PACKAGES), begins, tables: "source" });
  return kept === undefined ? undefined : join(kept, "src", madeOf(MAIN));
}
