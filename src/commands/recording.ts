/** The recording a command is about, and what is said where it cannot be read. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { RecordingFile } from "../link/recording-files.ts";
import { existingRecording, readerOf, unusable } from "../link/recordings.ts";
import { inWords } from "../link/refusals.ts";
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
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw new UnusableRecording(`expected a data directory that can be read, got ${inWords(error)}: ${data}`);
  }
}

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

/** What is said where the part that is damaged was asked for. Anything else is said as it is. */
export function unreadable(path: string, error: unknown): unknown {
  return (error as { code?: unknown } | null)?.code === "ERR_SQLITE_ERROR" ? unusable(path, error) : error;
}
