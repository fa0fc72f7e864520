/**
 * The core's end of the broker: takes what sensors of its site sent, acknowledges what is committed, tells each sensor how far it has
 * come. What is refused goes to a side stream with its reason, and nobody waits for it. A stream that is gone is made again.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { jetstream, jetstreamManager, type ConsumerMessages, type JetStreamClient, type JsMsg } from "@nats-io/jetstream";
import { headers, type NatsConnection } from "@nats-io/transport-node";
import type { RecordingWriter } from "../recording.ts";
import { ANSWER_MS } from "./connection.ts";
import type { Delivered } from "./delivering.ts";
import { RUNS_TOLD_MAX, SAY_MS, type Mark } from "./said.ts";
import { ensureSite } from "./streams.ts";
import { CONSUMER, markSubject, refusedSubject, senderOf, streamOf } from "./subjects.ts";

/** Taken and not committed: more of it waits at the broker. */
const UNCOMMITTED_BYTES_MAX = 16_000_000;
const AT_ONCE = 100;
const AGAIN_MS = 1_000;
const LAG_MS = 5_000;
/** The broker's own limit of a message, less its headers: a larger one is not put aside, only told. */
const ASIDE_BYTES_MAX = 1_000_000;
const REASON_LENGTH_MAX = 300;

export interface TakerOptions {
  readonly connection: NatsConnection;
  readonly site: string;
  /** Nodes that keep a stream which has to be made. */
  readonly replicas: number;
  readonly writer: Pick<RecordingWriter, "deliver" | "marks" | "stored" | "subscribe">;
  readonly log: (text: string) => void;
  /** Something of what it says of itself is otherwise. */
  readonly changed: () => void;
}

export class Taker {
  readonly #options: TakerOptions;
  readonly #jetstream: JetStreamClient;
  readonly #me = randomBytes(8).toString("hex");
  readonly #uncommitted = new Map<number, JsMsg>();
  /** By sensor and run. */
  readonly #marks = new Map<string, Map<string, number>>();
  #bytes = 0;
  #next = 1;
  #stream = "";
  #pending = 0;
  #trouble = "";
  #room: (() => void) | undefined;
  #messages: ConsumerMessages | undefined;
  #closed = false;
  readonly #unsubscribe: () => void;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #running: Promise<void>;

