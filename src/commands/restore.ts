/** `auscult restore FILE`: puts a backup back, checked before anything is replaced; its policies and walls where there are no others. */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { besideIn, nameOf, restore as putBack } from "../store/backup.ts";
import { recordingPath } from "../link/recordings.ts";
import { inWords } from "../link/refusals.ts";
import { putBeside, type Place } from "../link/walls-kept.ts";
import { CommandError, Exit, say } from "./terminal.ts";

export interface RestoreOptions {
  readonly data: string;
  /** Absent: as it was called when it was copied. */
  readonly recording?: string;
  readonly replace?: boolean;
  /** Its policies and walls in place of those that are here. */
  readonly policies?: boolean;
}

/** As it was called; a backup that does not say so is called like its file. */
function named(file: string): string {
  try {
    return nameOf(file) ?? basename(file).replace(/\.[^.]*$/, "");
  } catch (error) {
    throw refusal(error, `expected a backup of Auscult, got ${inWords(error)}: ${file}`);
  }
}

/** What the system refuses is a path that is wrong; what is in the file was not for us to write. */
function refusal(error: unknown, words: string): CommandError {
  const { message } = error as Error;
  return inWords(error) === message ? new CommandError(message, Exit.input) : new CommandError(words);
}

export async function restore(file: string, { data, recording, replace, policies }: RestoreOptions): Promise<void> {
  const called = named(file);
  const name = recording ?? called;
  const path = recordingPath(data, name);
  if (existsSync(path) && !replace)
    throw new CommandError(`the recording ${name} is there already: --replace puts the backup in its place, --recording NAME beside it`);
  let beside: ReturnType<typeof putBeside>;
  try {
    beside = putBeside(data, besideIn(file), policies === true);
    putBack(file, path);
    beside.now();
  } catch (error) {
    throw refusal(error, `expected a place to write to, got ${inWords(error)}: ${path}`);
  }
  const { put, left } = beside;
  if (put.length > 0) say(`Put back as they were: ${put.map((it) => WHAT[it]).join(", ")}.`);
  if (left.length > 0) say(`Left as they are here, since others are in the backup: ${left.map((it) => WHAT[it]).join(", ")}. --policies puts those of the backup in their place.`); // prettier-ignore
  say(`Put ${file} back as the recording ${name}: auscult devices --recording ${name}`);
}

const WHAT: Readonly<Record<Place, string>> = { policies: "policies with their history", wall: "walls with their members and openings" };
