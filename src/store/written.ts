/** Whoever reads along is told that a recording was written: by its lock, whose time is set after each transaction. */
import { watch, type FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";
import { lockFile } from "./database.ts";
import { placeOf } from "./postgres/place.ts";

/** Where this machine has no watch left to give, or a site is written elsewhere, whoever waits looks so often instead. */
const UNTOLD_MS = 250;
const NO_WATCH_LEFT: ReadonlySet<string | undefined> = new Set(["ENOSPC", "EMFILE"]);

/** Calls `written` each time, once or more; at times also for nothing. Keeps no process alive. */
export function whenWritten(path: string, written: () => void): { close(): void } {
  if (placeOf(path) !== null) return lookedFor(written);
  const lock = basename(lockFile(path));
  let watcher: FSWatcher;
  try {
    watcher = watch(dirname(path), { persistent: false }, (_, name) => name === lock && written());
  } catch (error) {
    if (!NO_WATCH_LEFT.has((error as NodeJS.ErrnoException).code)) throw error;
    return lookedFor(written);
  }
  return watcher;
}

function lookedFor(written: () => void): { close(): void } {
  const timer = setInterval(written, UNTOLD_MS).unref();
  return { close: () => clearInterval(timer) };
}
