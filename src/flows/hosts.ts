/**
 * Every pair of MAC and IP a frame showed, with what was heard of it since the last batch.
 *
 * Numbers are dense and never given twice. The tables are reserved whole and touched only as they fill, so the machine pays for the
 * hosts there are. Those who were heard only once or twice and never answered are what a flood is made of: beyond a number of them, no
 * further host is taken in before its second frame, and what is left out is counted. Everyone else is safe from the flood.
 */
import { ipWords } from "../bytes/address.ts";
import { ip, mac } from "../bytes/text.ts";
import type { AddressRow } from "../model/batch.ts";
import type { Packet } from "../model/packet.ts";
import type { Address } from "../model/protocol.ts";
import { hashEnd, hashHost, hashStranger } from "./hash.ts";
import { Once } from "./once.ts";

/** The devices of the largest health system we know, three addresses each, and a million others they talk to: 160 MB when full. */
const HOSTS_MAX = 2_000_000;
/** Never answered, at most two frames: what a sweep of a /16 names, and more than a site has of silent machines. A flood has them in a second. */
const UNPROVEN_MAX = 100_000;
/** Grows with the hosts, so that those of a small network lie close together: a place far from all others is a miss of the cache. */
const INDEX_FIRST = 1 << 12;

/** Words of an entry; the last three pairs are 64-bit floats. */
const STRIDE = 20;
const Word = { next: 0, hash: 1, macHigh: 2, macLow: 3, ip: 4, space: 8, flags: 9, frames: 10, batch: 11, syn: 12 } as const;
const BYTES = 7;
const FIRST = 8;
const LAST = 9;

const Flag = {
  hasMac: 1,
  family4: 2,
  family6: 4,
  proven: 8,
  initialTtl: 16,
  told: 32,
  serves: 64,
  servesByMac: 128,
  ttlShift: 8,
  converses: 0x8000,
} as const;
/** What stays when the rest was told. */
const LASTING_FLAGS = 0x80ff;
const TTL_BITS = 0x7f;
/** Frames after which a host that never answered counts as there. */
const PROVEN_FRAMES = 3;

/** Whoever was silent for so long may have been somewhere else, and another may have worn its address. Shorter than leases are. */
const AWAY_US = 60_000_000;

/** Addresses kept as text: about 6 MB. */
const TEXTS_KEPT = 1 << 15;

/** Not a host: the table was full, or a flood was on. */
export const NOBODY = 0;

export class Hosts {
  /** How many there are; numbers are 1 to this. */
  count = 0;
  /** Who sent or was given an address for the first time, or for the first time after a long silence, since whoever asks set it back: a wall waits for them. */
  arrivals = 0;

  readonly #words = new Uint32Array((HOSTS_MAX + 1) * STRIDE);
  readonly #floats = new Float64Array(this.#words.buffer);
  #index = new Uint32Array(INDEX_FIRST);
  #mask = INDEX_FIRST - 1;
  /** Who came once while a flood is on. */
  readonly #once = new Once();
  #unproven = 0;
  #refused = 0;
  readonly #texts: (Address | undefined)[] = Array.from({ length: TEXTS_KEPT }, () => undefined);
  readonly #textOf = new Uint32Array(TEXTS_KEPT);

