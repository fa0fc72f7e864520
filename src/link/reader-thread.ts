/**
 * A recording's reader in a thread of its own, so that a question over a whole hospital holds up no page. This file is both ends: each
 * call is a message with a number, its answer another; a document goes over piece by piece, each when it is asked for.
 */
import { parentPort, Worker, workerData } from "node:worker_threads";
import { BadQuery } from "../model/store.ts";
import type { RecordingReader } from "../model/store.ts";
import { openReader } from "../reader.ts";

type Method = Exclude<keyof RecordingReader, "inventory">;
type Result<Name extends Method> = Awaited<ReturnType<RecordingReader[Name]>>;

type Request = { readonly call: number } & (
  | { readonly what: Method; readonly values: readonly unknown[] }
  /** A document is known by the call that began it. */
  | { readonly what: "document" }
  | { readonly what: "piece" | "enough"; readonly document: number }
);
type Answer = { readonly call: number } & (
  | { readonly value: unknown }
  /** Of an error only its words and its make survive the way: whose mistake it is stands beside it. */
  | { readonly error: unknown; readonly of: Of }
  /** A class of ours does not survive the way. */
  | { readonly query: Pick<BadQuery, "message" | "column" | "suggestion" | "length"> }
);

/** What Node and SQLite say of an error. */
type Of = Partial<Pick<NodeJS.ErrnoException, "code" | "syscall">>;

/** The call that opened it. */
const OPENING = 0;
/** Any worker may load this file: only one that was started for it answers. */
interface Task {
  readonly readerOf: string;
}

/** Rejects as `openReader` does. */
export async function openReaderThread(path: string): Promise<RecordingReader> {
  const thread = new Thread(path);
  await thread.opened;
  return {
    devices: (query) => thread.ask("devices", query),
    facets: (filter, fields) => thread.ask("facets", filter, fields),
    device: (id) => thread.ask("device", id),
    conversations: (id, offset, limit) => thread.ask("conversations", id, offset, limit),
    coverage: () => thread.ask("coverage"),
    renew: () => thread.ask("renew"),
    changes: (offset, limit) => thread.ask("changes", offset, limit),
    waiting: () => thread.ask("waiting"),
    findings: (query) => thread.ask("findings", query),
    finding: (id) => thread.ask("finding", id),
    fleet: () => thread.ask("fleet"),
    risks: (query) => thread.ask("risks", query),
    risk: (id, walls) => thread.ask("risk", id, walls),
    today: (question) => thread.ask("today", question),
    findingFlows: () => thread.ask("findingFlows"),
    weaknesses: (query) => thread.ask("weaknesses", query),
    weakness: (name, offset, limit) => thread.ask("weakness", name, offset, limit),
    papersOf: (device) => thread.ask("papersOf", device),
    disclosureOf: (device) => thread.ask("disclosureOf", device),
    weaknessesOf: (device) => thread.ask("weaknessesOf", device),
    doNotScan: (query) => thread.ask("doNotScan", query),
    doNotScanOf: (device, days) => thread.ask("doNotScanOf", device, days),
    doNotScanExported: (question) => thread.ask("doNotScanExported", question),
    guards: (device) => thread.ask("guards", device),
    list: (question) => thread.ask("list", question),
    lifecycle: (by) => thread.ask("lifecycle", by),
    recall: (question, list) => thread.ask("recall", question, list),
    trend: (walls) => thread.ask("trend", walls),
    publishedRecalls: () => thread.ask("publishedRecalls"),
    exported: (question) => thread.ask("exported", question),
    why: (question) => thread.ask("why", question),
    compare: (question) => thread.ask("compare", question),
    policyGroup: (question, group) => thread.ask("policyGroup", question, group),
    reach: (question) => thread.ask("reach", question),
    policy: (question) => thread.ask("policy", question),
    inventory: () => thread.document(),
    close: async () => {
      await thread.ask("close");
      await thread.end();
    },
  };
}

