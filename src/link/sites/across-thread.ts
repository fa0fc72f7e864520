/** Questions over many sites in a thread of their own, so that no page waits for them. This file is both ends. */
import { parentPort, Worker, workerData } from "node:worker_threads";
import { Across } from "../../across.ts";
import { BadQuery } from "../../model/store.ts";

type Method = "devices" | "growth" | "recall";
type Values<Name extends Method> = Parameters<Across[Name]>;
type Answer = { readonly call: number } & ({ readonly value: unknown } | { readonly error: string; readonly isQuery: boolean });

export class AcrossThread {
  readonly #database: string;
  #worker: Worker | undefined;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #calls = 0;

  /** Begun with the first question. */
  constructor(database: string) {
    this.#database = database;
  }

  ask<Name extends Method>(what: Name, ...values: Values<Name>): Promise<ReturnType<Across[Name]>> {
    const worker = (this.#worker ??= this.#begun());
    const call = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      worker.postMessage({ call, what, values });
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #begun(): Worker {
    const worker = new Worker(new URL("./across-thread.ts", import.meta.url), { workerData: { across: this.#database } satisfies Task });
    worker.unref();
    worker.on("message", (answer: Answer) => {
      const waiting = this.#waiting.get(answer.call);
      this.#waiting.delete(answer.call);
      if ("value" in answer) waiting?.resolve(answer.value);
      else waiting?.reject(answer.isQuery ? new BadQuery(answer.error) : new Error(answer.error));
    });
    const gone = (error: Error) => {
      this.#worker = undefined;
      for (const waiting of this.#waiting.values()) waiting.reject(error);
      this.#waiting.clear();
    };
    worker.on("error", gone);
    worker.on("exit", () => gone(new Error("the sites are closed")));
    return worker;
  }
}

// The other end. -------------------------------------------------------------------------------------------------------------

/** Any worker may load this file: only one that was started for it answers. */
interface Task {
  readonly across: string;
}

const task = workerData as Task | null;
if (parentPort !== null && task !== null && typeof task === "object" && "across" in task) answerTo(parentPort, task.across);

function answerTo(port: NonNullable<typeof parentPort>, database: string): void {
  let across: Across | null = null;
  port.on("message", ({ call, what, values }: { call: number; what: Method; values: unknown[] }) => {
    try {
      across ??= new Across(database);
      const value = (across[what] as (...values: readonly unknown[]) => unknown)(...values);
      port.postMessage({ call, value } satisfies Answer);
    } catch (error) {
      const isQuery = error instanceof BadQuery;
      // A connection that was lost is not made anew by itself.
      if (!isQuery) across = closed(across);
      port.postMessage({ call, error: (error as Error).message, isQuery } satisfies Answer);
    }
  });
}

function closed(across: Across | null): null {
  across?.close();
  return null;
}
