/**
 * The evaluation for millions of conversations: devices that belong to the same sets are one class, and what was once asked of two
 * classes and a service is looked up. Asks `judgeConversation`, and nothing else decides.
 */
import type { CompiledPolicy, Decision } from "../model/policy.ts";
import type { HeardConversation, Machine } from "../model/replay.ts";
import { judgeConversation } from "./evaluate.ts";

/** Beyond this only what occurs is kept. */
const TABLE_CELLS_MAX = 64_000_000;

export class Decisions {
  readonly #policy: CompiledPolicy;
  readonly #classOf = new Map<number, number>();
  readonly #places: (readonly number[])[] = [];
  readonly #services = new Map<string, number>();
  readonly #servicesMax: number;
  readonly #table: Int32Array | null;
  readonly #beyond = new Map<number, number>();
  /** What a number in the table stands for. */
  readonly #decisions: Decision[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(policy: CompiledPolicy, places: (machine: number) => readonly number[], machines: readonly Machine[], conversations: readonly HeardConversation[]) {
    this.#policy = policy;
    const classes = new Map<string, number>();
    for (const { number } of machines) {
      const own = places(number);
      const key = own.join(" ");
      let place = classes.get(key);
      if (place === undefined) {
        classes.set(key, (place = this.#places.length));
        this.#places.push(own);
      }
      this.#classOf.set(number, place);
    }
    for (const it of conversations) this.#serviceOf(it);
    this.#servicesMax = this.#services.size;
    const cells = this.#places.length ** 2 * this.#servicesMax;
    this.#table = cells <= TABLE_CELLS_MAX ? new Int32Array(cells) : null;
  }

  /** Of a conversation that was among those it was made for; `reversed`: had the other side begun it. */
  of(it: HeardConversation, reversed = false): Decision {
    const [client, server] = reversed ? [it.server, it.client] : [it.client, it.server];
    const [a, b] = [this.#classOf.get(client)!, this.#classOf.get(server)!];
    const cell = (a * this.#places.length + b) * this.#servicesMax + this.#serviceOf(it);
    const known = this.#table === null ? this.#beyond.get(cell) : this.#table[cell];
    if (known !== undefined && known !== 0) return this.#decisions[known - 1]!;
    const decision = judgeConversation(this.#policy, { ...it, client: this.#places[a]!, server: this.#places[b]! });
    const number = this.#numberOf(decision);
    if (this.#table === null) this.#beyond.set(cell, number);
    else this.#table[cell] = number;
    return decision;
  }

  #serviceOf({ transport, port, family }: HeardConversation): number {
    const key = `${transport} ${port} ${family}`;
    let place = this.#services.get(key);
    if (place === undefined) this.#services.set(key, (place = this.#services.size));
    return place;
  }

  #numberOf(decision: Decision): number {
    const key = JSON.stringify(decision);
    let number = this.#numbers.get(key);
    if (number === undefined) this.#numbers.set(key, (number = this.#decisions.push(decision)));
    return number;
  }
} // prettier-ignore
