/** `auscult backup FILE`: copies a recording, checked, also while it is being written, with the policies and walls beside it. */
import { statSync } from "node:fs";
import { look } from "../link/recordings.ts";
import { inWords } from "../link/refusals.ts";
import { keptBeside } from "../link/walls-kept.ts";
import { backup as copy } from "../store/backup.ts";
import { recordingFor, unreadable } from "./recording.ts";
import { CommandError, plural, say, size } from "./terminal.ts";

/** SQLite's codes for a page that is none, and a file that is none. */
const DAMAGED: ReadonlySet<number> = new Set([11, 26]);

export async function backup(file: string, options: { readonly data: string; readonly recording?: string }): Promise<void> {
  const recording = recordingFor(options.data, options.recording);
  look(recording.path);
  const beside = keptBeside(options.data);
  try {
    copy(recording.path, file, beside);
  } catch (error) {
    const { message, errcode } = error as Error & { readonly errcode?: number };
    if (DAMAGED.has(errcode ?? 0)) throw unreadable(recording.path, error);
    // It could be read, so what the system refuses is the copy.
    const words = inWords(error);
    throw new CommandError(words === message ? message : `expected a place to write to, got ${words}: ${file}`);
  }
  const policies = beside.filter(({ name }) => name.endsWith(".yaml")).length;
  const also = beside.length === 0 ? "" : `, with ${plural(policies, "policy", "policies")}, all they ever said, and what walls need to be taken back`; // prettier-ignore
  say(`Copied ${recording.name}${also} to ${file}, ${size(statSync(file).size)}, and checked it.`);
}
