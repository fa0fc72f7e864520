/** Makes one module of each that is started, without types, in a thread of its own (`kept-source.ts`): it takes a second, and Node warns of it. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { workerData } from "node:worker_threads";
import { placesOf } from "./in-source.ts";
import { madeOf, SOURCE, type Making } from "./kept-source.ts";
import { oneModule, type Where } from "./one-module.ts";

/** What was made of an older source goes. What runs has read all of its own but threads, and those it finds in the source (`IN_SOURCE`). */
const KEPT_MS_MAX = 86_400_000;
/** Its traces tell of the source, which is looked at when one is wanted. */
const TRACES = `Error.prepareStackTrace = (error, sites) => {
  const told = [String(error), ...sites].join("\\n    at ");
  try {
    return process.getBuiltinModule("node:module").createRequire(${inJson(urlOf("main.ts"))})("./link/in-source.ts").inSource(import.meta.filename, told);
  } catch {
    return told;
  }
};`.replaceAll(/\n\s*/g, " ");

const { kept, sources, begins, tables } = workerData as Making;
const IN_SOURCE: Where = {
  folder: (name) => inJson(join(SOURCE, name)),
  url: (name) => inJson(urlOf(name)),
  // What runs for days may outlive what was kept of it.
  thread: (name) => {
    // Where `import.meta.url` stood, the source's own address would be put.
    const [made, source] = [`import.meta.dirname + ${inJson(`/${madeOf(name)}`)}`, `new URL(${inJson(urlOf(name))})`];
    return begins.includes(name) ? `(process.getBuiltinModule("node:fs").existsSync(${made}) ? ${made} : ${source})` : source;
  },
  part: (name) => `./${partOf(name)}`,
  package: (name) => (name.startsWith("../") ? urlOf(name) : import.meta.resolve(name)),
};
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
  const modules = new Map<string, string>();
  for (const [name, content] of sources)
    if (/\.[jt]s$/.test(name)) modules.set(name, withoutTypes(name, Buffer.from(content).toString("utf8")));
    else write(join(making, "src", name), content);
  const isKept = tables === "kept";
  const add = (name: string, isPart: boolean): ReadonlySet<string> => {
    const { text, places, later } = oneModule(modules, name, isKept ? undefined : IN_SOURCE, isPart);
    const file = join(making, "src", isPart ? partOf(name) : madeOf(name));
    write(file, isKept ? text : `${TRACES} ${text}`);
    write(placesOf(file), JSON.stringify(places));
    return later;
  };
  // What is added while it is gone through is gone through as well.
  const parts = new Set(begins.flatMap((name) => [...add(name, false)]));
  for (const name of parts) for (const later of add(name, true)) parts.add(later);
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

/** JavaScript is what it is, a package's too. */
function withoutTypes(name: string, text: string): string {
  return name.endsWith(".ts") ? stripTypeScriptTypes(text) : text;
}

function partOf(name: string): string {
  return madeOf(name).replace(/mjs$/, "part.mjs");
}

function urlOf(name: string): string {
  return pathToFileURL(join(SOURCE, name)).href;
}

function inJson(text: string): string {
  return JSON.stringify(text);
}
