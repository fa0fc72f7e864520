/**
 * What a sensor and the core of its site say to each other beside batches, as JSON: a sensor how it is, the core how far it has come.
 * Neither is a command, neither is kept by the broker, and either is checked as what comes from outside is.
 */
import { clean } from "../../bytes/text.ts";

/** A sensor says how it is, and the core how far it has come, at least so often. */
export const SAY_MS = 2_000;
/** After so long without a word a sensor is silent, and so is a core. */
export const SILENT_MS = 15_000;
export const RUNS_TOLD_MAX = 256;
/** Of more runs it is asked with the next word. */
export const RUNS_ASKED_MAX = 64;
const INPUTS_MAX = 64;
const NOTES_MAX = 32;
const TEXT_MAX = 256;
const LINE_BYTES_MAX = 256_000;

/** How a sensor is. */
export interface SensorStatus {
  /** Drawn at its start: two that use one name are told apart by it. */
  readonly instance: string;
  readonly version: string;
  /** The capture host's clock, in milliseconds since 1970. */
  readonly at: number;
  /** False from the moment a capture program ends until all listen again. Of files always true. */
  readonly hearing: boolean;
  readonly inputs: readonly InputStatus[];
  readonly spool: SpoolStatus;
  /** Sentences for coverage, the newest last. */
  readonly notes: readonly (readonly [input: string, words: string])[];
  /** Runs whose rest was left, and why. */
  readonly troubles: readonly (readonly [run: string, words: string])[];
  /** Runs of which it asks how far the core has come: another core than before did not name them. */
  readonly runs: readonly string[];
}

export interface InputStatus {
  readonly name: string;
  readonly live: boolean;
  /** Since its start. */
  readonly frames: number;
  readonly drops: number;
}

export interface SpoolStatus {
  readonly batches: number;
  readonly bytes: number;
  readonly bytesMax: number;
  /** When its oldest batch was written, in milliseconds since 1970; null while there is none. */
  readonly oldestAt: number | null;
  /** Frames in batches that were let go at the bound, of runs that are not over. */
  readonly lostFrames: number;
}

/** How far the core has come with what one sensor sent. */
export interface Mark {
  /** When the site's stream was made: another time, another stream. */
  readonly stream: string;
  /** Drawn when the core began to take from it: another one may have another store, or an older one. */
  readonly core: string;
  /** Messages the broker holds that the core has not committed. */
  readonly pending: number;
  /** The highest batch of each run that is committed without a gap below it. */
  readonly runs: readonly (readonly [run: string, sequence: number])[];
}

export function readStatus(bytes: Uint8Array): SensorStatus | null {
  const value = parsed(bytes);
  if (value === null) return null;
  const { instance, version, at, hearing, inputs, spool, notes, troubles, runs = [] } = value;
  if (!isName(instance) || !isName(version) || !isCount(at) || typeof hearing !== "boolean") return null;
  if (!isList(inputs, INPUTS_MAX) || !isRecord(spool)) return null;
  const { batches, bytes: size, bytesMax, oldestAt, lostFrames } = spool;
  if (![batches, size, bytesMax, lostFrames].every(isCount) || !(oldestAt === null || isCount(oldestAt))) return null;
  const said = inputs.map((it) => (isRecord(it) ? inputOf(it) : null));
  const [sentences, reasons] = [pairs(notes), pairs(troubles)];
  if (said.includes(null) || sentences === null || reasons === null) return null;
  if (!isList(runs, RUNS_ASKED_MAX) || !runs.every(isName)) return null;
  return {
    instance,
    version: clean(version),
    at,
    hearing,
    inputs: said as readonly InputStatus[],
    spool: { batches, bytes: size, bytesMax, oldestAt, lostFrames } as SpoolStatus,
    notes: sentences,
    troubles: reasons,
    runs,
  };
}

export function readMark(bytes: Uint8Array): Mark | null {
  const value = parsed(bytes);
  if (value === null) return null;
  // An older core has no name for itself, as an older sensor asks for no runs.
  const { stream, core = "", pending, runs } = value;
  if (!isName(stream) || !isText(core) || !isCount(pending) || !isList(runs, RUNS_TOLD_MAX)) return null;
  const told = runs.every((it) => Array.isArray(it) && it.length === 2 && isName(it[0]) && isCount(it[1]));
  return told ? { stream, core, pending, runs: runs as Mark["runs"] } : null;
}

function inputOf({ name, live, frames, drops }: Fields): InputStatus | null {
  return isName(name) && typeof live === "boolean" && isCount(frames) && isCount(drops) ? { name: clean(name), live, frames, drops } : null;
}

function pairs(value: unknown): readonly (readonly [string, string])[] | null {
  if (!isList(value, NOTES_MAX)) return null;
  const all = value.every((it) => Array.isArray(it) && it.length === 2 && isText(it[0]) && isText(it[1]));
  return all ? (value as readonly [string, string][]).map(([a, b]) => [clean(a), clean(b)] as const) : null;
}

type Fields = Readonly<Record<string, unknown>>;

function parsed(bytes: Uint8Array): Fields | null {
  if (bytes.length > LINE_BYTES_MAX) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return isRecord(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown, most: number): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= most;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= TEXT_MAX * 4;
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= TEXT_MAX;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
