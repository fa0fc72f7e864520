/** Columns of a table with hundreds of thousands of rows: what they are asked, they answer for all rows at once. */

import { nearest } from "../../bytes/nearest.ts";

/** One byte a row: 1 where it matches. */
export type Mask = Uint8Array;

export function and(a: Mask, b: Mask): Mask {
  for (let row = 0; row < a.length; row++) a[row]! &= b[row]!;
  return a;
}

export function or(a: Mask, b: Mask): Mask {
  for (let row = 0; row < a.length; row++) a[row]! |= b[row]!;
  return a;
}

/** Numbers, one a row, in an array that grows. */
export class Column<Kind extends Uint32Array | Float64Array = Uint32Array | Float64Array> {
  length = 0;
  /** As many as there are rows, and room for more. */
  values: Kind;

  constructor(kind: new (length: number) => Kind) {
    this.values = new kind(0);
  }

  add(values: readonly number[]): void {
    const length = this.length + values.length;
    if (length > this.values.length) {
      const larger = new (this.values.constructor as new (length: number) => Kind)(Math.max(length, 2 * this.values.length));
      larger.set(this.values);
      this.values = larger;
    }
    this.values.set(values, this.length);
    this.length = length;
  }
}

/** Texts once each, numbered as they come; "" is what is not known. */
export class Values {
  readonly codes = new Column(Uint32Array);
  readonly #texts: string[] = [];
  readonly #lower: string[] = [];
  readonly #keys: string[] = [];
  readonly #codeOf: Map<string, number> | null;
  #places: Uint32Array | null = null;

  /** `repeat`: whether it is worth to look for a text that was there before. */
  constructor(repeat: boolean) {
    this.#codeOf = repeat ? new Map() : null;
  }

  /** `keys` are what they are sorted by: themselves in lower case unless said. */
  add(texts: readonly string[], keys?: readonly string[]): void {
    this.codes.add(
      texts.map((text, place) => {
        const known = this.#codeOf?.get(text);
        if (known !== undefined) return known;
        const code = this.#texts.push(text) - 1;
        const lower = text.toLowerCase();
        this.#lower.push(lower);
        this.#keys.push(keys?.[place] ?? lower);
        this.#codeOf?.set(text, code);
        return code;
      }),
    );
  }

