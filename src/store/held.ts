/**
 * Rows held in memory until they are stored: numbers side by side in one array, so that a million of them are no objects. They are put
 * in the order of their keys only when they are stored: a tree written in its order takes a tenth of the time (measured), and equal keys
 * lie next to each other and are joined.
 */
export class HeldRows {
  /** Row by row. */
  values: Float64Array;
  readonly stride: number;
  count = 0;

  constructor(stride: number) {
    this.stride = stride;
    this.values = new Float64Array(stride * ROWS_MIN);
  }

  /** Where the new row begins. All of it must be set. */
  add(): number {
    const at = this.count++ * this.stride;
    if (at + this.stride > this.values.length) {
      const larger = new Float64Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    return at;
  }

  /** Row numbers by their first column, and within it as `compare` has it, or as they came. */
  ordered(compare?: (a: number, b: number) => number): Uint32Array {
    const { count, stride, values } = this;
    // One number holds both, and numbers are sorted without calling us: a column of 32 bits and 2^21 rows fit in the 53 bits of one.
    const keys = new Float64Array(count);
    for (let row = 0; row < count; row++) keys[row] = values[row * stride]! * HELD_MAX + row;
    keys.sort();
    const order = new Uint32Array(count);
    let from = 0;
    let first = -1;
    for (let place = 0; place < count; place++) {
      const key = keys[place]!;
      const column = Math.floor(key / HELD_MAX);
      order[place] = key - column * HELD_MAX;
      if (column === first) continue;
      if (compare !== undefined) sortPart(order, from, place, compare);
      from = place;
      first = column;
    }
    if (compare !== undefined) sortPart(order, from, count, compare);
    return order;
  }

  clear(): void {
    this.count = 0;
    // What one busy moment needed is not kept for the quiet years after it.
    if (this.values.length > this.stride * ROWS_KEPT) this.values = new Float64Array(this.stride * ROWS_MIN);
  }
}

/** Most have a handful of rows, which are sorted in place in less time than it takes to ask for it. */
function sortPart(order: Uint32Array, from: number, to: number, compare: (a: number, b: number) => number): void {
  if (to - from > SORTED_IN_PLACE_MAX) {
    order.subarray(from, to).sort(compare);
    return;
  }
  for (let next = from + 1; next < to; next++) {
    const row = order[next]!;
    let place = next;
    for (; place > from && compare(order[place - 1]!, row) > 0; place--) order[place] = order[place - 1]!;
    order[place] = row;
  }
}
const SORTED_IN_PLACE_MAX = 16;

/**
 * Sums stay numbers that can be read back: a sensor that was taken over may count what no network carries. Joining sums with a limit
 * does not depend on their order either.
 */
const SUM_MAX = Number.MAX_SAFE_INTEGER;

export function sum(a: number, b: number): number {
  return Math.min(a + b, SUM_MAX);
}

/** The same in SQL, of columns of a table and the same columns arriving again. */
export function summed(table: string, ...columns: readonly string[]): string {
  return columns.map((it) => `${it} = min(${table}.${it} + excluded.${it}, ${SUM_MAX})`).join(", ");
}

/** Names an endpoint of which something is written. */
export type Touch = (endpoint: number) => void;

const HELD_MAX = 2 ** 21;
const ROWS_MIN = 256;
const ROWS_KEPT = 2 ** 19;

/** Texts that come again and again, each by a number. */
export class Numbering {
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  of(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#texts.push(text) - 1;
      this.#numbers.set(text, number);
    }
    return number;
  }

  text(number: number): string {
    return this.#texts[number]!;
  }

  clear(): void {
    this.#texts.length = 0;
    this.#numbers.clear();
  }
}