  /** The source of a packet, the target's when `target`. */
  of(packet: Packet, target: boolean): number {
    return target
      ? this.#number(
          packet.space,
          packet.hasMac,
          packet.macTargetHigh,
          packet.macTargetLow,
          packet.family,
          packet.target0,
          packet.target1,
          packet.target2,
          packet.target3,
        )
      : this.#number(
          packet.space,
          packet.hasMac,
          packet.macSourceHigh,
          packet.macSourceLow,
          packet.family,
          packet.source0,
          packet.source1,
          packet.source2,
          packet.source3,
        );
  }

  /** A MAC alone: the frame said nothing of the network, or said it of somebody else. */
  ofMac(space: number, macHigh: number, macLow: number): number {
    return this.#number(space, true, macHigh, macLow, 0, 0, 0, 0, 0);
  }

  /** As a message spelled it. NOBODY when it is no address. */
  ofText(space: number, mac: readonly [high: number, low: number] | null, address: string | undefined): number {
    const parsed = address === undefined ? null : ipWords(address);
    if (mac === null && parsed === null) return NOBODY;
    const [high, low] = mac ?? [0, 0];
    const [w0, w1, w2, w3] = parsed?.words ?? [0, 0, 0, 0];
    return this.#number(space, mac !== null, high, low, parsed?.family ?? 0, w0, w1, w2, w3);
  }

  /** The ends of the outermost tunnel: machines as well. NOBODY when it was of the link layer and had no MAC. */
  ofOuter(packet: Packet, target: boolean): number {
    if (!packet.outerHasMac && packet.outerFamily === 0) return NOBODY;
    return target
      ? this.#number(
          0,
          packet.outerHasMac,
          packet.outerMacTargetHigh,
          packet.outerMacTargetLow,
          packet.outerFamily,
          packet.outerTarget0,
          packet.outerTarget1,
          packet.outerTarget2,
          packet.outerTarget3,
        )
      : this.#number(
          0,
          packet.outerHasMac,
          packet.outerMacSourceHigh,
          packet.outerMacSourceLow,
          packet.outerFamily,
          packet.outerSource0,
          packet.outerSource1,
          packet.outerSource2,
          packet.outerSource3,
        );
  }

  /** Whether host `number` wears the packet's source address, whatever its MAC; its target's when `target`. */
  wears(number: number, packet: Packet, target: boolean): boolean {
    const words = this.#words;
    const at = number * STRIDE + Word.ip;
    if (target)
      return (
        words[at + 3] === packet.target3 &&
        words[at] === packet.target0 &&
        words[at + 1] === packet.target1 &&
        words[at + 2] === packet.target2 &&
        words[at + 4] === packet.space
      );
    return (
      words[at + 3] === packet.source3 &&
      words[at] === packet.source0 &&
      words[at + 1] === packet.source1 &&
      words[at + 2] === packet.source2 &&
      words[at + 4] === packet.space
    );
  }

  hasMac(number: number, macHigh: number, macLow: number): boolean {
    const at = number * STRIDE;
    return this.#words[at + Word.macLow] === macLow && this.#words[at + Word.macHigh] === macHigh;
  }

  /** Nobody spoke of it, nor did it, until now. */
  isUnheard(number: number): boolean {
    return this.#floats[((number * STRIDE) >>> 1) + LAST] === 0;
  }

  /** It sent this frame. Returns true when this is the first since `batch` began. */
  sent(number: number, wireLength: number, at: number, ttlBits: number, batch: number): boolean {
    const words = this.#words;
    const base = number * STRIDE;
    const half = base >>> 1;
    words[base + Word.frames]!++;
    this.#floats[half + BYTES]! += wireLength;
    if (ttlBits !== 0) words[base + Word.flags]! |= (ttlBits << Flag.ttlShift) | (ttlBits < 16 ? Flag.initialTtl : 0);
    this.#comes(half, at);
    return this.#seen(base, half, at, batch);
  }

  /** A word ties its address to its MAC: a lease was acknowledged, or it says so itself. */
  bound(number: number, at: number): void {
    this.#comes((number * STRIDE) >>> 1, at);
  }

  /** It was sent to, or spoken of. */
  named(number: number, at: number, batch: number): boolean {
    const base = number * STRIDE;
    return this.#seen(base, base >>> 1, at, batch);
  }

  /** It answered, or was answered: no flood can take its place any more. */
  prove(number: number): void {
    const at = number * STRIDE + Word.flags;
    if ((this.#words[at]! & Flag.proven) !== 0 || number === NOBODY) return;
    this.#words[at]! |= Flag.proven;
    this.#unproven--;
  }

  /** True when this fingerprint of its SYN is another than the last one. */
  newSyn(number: number, fingerprint: number): boolean {
    const at = number * STRIDE + Word.syn;
    if (this.#words[at] === fingerprint) return false;
    this.#words[at] = fingerprint;
    return true;
  }

  /** Frames of hosts that were let go, since the last call. */
  takeRefused(): number {
    const taken = this.#refused;
    this.#refused = 0;
    return taken;
  }

  /** As text. Whoever speaks is asked for again with each message, so the texts of the last ones are kept. */
  address(number: number): Address {
    const place = number & (TEXTS_KEPT - 1);
    const kept = this.#texts[place];
    if (kept !== undefined && this.#textOf[place] === number) return kept;
    this.#textOf[place] = number;
    return (this.#texts[place] = this.#address(number));
  }

  #address(number: number): Address {
    const base = number * STRIDE;
    const flags = this.#words[base + Word.flags]!;
    const text: { mac?: string; ip?: string } = {};
    if ((flags & Flag.hasMac) !== 0) text.mac = this.#mac(base);
    if ((flags & (Flag.family4 | Flag.family6)) !== 0) text.ip = this.#ip(base, flags);
    return text;
  }

  /** Its frames started from an initial TTL, as those of a machine on this very segment do; also false when it never sent any. */
  isOwnMac(number: number): boolean {
    const flags = this.#words[number * STRIDE + Word.flags]!;
    return (flags & Flag.hasMac) !== 0 && (flags & Flag.initialTtl) !== 0;
  }

  /** It serves. True when that is new of its IP, or of its MAC since it is known to be its own. */
  newServes(number: number): boolean {
    const at = number * STRIDE + Word.flags;
    const serves = Flag.serves | (this.isOwnMac(number) ? Flag.servesByMac : 0);
    if ((this.#words[at]! & serves) === serves) return false;
    this.#words[at]! |= serves;
    return true;
  }

  /** Spoken of or heard without an IP. */
  isMacAlone(number: number): boolean {
    return (this.#words[number * STRIDE + Word.flags]! & (Flag.hasMac | Flag.family4 | Flag.family6)) === Flag.hasMac;
  }

  hasIp(number: number): boolean {
    return (this.#words[number * STRIDE + Word.flags]! & (Flag.family4 | Flag.family6)) !== 0;
  }

  /** Both wear the same MAC. */
  isSameCard(a: number, b: number): boolean {
    const words = this.#words;
    return (
      (words[a * STRIDE + Word.flags]! & words[b * STRIDE + Word.flags]! & Flag.hasMac) !== 0 &&
      this.hasMac(a, words[b * STRIDE + Word.macHigh]!, words[b * STRIDE + Word.macLow]!)
    );
  }

  /** Stands for its MAC: below 2^48. */
  macKey(number: number): number {
    return this.macHighOf(number) * TWO_32 + this.macLowOf(number);
  }

  /** Stands for its IP in its space, whatever its MAC: 52 bits of hashes that nobody outside can choose, above all MACs. */
  ipKey(number: number): number {
    const words = this.#words;
    const base = number * STRIDE;
    const space = words[base + Word.space]!;
    const [w0, w1, w2, w3] = [words[base + 4]!, words[base + 5]!, words[base + 6]!, words[base + 7]!];
    return TWO_52 + (hashHost(space, 0, 0, w0, w1, w2, w3) & 0xf_ffff) * TWO_32 + hashEnd(w0, w1, w2, w3, space);
  }

  /** Stands for its IP in its space, whatever its MAC; its MAC where it has no IP. */
  hash(number: number): number {
    const words = this.#words;
    const base = number * STRIDE;
    const isMac = (words[base + Word.flags]! & (Flag.family4 | Flag.family6)) === 0;
    const [high, low] = isMac ? [words[base + Word.macHigh]!, words[base + Word.macLow]!] : NO_MAC;
    return hashHost(words[base + Word.space]!, high, low, words[base + 4]!, words[base + 5]!, words[base + 6]!, words[base + 7]!);
  }

  /** Stands for a port of its IP, by other seeds. */
  hashEnd(number: number, port: number): number {
    const words = this.#words;
    const base = number * STRIDE;
    return hashEnd(words[base + 4]!, words[base + 5]!, words[base + 6]!, words[base + 7]!, port);
  }

  /** True the first time: it talked with somebody in both directions. */
  converses(number: number): boolean {
    const at = number * STRIDE + Word.flags;
    if (number === NOBODY || (this.#words[at]! & Flag.converses) !== 0) return false;
    this.#words[at]! |= Flag.converses;
    return true;
  }

  /** Stands for its MAC; 0 where it has none. */
  cardHash(number: number): number {
    const base = number * STRIDE;
    if ((this.#words[base + Word.flags]! & Flag.hasMac) === 0) return 0;
    return hashHost(0, this.#words[base + Word.macHigh]!, this.#words[base + Word.macLow]!, 0, 0, 0, 0);
  }

  /** Stands for its IPv4 address, or for the network of 64 bits its IPv6 address is of. */
  networkHash(number: number): number {
    const base = number * STRIDE;
    const isSix = (this.#words[base + Word.flags]! & Flag.family6) !== 0;
    return isSix
      ? hashEnd(this.#words[base + 4]!, this.#words[base + 5]!, 0, 0, 0)
      : hashEnd(0, 0, 0, this.#words[base + 7]!, this.#words[base + Word.space]!);
  }

  /** The machine with this card and IPv4 address, where it was heard or named before. */
  known4(space: number, macHigh: number, macLow: number, address: number): number {
    const hash = hashHost(space, macHigh, macLow, 0, 0, 0, address);
    const words = this.#words;
    for (let number = this.#index[hash & this.#mask]!; number !== 0; number = words[number * STRIDE]!) {
      const base = number * STRIDE;
      if (
        words[base + Word.hash] === hash &&
        words[base + 7] === address &&
        words[base + Word.macLow] === macLow &&
        words[base + Word.macHigh] === macHigh &&
        words[base + Word.space] === space &&
        (words[base + Word.flags]! & (Flag.hasMac | Flag.family4)) === (Flag.hasMac | Flag.family4)
      )
        return number;
    }
    return NOBODY;
  }

  spaceOf(number: number): number {
    return this.#words[number * STRIDE + Word.space]!;
  }

  macHighOf(number: number): number {
    return this.#words[number * STRIDE + Word.macHigh]!;
  }

  macLowOf(number: number): number {
    return this.#words[number * STRIDE + Word.macLow]!;
  }

  /** Whether something of it is still to be told: frames, or that it is there. */
  hasDifference(number: number): boolean {
    const base = number * STRIDE;
    return this.#words[base + Word.frames]! > 0 || (this.#words[base + Word.flags]! & Flag.told) === 0;
  }

  /** What was heard since the last batch; afterwards that is nothing. */
  takeDifference(number: number): AddressRow {
    const base = number * STRIDE;
    const half = base >>> 1;
    const words = this.#words;
    const floats = this.#floats;
    const flags = words[base + Word.flags]!;
    const { mac = null, ip = null } = this.address(number);
    const frames = words[base + Word.frames]!;
    const bytes = floats[half + BYTES]!;
    words[base + Word.frames] = 0;
    words[base + Word.flags] = (flags & LASTING_FLAGS) | Flag.told;
    floats[half + BYTES] = 0;
    const ttls = (flags >>> Flag.ttlShift) & TTL_BITS;
    return [words[base + Word.space]!, mac, ip, null, frames, bytes, floats[half + FIRST]!, floats[half + LAST]!, ttls];
  }

  #comes(half: number, at: number): void {
    if (at - this.#floats[half + LAST]! >= AWAY_US) this.arrivals++;
  }

  #seen(base: number, half: number, at: number, batch: number): boolean {
    const words = this.#words;
    this.#floats[half + LAST] = at;
    if (words[base + Word.batch] === batch) return false;
    words[base + Word.batch] = batch;
    this.#floats[half + FIRST] = at;
    return true;
  }

  #number(
    space: number,
    hasMac: boolean,
    macHigh: number,
    macLow: number,
    family: number,
    w0: number,
    w1: number,
    w2: number,
    w3: number,
  ): number {
    const hash = hashHost(space, macHigh, macLow, w0, w1, w2, w3);
    const words = this.#words;
    const flags = (hasMac ? Flag.hasMac : 0) | (family === 4 ? Flag.family4 : family === 6 ? Flag.family6 : 0);
    for (let number = this.#index[hash & this.#mask]!; number !== 0; number = words[number * STRIDE]!) {
      const base = number * STRIDE;
      if (
        words[base + Word.hash] === hash &&
        words[base + Word.macLow] === macLow &&
        words[base + Word.macHigh] === macHigh &&
        words[base + 7] === w3 &&
        words[base + Word.space] === space &&
        ((words[base + Word.flags]! ^ flags) & 7) === 0 &&
        words[base + 4] === w0 &&
        words[base + 5] === w1 &&
        words[base + 6] === w2
      ) {
        if ((words[base + Word.flags]! & Flag.proven) === 0 && words[base + Word.frames]! >= PROVEN_FRAMES) this.prove(number);
        return number;
      }
    }
    const isKnown = () =>
      this.#once.came(hashStranger(0, macHigh, macLow, w0, w1, w2, w3), hashStranger(1, macHigh, macLow, w0, w1, w2, w3));
    if (this.count >= HOSTS_MAX || (this.#unproven >= UNPROVEN_MAX && !isKnown())) {
      this.#refused++;
      return NOBODY;
    }
    if (this.count > this.#mask) this.#growIndex();
    const number = ++this.count;
    this.#unproven++;
    const base = number * STRIDE;
    const bucket = hash & this.#mask;
    words[base] = this.#index[bucket]!;
    this.#index[bucket] = number;
    words[base + Word.hash] = hash;
    words[base + Word.macHigh] = macHigh;
    words[base + Word.macLow] = macLow;
    words[base + 4] = w0;
    words[base + 5] = w1;
    words[base + 6] = w2;
    words[base + 7] = w3;
    words[base + Word.space] = space;
    words[base + Word.flags] = flags;
    return number;
  }

  #growIndex(): void {
    const words = this.#words;
    this.#index = new Uint32Array(this.#index.length * 2);
    this.#mask = this.#index.length - 1;
    for (let number = 1; number <= this.count; number++) {
      const bucket = words[number * STRIDE + Word.hash]! & this.#mask;
      words[number * STRIDE] = this.#index[bucket]!;
      this.#index[bucket] = number;
    }
  }

  #mac(base: number): string {
    const high = this.#words[base + Word.macHigh]!;
    const low = this.#words[base + Word.macLow]!;
    SCRATCH[0] = high >>> 8;
    SCRATCH[1] = high;
    SCRATCH[2] = low >>> 24;
    SCRATCH[3] = low >>> 16;
    SCRATCH[4] = low >>> 8;
    SCRATCH[5] = low;
    return mac(SCRATCH.subarray(0, 6));
  }

  #ip(base: number, flags: number): string {
    const words = this.#words;
    if ((flags & Flag.family4) !== 0) {
      const word = words[base + 7]!;
      return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
    }
    for (let i = 0; i < 4; i++) SCRATCH_VIEW.setUint32(i * 4, words[base + Word.ip + i]!);
    return ip(SCRATCH);
  }
}

const NO_MAC = [0, 0] as const;
const TWO_32 = 2 ** 32;
const TWO_52 = 2 ** 52;

const SCRATCH = new Uint8Array(16);
const SCRATCH_VIEW = new DataView(SCRATCH.buffer);

/** Beside the bits of TTLs: it sent to a group. */
export const TO_GROUP = 32;
export const TO_ITSELF = 64;

/** Those bits that are initial values. */
export const INITIAL_TTLS = 0b1111;

/** Initial values a packet may have started from, as bits; 16 where it is none of them. */
export function ttlBits(ttl: number): number {
  return ttl === 64 ? 2 : ttl === 128 ? 4 : ttl === 255 ? 8 : ttl === 32 ? 1 : 16;
}
