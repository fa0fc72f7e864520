/**
 * Who asked which endpoint, and what came of it: eight bytes each in two open-addressing tables by turns. When the young one is half full
 * and may grow no more it becomes the old one, whose things are forgotten unless they come again meanwhile. Known by 61 bits of hashes
 * nobody outside can choose.
 */

const PLACES_FIRST = 1 << 14;
/** Of each table. A hospital of 10,000 devices keeps about 200,000 endpoints that its machines ask; a scan of a /16 adds 65,536. */
const PLACES_MAX = 1 << 20;
const STATE_BITS = 7;

export class ContactSet {
  readonly #placesMax: number;
  #young = new Uint32Array(PLACES_FIRST * 2);
  #old = new Uint32Array(2);
  #mask = PLACES_FIRST - 1;
  #size = 0;
  #oldSize = 0;
  #forgotten = 0;
  /** What was looked up last: its place, or the free one where it belongs. */
  #place = 0;
  #a = 0;
  #b = 0;

  /** At most half of so many places are taken in each of the two. */
  constructor(placesMax = PLACES_MAX) {
    this.#placesMax = placesMax;
  }

  /** What was set of it, 1 to 7; 0 where nothing was. */
  state(a: number, b: number): number {
    const key = (b & ~STATE_BITS) >>> 0;
    this.#a = a;
    this.#b = key;
    const place = placeOf(this.#young, this.#mask, a, key);
    this.#place = place;
    const state = this.#young[place * 2 + 1]! & STATE_BITS;
    if (state !== 0 || this.#oldSize === 0) return state;
    const old = this.#old;
    const known = old[placeOf(old, old.length / 2 - 1, a, key) * 2 + 1]! & STATE_BITS;
    if (known === 0) return 0;
    this.#oldSize--;
    this.put(known);
    return known;
  }

  /** Of what was looked up last. */
  put(state: number): void {
    const young = this.#young;
    const at = this.#place * 2;
    const isNew = young[at + 1] === 0;
    young[at] = this.#a;
    young[at + 1] = (this.#b | state) >>> 0;
    if (isNew && ++this.#size * 2 > this.#mask) this.#makeRoom();
  }

  get isEmpty(): boolean {
    return this.#size === 0 && this.#oldSize === 0;
  }

  /** Things forgotten because too many others came, since the last call. */
  takeForgotten(): number {
    const taken = this.#forgotten;
    this.#forgotten = 0;
    return taken;
  }

  #makeRoom(): void {
    const before = this.#young;
    if (this.#mask + 1 < this.#placesMax) {
      this.#young = new Uint32Array(before.length * 2);
      this.#mask = before.length - 1;
      for (let at = 0; at < before.length; at += 2) {
        if (before[at + 1] === 0) continue;
        const place = placeOf(this.#young, this.#mask, before[at]!, (before[at + 1]! & ~STATE_BITS) >>> 0);
        this.#young[place * 2] = before[at]!;
        this.#young[place * 2 + 1] = before[at + 1]!;
      }
    } else {
      // What comes again moves over, so the old one's counter is of those that did not.
      this.#forgotten += this.#oldSize;
      this.#young = this.#old.length === before.length ? this.#old.fill(0) : new Uint32Array(before.length);
      this.#old = before;
      this.#oldSize = this.#size;
      this.#size = 0;
    }
    this.#place = placeOf(this.#young, this.#mask, this.#a, this.#b);
  }
}

/** Where it is, or the free place where it belongs. */
function placeOf(words: Uint32Array, mask: number, a: number, key: number): number {
  let place = (a ^ (key >>> 3)) & mask;
  while (words[place * 2 + 1] !== 0 && (words[place * 2] !== a || ((words[place * 2 + 1]! ^ key) & ~STATE_BITS) !== 0))
    place = (place + 1) & mask;
  return place;
}
