/**
 * The MACs and IPs of each space, one row each, and the pairs in which they were seen together. Everything identity is worked out from
 * lies here as numbers: at 350,000 devices objects would cost ten times as much.
 */
import type { IpWords } from "../bytes/address.ts";
import { ip as ipText } from "../bytes/text.ts";
import { isVirtualRouter } from "../knowledge/special-macs.ts";
import { isGroupMac, isNobodysMac, macText, scopeOf } from "./address.ts";
import type { Scope } from "./address.ts";
import { Places, Rows } from "./rows.ts";

/** Each endpoint has a MAC and an IP at most. */
const NODES_MAX = 16_000_000;

export const NodeFlag = {
  mac: 1,
  ip4: 2,
  ip6: 4,
  child: 8,
  /** No machine's: a MAC of zeros or of a group. */
  nobody: 1 << 4,
  group: 1 << 5,
  /** Of redundant routers, handed from one to the other. */
  virtual: 1 << 6,
  /** Somebody said that it forwards. */
  claimed: 1 << 7,
  /** It forwards, by all that was heard. */
  carrier: 1 << 8,
  /** An endpoint has this MAC. */
  worn: 1 << 9,
  /** An IP made from a MAC. */
  made: 1 << 10,
  scopeShift: 11,
  /** An IP of which others wrote down whose it was. */
  told: 1 << 14,
  /** A MAC that two IPs wear who speak with each other. */
  shared: 1 << 15,
} as const;
const SCOPES: readonly Scope[] = ["plain", "link", "unspecified", "loopback", "group"];
const SCOPE_MASK = 7;

/**
 * `first` and `second`: IPv4 in `first`; a MAC's lower 32 bits, then its upper 16; of IPv6 a row of `#six` and the hash. `endpoint`: the
 * one that is this address alone. `pair`: the newest pair it is in. `device`: that of the set which has its home here.
 * The next four count pairs; a MAC and an IP count different things. The last two are when an IP was heard, in seconds since 1970.
 */
const Word = { first: 0, second: 1, space: 2, flags: 3, endpoint: 4, pair: 5, device: 6, counts: 7, from: 11, to: 12 } as const;
const STRIDE = 13;

/** Of a MAC: pairs it was heard in; of those, IPv4 unproven; with a TTL no machine starts from; IPv4 proven. */
export const OfMac = { heard: Word.counts, unproven: Word.counts + 1, forwarded: Word.counts + 2, proven: Word.counts + 3 } as const;
/** Of an IP: how many MACs proved it, and all of them xor-ed, which is the MAC where it is one; the same for those that carried it. */
export const OfIp = { proven: Word.counts, provenXor: Word.counts + 1, carried: Word.counts + 2, carriedXor: Word.counts + 3 } as const;

export class Nodes {
  readonly #rows = new Rows(STRIDE, NODES_MAX);
  readonly #six = new Rows(4, NODES_MAX);
  readonly #places = new Places();
  readonly #hashOf = (node: number) => this.#hash(node);

  get count(): number {
    return this.#rows.count;
  }

  get isFull(): boolean {
    return this.#rows.count >= NODES_MAX;
  }

  /** The row of a MAC; a new one when there is none, 0 when there is no room. */
  mac(space: number, high: number, low: number): number {
    const hash = hash3(space, low, high | MAC_MARK);
    for (let place = hash; ; place++) {
      const node = this.#places.at(place);
      if (node === 0) break;
      const at = node * STRIDE;
      const { words } = this.#rows;
      if (
        words[at] === low &&
        words[at + Word.second] === high &&
        words[at + Word.space] === space &&
        (words[at + Word.flags]! & NodeFlag.mac) !== 0
      )
        return node;
    }
    if (this.isFull) return 0;
    const flags =
      NodeFlag.mac |
      (isNobodysMac(high, low) ? NodeFlag.nobody : 0) |
      (isGroupMac(high) ? NodeFlag.group : 0) |
      (isVirtualRouter(high, low) ? NodeFlag.virtual : 0);
    return this.#add(low, high, space, flags, hash);
  }

