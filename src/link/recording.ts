/** A recording that is being written: the main thread's handle on its core, which runs in a worker (`recording-worker.ts`). */
import { Worker } from "node:worker_threads";
import type { CoreOptions } from "../core.ts";
import type { SensorLine } from "../model/batch.ts";
import type { SaidOfScanning } from "../model/do-not-scan.ts";
import type { SaidOfFinding } from "../model/finding.ts";
import type { AttachedPaper } from "../model/paper.ts";
import type { SaidOfWeakness } from "../model/weakness-report.ts";
import type { Merge, RunMark, Said, SaidList, Split } from "../model/store.ts";
import type { Tally } from "../model/tally.ts";
import type { Delivered, Delivery } from "./broker/delivering.ts";
import { placeOf } from "../store/postgres/place.ts";
import { NO_TALLY } from "./tally.ts";

export type Ask =
  | { readonly what: "stored"; readonly run: string }
  | { readonly what: "flush" }
  | { readonly what: "settle" }
  | { readonly what: "say"; readonly said: Said }
  | { readonly what: "list"; readonly list: SaidList }
  | { readonly what: "merge"; readonly merge: Merge }
  | { readonly what: "split"; readonly split: Split }
  | { readonly what: "finding"; readonly said: SaidOfFinding }
  | { readonly what: "weakness"; readonly said: SaidOfWeakness }
  | { readonly what: "scanning"; readonly said: SaidOfScanning }
  | { readonly what: "attach"; readonly paper: AttachedPaper }
  | { readonly what: "undo"; readonly change: number; readonly who: string; readonly reason: string }
  | { readonly what: "close" };
export type Request =
  | { readonly kind: "chunk"; readonly source: number; readonly bytes: Uint8Array }
  | { readonly kind: "deliver"; readonly delivery: Delivery }
  | { readonly kind: "ask"; readonly id: number; readonly ask: Ask }
  | { readonly kind: "end"; readonly source: number }
  | { readonly kind: "note"; readonly input: string; readonly words: string }
  | { readonly kind: "drops"; readonly input: string; readonly frames: number }
  | { readonly kind: "ended"; readonly run: string; readonly trouble: string; readonly by: string | undefined }
  | { readonly kind: "address"; readonly address: string }
  | { readonly kind: "standing"; readonly words: string };
export type Answer =
  | {
      readonly kind: "opened";
      readonly hashKey: string;
      readonly interrupted: readonly string[];
      readonly devices: number;
      readonly marks: readonly RunMark[];
    }
  | { readonly kind: "failed"; readonly message: string; readonly name: string }
  | { readonly kind: "taken"; readonly source: number; readonly bytes: number; readonly lines: readonly SensorLine[] }
  | { readonly kind: "answer"; readonly id: number; readonly value?: number; readonly error?: string }
  | { readonly kind: "news"; readonly devices: number; readonly tally: Tally }
  | { readonly kind: "refused"; readonly source: number; readonly why: string; readonly restart: boolean }
  | { readonly kind: "delivered"; readonly delivered: Delivered }
  | { readonly kind: "disk"; readonly trouble: string | null };

export interface WriterOptions extends Omit<CoreOptions, "path"> {
  /** Somebody looks on: what is heard is stored and worked out as soon as that costs little, rather than once a second. */
  readonly watched?: boolean;
}
export type WorkerOptions = WriterOptions & Pick<CoreOptions, "path">;

/** Another process writes this recording; the message names it. */
export class WriterBusy extends Error {}

/** What keeps this recording does not answer now. */
export class WriterAway extends Error {}

export interface RecordingSource {
  /** Raw output of one sensor. The bytes are handed over. */
  accept(chunk: Uint8Array<ArrayBuffer>): void;
  /** Resolves when everything accepted so far is taken. */
  taken(): Promise<void>;
}

/** `devices`: how many there are now. `refused`: a batch was none. `delivered`: what is committed. `disk`: it takes nothing, or null when it does again. */
export interface WriterNews {
  readonly devices?: number;
  readonly refused?: { readonly why: string; readonly restart: boolean };
  readonly delivered?: Delivered;
  readonly disk?: string | null;
}

