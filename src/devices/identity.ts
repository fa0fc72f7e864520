/**
 * Which addresses are one machine.
 *
 * An endpoint is the exact set of space, MAC, IP and child that a frame or a message showed; it is never edited. Each has a home: the MAC
 * that owns its IP (`bindings.ts`), or the IP alone where no single MAC does, as with everything behind a router. Homes that share a key
 * only one machine can have (`keys.ts`) are one device.
 *
 * All of it follows from the sum of what was heard, so neither the order of the calls nor how often `settle` is asked changes what comes
 * out, and each `settle` costs by what changed. What the rules rest on was measured; the tests name each trap.
 */
import assert from "node:assert/strict";
import { ipWords } from "../bytes/address.ts";
import { isHypervisor } from "../knowledge/special-macs.ts";
import type { JoinedBy } from "../model/device.ts";
import type { EndpointRow } from "../model/heard.ts";
import type { Attribute } from "../model/observation.ts";
import { isLocalMac } from "./address.ts";
import { Bindings } from "./bindings.ts";
import { Keys } from "./keys.ts";
import type { Homes, Key } from "./keys.ts";
import { NodeFlag, PairFlag } from "./nodes.ts";
import { Rows } from "./rows.ts";

/** What `claimed` listens to; of other attributes nothing need be told. */
export const IDENTITY_ATTRIBUTES: readonly Attribute[] = [
  "address", "answersFor", "toldAddress", "virtualAddress", "carrier", "clientId", "duid", "model", "serial", "udi", "uuid",
]; // prettier-ignore

/** Twice what one sensor holds; 350 MB when full. Beyond it a new address gets number 0, and is counted in `refused`. */
const ENDPOINTS_MAX = 4_000_000;

/** A machine has a handful; who claims more is a forger, and his list would fill a page. */
const IPS_SHOWN_MAX = 256;

/** What an endpoint is of, in the two low bits: a MAC or IP alone, a pair, or a child of either. */
const Tag = { node: 0, pair: 1, child: 2 } as const;
const Word = { of: 0, home: 1 } as const;
const STRIDE = 2;

interface Child {
  readonly space: number;
  readonly serial: string;
  readonly gateway: number;
  readonly endpoint: number;
}

export class Identity {
  /** New addresses for which there was no room. */
  refused = 0;

  readonly #bindings = new Bindings();
  readonly #nodes = this.#bindings.nodes;
  readonly #pairs = this.#bindings.pairs;
  readonly #endpoints = new Rows(STRIDE, ENDPOINTS_MAX);
  readonly #keys = new Keys();
  /** Keys that join a home with others now. */
  readonly #joins = new Map<number, Set<Key>>();
  #devices = 0;

  /** From 1. */
  readonly #children: (Child | undefined)[] = [undefined];
  /** By what the gateway is (tagged). */
  readonly #childrenOf = new Map<number, Map<string, Child>>();
  /** By the gateway's home and the child's serial. */
  readonly #childHomes = new Map<string, number>();
  readonly #childrenAt = new Map<number, Set<number>>();

  /** Endpoints of a MAC or IP alone, and children, that have no home yet. */
  #homeless: number[] = [];

  get count(): number {
    return this.#endpoints.count;
  }

  /** Serial numbers and the like for which there was no room. */
  get keysRefused(): number {
    return this.#keys.refused;
  }

  /** As of the last `settle`. */
  get devices(): number {
    return this.#devices;
  }

