/** What was told of each endpoint so far: what never was need neither be asked for nor looked for before it is written. */
import type { Engine } from "./engine.ts";

/** A bit each. */
export const Kind = { claim: 1, client: 2, server: 4 } as const;
type Kinds = (typeof Kind)[keyof typeof Kind];

export class Told {
  #kinds: Uint8Array;

  constructor(database: Engine) {
    // What an earlier writer was told of them is not known: anything.
    const stored = Number(database.prepare("SELECT max(number) AS number FROM endpoint").get()?.["number"] ?? 0);
    this.#kinds = new Uint8Array(Math.max(1_024, stored + 1)).fill(Kind.claim | Kind.client | Kind.server, 0, stored + 1);
  }

  /** True when this is the first of its kind. A transaction that fails afterwards makes no difference: it may have been told then. */
  add(endpoint: number, kind: Kinds): boolean {
    if (endpoint >= this.#kinds.length) {
      const larger = new Uint8Array(Math.max(endpoint + 1, this.#kinds.length * 2));
      larger.set(this.#kinds);
      this.#kinds = larger;
    }
    const before = this.#kinds[endpoint]!;
    this.#kinds[endpoint] = before | kind;
    return (before & kind) === 0;
  }

  has(endpoint: number, kind: Kinds): boolean {
    return ((this.#kinds[endpoint] ?? 0) & kind) !== 0;
  }
}