export interface RecordingWriter {
  /** 32 bytes in hex. */
  readonly hashKey: string;
  /** Inputs that were interrupted when it was last written. */
  readonly interrupted: readonly string[];
  readonly devices: number;
  /** What it stored since it was opened, as of the last news. */
  readonly tally: Tally;
  /** Highest batch of this run that is stored without a gap below it; 0 when none is. */
  stored(run: string): Promise<number>;
  /** A sentence for coverage. Said twice it stands there once. */
  note(input: string, words: string): void;
  /** So many frames more were dropped before a sensor could read them. */
  drops(input: string, frames: number): void;
  /**
   * `trouble`: why the rest of a file was left; "" when it was read whole, or listening ended in order. `by`: of a sensor elsewhere that says
   * so its name; another's runs are not its to end.
   */
  ended(run: string, trouble: string, by?: string): void;
  /** Where our page is, for whoever wants to write the same recording. */
  tellAddress(address: string): void;
  /** How the site stands, kept with it for other cores to tell. */
  keepStanding(words: string): void;
  source(handler: (line: SensorLine) => void): RecordingSource;
  /** A batch of a broker; what becomes of it comes as news when it is committed. Its payload is handed over. */
  deliver(delivery: Delivery & { readonly payload: Uint8Array<ArrayBuffer> }): void;
  /** How far each run has come that began of late, as it was when the recording was opened for what a broker delivers. */
  readonly marks: readonly RunMark[];
  /** Bytes given and not taken yet. */
  behind(): number;
  /** Resolves when all that was given is stored, and every device is worked out. */
  settle(): Promise<void>;
  say(said: Said): Promise<void>;
  /** Answers the number of the change that takes all of it back. */
  sayList(list: SaidList): Promise<number>;
  merge(merge: Merge): Promise<void>;
  split(split: Split): Promise<void>;
  /** Answers the number of the change. */
  sayOfFinding(said: SaidOfFinding): Promise<number>;
  /** As above. */
  sayOfWeakness(said: SaidOfWeakness): Promise<number>;
  /** As above. */
  sayOfScanning(said: SaidOfScanning): Promise<number>;
  /** As above. */
  attach(paper: AttachedPaper): Promise<number>;
  undo(change: number, who: string, reason: string): Promise<void>;
  /** A copy of this moment in a new file, checked. */
  backup(file: string): Promise<void>;
  subscribe(handler: (news: WriterNews) => void): () => void;
  /** Rejects when it can be written no more though nobody closed it. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
}

/** What takes batches of a sensor: a recording, or a spool on the way to one. */
export type Intake = Pick<RecordingWriter, "hashKey" | "stored" | "note" | "drops" | "ended" | "source" | "behind" | "subscribe">;

/** Rejects with WriterBusy while another process writes it, with WriterAway where its database does not answer, and with an Error for people when it cannot be written. */
export function openWriter(path: string, options: WriterOptions): Promise<RecordingWriter> {
  const worker = new Worker(new URL("./recording-worker.ts", import.meta.url), {
    workerData: { path, ...options } satisfies WorkerOptions,
  });
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (first: Answer) => {
      worker.off("error", reject);
      if (first.kind === "opened") return resolve(new WorkerWriter(path, worker, first));
      void worker.terminate();
      const { message, name } = first as Extract<Answer, { kind: "failed" }>;
      const Refusal = REFUSALS.get(name) ?? Error;
      reject(new Refusal(message));
    });
  });
}

const REFUSALS: ReadonlyMap<string, new (message: string) => Error> = new Map([
  ["RecordingBusy", WriterBusy],
  ["DatabaseAway", WriterAway],
]);

interface OpenSource {
  readonly handler: (line: SensorLine) => void;
  behind: number;
  waiting: (() => void)[];
}

class WorkerWriter implements RecordingWriter {
  readonly hashKey: string;
  readonly interrupted: readonly string[];
  readonly marks: readonly RunMark[];
  devices: number;
  tally = NO_TALLY;
  readonly failed: Promise<never>;
  readonly #path: string;
  readonly #worker: Worker;
  readonly #sources = new Map<number, OpenSource>();
  readonly #asked = new Map<number, { resolve: (value: number) => void; reject: (error: Error) => void }>();
  readonly #handlers = new Set<(news: WriterNews) => void>();
  #next = 1;
  #failed: Error | undefined;

