/**
 * Puts fragmented datagrams together: RFC 791 section 3.2, RFC 8200 section 4.5.
 *
 * The pool is fixed. Overlapping fragments that do not agree are how a payload is hidden from whoever listens (RFC 5722), so such a
 * datagram is dropped whole; a fragment that comes twice, as double mirrors make it, is no overlap.
 */
import type { Packet } from "../model/packet.ts";

const FRAGMENTS_OPEN_MAX = 1_024;
/** The longest datagram IP can carry, rounded up. */
const DATAGRAM_BYTES = 65_536;
/** Packet time. RFC 791 suggests 15 s, most systems wait 30. */
const DATAGRAM_LIFE_US = 30_000_000;

/** What a fragment did to its datagram. A number of 0 or more is the completed length. */
export const Fragment = { waits: -1, overlaps: -2, impossible: -3 } as const;

export class Fragments {
  /** Datagrams given up, before their time, to make room. */
  evicted = 0;

  /** Where datagrams are put together, one after the other. Made when the first fragment comes; pages nobody writes cost nothing. */
  #pool: Uint8Array | undefined;
  /** One bit for each 8 bytes that came. */
  #came = new Uint32Array(0);
  readonly #keys = new Uint32Array(FRAGMENTS_OPEN_MAX * KEY_WORDS);
  readonly #opened = new Float64Array(FRAGMENTS_OPEN_MAX);
  readonly #count = new Int32Array(FRAGMENTS_OPEN_MAX);
  /** Length of the whole, -1 until the last fragment came. */
  readonly #total = new Int32Array(FRAGMENTS_OPEN_MAX);
  readonly #state = new Uint8Array(FRAGMENTS_OPEN_MAX);
  readonly #heads = new Int32Array(BUCKETS).fill(-1);
  readonly #next = new Int32Array(FRAGMENTS_OPEN_MAX);
  readonly #key = new Uint32Array(KEY_WORDS);
  #unused = FRAGMENTS_OPEN_MAX;
  /** Slots given back, as a list through `#next`. */
  #free = -1;

  /** Where the datagram completed last lies in `bytes`. Valid until the next fragment. */
  start = 0;