class Thread {
  readonly opened: Promise<unknown>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  #calls = OPENING;
  #ended: Error | null = null;

  constructor(path: string) {
    this.#worker = new Worker(new URL("./reader-thread.ts", import.meta.url), { workerData: { readerOf: path } satisfies Task });
    this.#worker.on("message", (answer: Answer) => this.#answer(answer));
    this.#worker.on("error", (error) => this.#fail(new Error("the thread that reads the recording failed", { cause: error })));
    this.#worker.on("exit", () => this.#fail(new Error("the recording is closed")));
    this.opened = new Promise((resolve, reject) => this.#waiting.set(OPENING, { resolve, reject }));
  }

  async ask<Name extends Method>(what: Name, ...values: Parameters<RecordingReader[Name]>): Promise<Result<Name>> {
    return (await this.#call({ what, values })) as Result<Name>;
  }

  async *document(): AsyncGenerator<string> {
    const document = (await this.#call({ what: "document" })) as number;
    let whole = false;
    try {
      for (;;) {
        const piece = (await this.#call({ what: "piece", document })) as string | null;
        whole = piece === null;
        if (piece === null) return;
        yield piece;
      }
    } finally {
      if (!whole && this.#ended === null) await this.#call({ what: "enough", document });
    }
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #call(request: DistributiveOmit<Request, "call">): Promise<unknown> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const call = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      this.#worker.postMessage({ call, ...request } satisfies Request);
    });
  }

  #answer(answer: Answer): void {
    const waiting = this.#waiting.get(answer.call)!;
    this.#waiting.delete(answer.call);
    if ("value" in answer) waiting.resolve(answer.value);
    else if ("error" in answer) waiting.reject(answer.error instanceof Error ? Object.assign(answer.error, answer.of) : answer.error);
    else waiting.reject(new BadQuery(answer.query.message, answer.query.column, answer.query.suggestion, answer.query.length));
  }

  #fail(error: Error): void {
    this.#ended ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
    this.#waiting.clear();
  }
}

type DistributiveOmit<Of, Name extends PropertyKey> = Of extends unknown ? Omit<Of, Name> : never;

// The other end. -------------------------------------------------------------------------------------------------------------

const task = workerData as Task | null;
if (parentPort !== null && task !== null && typeof task === "object" && "readerOf" in task) void answerTo(parentPort, task.readerOf);

async function answerTo(port: NonNullable<typeof parentPort>, path: string): Promise<void> {
  const documents = new Map<number, AsyncIterator<string>>();
  const answer = async (call: number, work: () => Promise<unknown>) =>
    port.postMessage({ call, ...(await outcome(work)) } satisfies Answer);
  let reader: RecordingReader | undefined;
  await answer(OPENING, async () => {
    reader = await openReader(path);
  });
  if (reader === undefined) return;
  const open = reader;

  const piece = async (document: number): Promise<string | null> => {
    const step = await documents.get(document)!.next();
    if (step.done === true) documents.delete(document);
    return step.done === true ? null : step.value;
  };
  const enough = async (document: number) => {
    await documents.get(document)?.return?.();
    documents.delete(document);
  };
  port.on("message", (request: Request) => {
    void answer(request.call, async () => {
      switch (request.what) {
        case "document":
          documents.set(request.call, open.inventory()[Symbol.asyncIterator]());
          return request.call;
        case "piece":
          return piece(request.document);
        case "enough":
          return enough(request.document);
        default:
          return (open[request.what] as (...values: readonly unknown[]) => Promise<unknown>)(...request.values);
      }
    });
  });
}

async function outcome(work: () => Promise<unknown>) {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof BadQuery)) return { error, of: ofError(error) };
    const { message, column, suggestion, length } = error;
    return { query: { message, column, suggestion, length } };
  }
}

function ofError(error: unknown): Of {
  if (!(error instanceof Error)) return {};
  const { code, syscall } = error as NodeJS.ErrnoException;
  return { ...(code === undefined ? {} : { code }), ...(syscall === undefined ? {} : { syscall }) };
}