  constructor(path: string, worker: Worker, { hashKey, interrupted, devices, marks }: Extract<Answer, { kind: "opened" }>) {
    this.#path = path;
    this.#worker = worker;
    this.hashKey = hashKey;
    this.interrupted = interrupted;
    this.devices = devices;
    this.marks = marks;
    worker.on("message", (answer: Answer) => this.#answer(answer));
    const { promise, reject } = Promise.withResolvers<never>();
    this.failed = promise;
    this.failed.catch(() => undefined); // Whoever waits for it hears it too.
    worker.on("error", (error: Error) => {
      this.#fail(error);
      reject(error);
    });
    worker.on("exit", () => this.#fail(new Error("the recording was closed")));
  }

  stored(run: string): Promise<number> {
    return this.#ask({ what: "stored", run });
  }

  note(input: string, words: string): void {
    this.#send({ kind: "note", input, words });
  }

  drops(input: string, frames: number): void {
    this.#send({ kind: "drops", input, frames });
  }

  ended(run: string, trouble: string, by?: string): void {
    this.#send({ kind: "ended", run, trouble, by });
  }

  tellAddress(address: string): void {
    this.#send({ kind: "address", address });
  }

  keepStanding(words: string): void {
    this.#send({ kind: "standing", words });
  }

  behind(): number {
    if (this.#failed !== undefined) return 0; // Nobody waits for what is not taken any more.
    let sum = 0;
    for (const source of this.#sources.values()) sum += source.behind;
    return sum;
  }

  async settle(): Promise<void> {
    await this.#ask({ what: "settle" });
  }

  async say(said: Said): Promise<void> {
    await this.#ask({ what: "say", said });
  }

  sayList(list: SaidList): Promise<number> {
    return this.#ask({ what: "list", list });
  }

  async merge(merge: Merge): Promise<void> {
    await this.#ask({ what: "merge", merge });
  }

  async split(split: Split): Promise<void> {
    await this.#ask({ what: "split", split });
  }

  sayOfFinding(said: SaidOfFinding): Promise<number> {
    return this.#ask({ what: "finding", said });
  }

  sayOfWeakness(said: SaidOfWeakness): Promise<number> {
    return this.#ask({ what: "weakness", said });
  }

  sayOfScanning(said: SaidOfScanning): Promise<number> {
    return this.#ask({ what: "scanning", said });
  }

  attach(paper: AttachedPaper): Promise<number> {
    return this.#ask({ what: "attach", paper });
  }

  async undo(change: number, who: string, reason: string): Promise<void> {
    await this.#ask({ what: "undo", change, who, reason });
  }

  /** In a thread of its own: copying a hospital takes longer than anybody may wait for his batches to be taken. */
  async backup(file: string): Promise<void> {
    if (placeOf(this.#path) !== null)
      throw new Error("expected a recording in a file; this site is kept in PostgreSQL: copy its database with pg_basebackup or pg_dump");
    await this.#ask({ what: "flush" });
    const worker = new Worker(new URL("./backup-worker.ts", import.meta.url), { workerData: { path: this.#path, file } });
    await new Promise<void>((resolve, reject) => worker.once("error", reject).once("exit", () => resolve()));
  }

  async close(): Promise<void> {
    if (this.#failed !== undefined) return;
    const gone = new Promise((resolve) => this.#worker.once("exit", resolve));
    await this.#ask({ what: "close" });
    await gone;
  }

  subscribe(handler: (news: WriterNews) => void): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  deliver(delivery: Delivery & { readonly payload: Uint8Array<ArrayBuffer> }): void {
    if (this.#failed === undefined) this.#worker.postMessage({ kind: "deliver", delivery } satisfies Request, [delivery.payload.buffer]);
  }

  source(handler: (line: SensorLine) => void): RecordingSource {
    const number = this.#next++;
    const source: OpenSource = { handler, behind: 0, waiting: [] };
    this.#sources.set(number, source);
    return {
      accept: (bytes) => {
        source.behind += bytes.length;
        this.#worker.postMessage({ kind: "chunk", source: number, bytes } satisfies Request, [bytes.buffer]);
      },
      taken: async () => {
        if (source.behind > 0 && this.#failed === undefined) await new Promise<void>((resolve) => source.waiting.push(resolve));
        this.#sources.delete(number);
        this.#send({ kind: "end", source: number });
      },
    };
  }

  #answer(answer: Answer): void {
    switch (answer.kind) {
      case "taken": {
        const source = this.#sources.get(answer.source);
        if (source === undefined) return;
        source.behind -= answer.bytes;
        for (const line of answer.lines) source.handler(line);
        if (source.behind === 0) for (const resolve of source.waiting.splice(0)) resolve();
        return;
      }
      case "answer": {
        const asked = this.#asked.get(answer.id);
        this.#asked.delete(answer.id);
        if (answer.error === undefined) asked?.resolve(answer.value ?? 0);
        else asked?.reject(new Error(answer.error));
        return;
      }
      case "news":
        this.devices = answer.devices;
        this.tally = answer.tally;
        return this.#tell({ devices: answer.devices });
      case "refused":
        return this.#tell({ refused: { why: answer.why, restart: answer.restart } });
      case "delivered":
        return this.#tell({ delivered: answer.delivered });
      case "disk":
        return this.#tell({ disk: answer.trouble });
    }
  }

  #tell(news: WriterNews): void {
    for (const handler of this.#handlers) handler(news);
  }

  #ask(ask: Ask): Promise<number> {
    if (this.#failed !== undefined) return Promise.reject(this.#failed);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#send({ kind: "ask", id, ask });
    });
  }

  #send(request: Request): void {
    if (this.#failed === undefined) this.#worker.postMessage(request);
  }

  /** The worker is gone: whoever waits for it is told. */
  #fail(error: Error): void {
    this.#failed ??= error;
    for (const { reject } of this.#asked.values()) reject(this.#failed);
    this.#asked.clear();
    for (const source of this.#sources.values()) for (const resolve of source.waiting.splice(0)) resolve();
  }
}