  /**
   * The number of an endpoint, from 1; a new one when it was never seen, 0 when there is no room. Who numbers a pair also numbers its
   * MAC alone when `lacksCard` says so: a router is a machine too, and none of the addresses behind it is its own.
   */
  numberOf(space: number, mac: string | null, ip: string | null, child: string | null): number {
    const of = this.#place(space, mac, ip);
    if (child !== null) return this.#numberOfChild(of, space, child);
    const known = (of & 3) === Tag.pair ? this.#pairs.endpoint(of >>> 2) : this.#nodes.endpoint(of >>> 2);
    if (known !== 0) return known;
    const number = this.#newEndpoint(of);
    if (number === 0) return 0;
    if ((of & 3) === Tag.pair) {
      const pair = of >>> 2;
      this.#pairs.setEndpoint(pair, number);
      this.#bindings.tell(pair, PairFlag.worn);
      this.#bindings.wear(this.#pairs.mac(pair));
    } else {
      this.#nodes.setEndpoint(of >>> 2, number);
      this.#homeless.push(number);
      if (this.#nodes.is(of >>> 2, NodeFlag.mac)) this.#bindings.wear(of >>> 2);
    }
    return number;
  }

  /** A machine's MAC that has no number by itself yet. */
  lacksCard(space: number, mac: string): boolean {
    const node = this.#bindings.mac(space, mac);
    return node !== 0 && this.#nodes.endpoint(node) === 0 && !this.#nodes.is(node, NodeFlag.nobody);
  }

  /** On opening a recording, in the order of numbers. */
  restore(row: EndpointRow): void {
    const number = this.numberOf(row.space, row.mac, row.ip, row.child);
    assert(number === row.number && number === this.count, `expected the row of endpoint ${this.count}, got ${row.number}`);
    this.heard(number, row.ttls, row.frames);
    if (row.first > 0) this.worn(number, row.first, row.last);
  }

  /** `ttls` as in `AddressRow`; `frames` are those it sent. */
  heard(number: number, ttls: number, frames: number): void {
    const of = this.#of(number);
    if ((of & 3) === Tag.pair) {
      const toItself = (ttls & TO_ITSELF) === 0 ? 0 : PairFlag.toItself;
      this.#bindings.tell(of >>> 2, (ttls & TTL_BITS) | toItself | (frames > 0 ? PairFlag.sent : 0));
    }
  }

  /** When frames wore it or were for it, in microseconds since 1970: the store keeps no more of it. */
  worn(number: number, first: number, last: number): void {
    const of = this.#of(number);
    const ip = (of & 3) === Tag.pair ? this.#pairs.ip(of >>> 2) : of >>> 2;
    if ((of & 3) !== Tag.child && !this.#nodes.is(ip, NodeFlag.mac)) this.#bindings.heard(ip, seconds(first), seconds(last));
  }

  /** Others wrote down that it had this IP, from when to when in microseconds since 1970. */
  toldAddress(number: number, ip: string, first: number, last: number): void {
    this.#ofMac(number, ip, (pair) => this.#bindings.writtenDown(pair, seconds(first), seconds(last)));
  }

  /** The same said twice changes nothing. */
  claimed(number: number, attribute: Attribute, value: string): void {
    if (number === 0) return;
    switch (attribute) {
      case "address":
        return this.#bind(number, value, PairFlag.address);
      case "answersFor":
        return this.#bind(number, value, PairFlag.answers);
      case "virtualAddress":
        return this.#bind(number, value, PairFlag.virtual);
      case "carrier":
        return this.#claimCarrier(this.#of(number));
      default:
        this.#keys.claim(number, attribute, value);
    }
  }

  /** Works out what follows. `changed`: devices whose endpoints, or whether they forward, changed; `gone`: numbers that are no device's any more. Both in order. */
  settle(): { readonly changed: readonly number[]; readonly gone: readonly number[] } {
    const { pairs, ips, carriers } = this.#bindings.settle();
    const touched = new Set<number>();
    for (const ip of ips) {
      for (const pair of this.#pairs.ofIp(ip)) this.#movePair(pair, touched);
      this.#moveNode(ip, touched);
    }
    for (const pair of pairs) this.#movePair(pair, touched);
    for (const number of this.#homeless) this.#move(number, this.#homeOf(number), touched);
    this.#homeless = [];
    for (const node of carriers) {
      touched.add(this.#homeOfNode(node));
      // An address said to forward makes every machine that wears it one that does, and more than one may.
      if (!this.#nodes.is(node, NodeFlag.mac)) for (const pair of this.#pairs.ofIp(node)) touched.add(this.#bindings.homeOf(pair));
    }
    this.#rejoin(touched);
    return this.#renumber(touched);
  }

  /** The lowest endpoint number of its set, as of the last `settle`. */
  deviceOf(number: number): number {
    return this.#nodes.device(this.#home(number));
  }

  /** In order. */
  membersOf(device: number): readonly number[] {
    const home = this.#home(device);
    return home === 0 ? [] : this.#together(home).flatMap((it) => this.#endpointsAt(it)).sort((a, b) => a - b); // prettier-ignore
  }

  /** Of a device's endpoints its own, in order; never that of a router which carried its packets. */
  macsOf(members: readonly number[]): readonly string[] {
    const macs = new Set<number>();
    for (const home of this.#homesOf(members)) {
      if (this.#nodes.is(home, NodeFlag.mac)) macs.add(home);
      // Zeros are no key to anything, yet they are what the frames of loopback interfaces and some taps wear.
      else for (const pair of this.#pairsOf(home)) if (this.#isNobodysOwn(pair)) macs.add(this.#pairs.mac(pair));
    }
    return [...macs].map((mac) => this.#nodes.text(mac)).sort();
  }

  /** Its own, IPv4 first, then in order; those that ARP and neighbor discovery named are among them though no frame wore them. */
  ipsOf(members: readonly number[]): readonly string[] {
    const ips = new Set<number>();
    const own = new Set(members);
    for (const home of this.#homesOf(members)) {
      if (!this.#nodes.is(home, NodeFlag.mac | NodeFlag.child)) ips.add(home);
      for (const pair of this.#ownPairs(home, own)) ips.add(this.#pairs.ip(pair));
    }
    return [...ips]
      .filter((ip) => this.#nodes.scope(ip) !== "unspecified")
      .sort((a, b) => this.#nodes.compareIps(a, b))
      .slice(0, IPS_SHOWN_MAX)
      .map((ip) => this.#nodes.text(ip));
  }

  /** It forwards for others. */
  isCarrier(members: readonly number[]): boolean {
    const forwards = NodeFlag.carrier | NodeFlag.claimed;
    const own = new Set(members);
    return this.#homesOf(members).some(
      (home) =>
        (this.#nodes.is(home, forwards) && this.#hasCard(home, own)) ||
        this.#ownPairs(home, own).some((pair) => this.#nodes.is(this.#pairs.ip(pair), NodeFlag.claimed)),
    );
  }

  /** Endpoints of one home are one machine's by themselves: of one card, or of an address whose card nobody knows. As of the last `settle`. */
  homeOf(number: number): number {
    return this.#home(number);
  }

  /** What makes one machine of several homes: each key, and who of these endpoints said it. As of the last `settle`. */
  joinsOf(members: readonly number[]): readonly { readonly by: JoinedBy; readonly value: string; readonly endpoints: readonly number[] }[] {
    const homes = this.#homesOf(members);
    if (homes.length < 2) return [];
    const keys = new Set(homes.flatMap((home) => [...(this.#joins.get(home) ?? [])]));
    return [...keys]
      .flatMap(({ kind, value, groups, members: saying }) => {
        const joined = new Set(groups.map((group) => group.filter((home) => homes.includes(home))).filter(({ length }) => length > 1).flat()); // prettier-ignore
        const endpoints = members.filter((it) => saying?.has(it) === true && joined.has(this.#home(it)));
        return endpoints.length === 0 ? [] : [{ by: kind, value, endpoints }];
      })
      .sort((a, b) => (a.value < b.value ? -1 : 1));
  }

  /** The pair of a MAC and an IP, or either alone, tagged. */
  #place(space: number, mac: string | null, ip: string | null): number {
    const words = ip === null ? null : ipWords(ip);
    assert(words !== null || (ip === null && mac !== null), `expected an IP or a MAC, got "${ip}"`);
    const macNode = mac === null ? 0 : this.#bindings.mac(space, mac);
    if (words === null) return (macNode << 2) | Tag.node;
    const ipNode = this.#bindings.ip(space, words);
    return mac === null ? (ipNode << 2) | Tag.node : (this.#bindings.pair(macNode, ipNode) << 2) | Tag.pair;
  }

  #newEndpoint(of: number): number {
    if (this.count >= ENDPOINTS_MAX || of >>> 2 === 0) {
      this.refused++;
      return 0;
    }
    const number = this.#endpoints.add();
    this.#endpoints.words[number * STRIDE + Word.of] = of;
    return number;
  }

  #numberOfChild(gateway: number, space: number, serial: string): number {
    const siblings = this.#childrenOf.get(gateway) ?? new Map<string, Child>();
    const known = siblings.get(serial);
    if (known !== undefined) return known.endpoint;
    const endpoint = this.#newEndpoint((this.#children.length << 2) | Tag.child);
    if (endpoint === 0) return 0;
    const child = { space, serial, gateway, endpoint };
    this.#children.push(child);
    siblings.set(serial, child);
    this.#childrenOf.set(gateway, siblings);
    this.#homeless.push(endpoint);
    return endpoint;
  }

  #bind(number: number, value: string, fact: number): void {
    this.#ofMac(number, value, (pair) => this.#bindings.tell(pair, fact));
  }

  /** What is said of the MAC of an endpoint, where it has one, and this IP. */
  #ofMac(number: number, ip: string, say: (pair: number) => void): void {
    const of = this.#of(number);
    const mac = (of & 3) === Tag.pair ? this.#pairs.mac(of >>> 2) : of >>> 2;
    const address = ipWords(ip);
    if ((of & 3) === Tag.child || address === null || !this.#nodes.is(mac, NodeFlag.mac)) return;
    say(this.#bindings.pair(mac, this.#bindings.ip(this.#nodes.spaceOf(mac), address)));
  }

  #claimCarrier(of: number): void {
    if ((of & 3) === Tag.node) this.#bindings.claimCarrier(of >>> 2);
    if ((of & 3) !== Tag.pair) return;
    this.#bindings.claimCarrier(this.#pairs.mac(of >>> 2));
    this.#bindings.claimCarrier(this.#pairs.ip(of >>> 2));
  }

  #of(number: number): number {
    return this.#endpoints.words[number * STRIDE + Word.of] ?? 0;
  }

  /** As of the last `settle`; 0 before the first. */
  #home(number: number): number {
    return this.#endpoints.words[number * STRIDE + Word.home] ?? 0;
  }

  #homeOf(number: number): number {
    const of = this.#of(number);
    if ((of & 3) !== Tag.child) return this.#homeOfTagged(of);
    const { gateway, serial, space } = this.#children[of >>> 2]!;
    const key = `${this.#homeOfTagged(gateway)} ${serial}`;
    const known = this.#childHomes.get(key);
    if (known !== undefined) return known;
    const home = this.#nodes.child(space);
    this.#childHomes.set(key, home);
    return home;
  }

  #homeOfTagged(of: number): number {
    return (of & 3) === Tag.pair ? this.#bindings.homeOf(of >>> 2) : this.#homeOfNode(of >>> 2);
  }

  #homeOfNode(node: number): number {
    return this.#nodes.is(node, NodeFlag.mac) ? node : this.#bindings.ownerOf(node);
  }

  #movePair(pair: number, touched: Set<number>): void {
    const endpoint = this.#pairs.endpoint(pair);
    const home = this.#bindings.homeOf(pair);
    // An address that was told of before any frame wore it is shown with the device whose own it is, or was until now.
    const isTold = (this.#pairs.flags(pair) & TOLD) !== 0 || this.#nodes.is(this.#pairs.ip(pair), NodeFlag.told);
    const isShown = endpoint === 0 || (this.#home(endpoint) === 0 && isTold);
    if (isShown) touched.add(home).add(this.#pairs.mac(pair));
    // A card that is nobody's is shown with the address that sent from it.
    else if (this.#isNobodysOwn(pair)) touched.add(home);
    if (endpoint !== 0) this.#move(endpoint, home, touched);
    this.#moveChildren((pair << 2) | Tag.pair, touched);
  }

  #moveNode(node: number, touched: Set<number>): void {
    const endpoint = this.#nodes.endpoint(node);
    if (endpoint !== 0) this.#move(endpoint, this.#homeOfNode(node), touched);
    this.#moveChildren((node << 2) | Tag.node, touched);
  }

  #moveChildren(gateway: number, touched: Set<number>): void {
    for (const { endpoint } of this.#childrenOf.get(gateway)?.values() ?? []) this.#move(endpoint, this.#homeOf(endpoint), touched);
  }

  #move(number: number, home: number, touched: Set<number>): void {
    const before = this.#home(number);
    if (home === before) return;
    this.#endpoints.words[number * STRIDE + Word.home] = home;
    touched.add(home);
    if (before !== 0) touched.add(before);
    this.#keys.moved(number);
    if ((this.#of(number) & 3) !== Tag.child) return;
    this.#childrenAt.get(before)?.delete(number);
    const together = this.#childrenAt.get(home);
    if (together === undefined) this.#childrenAt.set(home, new Set([number]));
    else together.add(number);
  }

  /** Lets keys join the homes they join now. */
  #rejoin(touched: Set<number>): void {
    for (const key of this.#keys.takeDirty()) {
      for (const home of key.groups.flat()) {
        this.#joins.get(home)?.delete(key);
        touched.add(home);
      }
      key.groups = this.#keys.groupsOf(key, this.#homes);
      for (const home of key.groups.flat()) {
        const keys = this.#joins.get(home);
        if (keys === undefined) this.#joins.set(home, new Set([key]));
        else keys.add(key);
        touched.add(home);
      }
    }
  }

  readonly #homes: Homes = {
    homeOf: (endpoint) => this.#home(endpoint),
    isVirtualMachine: (home) => this.#nodes.is(home, NodeFlag.mac) && isHypervisor(...this.#nodes.macWords(home)),
    isRandom: (home) => this.#nodes.is(home, NodeFlag.mac) && isLocalMac(this.#nodes.macWords(home)[0]),
    hasMac: (home, [high, low]) => {
      const [ownHigh, ownLow] = this.#nodes.macWords(home);
      return this.#nodes.is(home, NodeFlag.mac) && high === ownHigh && low === ownLow;
    },
  };

  #renumber(touched: ReadonlySet<number>): { changed: number[]; gone: number[] } {
    const before = new Set<number>();
    const changed = new Set<number>();
    const done = new Set<number>();
    for (const start of touched) {
      if (done.has(start)) continue;
      const homes = this.#together(start);
      let lowest = 0;
      for (const home of homes) {
        done.add(home);
        before.add(this.#nodes.device(home));
        for (const number of this.#endpointsAt(home)) if (lowest === 0 || number < lowest) lowest = number;
      }
      for (const home of homes) this.#nodes.setDevice(home, lowest);
      changed.add(lowest);
    }
    before.delete(0);
    changed.delete(0);
    this.#devices += changed.size - before.size;
    const inOrder = (ids: Iterable<number>) => [...ids].sort((a, b) => a - b);
    return { changed: inOrder(changed), gone: inOrder(before).filter((id) => this.deviceOf(id) !== id) };
  }

  #homesOf(members: readonly number[]): readonly number[] {
    return [...new Set(members.map((it) => this.#home(it)))].filter((home) => home !== 0);
  }

  /** All homes that keys make one machine of, beginning with this one. */
  #together(home: number): readonly number[] {
    const homes = [home];
    // The list grows while it is walked.
    for (const it of homes)
      for (const key of this.#joins.get(it) ?? [])
        for (const group of key.groups) if (group.includes(it)) homes.push(...group.filter((other) => !homes.includes(other)));
    return homes;
  }

  #endpointsAt(home: number): number[] {
    if (this.#nodes.is(home, NodeFlag.child)) return [...(this.#childrenAt.get(home) ?? [])];
    const found: number[] = [];
    const take = (number: number) => number !== 0 && this.#home(number) === home && found.push(number);
    take(this.#nodes.endpoint(home));
    for (const pair of this.#pairsOf(home)) {
      take(this.#pairs.endpoint(pair));
      const ip = this.#pairs.ip(pair);
      if (ip === home || this.#bindings.ownerOf(ip) !== home) continue;
      // What others carried of an IP it owns.
      take(this.#nodes.endpoint(ip));
      for (const other of this.#pairs.ofIp(ip)) if (other !== pair) take(this.#pairs.endpoint(other));
    }
    return found;
  }

  #pairsOf(home: number): Iterable<number> {
    return this.#nodes.is(home, NodeFlag.mac) ? this.#pairs.ofMac(home) : this.#pairs.ofIp(home);
  }

  /** Of a MAC: those whose IP is its own. What no frame wore is with the card. */
  #ownPairs(home: number, members: ReadonlySet<number>): number[] {
    if (!this.#nodes.is(home, NodeFlag.mac)) return [];
    const hasCard = this.#hasCard(home, members);
    return [...this.#pairs.ofMac(home)].filter((pair) => {
      const endpoint = this.#pairs.endpoint(pair);
      return this.#bindings.homeOf(pair) === home && (endpoint === 0 ? hasCard : members.has(endpoint));
    });
  }

  /** What is known of a home by itself is of whoever has its own endpoint; of all who have a part where it has none. */
  #hasCard(home: number, members: ReadonlySet<number>): boolean {
    const card = this.#nodes.endpoint(home);
    return card === 0 || members.has(card);
  }

  /** It sent frames from a MAC that is no machine's. */
  #isNobodysOwn(pair: number): boolean {
    return (this.#pairs.flags(pair) & PairFlag.sent) !== 0 && this.#nodes.is(this.#pairs.mac(pair), NodeFlag.nobody);
  }
}

function seconds(microseconds: number): number {
  return Math.floor(microseconds / 1e6);
}

/** Of a pair, without a frame. */
const TOLD = PairFlag.address | PairFlag.answers | PairFlag.virtual | PairFlag.made;
const TTL_BITS = PairFlag.initialTtl | PairFlag.otherTtl | PairFlag.toGroup;
/** As in `AddressRow`. */
const TO_ITSELF = 64;
