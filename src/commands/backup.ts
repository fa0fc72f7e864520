/** `auscult backup FILE`: copies a recording, checked, also while it is being written. */
import { statSync } from "node:fs";
import { look } from "../link/recordings.ts";
import { inWords } from "../link/refusals.ts";
import { backup as copy } from "../store/backup.ts";
import { recordingFor, unreadable } from "./recording.ts";
import { CommandError, say, size } from "./terminal.ts";

/** SQLite's codes for a page that is none, and a file that is none. */
const DAMAGED: ReadonlySet<number> = new Set([11, 26]);

export async function backup(file: string, options: { readonly data: string; readonly recording?: string }): Promise<void> {
  const recording = recordingFor(options.data, options.recording);
  look(recording.path);
  try {
    copy(recording.path, file);
  } catch (error) {
    const { message, errcode } = error as Error & { readonly errcode?: number };
    if (DAMAGED.has(errcode ?? 0)) throw unreadable(recording.path, error);
    // It could be read, so what the system refuses is the copy.
    const words = inWords(error);
    throw new CommandError(words === message ? message : `expected a place to write to, got ${words}: ${file}`);
  }
  say(`Copied ${recording.name} to ${file}, ${size(statSync(file).size)}, and checked it.`);
}
