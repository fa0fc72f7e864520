/**
 * Batches that a broker delivers, on their way into the core: who sent one is known from the broker, so it is held to its own site and
 * name; one that is refused stands as an empty one, or what comes after it would be waited for in vain. None is done before it is stored.
 */
import { zstdDecompressSync } from "node:zlib";
import { BATCH_LINE_BYTES_MAX, LIVE_RUN, type Batch } from "../../model/batch.ts";
import type { RunMark } from "../../model/store.ts";
import { checkBatch } from "../check-batch.ts";
import { emptyBatch } from "./empty-batch.ts";

/** A sensor may be without its broker for days, not for longer: what is older was taken before, or its clock is wrong. */
const LIVE_DAYS_MAX = 30;
const DAY_US = 86_400_000_000;
/** A capture host's clock may be wrong by so much: more, and "last seen" would lie in the future. */
const AHEAD_US_MAX = 3_600_000_000;
const PARCEL = /^([a-z0-9-]{1,128}):([1-9]\d{0,8})$/;
export const REFUSED = "refused batches";

export interface Delivery {
  readonly id: number;
  readonly sensor: string;
  /** `run:sequence`, as the sensor calls it. */
  readonly parcel: string;
  /** When the broker took it, in microseconds since 1970: neither the sensor's clock nor the core's. */
  readonly at: number;
  readonly payload: Uint8Array;
}

/** What is committed now. */
export interface Delivered {
  readonly stored: readonly number[];
  readonly refused: readonly (readonly [id: number, why: string])[];
  readonly marks: readonly RunMark[];
}

export interface DeliveredTo {
  /** True when it was new. */
  take(batch: Batch): boolean;
  ended(run: string, trouble: string): void;
  note(input: string, text: string): void;
  /** How far a run has come, and whose it is; null where it is not known. */
  markOf(run: string): RunMark | null;
}

export class Delivering {
  readonly #core: DeliveredTo;
  readonly #site: string;
  readonly #taken: (batch: Batch) => void;
  #stored: number[] = [];
  #refused: (readonly [number, string])[] = [];
  #touched = new Set<string>();
  /** Those whose last batch came: it may come before others. */
  readonly #over = new Set<string>();

  constructor(core: DeliveredTo, site: string, taken: (batch: Batch) => void) {
    this.#core = core;
    this.#site = site;
    this.#taken = taken;
  }

  /** Answers why it is refused; "" when it is taken, or was before. */
  take(delivery: Delivery): string {
    const { id, sensor } = delivery;
    const batch = this.#batchOf(delivery);
    if (typeof batch !== "string") {
      this.#put(batch);
      this.#stored.push(id);
      return "";
    }
    this.#refused.push([id, batch]);
    this.#core.note("", `A batch of the sensor ${sensor} was refused and is missing: ${batch}.`);
    this.#stand(delivery);
    return batch;
  }

  /** Everything taken so far is committed. */
  committed(): Delivered | null {
    if (this.#stored.length === 0 && this.#refused.length === 0) return null;
    const marks = [...this.#touched].flatMap((run) => this.#core.markOf(run) ?? []);
    const delivered = { stored: this.#stored, refused: this.#refused, marks };
    this.#stored = [];
    this.#refused = [];
    this.#touched = new Set();
    return delivered;
  }

  #put(batch: Batch): void {
    this.#touched.add(batch.run);
    if (batch.end) this.#over.add(batch.run);
    if (!this.#core.take(batch)) return;
    this.#taken(batch);
    if (this.#over.has(batch.run)) this.#core.ended(batch.run, "");
  }

  #batchOf({ sensor, payload, at, parcel }: Delivery): Batch | string {
    const value = parsed(payload);
    if (typeof value === "string") return value;
    const batch = checkBatch(value.line);
    if (typeof batch === "string") return batch;
    if (batch.site !== this.#site) return `expected a batch of ${this.#site}, got one of another site`;
    if (batch.sensor !== sensor) return `expected a batch of ${sensor}, got one of another sensor`;
    if (`${batch.run}:${batch.sequence}` !== parcel) return "expected the run and the number it was sent under, got others";
    if (!batch.run.startsWith(LIVE_RUN)) return batch;
    if (this.#isAnothers(batch.run, sensor)) return "expected a run of its own, got another sensor's";
    if (batch.to > at + AHEAD_US_MAX)
      return "expected what was heard until now, got times more than an hour ahead: the capture host's clock is wrong";
    if (batch.to > 0 && batch.to < at - LIVE_DAYS_MAX * DAY_US)
      return `expected what was heard within ${LIVE_DAYS_MAX} days, got older: it was sent before, or the capture host's clock is wrong`;
    return batch;
  }

  /** In place of one that was refused. Not in another sensor's run: that one's own is still to come. */
  #stand({ sensor, parcel }: Delivery): void {
    const [, run, sequence] = PARCEL.exec(parcel) ?? [];
    if (run === undefined || this.#isAnothers(run, sensor)) return;
    const about = { site: this.#site, sensor, run, sequence: Number(sequence), input: "refused" };
    this.#put(emptyBatch({ ...about, from: 0, to: 0, frames: 0, limit: REFUSED }));
  }

  #isAnothers(run: string, sensor: string): boolean {
    const mark = this.#core.markOf(run);
    return mark !== null && mark.sensor !== sensor;
  }
}

/** One line, whatever it would unpack to. */
function parsed(payload: Uint8Array): { readonly line: unknown } | string {
  let text: string;
  try {
    text = zstdDecompressSync(payload, { maxOutputLength: BATCH_LINE_BYTES_MAX }).toString("utf8");
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    return isTooLarge
      ? `expected at most ${BATCH_LINE_BYTES_MAX} bytes, got more`
      : "expected a batch packed with zstd, got something else";
  }
  try {
    return { line: JSON.parse(text) };
  } catch {
    return "expected a line of JSON";
  }
}
