/** Whether a thing was new lately, so that what seconds tell as new adds up to how many there were. Bounded: what is older is forgotten by halves. */

/** Of two generations: one being filled, one being forgotten. 16 MB at most. */
const THINGS_MAX = 1 << 17;

export class Recently {
  readonly #us: number;
  #young = new Set<number>();
  #old = new Set<number>();
  #youngSince = 0;

  /** `seconds`: for so long at least, and at most twice as long, a thing is remembered; shorter where there are too many. */
  constructor(seconds: number) {
    this.#us = seconds * 1_000_000;
  }

  /** True the first time. `key` is a hash of all that tells it apart. */
  isNew(key: number, at: number): boolean {
    if (at - this.#youngSince >= this.#us || this.#young.size >= THINGS_MAX) {
      // After a long silence both halves are out of date.
      this.#old = at - this.#youngSince >= 2 * this.#us ? new Set() : this.#young;
      this.#young = new Set();
      this.#youngSince = at;
    }
    const isNew = !this.#young.has(key) && !this.#old.has(key);
    this.#young.add(key);
    return isNew;
  }
}
