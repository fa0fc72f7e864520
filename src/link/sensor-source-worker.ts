/** Takes the types off the sensor's source, in a thread of its own (`sensor-source.ts`): it takes a second, and Node warns of it. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import { workerData } from "node:worker_threads";
import { IMPORTED, type Sources } from "./sensor-source.ts";

/** What was made of an older source goes; a sensor that runs has read all of its own. */
const KEPT_MS_MAX = 86_400_000;

const { made, sources } = workerData as { readonly made: string; readonly sources: Sources };
keep();

/** Whole or not at all: what is there under its name is complete. */
function keep(): void {
  const folder = dirname(made);
  makeFolder(folder);
  for (const name of readdirSync(folder)) {
    const old = join(folder, name);
    if (Date.now() - statSync(old).mtimeMs > KEPT_MS_MAX) rmSync(old, { recursive: true, force: true });
  }
  const making = mkdtempSync(join(folder, "making-"));
  chmodSync(making, 0o755);
  for (const [name, content] of sources) {
    const isModule = name.endsWith(".ts");
    const to = join(making, "src", isModule ? name.replace(/ts$/, "mjs") : name);
    makeFolder(dirname(to));
    // On the disk before it has its name: an empty table after a power cut would make a sensor that knows less and says nothing of it.
    writeFileSync(to, isModule ? withoutTypes(Buffer.from(content).toString("utf8")) : content, { flush: true });
    chmodSync(to, 0o644);
  }
  try {
    renameSync(making, made);
  } catch (error) {
    rmSync(making, { recursive: true });
    // Another start made it in the same moment.
    if (!existsSync(made)) throw error;
  }
}

/** Types become spaces: lines and columns stay what they are in the source. */
function withoutTypes(source: string): string {
  return stripTypeScriptTypes(source).replace(IMPORTED, '$1 "$2.mjs"');
}

/** To be read by the account that the sensor runs under, whatever this one's habit is. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
  chmodSync(path, 0o755);
}
