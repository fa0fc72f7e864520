/** `auscult backup FILE`: copies a recording, checked, also while it is being written. */
import { statSync } from "node:fs";
import { backup as copy } from "../store/backup.ts";
import { recordingFor, unreadable } from "./recording.ts";
import { CommandError, say, size } from "./terminal.ts";

/** SQLite's codes for a page that is none, and a file that is none. */
const DAMAGED: ReadonlySet<number> = new Set([11, 26]);

export async function backup(file: string, options: { readonly data: string; readonly recording?: string }): Promise<void> {
  const recording = recordingFor(options.data, options.recording);
  try {
    copy(recording.path, file);
  } catch (error) {
    if (DAMAGED.has(Number((error as { errcode?: unknown }).errcode))) throw unreadable(recording.path, error);
    throw new CommandError((error as Error).message);
  }
  say(`Copied ${recording.name} to ${file}, ${size(statSync(file).size)}, and checked it.`);
}
