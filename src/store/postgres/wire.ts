/**
 * PostgreSQL for a thread that waits: what is asked goes to a thread of its own, which has the client library, and the asking one sleeps
 * until the answer is there. So the store, which works with a database as one calls a function, does so with either engine.
 */
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from "node:worker_threads";
import type { Value } from "../engine.ts";

export interface Asked {
  readonly text: string;
  readonly values: readonly Value[];
  /** Several statements in one text, without values and without an answer. */
  readonly simple?: boolean;
}
export type Ask = { readonly statements: readonly Asked[]; readonly end?: false } | { readonly end: true };
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}
export type Answer = { readonly rows: Rows | null } | { readonly error: string; readonly code: string };

export interface WireOptions {
  readonly url: string;
  readonly application: string;
  readonly port: MessagePort;
  readonly signal: SharedArrayBuffer;
}

/** Nothing we ask takes as long; a server that was paused or cut off is given up by then, and with it what was held there. */
const ANSWER_MS_MAX = 300_000;

/** What the server refused; `code` is its SQLSTATE, or the client's own name for a connection that failed. */
export class PostgresError extends Error {
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }

  /** Nobody answers any more: class 08, a server that ends or is not there yet, and what the client says of a socket. */
  get isLoss(): boolean {
    return /^(08|57P0[1-5]$|CONN|E[A-Z])/.test(this.code);
  }
}

export class Wire {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #turn: Int32Array;
  #lost: PostgresError | null = null;

  constructor(url: string, application: string) {
    const { port1, port2 } = new MessageChannel();
    const signal = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    this.#port = port1;
    this.#turn = new Int32Array(signal);
    const workerData: WireOptions = { url, application, port: port2, signal };
    this.#worker = new Worker(new URL("./client.ts", import.meta.url), { workerData, transferList: [port2] });
    this.#worker.unref();
  }

  get isLost(): boolean {
    return this.#lost !== null;
  }

  /** Answers the rows of the last one. Throws PostgresError; after a connection that was lost always. */
  ask(statements: readonly Asked[]): Rows | null {
    if (this.#lost !== null) throw this.#lost;
    const answer = this.#answered({ statements });
    if ("rows" in answer) return answer.rows;
    const error = new PostgresError(answer.error, answer.code);
    if (error.isLoss) this.#lost = error;
    throw error;
  }

  close(): void {
    if (this.#lost === null) this.#answered({ end: true });
    this.#lost = new PostgresError("the database is closed", "CONNECTION_ENDED");
    this.#port.close();
    void this.#worker.terminate();
  }

  #answered(ask: Ask): Answer {
    const before = Atomics.load(this.#turn, 0);
    this.#port.postMessage(ask);
    Atomics.wait(this.#turn, 0, before, ANSWER_MS_MAX);
    const received = receiveMessageOnPort(this.#port);
    return received?.message ?? { error: `the database did not answer within ${ANSWER_MS_MAX / 1_000} s`, code: "CONNECTION_CLOSED" };
  }
}
