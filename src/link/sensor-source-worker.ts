/** Makes one module of the sensor's source, without types, in a thread of its own (`sensor-source.ts`): it takes a second, and Node warns of it. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import { workerData } from "node:worker_threads";
import { oneModule } from "./one-module.ts";
import { MADE, MAIN, PLACES, type Sources } from "./sensor-source.ts";

/** What was made of an older source goes; a sensor that runs has read all of its own. */
const KEPT_MS_MAX = 86_400_000;

const { kept, sources } = workerData as { readonly kept: string; readonly sources: Sources };
keep();

/** Whole or not at all: what is there under its name is complete. */
function keep(): void {
  const folder = dirname(kept);
  makeFolder(folder);
  for (const name of readdirSync(folder)) {
    const old = join(folder, name);
    if (Date.now() - statSync(old).mtimeMs > KEPT_MS_MAX) rmSync(old, { recursive: true, force: true });
  }
  const making = mkdtempSync(join(folder, "making-"));
  chmodSync(making, 0o755);
  const isModule = (name: string) => name.endsWith(".ts");
  const modules = new Map<string, string>();
  for (const [name, content] of sources)
    if (isModule(name)) modules.set(name, stripTypeScriptTypes(Buffer.from(content).toString("utf8")));
    else write(join(making, "src", name), content);
  const { text, places } = oneModule(modules, MAIN);
  write(join(making, "src", MADE), text);
  write(join(making, PLACES), JSON.stringify(places));
  try {
    renameSync(making, kept);
  } catch (error) {
    rmSync(making, { recursive: true });
    // Another start made it in the same moment.
    if (!existsSync(kept)) throw error;
  }
}

function write(to: string, content: string | Uint8Array): void {
  makeFolder(dirname(to));
  // On the disk before it has its name: an empty table after a power cut would make a sensor that knows less and says nothing of it.
  writeFileSync(to, content, { flush: true });
  chmodSync(to, 0o644);
}

/** To be read by the account that the sensor runs under, whatever this one's habit is. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
  chmodSync(path, 0o755);
}