  /** The row of an IP; a new one when there is none, 0 when there is no room. */
  ip(space: number, address: IpWords): number {
    const [w0, w1, w2, w3] = address.words;
    const six = address.family === 6;
    const hash = six ? hash3(space, hash3(w0, w1, w2), w3) : hash3(space, w3, IP4_MARK);
    for (let place = hash; ; place++) {
      const node = this.#places.at(place);
      if (node === 0) break;
      const at = node * STRIDE;
      const { words } = this.#rows;
      if (words[at + Word.space] !== space || (words[at + Word.flags]! & (six ? NodeFlag.ip6 : NodeFlag.ip4)) === 0) continue;
      if (six ? words[at + Word.second] === hash && this.#isSix(words[at]!, w0, w1, w2, w3) : words[at] === w3) return node;
    }
    if (this.isFull) return 0;
    const flags = (SCOPES.indexOf(scopeOf(address)) << NodeFlag.scopeShift) | (six ? NodeFlag.ip6 : NodeFlag.ip4);
    if (!six) return this.#add(w3, 0, space, flags, hash);
    const row = this.#six.add();
    this.#six.words.set(address.words, row * 4);
    return this.#add(row, hash, space, flags, hash);
  }

  /** A device that speaks through another has no address of its own. 0 when there is no room. */
  child(space: number): number {
    if (this.isFull) return 0;
    const node = this.#rows.add();
    this.#rows.words[node * STRIDE + Word.space] = space;
    this.#rows.words[node * STRIDE + Word.flags] = NodeFlag.child;
    return node;
  }

  is(node: number, flags: number): boolean {
    return (this.#rows.words[node * STRIDE + Word.flags]! & flags) !== 0;
  }

  mark(node: number, flag: number, on = true): void {
    const at = node * STRIDE + Word.flags;
    this.#rows.words[at] = on ? this.#rows.words[at]! | flag : this.#rows.words[at]! & ~flag;
  }

  scope(ip: number): Scope {
    return SCOPES[(this.#rows.words[ip * STRIDE + Word.flags]! >>> NodeFlag.scopeShift) & SCOPE_MASK]!;
  }

  spaceOf(node: number): number {
    return this.#rows.words[node * STRIDE + Word.space]!;
  }

  endpoint(node: number): number {
    return this.#rows.words[node * STRIDE + Word.endpoint]!;
  }

  setEndpoint(node: number, endpoint: number): void {
    this.#rows.words[node * STRIDE + Word.endpoint] = endpoint;
  }

  pair(node: number): number {
    return this.#rows.words[node * STRIDE + Word.pair]!;
  }

  setPair(node: number, pair: number): void {
    this.#rows.words[node * STRIDE + Word.pair] = pair;
  }

  device(node: number): number {
    return this.#rows.words[node * STRIDE + Word.device]!;
  }

  setDevice(node: number, device: number): void {
    this.#rows.words[node * STRIDE + Word.device] = device;
  }

  /** One of `OfMac` or `OfIp`. */
  sum(node: number, which: number): number {
    return this.#rows.words[node * STRIDE + which]!;
  }

  /** Adds to one of `OfMac` or `OfIp`. */
  add(node: number, which: number, difference: number): void {
    this.#rows.words[node * STRIDE + which]! += difference;
  }

  flip(node: number, which: number, bits: number): void {
    this.#rows.words[node * STRIDE + which]! ^= bits;
  }

  /** From when to when an IP was heard, in seconds; 0 where it was not. */
  span(ip: number): readonly [from: number, to: number] {
    const { words } = this.#rows;
    return [words[ip * STRIDE + Word.from]!, words[ip * STRIDE + Word.to]!];
  }

  /** Whether it was heard at these moments for the first time, or not between them. */
  widen(ip: number, from: number, to: number): boolean {
    const { words } = this.#rows;
    const at = ip * STRIDE;
    const isFirst = words[at + Word.from] === 0;
    if (!isFirst && words[at + Word.from]! <= from && words[at + Word.to]! >= to) return false;
    words[at + Word.from] = isFirst ? from : Math.min(words[at + Word.from]!, from);
    words[at + Word.to] = Math.max(words[at + Word.to]!, to);
    return true;
  }

  /** IPv4 first, then in order. */
  compareIps(a: number, b: number): number {
    const { words } = this.#rows;
    const six = this.is(a, NodeFlag.ip6);
    if (six !== this.is(b, NodeFlag.ip6)) return six ? 1 : -1;
    const [first, second] = [words[a * STRIDE]!, words[b * STRIDE]!];
    if (!six) return first - second;
    for (let i = 0; i < 4; i++) {
      const difference = this.#six.words[first * 4 + i]! - this.#six.words[second * 4 + i]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }

  macWords(mac: number): readonly [high: number, low: number] {
    const { words } = this.#rows;
    return [words[mac * STRIDE + Word.second]!, words[mac * STRIDE]!];
  }

  text(node: number): string {
    const { words } = this.#rows;
    const at = node * STRIDE;
    const first = words[at]!;
    if (this.is(node, NodeFlag.mac)) return macText(words[at + Word.second]!, first);
    if (this.is(node, NodeFlag.ip4)) return `${first >>> 24}.${(first >>> 16) & 255}.${(first >>> 8) & 255}.${first & 255}`;
    const bytes = new DataView(new ArrayBuffer(16));
    for (let i = 0; i < 4; i++) bytes.setUint32(i * 4, this.#six.words[first * 4 + i]!);
    return ipText(new Uint8Array(bytes.buffer));
  }

  #isSix(row: number, w0: number, w1: number, w2: number, w3: number): boolean {
    const { words } = this.#six;
    const at = row * 4;
    return words[at] === w0 && words[at + 1] === w1 && words[at + 2] === w2 && words[at + 3] === w3;
  }

  #add(first: number, second: number, space: number, flags: number, hash: number): number {
    const node = this.#rows.add();
    const { words } = this.#rows;
    const at = node * STRIDE;
    words[at] = first;
    words[at + Word.second] = second;
    words[at + Word.space] = space;
    words[at + Word.flags] = flags;
    this.#places.put(node, hash, this.#hashOf);
    return node;
  }

  #hash(node: number): number {
    const { words } = this.#rows;
    const at = node * STRIDE;
    if (this.is(node, NodeFlag.ip6)) return words[at + Word.second]!;
    const mark = this.is(node, NodeFlag.mac) ? words[at + Word.second]! | MAC_MARK : IP4_MARK;
    return hash3(words[at + Word.space]!, words[at]!, mark);
  }
}

/** So that a MAC and an address of the same bits lie apart. */
const MAC_MARK = 1 << 16;
const IP4_MARK = 1 << 17;

/** Endpoints there may be, and bindings of addresses no frame wore. */
const PAIRS_MAX = 8_000_000;

/** What was heard of a pair, then what follows from it and was counted. The first six are the bits of `AddressRow`. */
export const PairFlag = {
  initialTtl: 0b1111,
  otherTtl: 16,
  toGroup: 32,
  /** It sent a frame. */
  sent: 1 << 6,
  address: 1 << 7,
  answers: 1 << 8,
  virtual: 1 << 9,
  /** The IP is made from this MAC. */
  made: 1 << 10,
  /** An endpoint has both. */
  worn: 1 << 11,
  /** The next `settle` looks at it. */
  waiting: 1 << 12,
  /** Counted at its MAC: see `OfMac`. */
  heard: 1 << 13,
  unproven: 1 << 14,
  forwarded: 1 << 15,
  proven4: 1 << 16,
  answersOnly: 1 << 17,
  /** It sent to another IP on the same MAC. */
  toItself: 1 << 20,
  /** Counted at its IP: see `OfIp`. */
  proven: 1 << 18,
  carried: 1 << 19,
} as const;

const PairWord = { mac: 0, ip: 1, nextOfMac: 2, nextOfIp: 3, endpoint: 4, flags: 5 } as const;
const PAIR_STRIDE = 6;

export class Pairs {
  readonly #rows = new Rows(PAIR_STRIDE, PAIRS_MAX);
  readonly #places = new Places();
  readonly #nodes: Nodes;
  readonly #hashOf = (pair: number) => hash3(this.mac(pair), this.ip(pair), 0);

  constructor(nodes: Nodes) {
    this.#nodes = nodes;
  }

  /** The row of a MAC and an IP together; 0 when there is none. */
  find(mac: number, ip: number): number {
    // Most have a few addresses, and the newest is the one they keep: it lies where it is looked at next anyway.
    const newest = this.#nodes.pair(mac);
    if (newest !== 0 && this.ip(newest) === ip) return newest;
    for (let place = hash3(mac, ip, 0); ; place++) {
      const pair = this.#places.at(place);
      if (pair === 0 || (this.mac(pair) === mac && this.ip(pair) === ip)) return pair;
    }
  }

  /** 0 when there is no room. */
  add(mac: number, ip: number): number {
    if (this.#rows.count >= PAIRS_MAX) return 0;
    const pair = this.#rows.add();
    const at = pair * PAIR_STRIDE;
    const { words } = this.#rows;
    words[at] = mac;
    words[at + PairWord.ip] = ip;
    words[at + PairWord.nextOfMac] = this.#nodes.pair(mac);
    words[at + PairWord.nextOfIp] = this.#nodes.pair(ip);
    this.#nodes.setPair(mac, pair);
    this.#nodes.setPair(ip, pair);
    this.#places.put(pair, hash3(mac, ip, 0), this.#hashOf);
    return pair;
  }

  mac(pair: number): number {
    return this.#rows.words[pair * PAIR_STRIDE]!;
  }

  ip(pair: number): number {
    return this.#rows.words[pair * PAIR_STRIDE + PairWord.ip]!;
  }

  *ofMac(mac: number): Generator<number> {
    for (let pair = this.#nodes.pair(mac); pair !== 0; pair = this.#rows.words[pair * PAIR_STRIDE + PairWord.nextOfMac]!) yield pair;
  }

  hasNextOfIp(pair: number): boolean {
    return this.#rows.words[pair * PAIR_STRIDE + PairWord.nextOfIp] !== 0;
  }

  *ofIp(ip: number): Generator<number> {
    for (let pair = this.#nodes.pair(ip); pair !== 0; pair = this.#rows.words[pair * PAIR_STRIDE + PairWord.nextOfIp]!) yield pair;
  }

  endpoint(pair: number): number {
    return this.#rows.words[pair * PAIR_STRIDE + PairWord.endpoint]!;
  }

  setEndpoint(pair: number, endpoint: number): void {
    this.#rows.words[pair * PAIR_STRIDE + PairWord.endpoint] = endpoint;
  }

  flags(pair: number): number {
    return this.#rows.words[pair * PAIR_STRIDE + PairWord.flags]!;
  }

  setFlags(pair: number, flags: number): void {
    this.#rows.words[pair * PAIR_STRIDE + PairWord.flags] = flags;
  }
}

/** Seeded from chance: who chooses addresses cannot choose where they lie. Nothing is listed in the order of this hash. */
const SEED = crypto.getRandomValues(new Uint32Array(1))[0]! | 0;

function hash3(a: number, b: number, c: number): number {
  let hash = Math.imul(SEED ^ a, 0x85ebca6b) ^ b;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) ^ c;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
