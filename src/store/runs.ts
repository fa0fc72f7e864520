/**
 * Which batches are taken, and what each run of an input counted. A run is a file by its identity, or one start of a live sensor; its
 * batches are numbered without gaps, so that one which comes twice counts once and one which is missing is known.
 */
import type { Engine, Statement } from "./engine.ts";
import { EVIDENCE_RUN, LIVE_RUN, type Batch } from "../model/batch.ts";
import type { InputCoverage, RunMark } from "../model/store.ts";
import { sum } from "./held.ts";

/** Pieces of a run taken above a gap. Beyond it the lowest gap is given up: nobody sends so old a batch again. */
const PIECES_MAX = 64;
/** Different names in one record of counts: protocols, limits, VLANs. Beyond it a sensor makes them up, and they count as "other". */
const NAMES_MAX = 512;

interface Run {
  readonly run: string;
  readonly sensor: string;
  readonly input: string;
  readonly live: boolean;
  /** Highest batch taken without a gap below it. */
  sequence: number;
  /** Pieces taken above it, in order. */
  beyond: (readonly [from: number, to: number])[];
  /** Batches in gaps that were given up. */
  lost: number;
  state: InputCoverage["state"];
  trouble: string;
  first: number | null;
  last: number | null;
  frames: number;
  bytes: number;
  lastFrame: number;
  drops: number;
  duplicates: number;
  gaps: number;
  readonly counts: Counts;
}
type Counts = Record<string, number | Record<string, number>>;

export class Runs {
  readonly #runs = new Map<string, Run>();
  readonly #changed = new Set<Run>();
  /** Frames dropped from an input before the first batch of it came. */
  readonly #early = new Map<string, number>();
  readonly #write: Statement;

  constructor(database: Engine) {
    this.#write = database.prepare(WRITE);
    for (const row of database.prepare("SELECT * FROM run ORDER BY number").all()) {
      const run = restored(row as unknown as StoredRun);
      this.#runs.set(run.run, run);
    }
  }

  /** Highest batch of this run taken without a gap below it; 0 when none is. */
  taken(run: string): number {
    return this.#runs.get(run)?.sequence ?? 0;
  }

  /** How far a run has come, and whose it is; null where it is not known. */
  markOf(run: string): RunMark | null {
    const it = this.#runs.get(run);
    return it === undefined ? null : { run, sensor: it.sensor, sequence: it.sequence };
  }

