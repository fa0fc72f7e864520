/**
 * Sends what is in the spool, in order, and lets go of what the core has committed. The broker's own acknowledgment only says that it has
 * it for now: a broker that loses unsynced data loses what it acknowledged (seen). So what lies above the core's mark is sent again after
 * each reconnect, from a new stream on, when the mark went back, and when the core has nothing more to come and the mark stands still.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { jetstream, JetStreamApiError, type JetStreamClient } from "@nats-io/jetstream";
import { NoRespondersError, TimeoutError, type NatsConnection } from "@nats-io/transport-node";
import { inWords as refusal } from "../refusals.ts";
import { ANSWER_MS } from "./connection.ts";
import { readMark, RUNS_ASKED_MAX, SAY_MS, SILENT_MS, type Mark } from "./said.ts";
import type { Parcel, Spool } from "./spool.ts";
import type { SpooledRun } from "./spooled-run.ts";
import { batchSubject, markSubject, statusSubject } from "./subjects.ts";

/** Sent and not acknowledged by the broker yet. */
const UNDER_WAY_MAX = 64;
const UNDER_WAY_BYTES_MAX = 8_000_000;
/** What could not be sent is tried again after so long. */
const AGAIN_MS = 1_000;
/** A mark that stands still though the core has nothing more to come: what is above it is sent again, and then after twice as long each time. */
const STILL_MS = 10_000;
const STILL_MS_MAX = 300_000;

export interface SenderOptions {
  readonly connection: NatsConnection;
  readonly spool: Spool;
  readonly site: string;
  readonly sensor: string;
  /** How the sensor is, as the core is to hear it, who is asked of these runs how far it has come. */
  readonly status: (runs: readonly string[]) => object;
  readonly log: (text: string) => void;
}

export class Sender {
  readonly #options: SenderOptions;
  readonly #jetstream: JetStreamClient;
  /** Highest sent of each run since the last rewind. */
  readonly #sent = new Map<string, number>();
  /** The core's latest mark of each run: below what left the spool where the core's store was set back. */
  readonly #told = new Map<string, number>();
  #underWay = 0;
  #underWayBytes = 0;
  #isConnected = true;
  #holdUntil = 0;
  #trouble = "";
  #stream: string | undefined;
  #core = "";
  /** Runs of which the core that is there now has not said how far it has come. */
  #untold = new Set<string>();
  #spoolTrouble = "";
  #markAt = Number.NEGATIVE_INFINITY;
  #movedAt = performance.now();
  #stillMs = STILL_MS;
  #closed = false;
  #pumping = false;
  readonly #timer: NodeJS.Timeout;

  constructor(options: SenderOptions) {
    this.#options = options;
    const { connection, site, sensor } = options;
    this.#jetstream = jetstream(connection, { timeout: ANSWER_MS });
    connection.subscribe(markSubject(site, sensor), {
      callback: (error, message) => {
        const mark = error === null ? readMark(message.data) : null;
        if (mark !== null) this.#heard(mark);
      },
    });
    void this.#watch();
    this.#timer = setInterval(() => this.#tick(), SAY_MS);
    this.#tick();
  }

  /** Why nothing goes out now; "" while it does. */
  get trouble(): string {
    return this.#isConnected ? this.#trouble : "the broker does not answer";
  }

  /** The core was heard a moment ago. */
  get isHeard(): boolean {
    return performance.now() - this.#markAt < SILENT_MS;
  }

  /** The core has all that is in the spool, and the one that is there now has said so of each run: its store may be an older copy. */
  get isDone(): boolean {
    return this.#untold.size === 0 && this.#options.spool.runs.every((run) => this.#markOf(run) >= run.last);
  }

  /** There is more in the spool than before. */
  wake(): void {
    void this.#pump();
  }

