/** Hashes of addresses, seeded from chance at each start: who chooses addresses cannot choose where they lie in our tables. */

const seeds = crypto.getRandomValues(new Uint32Array(2));
const SEED = seeds[0]! | 0;
const SEED_OTHER = seeds[1]! | 0;

/** Of a MAC and an IP as one machine wears them. */
export function hashHost(space: number, macHigh: number, macLow: number, w0: number, w1: number, w2: number, w3: number): number {
  let hash = Math.imul(SEED ^ space ^ macHigh, 0x85ebca6b) ^ macLow;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) ^ w3;
  if ((w0 | w1 | w2) !== 0) hash = Math.imul(Math.imul(Math.imul(hash, 31) ^ w0, 0x27d4eb2f) ^ w1, 0x165667b1) ^ w2;
  return finish(hash);
}

/**
 * Of the same by one of two ways, the same in every run: for what only remembers that somebody came, where chance would let in others
 * each time and whoever forges addresses gains nothing by choosing them.
 */
export function hashStranger(way: 0 | 1, macHigh: number, macLow: number, w0: number, w1: number, w2: number, w3: number): number {
  const first = way === 0 ? 0x9e3779b1 : 0x27d4eb2f;
  const hash = Math.imul(Math.imul(w3 ^ first, 0x85ebca6b) ^ macLow, first) ^ Math.imul(macHigh, 31);
  return finish(Math.imul(Math.imul(Math.imul(hash, 31) ^ w0, 0x165667b1) ^ w1, first) ^ w2);
}

/** Of one end of a flow. The sum of both ends is the same whichever way a packet goes. */
export function hashEnd(w0: number, w1: number, w2: number, w3: number, port: number): number {
  let hash = Math.imul(SEED_OTHER ^ w3, 0x9e3779b1) ^ port;
  if ((w0 | w1 | w2) !== 0) hash = Math.imul(Math.imul(Math.imul(hash, 31) ^ w0, 0x27d4eb2f) ^ w1, 0x165667b1) ^ w2;
  return finish(hash);
}

/** One more number into a hash. */
export function mix(hash: number, word: number): number {
  return finish(Math.imul(hash ^ word, 0x9e3779b1));
}

export function hashText(text: string): number {
  let hash = SEED;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return finish(hash);
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
