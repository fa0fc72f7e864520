/**
 * Batches on their way to the core, on the sensor's disk: a folder for each run, a file for each batch (`.jsonl.zst`), written whole or
 * not at all. No batch leaves it before the core has committed it; then it stays for as long as there is room, for two days at most, since
 * the core's database may be set back to the copy of last night. At the bound the oldest of a live input goes, is counted, and an empty batch
 * that says so takes its place; what is read from files waits instead, since it can be read again.
 */
import { mkdirSync, readdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import type { Batch } from "../../model/batch.ts";
import { hold } from "../../store/database.ts";
import { makeFolder } from "../folders.ts";
import { inWords } from "../refusals.ts";
import { emptyBatch } from "./empty-batch.ts";
import { SpooledRun } from "./spooled-run.ts";
import type { SpoolStatus } from "./said.ts";

/** A file takes a block of the disk, however small. */
const BLOCK_BYTES = 4_096;
/** Counted as loss at the core. */
export const SPOOL_FULL = "spool full";
export const NO_MORE_THERE = "no longer at the sensor";
/** How far a run that is over came is known for so long: a core whose store was set back asks for it, and a file may be read again. */
const KEPT_MS = 30 * 86_400_000;
/** What the core has is there for so long still: copies of a database are made each night, and one of them may be damaged. */
const COMMITTED_KEPT_MS = 2 * 86_400_000;
/** And only while so much of the disk is free, however large the spool may be: on a full one no sensor starts. */
const DISK_FREE_SHARE = 0.1;
const RUN_FOLDER = /^[a-z0-9-]{1,128}$/;

export interface SpoolOptions {
  readonly folder: string;
  readonly bytesMax: number;
  readonly site: string;
  readonly sensor: string;
}

/** What is sent for one batch: a zstd frame of one line. */
export interface Parcel {
  readonly run: string;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

export class Spool {
  readonly #options: SpoolOptions;
  readonly #lock: { release(): void };
  readonly #runs = new Map<string, SpooledRun>();
  /** Of what the core does not have. */
  #bytes = 0;
  /** Of what it has. */
  #keptBytes = 0;

  /** Throws RecordingBusy while another sensor uses this folder, and an Error for people where the disk refuses. Runs that a killed sensor left open are closed. */
  constructor(options: SpoolOptions) {
    this.#options = options;
    const { folder } = options;
    makeFolder(folder);
    const lock = refusing(folder, () => held(folder));
    this.#lock = lock;
    try {
      refusing(folder, () => this.#open());
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Of a live input there is always room; else this is false until the core has taken some. */
  get hasRoom(): boolean {
    return this.#bytes < this.#options.bytesMax;
  }

  get isEmpty(): boolean {
    return [...this.#runs.values()].every((run) => run.mark >= run.last);
  }

  /** Highest batch of this run that is kept or committed. */
  last(run: string): number {
    return this.#runs.get(run)?.last ?? 0;
  }

  get runs(): readonly SpooledRun[] {
    return [...this.#runs.values()];
  }

  /** Throws an error of the disk: nothing is kept then, and it may be called again. */
  put(batch: Batch): void {
    let run = this.#runs.get(batch.run);
    if (run === undefined) {
      if (!RUN_FOLDER.test(batch.run)) throw new Error(`expected a run of letters and digits, got "${batch.run.slice(0, 40)}"`);
      run = this.#written(() => {
        const folder = join(this.#options.folder, batch.run);
        mkdirSync(folder, { mode: 0o700, recursive: true });
        return SpooledRun.begun(folder, batch);
      });
      this.#runs.set(batch.run, run);
    }
    if (batch.sequence <= run.last) return;
    const to = run;
    this.#bytes += blocks(this.#written(() => to.put(batch, packed(batch))));
    while (this.#isCrowded && this.#letGoKept());
    while (!this.hasRoom && this.#letGoOldest());
  }

  /** No more of it comes: its last batch says so, or one that is added. */
  end(name: string, drops = 0): void {
    const run = this.#runs.get(name);
    if (run === undefined || run.isOver) return;
    const { site, sensor } = this.#options;
    const { input, latest } = run;
    this.put(emptyBatch({ site, sensor, run: name, sequence: run.last + 1, input, from: latest, to: latest, frames: drops, end: true }));
  }

  /** The core has committed all up to `mark`. Throws an error of the disk: then it is not noted, and it may be called again. */
  committed(name: string, mark: number): void {
    const run = this.#runs.get(name);
    const to = Math.min(mark, run?.last ?? 0);
    if (run === undefined || to <= run.mark) return;
    const from = run.mark + 1;
    this.#written(() => run.committed(to));
    for (let sequence = from; sequence <= to; sequence++) {
      const size = blocks(run.sizeOf(sequence));
      this.#bytes -= size;
      this.#keptBytes += size;
    }
    this.#letGoOld();
  }

  /** What stands at the core for this batch: itself, or that it is no more. Null where none of it was ever kept. */
  parcel(name: string, sequence: number): Parcel | null {
    const run = this.#runs.get(name);
    if (run === undefined || sequence > run.last) return null;
    const kept = run.read(sequence);
    if (kept !== null) return { run: name, sequence, payload: kept };
    const lost = run.lostAt(sequence);
    const { site, sensor } = this.#options;
    const about = { site, sensor, run: name, sequence, input: run.input };
    const empty =
      lost === undefined
        ? emptyBatch({ ...about, from: 0, to: 0, frames: 0, limit: NO_MORE_THERE })
        : emptyBatch({ ...about, ...lost, limit: SPOOL_FULL });
    return { run: name, sequence, payload: packed(run.isOver && sequence === run.last ? { ...empty, end: true } : empty) };
  }

  get status(): SpoolStatus {
    const waiting = this.runs.filter((run) => run.last > run.mark);
    const oldest = waiting.flatMap((run) => run.writtenAt(Math.max(run.first, run.mark + 1)) ?? []);
    return {
      batches: waiting.reduce((sum, run) => sum + run.last - run.mark, 0),
      bytes: this.#bytes,
      bytesMax: this.#options.bytesMax,
      oldestAt: oldest.length === 0 ? null : Math.round(Math.min(...oldest)),
      lostFrames: this.runs.reduce((sum, run) => sum + run.lostFrames, 0),
    };
  }

  close(): void {
    this.#lock.release();
  }

  #open(): void {
    const { folder } = this.#options;
    const names = readdirSync(folder, { withFileTypes: true }).filter((it) => it.isDirectory() && RUN_FOLDER.test(it.name));
    const found = names.map(({ name }) => ({ name, at: statSync(join(folder, name)).birthtimeMs }));
    for (const { name } of found.toSorted((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1))) {
      const run = SpooledRun.opened(join(folder, name), name);
      if (run === null) rmSync(join(folder, name), { recursive: true });
      else this.#runs.set(name, run);
    }
    for (const run of this.#runs.values()) {
      for (let sequence = run.first; sequence <= run.last; sequence++) this.#bytes += blocks(run.sizeOf(sequence));
      for (let sequence = run.kept; sequence <= run.mark; sequence++) this.#keptBytes += blocks(run.sizeOf(sequence));
      if (run.live && !run.isOver) this.end(run.name);
      const { folder: own } = run;
      if (run.isOver && run.mark === run.last && Date.now() - statSync(own).mtimeMs > KEPT_MS) this.#forget(run);
    }
    this.#letGoOld();
  }

  /** False where there is none to let go. */
  #letGoOldest(): boolean {
    let oldest: SpooledRun | undefined;
    for (const run of this.#runs.values()) {
      // The batch that was put last stays: the newest is what is asked for.
      if (!run.live || run.first >= run.last) continue;
      if (oldest === undefined || (run.writtenAt(run.first) ?? 0) < (oldest.writtenAt(oldest.first) ?? 0)) oldest = run;
    }
    if (oldest === undefined) return false;
    this.#bytes -= blocks(oldest.letGoFirst());
    return true;
  }

  /** What the core has takes no room from what it does not have, nor from anybody else on this disk. */
  get #isCrowded(): boolean {
    if (this.#keptBytes === 0) return false;
    const { folder, bytesMax } = this.#options;
    const { bavail, blocks: all } = statfsSync(folder);
    return this.#bytes + this.#keptBytes >= bytesMax || bavail < all * DISK_FREE_SHARE;
  }

  /** The oldest that the core has; false where none is here. */
  #letGoKept(): boolean {
    const oldest = this.#oldestKept();
    if (oldest === undefined) return false;
    this.#keptBytes -= blocks(oldest.run.letGoKept());
    return true;
  }

  #letGoOld(): void {
    while (this.#isCrowded && this.#letGoKept());
    for (let it = this.#oldestKept(); it !== undefined && Date.now() - it.at > COMMITTED_KEPT_MS; it = this.#oldestKept())
      this.#keptBytes -= blocks(it.run.letGoKept());
  }

  #oldestKept(): { readonly run: SpooledRun; readonly at: number } | undefined {
    let oldest: { readonly run: SpooledRun; readonly at: number } | undefined;
    for (const run of this.#runs.values()) {
      if (run.kept > run.mark) continue;
      const at = run.writtenAt(run.kept) ?? 0;
      if (oldest === undefined || at < oldest.at) oldest = { run, at };
    }
    return oldest;
  }

  /** A disk may be fuller than the bound says: what the core has makes room first. */
  #written<Result>(write: () => Result): Result {
    for (;;) {
      try {
        return write();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC" || !this.#letGoKept()) throw error;
      }
    }
  }

  #forget(run: SpooledRun): void {
    rmSync(run.folder, { recursive: true });
    this.#runs.delete(run.name);
  }
}

/** On a full disk what the core has goes first, of whomever it is. */
function held(folder: string): ReturnType<typeof hold> {
  const lock = join(folder, "spool");
  try {
    return hold(lock);
  } catch (error) {
    if (inWords(error) !== inWords({ code: "ENOSPC" })) throw error;
    const runs = readdirSync(folder, { withFileTypes: true }).filter((it) => it.isDirectory() && RUN_FOLDER.test(it.name));
    for (const { name } of runs) SpooledRun.letGoKeptIn(join(folder, name));
    return hold(lock);
  }
}

/** What the disk refuses is an Error for people. */
function refusing<Result>(folder: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const words = inWords(error);
    if (words === (error as Error).message) throw error;
    throw new Error(`expected a spool that can be written, got ${words}: ${folder}`, { cause: error });
  }
}

export function packed(batch: Batch): Uint8Array {
  return zstdCompressSync(`${JSON.stringify(batch)}\n`);
}

function blocks(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}
