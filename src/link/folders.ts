/** Folders of the data directory: made where they are not there, and what was written in them kept through a power cut. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UnusableRecording } from "../model/store.ts";
import { inWords } from "./refusals.ts";

/** In the data directory, with all above it. */
export function makeFolder(path: string): void {
  try {
    makeFolders(path, 0o700);
  } catch (error) {
    const { path: which = path } = error as NodeJS.ErrnoException;
    throw new UnusableRecording(`expected a data directory that can be written, got ${inWords(error)}: ${which}`, { cause: error });
  }
}

/** With all above it. Not by the engine's own recursion, which never ends where none can be made, as in /proc. */
export function makeFolders(path: string, mode = 0o777): void {
  const isThere = () => existsSync(`${path}/.`);
  if (isThere()) return;
  if (!existsSync(path)) makeFolders(dirname(resolve(path)), mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Another program may have made it at the same moment.
    if (!isThere()) throw error;
  }
}

export function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  fsyncSync(folder);
  closeSync(folder);
}

/** All of it or what was there before, whenever we are stopped: a file that is read while it is written is never half. */
export function writeWhole(file: string, text: string, mode = 0o600): void {
  writeFileSync(`${file}.new`, text, { mode, flush: true });
  renameSync(`${file}.new`, file);
  syncFolder(dirname(file));
}
