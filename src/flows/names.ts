/**
 * Host names are kept when they belong to a machine that answers for a service, or speaks a clinical, building or server protocol. Of
 * all others only the pattern and a keyed hash go on: a name may be a person's (README.md, promise 4).
 *
 * A machine often says its name before it shows what it is, so names wait here, in the sensor's memory alone, until it does.
 */
import { createHmac } from "node:crypto";
import type { Attribute } from "../model/observation.ts";
import type { Subject } from "./batches.ts";
import { KeySet } from "./key-set.ts";

/** Names that wait; a ward full of visitors' telephones has a few hundred. The oldest goes first. */
const WAITING_MAX = 20_000;
/** Machines known to serve. */
const SERVING_MAX = 2_000_000;
const HASH_DIGITS = 16;
const HASHES_KEPT_MAX = 10_000;

/** What a machine is known by: a MAC as a number, or a number that stands for an IP in its space (`Hosts.ipKey`). */
export type Key = number;

interface Waiting {
  readonly keys: readonly Key[];
  readonly named: Named;
}

export interface Named {
  readonly about: Subject;
  readonly attribute: Attribute;
  readonly value: string;
  readonly protocol: string;
  readonly via: number;
  readonly at: number;
}

export class Names {
  readonly #key: Buffer;
  /** Keys of machines whose names may be told. */
  readonly #serving = new KeySet();
  /** A machine says its name again and again. */
  readonly #hashes = new Map<string, string>();
  readonly #waiting = new Map<string, Waiting>();
  /** Which of them wait for a machine, by each of its keys. */
  readonly #waitingFor = new Map<Key, Set<string>>();

  constructor(hashKey: string) {
    this.#key = Buffer.from(hashKey, "hex");
  }

  mayTell(keys: readonly Key[]): boolean {
    return keys.some((key) => this.#serving.has(key));
  }

  /** This machine serves: its names may be told from now on. Those that waited for it come back. */
  serves(keys: readonly Key[]): readonly Named[] {
    if (keys.every((key) => this.#serving.has(key))) return NONE;
    if (this.#serving.size < SERVING_MAX) for (const key of keys) this.#serving.add(key);
    const ids = new Set(keys.flatMap((key) => [...(this.#waitingFor.get(key) ?? [])]));
    return [...ids].map((id) => this.#forget(id)!);
  }

  wait(keys: readonly Key[], named: Named): void {
    const id = `${named.about.host} ${named.attribute} ${named.protocol} ${named.value}`;
    if (this.#waiting.has(id)) return;
    if (this.#waiting.size >= WAITING_MAX) this.#forget(this.#waiting.keys().next().value!);
    this.#waiting.set(id, { keys, named });
    for (const key of keys) {
      const ids = this.#waitingFor.get(key);
      if (ids === undefined) this.#waitingFor.set(key, new Set([id]));
      else ids.add(id);
    }
  }

  #forget(id: string): Named | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    for (const key of waiting?.keys ?? []) {
      const ids = this.#waitingFor.get(key);
      ids?.delete(id);
      if (ids?.size === 0) this.#waitingFor.delete(key);
    }
    return waiting?.named;
  }

  /** Letters a, digits 9, the rest as it is: `aaaa-99`. */
  pattern(name: string): string {
    return name.replace(/\p{L}/gu, "a").replace(/\p{N}/gu, "9");
  }

  hash(name: string): string {
    const known = this.#hashes.get(name);
    if (known !== undefined) return known;
    const hash = createHmac("sha256", this.#key).update(name.toLowerCase()).digest("hex").slice(0, HASH_DIGITS);
    if (this.#hashes.size >= HASHES_KEPT_MAX) this.#hashes.clear();
    this.#hashes.set(name, hash);
    return hash;
  }
}

const NONE: readonly Named[] = [];
