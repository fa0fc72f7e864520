/** The batches of one run in the spool: its folder, and what is known of it without looking there. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { BATCH_LINE_BYTES_MAX, LIVE_RUN, type Batch } from "../../model/batch.ts";
import { checkBatch } from "../check-batch.ts";

const FILE = /^(\d{9})\.jsonl\.zst$/;

interface About {
  readonly input: string;
}

/** Of a batch that was let go. */
export interface Lost {
  readonly from: number;
  readonly to: number;
  readonly frames: number;
}

export class SpooledRun {
  readonly name: string;
  readonly folder: string;
  readonly input: string;
  readonly live: boolean;
  /** Lowest above the mark that is there as a file; one more than `last` where none is. */
  first = 1;
  /** Lowest that is there as a file though the core has it; one more than `mark` where none is. */
  kept = 1;
  /** Highest that was put. */
  last = 0;
  /** Highest that is committed without a gap. */
  mark = 0;
  /** Its last batch was put. */
  isOver = false;
  /** Packet time of its last batch. */
  latest = 0;
  readonly #lost = new Map<number, Lost>();

  private constructor(folder: string, name: string, input: string) {
    this.folder = folder;
    this.name = name;
    this.input = input;
    this.live = name.startsWith(LIVE_RUN);
  }

  static begun(folder: string, { run, input }: Batch): SpooledRun {
    writeWhole(join(folder, "about.json"), Buffer.from(JSON.stringify({ input } satisfies About)));
    return new SpooledRun(folder, run, input);
  }

  /** As it lies on disk; null where nothing was put before the sensor was killed. */
  static opened(folder: string, name: string): SpooledRun | null {
    const about = join(folder, "about.json");
    if (!existsSync(about)) return null;
    const run = new SpooledRun(folder, name, (JSON.parse(readFileSync(about, "utf8")) as About).input);
    const kept: number[] = [];
    for (const file of readdirSync(folder)) {
      const sequence = FILE.exec(file)?.[1];
      if (sequence !== undefined) kept.push(Number(sequence));
      else if (file.endsWith(".new")) rmSync(join(folder, file));
    }
    for (const [sequence = 0, from = 0, to = 0, frames = 0] of rowsOf(join(folder, "lost.tsv")))
      run.#lost.set(sequence, { from, to, frames });
    const [mark = 0, latest = 0] = rowsOf(join(folder, "mark.tsv"))[0] ?? [];
    const numbers = kept.filter((sequence) => sequence > mark);
    run.mark = mark;
    run.latest = latest;
    // One by one: of a long time without a broker there are more than a call may have arguments.
    run.last = [...numbers, ...run.#lost.keys()].reduce((highest, sequence) => Math.max(highest, sequence), mark);
    run.first = numbers.reduce((a, b) => Math.min(a, b), run.last + 1);
    run.kept = kept.reduce((a, b) => Math.min(a, b), mark + 1);
    // Killed between two steps of letting go.
    for (const sequence of kept) if (run.#lost.has(sequence)) run.#remove(sequence);
    while (run.first <= run.last && !existsSync(run.#fileOf(run.first))) run.first++;
    run.#lookAtLast();
    return run;
  }

  /** As it lies on disk, all that the core has. */
  static letGoKeptIn(folder: string): void {
    const [mark = 0] = rowsOf(join(folder, "mark.tsv"))[0] ?? [];
    for (const file of readdirSync(folder))
      if (Number(FILE.exec(file)?.[1] ?? Number.POSITIVE_INFINITY) <= mark) rmSync(join(folder, file));
  }

  get lostFrames(): number {
    return [...this.#lost.values()].reduce((sum, { frames }) => sum + frames, 0);
  }

  /** Answers how many bytes it takes. */
  put(batch: Batch, bytes: Uint8Array): number {
    writeWhole(this.#fileOf(batch.sequence), bytes);
    this.last = batch.sequence;
    this.latest = batch.to;
    if (batch.end === true) this.isOver = true;
    return bytes.length;
  }

  committed(mark: number): void {
    if (mark <= this.mark) return;
    writeWhole(join(this.folder, "mark.tsv"), Buffer.from(`${mark}\t${this.latest}\t${this.isOver ? 1 : 0}\n`));
    for (let sequence = this.mark + 1; sequence <= mark; sequence++) this.#lost.delete(sequence);
    this.mark = mark;
    this.first = Math.max(this.first, mark + 1);
  }

  /** The oldest that the core has. Answers how many bytes that frees. */
  letGoKept(): number {
    const sequence = this.kept++;
    const size = this.sizeOf(sequence);
    this.#remove(sequence);
    return size;
  }

  /** Answers how many bytes that frees. */
  letGoFirst(): number {
    const sequence = this.first;
    const size = this.sizeOf(sequence);
    const batch = this.#batch(sequence);
    const lost: Lost =
      batch === null ? { from: 0, to: 0, frames: 0 } : { from: batch.from, to: batch.to, frames: batch.frames.frames + batch.loss.drops };
    writeFileSync(join(this.folder, "lost.tsv"), `${sequence}\t${lost.from}\t${lost.to}\t${lost.frames}\n`, { flag: "a", mode: 0o600 });
    this.#lost.set(sequence, lost);
    this.#remove(sequence);
    this.first++;
    return size;
  }

  lostAt(sequence: number): Lost | undefined {
    return this.#lost.get(sequence);
  }

  /** Null where it is not there. */
  read(sequence: number): Uint8Array | null {
    return existsSync(this.#fileOf(sequence)) ? readFileSync(this.#fileOf(sequence)) : null;
  }

  /** 0 where it is not there. */
  sizeOf(sequence: number): number {
    return statSync(this.#fileOf(sequence), { throwIfNoEntry: false })?.size ?? 0;
  }

  /** In milliseconds since 1970. */
  writtenAt(sequence: number): number | undefined {
    return statSync(this.#fileOf(sequence), { throwIfNoEntry: false })?.mtimeMs;
  }

  #lookAtLast(): void {
    if (this.last === this.mark) {
      this.isOver = rowsOf(join(this.folder, "mark.tsv"))[0]?.[2] === 1;
      return;
    }
    const batch = this.#batch(this.last);
    if (batch === null) return;
    this.latest = batch.to;
    this.isOver = batch.end === true;
  }

  /** Null where it is damaged: the core refuses it then, and says so. */
  #batch(sequence: number): Batch | null {
    try {
      const bytes = readFileSync(this.#fileOf(sequence));
      const batch = checkBatch(JSON.parse(zstdDecompressSync(bytes, { maxOutputLength: BATCH_LINE_BYTES_MAX }).toString("utf8")));
      return typeof batch === "string" ? null : batch;
    } catch {
      return null;
    }
  }

  #fileOf(sequence: number): string {
    return join(this.folder, `${String(sequence).padStart(9, "0")}.jsonl.zst`);
  }

  #remove(sequence: number): void {
    rmSync(this.#fileOf(sequence), { force: true });
  }
}

/** Whole or not at all, and there after a power cut. */
function writeWhole(file: string, bytes: Uint8Array): void {
  const unborn = `${file}.new`;
  const fd = openSync(unborn, "w", 0o600);
  try {
    writeFileSync(fd, bytes);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(unborn, file);
}

/** Numbers, a row a line; a last line that was cut off is none. */
function rowsOf(file: string): readonly (readonly number[])[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split("\t").map(Number))
    .filter((row) => row.every(Number.isSafeInteger));
}
