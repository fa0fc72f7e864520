/** Which recording is meant, and how it is opened. */
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Settings } from "../config.ts";
import type { FoundCaptures } from "./files.ts";
import { openWriter, WriterAway, WriterBusy, type RecordingWriter } from "./recording.ts";
import { NoRecording, UnusableRecording, type RecordingReader } from "../model/store.ts";
import { openReader } from "../reader.ts";
import { placeOf } from "../store/postgres/place.ts";
import { aboutRecording, type AboutRecording } from "../store/about.ts";
import { recordingsIn, type RecordingFile } from "./recording-files.ts";
import { makeFolder } from "./folders.ts";
import { inWords } from "./refusals.ts";

const NAME_LENGTH_MAX = 80;

/** The path a recording of this name has; its folder is made. */
export function recordingPath(data: string, name: string): string {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._+-]*$/u.test(name))
    throw new NoRecording(`expected a name of letters, digits, spaces, dots or dashes, got "${name}"`);
  const folder = join(data, "recordings");
  makeFolder(folder);
  return join(folder, `${name}.db`);
}

/** A recording that must be there: the one named, or the latest. */
export function existingRecording(data: string, name: string | undefined): RecordingFile {
  const all = recordingsIn(data);
  const found = name === undefined ? all[0] : all.find((it) => it.name === name);
  if (found !== undefined) return found;
  if (name === undefined) throw new NoRecording(`no recording in ${data} yet: auscult open FILE, or auscult listen INTERFACE, makes one`);
  throw new NoRecording(`expected a recording, one of ${all.map((it) => it.name).join(", ") || "none yet"}, got "${name}"`);
}

/**
 * The name a recording of these captures gets: theirs, so that the same files again are the same recording, and a reading cut short
 * goes on. Another capture of the same name gets a number: two captures are never mixed by accident.
 */
export function nameFor(data: string, { asked, files }: FoundCaptures, site: string): string {
  const wanted = nameOf(asked);
  // The site's own name is where listening goes.
  const base = wanted === site ? `${wanted}-capture` : wanted;
  const ours = new Set(files.map((file) => file.run));
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    const path = recordingPath(data, name);
    if (!existsSync(path) || look(path).runs.every((run) => ours.has(run))) return name;
  }
}

/** What a recording is; whatever keeps it from being read is for the person to put right. */
export function look(path: string): AboutRecording {
  try {
    return aboutRecording(path);
  } catch (error) {
    throw unusable(path, error);
  }
}

/** What SQLite and the system say of damage names no file; an Error for people does. */
export function unusable(path: string, error: unknown): UnusableRecording {
  const { message } = error as Error;
  // The place in a database may hold a password; what went wrong there says where already.
  if (placeOf(path) !== null) return new UnusableRecording(message, { cause: error });
  const words = inWords(error);
  const isNamed = words === message && message.includes(path);
  return new UnusableRecording(isNamed ? message : `expected a recording that can be read, got ${words}: ${path}`, { cause: error });
}

export async function readerOf(path: string): Promise<RecordingReader> {
  try {
    return await openReader(path);
  } catch (error) {
    throw unusable(path, error);
  }
}

export interface WriterKind {
  /** Somebody looks on at a page. */
  readonly watched: boolean;
  /** Batches come from a broker. */
  readonly delivered?: boolean;
  /** The number of the core of many sites that takes it. */
  readonly core?: number;
}

/** The one writer of a recording; WriterBusy while another process is. */
export async function writerOf(path: string, settings: Settings, kind: WriterKind): Promise<RecordingWriter> {
  const { site, ownRanges, storeMegabytesMax } = settings;
  // How large a database of many sites may be is its server's affair.
  const size = placeOf(path) === null ? { bytesMax: storeMegabytesMax * 1e6 } : {};
  try {
    return await openWriter(path, { site, ownRanges, ...size, ...kind });
  } catch (error) {
    throw error instanceof WriterBusy || error instanceof WriterAway ? error : unusable(path, error);
  }
}

function nameOf(paths: readonly string[]): string {
  const names = paths.map((path) =>
    path === "-" ? "standard-input" : basename(resolve(path)).replace(/(\.(pcap|pcapng|cap|dmp|trace))?(\.(gz|zst))?$/i, ""),
  );
  const joined = names.length > 3 ? `${names[0]}+${names.length - 1}` : names.join("+");
  const clean = joined.replace(/[^\p{L}\p{N}._+-]+/gu, "-").replace(/^[.+-]+/, "");
  return clean.slice(0, NAME_LENGTH_MAX) || "recording";
}