  get bytes(): Uint8Array {
    return (this.#pool ??= new Uint8Array(FRAGMENTS_OPEN_MAX * DATAGRAM_BYTES));
  }

  /** `packet` names the datagram: addresses, protocol, space, time; `id` is the 16 or 32 bits its fragments share. */
  add(packet: Packet, id: number, bytes: Uint8Array, from: number, to: number, offset: number, more: boolean): number {
    const length = to - from;
    if (length <= 0 || offset + length >= DATAGRAM_BYTES || (more && (length & 7) !== 0)) return Fragment.impossible;
    const slot = this.#slotOf(packet, id);
    if (this.#state[slot] === DEAD) return Fragment.waits;

    const pool = this.bytes;
    const base = slot * DATAGRAM_BYTES;
    const total = this.#total[slot]!;
    const contradicts = total >= 0 && (more ? offset + length > total : offset + length !== total);
    const units = (length + 7) >> 3;
    const known = this.#known(slot, offset >> 3, units);
    if (!contradicts && known === units && same(pool, base + offset, bytes, from, length)) return Fragment.waits;
    if (contradicts || known > 0) {
      this.#state[slot] = DEAD;
      return Fragment.overlaps;
    }

    for (let i = 0; i < length; i++) pool[base + offset + i] = bytes[from + i]!;
    this.#mark(slot, offset >> 3, units);
    this.#count[slot]! += length;
    if (!more) this.#total[slot] = offset + length;
    const whole = this.#total[slot]!;
    if (whole < 0 || this.#count[slot]! < whole) return Fragment.waits;
    this.#release(slot);
    this.start = base;
    return whole;
  }

  /** The datagram's slot, opened when it is new; an overaged one of the same name begins anew. */
  #slotOf(packet: Packet, id: number): number {
    const bucket = this.#name(packet, id);
    for (let slot = this.#heads[bucket]!; slot >= 0; slot = this.#next[slot]!) {
      if (!this.#isAt(slot)) continue;
      if (packet.at - this.#opened[slot]! > DATAGRAM_LIFE_US) this.#begin(slot, packet.at);
      return slot;
    }
    const slot = this.#take(packet.at);
    this.#keys.set(this.#key, slot * KEY_WORDS);
    this.#next[slot] = this.#heads[bucket]!;
    this.#heads[bucket] = slot;
    this.#begin(slot, packet.at);
    return slot;
  }

  #begin(slot: number, at: number): void {
    if (this.#came.length === 0) this.#came = new Uint32Array(FRAGMENTS_OPEN_MAX * UNIT_WORDS);
    this.#came.fill(0, slot * UNIT_WORDS, (slot + 1) * UNIT_WORDS);
    this.#opened[slot] = at;
    this.#count[slot] = 0;
    this.#total[slot] = -1;
    this.#state[slot] = OPEN;
  }

  /** A slot nobody uses; when all are in use, the oldest's. */
  #take(at: number): number {
    if (this.#free >= 0) {
      const slot = this.#free;
      this.#free = this.#next[slot]!;
      return slot;
    }
    if (this.#unused > 0) return --this.#unused;
    let oldest = 0;
    for (let slot = 1; slot < FRAGMENTS_OPEN_MAX; slot++) if (this.#opened[slot]! < this.#opened[oldest]!) oldest = slot;
    if (at - this.#opened[oldest]! <= DATAGRAM_LIFE_US) this.evicted++;
    this.#release(oldest);
    this.#free = this.#next[oldest]!;
    return oldest;
  }

  #release(slot: number): void {
    const bucket = bucketOf(this.#keys, slot * KEY_WORDS);
    if (this.#heads[bucket] === slot) this.#heads[bucket] = this.#next[slot]!;
    else {
      let before = this.#heads[bucket]!;
      while (this.#next[before] !== slot) before = this.#next[before]!;
      this.#next[before] = this.#next[slot]!;
    }
    this.#next[slot] = this.#free;
    this.#free = slot;
  }

  #name(packet: Packet, id: number): number {
    const key = this.#key;
    key[0] = packet.source0;
    key[1] = packet.source1;
    key[2] = packet.source2;
    key[3] = packet.source3;
    key[4] = packet.target0;
    key[5] = packet.target1;
    key[6] = packet.target2;
    key[7] = packet.target3;
    key[8] = id;
    key[9] = packet.space;
    key[10] = (packet.family << 8) | packet.ipProtocol;
    return bucketOf(key, 0);
  }

  #isAt(slot: number): boolean {
    for (let i = 0; i < KEY_WORDS; i++) if (this.#keys[slot * KEY_WORDS + i] !== this.#key[i]) return false;
    return true;
  }

  #known(slot: number, from: number, units: number): number {
    let known = 0;
    for (let unit = from; unit < from + units; unit++) known += (this.#came[slot * UNIT_WORDS + (unit >> 5)]! >>> (unit & 31)) & 1;
    return known;
  }

  #mark(slot: number, from: number, units: number): void {
    for (let unit = from; unit < from + units; unit++) this.#came[slot * UNIT_WORDS + (unit >> 5)]! |= 1 << (unit & 31);
  }
}

function same(a: Uint8Array, aFrom: number, b: Uint8Array, bFrom: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[aFrom + i] !== b[bFrom + i]) return false;
  return true;
}

function bucketOf(keys: Uint32Array, at: number): number {
  let hash = 0;
  for (let i = 0; i < KEY_WORDS; i++) hash = Math.imul(hash ^ keys[at + i]!, 0x9e3779b1) ^ (hash >>> 15);
  return (hash ^ (hash >>> 16)) & (BUCKETS - 1);
}

const KEY_WORDS = 11;
const BUCKETS = 1_024;
/** 32-bit words of one datagram's bits. */
const UNIT_WORDS = DATAGRAM_BYTES / 8 / 32;
const OPEN = 0;
/** Dropped for an overlap: the rest of it is not listened to. */
const DEAD = 1;
