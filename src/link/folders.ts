/** Folders of the data directory: made where they are not there, and what was written in them kept through a power cut. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UnusableRecording } from "../model/store.ts";
import { inWords } from "./refusals.ts";

/** In the data directory, with all above it. Not by the engine's own recursion, which never ends where none can be made, as in /proc. */
export function makeFolder(path: string): void {
  const isThere = () => existsSync(`${path}/.`);
  if (isThere()) return;
  if (!existsSync(path)) makeFolder(dirname(resolve(path)));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (isThere()) return; // Another program made it at the same moment.
    const words = inWords(error);
    throw new UnusableRecording(`expected a data directory that can be written, got ${words}: ${path}`, { cause: error });
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
