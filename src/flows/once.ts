/** Remembers what came once, until a million others came and perhaps two: two Bloom filters by turns, so that it costs the same however many come. */

/** One bit in sixteen is set, four for each thing: of 40,000 strangers one is taken for somebody (measured). 16 MB, touched only while it is asked. */
const BITS = 1 << 26;
const THINGS_MAX = 1_000_000;
const BITS_EACH = 4;

export class Once {
  #young = new Uint32Array(BITS >>> 5);
  #old = new Uint32Array(BITS >>> 5);
  #count = 0;

  /** Whether it came before; from now on it did. Known by two hashes that have nothing to do with each other. */
  came(a: number, b: number): boolean {
    if (has(this.#young, a, b) || has(this.#old, a, b)) return true;
    if (++this.#count > THINGS_MAX) {
      [this.#young, this.#old] = [this.#old.fill(0), this.#young];
      this.#count = 1;
    }
    for (let i = 0; i < BITS_EACH; i++) {
      const bit = place(a, b, i);
      this.#young[bit >>> 5]! |= 1 << (bit & 31);
    }
    return false;
  }
}

function has(filter: Uint32Array, a: number, b: number): boolean {
  for (let i = 0; i < BITS_EACH; i++) {
    const bit = place(a, b, i);
    if ((filter[bit >>> 5]! & (1 << (bit & 31))) === 0) return false;
  }
  return true;
}

function place(a: number, b: number, i: number): number {
  return (a + Math.imul(b, i)) & (BITS - 1);
}