  /** What is not out by then goes at the next start. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#say();
    const { connection } = this.#options;
    if (this.#isConnected && !connection.isClosed()) await Promise.race([connection.flush(), sleep(AGAIN_MS, undefined, { ref: false })]);
  }

  async #watch(): Promise<void> {
    for await (const status of this.#options.connection.status()) {
      if (status.type === "disconnect") this.#isConnected = false;
      if (status.type === "error" && !this.#closed) this.#options.log(`the broker says: ${status.error.message}`);
      if (status.type !== "reconnect") continue;
      this.#isConnected = true;
      this.#rewind();
      this.#tick();
    }
  }

  #tick(): void {
    this.#say();
    void this.#pump();
  }

  #say(): void {
    const { connection, site, sensor, status, spool } = this.#options;
    if (!this.#isConnected || connection.isClosed()) return;
    // Of a capture that another sensor of the site read too the core tells that one, unless it is asked.
    const begun = spool.runs.filter(({ name, last, mark }) => last > mark && !this.#told.has(name)).map(({ name }) => name);
    const runs = [...new Set([...this.#untold, ...begun])].slice(0, RUNS_ASKED_MAX);
    connection.publish(statusSubject(site, sensor), JSON.stringify(status(runs)));
  }

  #heard({ stream, core, pending, runs }: Mark): void {
    this.#markAt = performance.now();
    const { spool } = this.#options;
    // Its store may be an older copy of the one before, which knows nothing of what came last.
    if (core !== this.#core) this.#untold = new Set(spool.runs.filter(({ kept, mark }) => kept <= mark).map(({ name }) => name));
    this.#core = core;
    let moved = false;
    for (const [name, sequence] of runs) {
      this.#untold.delete(name);
      const run = spool.runs.find((it) => it.name === name);
      if (run === undefined) continue;
      if (sequence > run.mark) moved = true;
      // The core's store was set back: what is here above its mark is sent again, and of the rest it is told that it is no more.
      if (sequence < (this.#told.get(name) ?? run.mark)) this.#sent.set(name, sequence);
      this.#told.set(name, sequence);
      this.#committed(name, sequence);
    }
    const isNew = this.#stream !== undefined && stream !== this.#stream;
    this.#stream = stream;
    if (moved) this.#moved();
    const isStill = pending === 0 && this.#underWay === 0 && !this.isDone && performance.now() - this.#movedAt > this.#stillMs;
    if (isNew) this.#options.log("the broker has a new stream: what the core has not committed is sent again");
    if (isStill) {
      this.#movedAt = performance.now();
      this.#stillMs = Math.min(STILL_MS_MAX, this.#stillMs * 2);
    }
    if (isNew || isStill) this.#rewind();
    void this.#pump();
  }

  /** A disk that takes nothing does not note it: the core says it again. */
  #committed(name: string, sequence: number): void {
    try {
      this.#options.spool.committed(name, sequence);
      this.#spoolTrouble = "";
    } catch (error) {
      const why = refusal(error);
      if (why !== this.#spoolTrouble) this.#options.log(`the spool takes nothing just now, got ${why}: what the core has is not noted`);
      this.#spoolTrouble = why;
    }
  }

  #markOf({ name, mark }: SpooledRun): number {
    return Math.min(mark, this.#told.get(name) ?? mark);
  }

  #moved(): void {
    this.#movedAt = performance.now();
    this.#stillMs = STILL_MS;
  }

  #rewind(): void {
    this.#sent.clear();
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#mayGo()) {
        const parcel = this.#next();
        if (parcel === null) break;
        this.#sent.set(parcel.run, parcel.sequence);
        void this.#publish(parcel);
        // A day's backlog leaves room for what comes in now.
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      this.#pumping = false;
    }
  }

  #mayGo(): boolean {
    const isFull = this.#underWay >= UNDER_WAY_MAX || this.#underWayBytes >= UNDER_WAY_BYTES_MAX;
    return this.#isConnected && !this.#closed && !isFull && performance.now() >= this.#holdUntil;
  }

  /** The oldest that is not sent, of all runs: so two inputs come to the core as they were heard. */
  #next(): Parcel | null {
    const { spool } = this.#options;
    let best: { readonly run: string; readonly sequence: number; readonly at: number } | undefined;
    for (const run of spool.runs) {
      const sequence = (this.#sent.get(run.name) ?? this.#markOf(run)) + 1;
      if (sequence > run.last) continue;
      const at = run.writtenAt(sequence) ?? 0;
      if (best === undefined || at < best.at) best = { run: run.name, sequence, at };
    }
    return best === undefined ? null : spool.parcel(best.run, best.sequence);
  }

  async #publish({ run, sequence, payload }: Parcel): Promise<void> {
    const { site, sensor, log } = this.#options;
    this.#underWay++;
    this.#underWayBytes += payload.length;
    try {
      await this.#jetstream.publish(batchSubject(site, sensor), payload, { msgID: `${run}:${sequence}`, timeout: ANSWER_MS });
      if (this.#trouble !== "") log("the broker takes batches again");
      this.#trouble = "";
    } catch (error) {
      const why = inWords(error as Error);
      if (why !== this.#trouble && !this.#closed) log(`the broker takes no batches: ${why}; they wait in the spool`);
      this.#trouble = why;
      // In order: from this one on, all again.
      this.#sent.set(run, Math.min(this.#sent.get(run) ?? sequence, sequence - 1));
      this.#holdUntil = performance.now() + AGAIN_MS;
    } finally {
      this.#underWay--;
      this.#underWayBytes -= payload.length;
      void this.#pump();
    }
  }
}

function inWords(error: Error): string {
  if (error instanceof JetStreamApiError) return error.message;
  if (error instanceof NoRespondersError) return "it has no stream for this site";
  if (error instanceof TimeoutError) return "it does not answer";
  return error.message;
}