  /** Of those that began last, the latest last. */
  latestMarks(most: number): readonly RunMark[] {
    return [...this.#runs.values()].slice(-most).map(({ run, sensor, sequence }) => ({ run, sensor, sequence }));
  }

  /** The earliest packet of all that was heard; null before the first. */
  get since(): number | null {
    let since: number | null = null;
    for (const { first } of this.#runs.values()) if (first !== null && (since === null || first < since)) since = first;
    return since;
  }

  has({ run, sequence }: Batch): boolean {
    const it = this.#runs.get(run);
    return it !== undefined && (sequence <= it.sequence || it.beyond.some(([from, to]) => from <= sequence && sequence <= to));
  }

  /** A batch that it does not have. */
  take(batch: Batch): void {
    const { run, sequence, input, frames, loss } = batch;
    let it = this.#runs.get(run);
    if (it === undefined) this.#runs.set(run, (it = begun(batch)));
    take(it, sequence);
    it.state = it.live ? "listening" : "reading";
    it.trouble = "";
    // A capture of no frames has no time, and what others wrote down was not heard then.
    if (batch.to > 0 && !run.startsWith(EVIDENCE_RUN)) {
      it.first = Math.min(it.first ?? batch.from, batch.from);
      it.last = Math.max(it.last ?? batch.to, batch.to);
    }
    it.frames = sum(it.frames, frames.frames);
    it.bytes = sum(it.bytes, frames.bytes);
    it.lastFrame = Math.max(it.lastFrame, frames.lastFrame);
    it.drops = sum(it.drops, loss.drops + (this.#early.get(input) ?? 0));
    this.#early.delete(input);
    it.duplicates = sum(it.duplicates, frames.duplicates);
    it.gaps = sum(it.gaps, loss.gaps);
    count(it.counts, frames as unknown as Counts);
    count(it.counts, loss as unknown as Counts);
    this.#changed.add(it);
  }

  /** So much was let go at a limit of the core's. */
  letGo(run: string, limit: string, times: number): void {
    const it = this.#runs.get(run);
    if (it === undefined) return;
    count(it.counts, { limits: { [limit]: times } });
    this.#changed.add(it);
  }

  /** Loss that is known beside the batches: the capture program's own counters. */
  drops(input: string, frames: number): void {
    const run = [...this.#runs.values()].findLast((it) => it.input === input);
    if (run === undefined) {
      this.#early.set(input, (this.#early.get(input) ?? 0) + frames);
      return;
    }
    run.drops = sum(run.drops, frames);
    this.#changed.add(run);
  }

  /** `trouble`: why the rest of a file was left; "" when it ended in order. */
  end(run: string, trouble: string): void {
    const it = this.#runs.get(run);
    if (it === undefined) return;
    it.state = it.live ? "ended" : trouble === "" ? "whole" : "half-read";
    it.trouble = trouble;
    this.#changed.add(it);
  }

  /** Those that were under way when the last writer ended; they are no more. */
  interrupted(): readonly { readonly input: string; readonly live: boolean }[] {
    const open = [...this.#runs.values()].filter((it) => it.state === "reading" || it.state === "listening");
    for (const it of open) this.end(it.run, it.live ? "" : "reading was interrupted");
    return open.map(({ input, live }) => ({ input, live }));
  }

  get isChanged(): boolean {
    return this.#changed.size > 0;
  }

  /** Within the caller's transaction. To be written again until `written`. */
  write(): void {
    for (const it of this.#changed) this.#write.run(...storedRun(it));
  }

  written(): void {
    this.#changed.clear();
  }
}

function take(run: Run, sequence: number): void {
  const pieces = [...run.beyond, [sequence, sequence] as const].sort(([a], [b]) => a - b);
  const joined: [number, number][] = [[0, run.sequence]];
  for (const [from, to] of pieces) {
    const before = joined.at(-1)!;
    if (from === before[1] + 1) before[1] = to;
    else joined.push([from, to]);
  }
  if (joined.length > PIECES_MAX + 1) {
    const [[, end], [next]] = joined as [[number, number], [number, number]];
    run.lost += next - end - 1;
    joined.shift();
  }
  run.sequence = joined[0]![1];
  run.beyond = joined.slice(1);
}

/** Batches that never came though later ones did. */
function missing({ sequence, beyond, lost }: Run): number {
  const highest = beyond.at(-1)?.[1] ?? sequence;
  return lost + highest - sequence - beyond.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** Adds numbers, and numbers in records one deep, but for those that have a column. */
function count(into: Counts, counts: Readonly<Counts>): void {
  for (const [name, value] of Object.entries(counts)) {
    if (COLUMNS.has(name)) continue;
    const known = into[name];
    if (typeof value === "number") {
      into[name] = sum(typeof known === "number" ? known : 0, value);
      continue;
    }
    const record = typeof known === "object" ? known : {};
    for (const [key, more] of Object.entries(value)) {
      const under = key in record || Object.keys(record).length < NAMES_MAX ? key : "other";
      record[under] = sum(record[under] ?? 0, more);
    }
    into[name] = record;
  }
}

const COLUMNS: ReadonlySet<string> = new Set(["frames", "bytes", "lastFrame", "duplicates", "drops", "gaps"]);

function begun({ run, sensor, input }: Batch): Run {
  return {
    run, sensor, input, live: run.startsWith(LIVE_RUN), sequence: 0, beyond: [], lost: 0, state: "reading", trouble: "", first: null, last: null,
    frames: 0, bytes: 0, lastFrame: 0, drops: 0, duplicates: 0, gaps: 0, counts: {},
  }; // prettier-ignore
}

interface StoredRun extends Omit<Run, "live" | "beyond" | "lost" | "lastFrame" | "counts"> {
  readonly live: number;
  readonly beyond: string;
  readonly missing: number;
  readonly last_frame: number;
  readonly counts: string;
}

function restored({ live, beyond, missing: known, last_frame, counts, ...row }: StoredRun): Run {
  const run = {
    ...row,
    live: live === 1,
    beyond: JSON.parse(beyond) as Run["beyond"],
    lost: 0,
    lastFrame: last_frame,
    counts: JSON.parse(counts) as Counts,
  };
  run.lost = known - missing(run);
  return run;
}

// prettier-ignore
function storedRun(it: Run): (string | number | null)[] {
  return [
    it.run, it.sensor, it.input, it.live ? 1 : 0, it.sequence, JSON.stringify(it.beyond), missing(it), it.state, it.trouble, it.first, it.last,
    it.frames, it.bytes, it.lastFrame, it.drops, it.duplicates, it.gaps, JSON.stringify(it.counts),
  ];
}

const WRITE = `INSERT INTO run (run, sensor, input, live, sequence, beyond, missing, state, trouble, first, last, frames, bytes, last_frame, drops,
    duplicates, gaps, counts)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (run) DO UPDATE SET sequence = excluded.sequence, beyond = excluded.beyond, missing = excluded.missing, state = excluded.state,
    trouble = excluded.trouble, first = excluded.first, last = excluded.last, frames = excluded.frames, bytes = excluded.bytes,
    last_frame = excluded.last_frame, drops = excluded.drops, duplicates = excluded.duplicates, gaps = excluded.gaps, counts = excluded.counts`;