  constructor(options: TakerOptions) {
    this.#options = options;
    this.#jetstream = jetstream(options.connection, { timeout: ANSWER_MS });
    for (const { sensor, run, sequence } of options.writer.marks) this.#mark(sensor, run, sequence);
    this.#unsubscribe = options.writer.subscribe(({ delivered }) => {
      if (delivered !== undefined) this.#committed(delivered);
    });
    this.#timers = [setInterval(() => this.#tellAll(), SAY_MS), setInterval(() => void this.#look(), LAG_MS)];
    this.#running = this.#run();
  }

  /** Messages at the broker that are not committed. */
  get pending(): number {
    return this.#pending;
  }

  /** Why nothing comes; "" while it does. */
  get trouble(): string {
    return this.#trouble;
  }

  /** Tells a sensor how far each of these runs has come, if we did not before: of one that is not known, that nothing is here. */
  asked(sensor: string, runs: readonly string[]): void {
    if (!this.#marks.has(sensor)) this.#marks.set(sensor, new Map());
    for (const run of runs) if (!this.#marks.get(sensor)!.has(run)) void this.#lookUp(sensor, run);
  }

  /** Takes no more. What was taken may be committed still. */
  async stop(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#messages?.stop();
    this.#room?.();
    await this.#running;
  }

  /** What was taken and is not committed by now comes again to whoever is next. */
  close(): void {
    this.#tellAll();
    this.#unsubscribe();
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      try {
        await this.#take();
        if (!this.#closed) this.#troubled("the site's stream or its consumer is gone: it is made again");
      } catch (error) {
        if (!this.#closed) this.#troubled((error as Error).message);
      }
      if (!this.#closed) await sleep(AGAIN_MS);
    }
  }

  async #take(): Promise<void> {
    const { connection, site, replicas } = this.#options;
    const manager = await jetstreamManager(connection, { timeout: ANSWER_MS, checkAPI: false });
    this.#stream = await ensureSite(manager, site, { replicas });
    const consumer = await this.#jetstream.consumers.get(streamOf(site), CONSUMER);
    this.#messages = await consumer.consume({ max_messages: AT_ONCE, abort_on_missing_resource: true });
    if (this.#closed) return this.#messages.stop();
    this.#troubled("");
    this.#tellAll();
    for await (const message of this.#messages) {
      this.#give(message);
      if (this.#bytes > UNCOMMITTED_BYTES_MAX) await new Promise<void>((resolve) => (this.#room = resolve));
      if (this.#closed) return;
    }
  }

  #give(message: JsMsg): void {
    const sender = senderOf(message.subject);
    const id = this.#next++;
    this.#uncommitted.set(id, message);
    this.#bytes += message.data.length;
    this.#options.writer.deliver({
      id,
      sensor: sender?.sensor ?? "",
      parcel: message.headers?.get("Nats-Msg-Id") ?? "",
      at: Math.floor(message.info.timestampNanos / 1_000),
      payload: Uint8Array.from(message.data),
    });
  }

  #committed({ stored, refused, marks }: Delivered): void {
    for (const id of stored) this.#done(id)?.ack();
    for (const [id, why] of refused) {
      const message = this.#done(id);
      if (message !== undefined) void this.#putAside(message, why);
    }
    const sensors = new Set<string>();
    for (const { sensor, run, sequence } of marks) {
      for (const other of [sensor, ...this.#asking(run)]) {
        this.#mark(other, run, sequence);
        sensors.add(other);
      }
    }
    for (const sensor of sensors) this.#tell(sensor);
    if (this.#bytes > UNCOMMITTED_BYTES_MAX / 2) return;
    this.#room?.();
    this.#room = undefined;
  }

  #done(id: number): JsMsg | undefined {
    const message = this.#uncommitted.get(id);
    this.#uncommitted.delete(id);
    this.#bytes -= message?.data.length ?? 0;
    return message;
  }

  /** Acknowledged whatever becomes of it: the site goes on, and the reason stands in coverage. */
  async #putAside(message: JsMsg, why: string): Promise<void> {
    const { site, log } = this.#options;
    const sensor = senderOf(message.subject)?.sensor ?? "";
    log(`a batch of the sensor ${sensor} was refused: ${why}`);
    const about = headers();
    about.set("Auscult-Reason", why.slice(0, REASON_LENGTH_MAX));
    about.set("Auscult-Parcel", (message.headers?.get("Nats-Msg-Id") ?? "").slice(0, REASON_LENGTH_MAX));
    const kept = message.data.length <= ASIDE_BYTES_MAX ? message.data : new Uint8Array();
    try {
      await this.#jetstream.publish(refusedSubject(site, sensor), kept, { headers: about, timeout: ANSWER_MS });
    } catch (error) {
      log(`it could not be put aside: ${(error as Error).message}`);
    }
    message.term();
  }

  /** Sensors that asked for it: a capture may be read by two. */
  #asking(run: string): readonly string[] {
    return [...this.#marks].filter(([, runs]) => runs.has(run)).map(([sensor]) => sensor);
  }

  #mark(sensor: string, run: string, sequence: number): void {
    let runs = this.#marks.get(sensor);
    if (runs === undefined) this.#marks.set(sensor, (runs = new Map()));
    runs.delete(run);
    runs.set(run, sequence);
    const [oldest] = runs.keys();
    if (runs.size > RUNS_TOLD_MAX) runs.delete(oldest!);
  }

  async #lookUp(sensor: string, run: string): Promise<void> {
    try {
      const sequence = await this.#options.writer.stored(run);
      // Committed meanwhile: then that is newer.
      if (!this.#marks.get(sensor)?.has(run)) this.#mark(sensor, run, sequence);
    } catch {
      // The recording is closed or lost: whoever has the site next is asked again.
    }
  }

  #tellAll(): void {
    for (const sensor of this.#marks.keys()) this.#tell(sensor);
  }

  #tell(sensor: string): void {
    const { connection, site } = this.#options;
    if (this.#stream === "" || connection.isClosed()) return;
    const pending = Math.max(this.#pending, this.#uncommitted.size);
    const mark: Mark = { stream: this.#stream, core: this.#me, pending, runs: [...(this.#marks.get(sensor) ?? [])] };
    connection.publish(markSubject(site, sensor), JSON.stringify(mark));
  }

  /** How much waits at the broker; and whether there is anything to take from. */
  async #look(): Promise<void> {
    if (this.#messages === undefined || this.#trouble !== "") return;
    try {
      const manager = await jetstreamManager(this.#options.connection, { timeout: ANSWER_MS, checkAPI: false });
      const info = await manager.consumers.info(streamOf(this.#options.site), CONSUMER);
      this.#pending = info.num_pending + info.num_ack_pending;
      this.#options.changed();
    } catch (error) {
      // Another stream than the one we take from, or none: from the start.
      if (!this.#closed) this.#troubled((error as Error).message);
      this.#messages.stop();
    }
  }

  #troubled(words: string): void {
    if (words === this.#trouble) return;
    this.#trouble = words;
    this.#options.log(words === "" ? "batches come from the broker" : `no batches come from the broker: ${words}`);
    this.#options.changed();
  }
}
