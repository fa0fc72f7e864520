/** Rows of 32-bit words that grow in place: room is reserved once, and memory is taken only as rows are added. Row 0 is nobody's. */
export class Rows {
  readonly words: Uint32Array;
  readonly stride: number;
  /** The last row given out. */
  count = 0;

  readonly #buffer: ArrayBuffer;

  constructor(stride: number, rowsMax: number) {
    this.stride = stride;
    this.#buffer = new ArrayBuffer(STEP_BYTES_MIN, { maxByteLength: STEP_BYTES_MAX + (rowsMax + 1) * stride * 4 });
    this.words = new Uint32Array(this.#buffer);
  }

  /** A new row of zeros. */
  add(): number {
    const row = ++this.count;
    if ((row + 1) * this.stride > this.words.length) {
      const step = Math.min(Math.max(this.#buffer.byteLength, STEP_BYTES_MIN), STEP_BYTES_MAX);
      this.#buffer.resize(Math.min(this.#buffer.byteLength + step, this.#buffer.maxByteLength));
    }
    return row;
  }
}

/** A new table is small, since a capture is; a large one grows by as much as does not matter beside it. */
const STEP_BYTES_MIN = 4 << 10;
const STEP_BYTES_MAX = 4 << 20;

/**
 * Which row has a hash: open addressing, at most half full, so that a search is short. Who looks goes from `at(hash)` to `at(hash + 1)`
 * and on until the row is the right one, or 0.
 */
export class Places {
  #slots = new Uint32Array(256);
  #taken = 0;

  at(place: number): number {
    return this.#slots[place & (this.#slots.length - 1)]!;
  }

  put(row: number, hash: number, hashOf: (row: number) => number): void {
    if (++this.#taken * 2 > this.#slots.length) {
      const old = this.#slots;
      this.#slots = new Uint32Array(old.length * 2);
      for (const it of old) if (it !== 0) this.#place(it, hashOf(it));
    }
    this.#place(row, hash);
  }

  #place(row: number, hash: number): void {
    const mask = this.#slots.length - 1;
    let place = hash & mask;
    while (this.#slots[place] !== 0) place = (place + 1) & mask;
    this.#slots[place] = row;
  }
}