  /** `matches` is asked once for each text, in lower case. */
  mask(matches: (text: string) => boolean): Mask {
    const wanted = Uint8Array.from(this.#lower, (text) => (matches(text) ? 1 : 0));
    const mask = new Uint8Array(this.codes.length);
    const { values } = this.codes;
    for (let row = 0; row < mask.length; row++) mask[row] = wanted[values[row]!]!;
    return mask;
  }

  /** Whether a row has it; in lower case. */
  has(text: string): boolean {
    return this.#lower.includes(text);
  }

  /** What is nearly called so: a text that holds it, one at most two letters away, or one with such a word in it. */
  near(text: string): { readonly op: "=" | "~"; readonly text: string } | undefined {
    if (this.#lower.some((it) => it.includes(text))) return { op: "~", text };
    const whole = nearest(text, this.#lower);
    if (whole !== undefined && whole !== "") return { op: "=", text: this.#texts[this.#lower.indexOf(whole)]! };
    const word = nearest(
      text,
      [...new Set(this.#lower.flatMap((it) => it.split(/[^\p{L}\p{N}]+/u)))].filter((it) => it !== ""),
    );
    return word === undefined ? undefined : { op: "~", text: word };
  }

  /** The place of each text among all; "" has the last. */
  ranks(descending: boolean): Uint32Array {
    for (const step = this.place(); step.next().done !== true;);
    const places = this.#places!;
    const last = this.#texts.length;
    return places.map((place, code) => (this.#texts[code] === "" ? last : descending ? last - 1 - place : place));
  }

  /** By their keys; equal keys have one place. Whoever drives it may do something else between its steps. */
  *place(): Generator<undefined> {
    if (this.#places !== null) return;
    const keys = this.#keys;
    const order = yield* sortedCodes(keys);
    const places = new Uint32Array(keys.length);
    for (let at = 1; at < order.length; at++) places[order[at]!] = keys[order[at]!] === keys[order[at - 1]!] ? places[order[at - 1]!]! : at;
    this.#places = places;
  }

  /** Most often first. */
  counts(rows: Uint32Array): { readonly value: string; readonly count: number }[] {
    const counts = new Uint32Array(this.#texts.length);
    const { values } = this.codes;
    for (let at = 0; at < rows.length; at++) counts[values[rows[at]!]!]!++;
    return this.#texts
      .flatMap((value, code) => (counts[code]! > 0 ? [{ value, count: counts[code]! }] : []))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  }
}

/** Numbers of texts by their keys: runs are sorted, then two of them at a time become one. Names of a whole hospital at once would hold up everybody. */
function* sortedCodes(keys: readonly string[]): Generator<undefined, Uint32Array> {
  let order = Uint32Array.from(keys.keys());
  for (let from = 0; from < order.length; from += SORTED_AT_ONCE, yield)
    order.subarray(from, from + SORTED_AT_ONCE).sort((a, b) => (keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : 0));
  for (let run = SORTED_AT_ONCE; run < order.length; run *= 2) {
    const merged = new Uint32Array(order.length);
    for (let from = 0; from < order.length; from += 2 * run) yield* merge(keys, order, merged, from, run);
    order = merged;
  }
  return order;
}
const SORTED_AT_ONCE = 16_384;

/** The run that begins at `from` and the one behind it, into the same place of `merged`. */
function* merge(keys: readonly string[], order: Uint32Array, merged: Uint32Array, from: number, run: number): Generator<undefined> {
  const middle = Math.min(from + run, order.length);
  const end = Math.min(from + 2 * run, order.length);
  let left = from;
  let right = middle;
  for (let at = from; at < end; at++) {
    const isLeft = left < middle && (right >= end || keys[order[left]!]! <= keys[order[right]!]!);
    merged[at] = isLeft ? order[left++]! : order[right++]!;
    if (at % SORTED_AT_ONCE === 0) yield;
  }
}

/** One text a row, in long texts with zeros between: one search runs over thousands of rows. */
export class Search {
  readonly #parts: { readonly text: string; readonly starts: Uint32Array }[] = [];
  #rows = 0;

  add(texts: readonly string[]): void {
    const text = texts
      .map((it) => `${it.replaceAll("\0", " ")}\0`)
      .join("")
      .toLowerCase();
    const starts = [0];
    for (let end = text.indexOf("\0"); end >= 0; end = text.indexOf("\0", end + 1)) starts.push(end + 1);
    this.#parts.push({ text, starts: Uint32Array.from(starts) });
    this.#rows += texts.length;
  }

  mask(wanted: string): Mask {
    const mask = new Uint8Array(this.#rows);
    if (wanted === "") return mask.fill(1);
    if (wanted.includes("\0")) return mask;
    let first = 0;
    for (const { text, starts } of this.#parts) {
      let row = 0;
      for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, starts[row])) {
        while (starts[row + 1]! <= at) row++;
        mask[first + row++] = 1;
      }
      first += starts.length - 1;
    }
    return mask;
  }
}

/**
 * Rows by their keys, 32-bit words, the last key first: a radix sort, which keeps equal ones in their order. Digits of 11 bits: more at once
 * would write to more places than a processor keeps at hand.
 */
export function ordered(count: number, keys: readonly ((row: number) => number)[]): Uint32Array {
  let rows = new Uint32Array(count);
  let next = new Uint32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  const words = new Uint32Array(count);
  const starts = new Uint32Array(DIGITS + 1);
  for (const key of keys) {
    let some = 0;
    let all = 0xffff_ffff;
    for (let row = 0; row < count; row++) {
      const word = (words[row] = key(row));
      some |= word;
      all &= word;
    }
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      // Where no bit of it differs it orders nothing.
      if ((((some ^ all) >>> shift) & DIGIT_MASK) === 0) continue;
      starts.fill(0);
      for (let row = 0; row < count; row++) starts[((words[row]! >>> shift) & DIGIT_MASK) + 1]!++;
      for (let digit = 0; digit < DIGITS; digit++) starts[digit + 1]! += starts[digit]!;
      for (let at = 0; at < count; at++) {
        const row = rows[at]!;
        next[starts[(words[row]! >>> shift) & DIGIT_MASK]!++] = row;
      }
      [rows, next] = [next, rows];
    }
  }
  return rows;
}
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const DIGIT_MASK = DIGITS - 1;
