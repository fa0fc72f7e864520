/** The sensor's side of taking batches: what `listen` and `readFiles` give is spooled, where on one machine a recording takes it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Batch, SensorLine } from "../../model/batch.ts";
import { BatchLines } from "../batch-lines.ts";
import { inWords } from "../refusals.ts";
import type { Intake, RecordingSource, WriterNews } from "../recording.ts";
import type { Spool } from "./spool.ts";

/** A disk that took nothing is asked again. */
const AGAIN_MS = 1_000;
const TAKEN_CHECK_MS = 20;
/** Sentences and reasons that are told; those before them were. */
const TOLD_MAX = 32;

export interface SpoolingOptions {
  readonly spool: Spool;
  /** 32 bytes in hex. */
  readonly hashKey: string;
  readonly log: (text: string) => void;
  /** There is something to send. */
  readonly put: () => void;
}

export class Spooling implements Intake {
  readonly hashKey: string;
  readonly #options: SpoolingOptions;
  readonly #handlers = new Set<(news: WriterNews) => void>();
  /** Frames dropped from an input that no batch has said yet. */
  readonly #drops = new Map<string, number>();
  readonly #inputOf = new Map<string, string>();
  /** Accepted while the disk took nothing. */
  #waiting: Batch[] = [];
  #again: NodeJS.Timeout | undefined;
  #notes: (readonly [string, string])[] = [];
  #troubles: (readonly [string, string])[] = [];

  constructor(options: SpoolingOptions) {
    this.#options = options;
    this.hashKey = options.hashKey;
  }

  get notes(): readonly (readonly [input: string, words: string])[] {
    return this.#notes;
  }

  get troubles(): readonly (readonly [run: string, words: string])[] {
    return this.#troubles;
  }

  stored(run: string): Promise<number> {
    return Promise.resolve(this.#options.spool.last(run));
  }

  note(input: string, words: string): void {
    this.#notes = [...this.#notes.filter(([, before]) => before !== words), [input, words] as const].slice(-TOLD_MAX);
  }

  /** Told with the next batch of this input. */
  drops(input: string, frames: number): void {
    this.#drops.set(input, (this.#drops.get(input) ?? 0) + frames);
  }

  ended(run: string, trouble: string): void {
    if (trouble !== "") this.#troubles = [...this.#troubles, [run, trouble] as const].slice(-TOLD_MAX);
    else this.#options.spool.end(run, this.#dropsOf(this.#inputOf.get(run) ?? ""));
    this.#options.put();
  }

  source(handler: (line: SensorLine) => void): RecordingSource {
    const lines = new BatchLines({
      batch: (batch) => this.#accept(batch),
      line: handler,
      refused: (why, restart) => {
        this.note("", `A batch of a sensor was refused and is missing: ${why}.`);
        this.#options.log(`a batch of the sensor was refused: ${why}`);
        for (const tell of this.#handlers) tell({ refused: { why, restart } });
      },
    });
    return {
      accept: (chunk) => lines.take(chunk),
      taken: async () => {
        while (this.#waiting.length > 0) await sleep(TAKEN_CHECK_MS);
      },
    };
  }

  /** While there is no room nothing more is read: a file waits, and a live sensor keeps its batch open. */
  behind(): number {
    return this.#waiting.length > 0 || !this.#options.spool.hasRoom ? Number.POSITIVE_INFINITY : 0;
  }

  subscribe(handler: (news: WriterNews) => void): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  #accept(batch: Batch): void {
    this.#inputOf.set(batch.run, batch.input);
    const drops = this.#dropsOf(batch.input);
    this.#waiting.push(drops === 0 ? batch : { ...batch, loss: { ...batch.loss, drops: batch.loss.drops + drops } });
    if (this.#again === undefined) this.#spool();
  }

  #spool(): void {
    this.#again = undefined;
    try {
      for (let batch = this.#waiting[0]; batch !== undefined; batch = this.#waiting[0]) {
        this.#options.spool.put(batch);
        this.#waiting.shift();
      }
      this.#options.put();
    } catch (error) {
      this.#options.log(`the spool takes nothing just now, got ${inWords(error)}: what is heard waits`);
      this.#again = setTimeout(() => this.#spool(), AGAIN_MS);
    }
  }

  #dropsOf(input: string): number {
    const drops = this.#drops.get(input) ?? 0;
    this.#drops.delete(input);
    return drops;
  }
}
