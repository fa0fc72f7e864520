/** The recording a command is about, and what is said where it cannot be read. */
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { existingRecording, look, readerOf, recordingsIn, type RecordingFile } from "../link/recordings.ts";
import { UnusableRecording, type RecordingReader } from "../model/store.ts";

/** The one named, or the latest. That there is none is said only where one could have been seen. */
export function recordingFor(data: string, name: string | undefined): RecordingFile {
  checkFolder(data);
  return existingRecording(data, name);
}

export function checkFolder(data: string): void {
  const folder = join(data, "recordings");
  try {
    readdirSync(folder);
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    throw new UnusableRecording(`expected a data directory that can be read, got ${UNREADABLE[code] ?? message}: ${data}`);
  }
}

const UNREADABLE: Readonly<Record<string, string>> = { EACCES: "no permission", ENOTDIR: "no folder" };

/** `work` with a reader of its own; damage shows only when the part that has it is asked for. */
export async function withReader<T>(path: string, work: (reader: RecordingReader) => Promise<T>): Promise<T> {
  try {
    const reader = await readerOf(path);
    try {
      return await work(reader);
    } finally {
      await reader.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** What SQLite says of damage names no file. Anything else is said as it is. */
export function unreadable(path: string, error: unknown): unknown {
  const ofStore = error instanceof UnusableRecording || (error as { code?: unknown } | null)?.code === "ERR_SQLITE_ERROR";
  if (!ofStore || !(error instanceof Error) || error.message.includes(dirname(path))) return error;
  return new UnusableRecording(`expected a recording that can be read, got ${path}: ${error.message}`, { cause: error });
}

/** The same where one of many was looked at: the first that cannot be. */
export function unreadableIn(data: string, error: unknown): unknown {
  for (const { path } of error instanceof UnusableRecording ? recordingsIn(data) : []) {
    try {
      look(path);
    } catch (found) {
      return unreadable(path, found);
    }
  }
  return error;
}
