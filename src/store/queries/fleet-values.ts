/** What hundreds of thousands of devices have in common is kept once. */
import { CONFIDENCE_MAX, confidenceOf, LEAD_SAID } from "../../model/device.ts";
import type { Stated } from "../../model/device.ts";
import type { Store } from "../reader.ts";

/** Texts that come again and again, each by a number; the empty one is 0. */
export class Texts {
  readonly #texts = [""];
  readonly #numbers = new Map([["", 0]]);
  readonly #words = new Map<number, readonly string[]>([[0, []]]);
  readonly #joins = new Map<string, number>();

  of(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) this.#numbers.set(text, (number = this.#texts.push(text) - 1));
    return number;
  }

  at(number: number): string {
    return this.#texts[number]!;
  }

  /** The one that is kept of all that are equal. */
  kept(text: string): string {
    return this.#texts[this.of(text)]!;
  }

  /** Of words with a space between them. */
  words(number: number): readonly string[] {
    let words = this.#words.get(number);
    if (words === undefined) this.#words.set(number, (words = this.#texts[number]!.split(" ")));
    return words;
  }

  /** All words of both, each once and in order. */
  joined(a: number, b: number): number {
    const key = `${a} ${b}`;
    let both = this.#joins.get(key);
    if (both === undefined) this.#joins.set(key, (both = this.of([...new Set([...this.words(a), ...this.words(b)])].sort().join(" "))));
    return both;
  }
}

export class StatedValues {
  readonly #values = new Map<string, Stated>();

  of(value: string, lead: number, saidBy: string | undefined): Stated {
    const key = saidBy === undefined ? `${lead} ${value}` : `${lead} ${value}\n${saidBy}`;
    let stated = this.#values.get(key);
    if (stated === undefined) {
      const confidence = lead >= LEAD_SAID ? CONFIDENCE_MAX : confidenceOf(lead);
      stated = saidBy === undefined ? { value, confidence, lead } : { value, confidence, lead, saidBy };
      this.#values.set(key, stated);
    }
    return stated;
  }
}

/** What a question answers, each column as one list: a value at a time would cost five times as much (measured). */
export class Columns<Name extends string> {
  readonly #names: readonly Name[];
  readonly #sql: string;

  /** `select` names its columns as they are asked for. */
  constructor(names: readonly Name[], select: string) {
    this.#names = names;
    this.#sql = `SELECT ${names.map((it) => `json_group_array(${it}) AS ${it}`).join(", ")} FROM (${select}) AS listed`;
  }

  of<Lists extends Readonly<Record<Name, readonly unknown[]>>>(store: Store, ...values: readonly number[]): Lists {
    const row = store.get<Readonly<Record<Name, string>>>(this.#sql, ...values)!;
    return Object.fromEntries(this.#names.map((name) => [name, JSON.parse(row[name])])) as Lists;
  }
}
