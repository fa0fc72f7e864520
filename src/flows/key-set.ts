/** A set of whole numbers above 0 that grows with the network: eight bytes each and some room, where the engine's own takes fifty. */
import { mix } from "./hash.ts";

const PLACES_FIRST = 1 << 10;

export class KeySet {
  size = 0;
  #places = new Float64Array(PLACES_FIRST);

  has(key: number): boolean {
    return this.#places[this.#placeOf(key)] === key;
  }

  add(key: number): void {
    const place = this.#placeOf(key);
    if (this.#places[place] === key) return;
    this.#places[place] = key;
    if (++this.size * 2 > this.#places.length) this.#grow();
  }

  /** Where it is, or the free place where it belongs. */
  #placeOf(key: number): number {
    const places = this.#places;
    const mask = places.length - 1;
    let place = mix(key % TWO_32, key / TWO_32) & mask;
    while (places[place] !== 0 && places[place] !== key) place = (place + 1) & mask;
    return place;
  }

  #grow(): void {
    const before = this.#places;
    this.#places = new Float64Array(before.length * 2);
    for (const key of before) if (key !== 0) this.#places[this.#placeOf(key)] = key;
  }
}

const TWO_32 = 2 ** 32;
