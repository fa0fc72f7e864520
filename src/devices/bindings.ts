/**
 * Which MAC an IP belongs to.
 *
 * A MAC *proves* an IP by ARP, neighbor discovery or DHCP; it *carries* one when it sends from it with a TTL a machine starts from, or
 * to a group, and is no router; everything else tells nothing. The strongest that exactly one MAC has makes it the owner. Where frames
 * tell of none, it is the one that others wrote down for that time (`tenures.ts`).
 */
import assert from "node:assert/strict";
import { macWords } from "../bytes/address.ts";
import type { IpWords } from "../bytes/address.ts";
import { macInside } from "./address.ts";
import { NodeFlag, Nodes, OfIp, OfMac, PairFlag, Pairs } from "./nodes.ts";
import { Tenures } from "./tenures.ts";

/** Beyond this many addresses that nobody proved, a card is a router's: machines with more of their own announce them. */
const UNPROVEN_MAX = 4;
/** Two unproven ones beside one that is proven: a router's own, and those behind it. */
const UNPROVEN_BESIDE_PROVEN_MAX = 1;
/** A proxy answers for addresses it never asks from. Two may be a machine that was only heard answering. */
const PROXIED_MIN = 3;

export class Bindings {
  readonly nodes = new Nodes();
  readonly pairs = new Pairs(this.nodes);

  readonly #tenures = new Tenures();
  /** How many addresses a card answered for and never asked from, of cards that have such. */
  readonly #answersOnly = new Map<number, number>();
  readonly #claimed = new Set<number>();
  #waiting: number[] = [];
  /** The one asked for last is mostly asked for again: an address comes with its MAC, and the MAC by itself beside it. */
  #lastText = "";
  #lastSpace = -1;
  #lastMac = 0;

  mac(space: number, text: string): number {
    if (text === this.#lastText && space === this.#lastSpace) return this.#lastMac;
    const words = macWords(text);
    assert(words !== null, `expected a MAC, got "${text}"`);
    const mac = this.nodes.mac(space, words[0], words[1]);
    if (mac === 0) return 0;
    this.#lastText = text;
    this.#lastSpace = space;
    this.#lastMac = mac;
    return mac;
  }

  /** An IP made from a MAC is paired with it from the start. */
  ip(space: number, address: IpWords): number {
    const { nodes, pairs } = this;
    const before = nodes.count;
    const ip = nodes.ip(space, address);
    const inside = nodes.count === before ? null : macInside(address);
    const mac = inside === null ? 0 : nodes.mac(space, ...inside);
    if (mac !== 0) {
      nodes.mark(ip, NodeFlag.made);
      this.tell(pairs.add(mac, ip), PairFlag.made);
    }
    return ip;
  }

  /** 0 when there is no room, or was none for either. */
  pair(mac: number, ip: number): number {
    return mac === 0 || ip === 0 ? 0 : this.pairs.find(mac, ip) || this.pairs.add(mac, ip);
  }

  /** Facts about a pair, as bits of `PairFlag`. */
  tell(pair: number, facts: number): void {
    if (pair === 0) return;
    const flags = this.pairs.flags(pair);
    if ((flags & facts) === facts) return;
    this.pairs.setFlags(pair, flags | facts);
    this.#wait(pair);
    if ((facts & PairFlag.toItself) !== 0) this.#share(this.pairs.mac(pair));
    const ip = this.pairs.ip(pair);
    if ((facts & PairFlag.virtual) === 0 || this.nodes.is(ip, NodeFlag.virtual)) return;
    this.nodes.mark(ip, NodeFlag.virtual);
    this.#tenures.heard(ip);
    for (const other of this.pairs.ofIp(ip)) this.#wait(other);
  }

  /** Others wrote down that the IP of this pair was its MAC's, from when to when in seconds. */
  writtenDown(pair: number, from: number, to: number): void {
    if (pair === 0 || !this.#canBind(pair) || this.nodes.is(this.pairs.mac(pair), NodeFlag.virtual)) return;
    const ip = this.pairs.ip(pair);
    this.nodes.mark(ip, NodeFlag.told);
    this.#tenures.tell(ip, this.pairs.mac(pair), from, to);
  }

  /** Frames wore this IP, from when to when in seconds. */
  heard(ip: number, from: number, to: number): void {
    if (this.nodes.widen(ip, from, to) && this.nodes.is(ip, NodeFlag.told)) this.#tenures.heard(ip);
  }

  /** An endpoint has this MAC: from now on an IP made from it may be its. */
  wear(mac: number): void {
    if (this.nodes.is(mac, NodeFlag.worn)) return;
    this.nodes.mark(mac, NodeFlag.worn);
    for (const pair of this.pairs.ofMac(mac)) this.#wait(pair);
  }

  /** Somebody said that this MAC or IP forwards. What has no address yet is told by its MAC: without one all are alike. */
  claimCarrier(node: number): void {
    if (this.nodes.is(node, NodeFlag.claimed) || this.nodes.scope(node) === "unspecified") return;
    this.nodes.mark(node, NodeFlag.claimed);
    this.#claimed.add(node);
  }

  /**
   * Works out what follows from what was told since. `pairs` may live elsewhere than before, and so may all pairs of `ips` and the IPs
   * alone; `carriers` began or ceased to forward, or are now said to.
   */
  settle(): { readonly pairs: readonly number[]; readonly ips: Iterable<number>; readonly carriers: Iterable<number> } {
    // Who is a proxy comes first, since that takes the proof from all its answers; those join the end of the list.
    const macs = new Set([...this.#claimed].filter((node) => this.nodes.is(node, NodeFlag.mac)));
    for (const pair of this.#waiting) if (this.#countAnswer(pair)) macs.add(this.pairs.mac(pair));
    for (const pair of this.#waiting) if (this.#countAtMac(pair)) macs.add(this.pairs.mac(pair));

    const carriers = new Set(this.#claimed);
    this.#claimed.clear();
    for (const mac of macs) {
      const forwards = this.#forwards(mac);
      if (forwards === this.nodes.is(mac, NodeFlag.carrier)) continue;
      this.nodes.mark(mac, NodeFlag.carrier, forwards);
      carriers.add(mac);
      for (const pair of this.pairs.ofMac(mac)) this.#wait(pair);
    }

    const pairs = this.#waiting;
    this.#waiting = [];
    const standings = new Map<number, number>();
    for (const ip of this.#tenures.waiting) standings.set(ip, this.#standing(ip));
    this.#tenures.settle((ip) => (this.nodes.is(ip, NodeFlag.virtual) ? null : this.nodes.span(ip)));
    for (const pair of pairs) {
      this.pairs.setFlags(pair, this.pairs.flags(pair) & ~PairFlag.waiting);
      const ip = this.pairs.ip(pair);
      // Most IPs are in one pair only, and nobody else's home hangs on them.
      if (!this.#isAlone(pair, ip) && !standings.has(ip)) standings.set(ip, this.#standing(ip));
      this.#countAtIp(pair);
    }
    const ips = [...standings].filter(([ip, before]) => this.#standing(ip) !== before).map(([ip]) => ip);
    return { pairs, ips, carriers };
  }

  /** Where an endpoint of this pair lives: at the MAC, at another that owns the IP, or at the IP alone. */
  homeOf(pair: number): number {
    const mac = this.pairs.mac(pair);
    const ip = this.pairs.ip(pair);
    if (this.nodes.scope(ip) === "unspecified") return this.nodes.is(mac, NodeFlag.nobody) ? ip : mac;
    const flags = this.pairs.flags(pair);
    const isOwn = (flags & PairFlag.proven) !== 0 || ((flags & PairFlag.carried) !== 0 && this.nodes.sum(ip, OfIp.proven) === 0);
    return isOwn ? mac : this.ownerOf(ip);
  }

  /** The one MAC that proved it; where none did, the one that carried it; where none did, its holder as it was written down; else the IP itself. */
  ownerOf(ip: number): number {
    const proven = this.nodes.sum(ip, OfIp.proven);
    if (proven === 1) return this.nodes.sum(ip, OfIp.provenXor);
    const carried = this.nodes.sum(ip, OfIp.carried);
    if (proven === 0 && carried === 1) return this.nodes.sum(ip, OfIp.carriedXor);
    const isTold = proven === 0 && carried === 0 && this.nodes.is(ip, NodeFlag.told);
    return (isTold && this.#tenures.holderOf(ip)) || ip;
  }

  /** Both sides must have spoken: one frame anybody may forge. */
  #share(mac: number): void {
    if (this.nodes.is(mac, NodeFlag.shared)) return;
    const speaking = [...this.pairs.ofMac(mac)].filter((pair) => (this.pairs.flags(pair) & PairFlag.toItself) !== 0);
    if (speaking.length < 2) return;
    this.nodes.mark(mac, NodeFlag.shared);
    for (const pair of speaking) this.#wait(pair);
  }

  /** A machine does not speak with itself over a wire: who does so from one card is behind it, as behind a router. */
  #isShared(pair: number): boolean {
    return (this.pairs.flags(pair) & PairFlag.toItself) !== 0 && this.nodes.is(this.pairs.mac(pair), NodeFlag.shared);
  }

  #wait(pair: number): void {
    const flags = this.pairs.flags(pair);
    if ((flags & PairFlag.waiting) !== 0) return;
    this.pairs.setFlags(pair, flags | PairFlag.waiting);
    this.#waiting.push(pair);
  }

  /** Whether its MAC began or ceased to be a proxy by it. */
  #countAnswer(pair: number): boolean {
    const flags = this.pairs.flags(pair);
    const answersOnly = (flags & (PairFlag.answers | PairFlag.address)) === PairFlag.answers;
    if (answersOnly === ((flags & PairFlag.answersOnly) !== 0)) return false;
    const mac = this.pairs.mac(pair);
    const before = this.#isProxy(mac);
    this.pairs.setFlags(pair, flags ^ PairFlag.answersOnly);
    this.#answersOnly.set(mac, (this.#answersOnly.get(mac) ?? 0) + (answersOnly ? 1 : -1));
    if (this.#isProxy(mac) === before) return false;
    for (const other of this.pairs.ofMac(mac)) this.#wait(other);
    return true;
  }

  #isProxy(mac: number): boolean {
    return (this.#answersOnly.get(mac) ?? 0) >= PROXIED_MIN;
  }

  /** Brings the sums of the pair's MAC up to date; whether they changed. */
  #countAtMac(pair: number): boolean {
    const flags = this.pairs.flags(pair);
    const counted = this.#countsAs(pair, flags);
    this.pairs.setFlags(pair, (flags & ~COUNTED_AT_MAC) | counted);
    if (((flags ^ counted) & COUNTED_AT_MAC) === 0) return false;
    const mac = this.pairs.mac(pair);
    for (const [flag, sum] of SUMS_OF_MAC) if (((flags ^ counted) & flag) !== 0) this.nodes.add(mac, sum, (counted & flag) !== 0 ? 1 : -1);
    return true;
  }

  #countsAs(pair: number, flags: number): number {
    if (!this.#canBind(pair)) return 0;
    const four = this.nodes.is(this.pairs.ip(pair), NodeFlag.ip4);
    if (this.#proves(pair, flags)) return PairFlag.heard | (four ? PairFlag.proven4 : 0);
    if ((flags & PairFlag.worn) === 0) return 0;
    const forwarded = (flags & PairFlag.otherTtl) !== 0 && (flags & PairFlag.initialTtl) === 0;
    return PairFlag.heard | (four ? PairFlag.unproven : 0) | (forwarded ? PairFlag.forwarded : 0);
  }

  /** Brings the sums of the pair's IP up to date. */
  #countAtIp(pair: number): void {
    const flags = this.pairs.flags(pair);
    const proven = this.#canBind(pair) && this.#proves(pair, flags);
    const carried = !proven && this.#canBind(pair) && this.#carries(pair, flags);
    const { nodes, pairs } = this;
    const [mac, ip] = [pairs.mac(pair), pairs.ip(pair)];
    if (proven !== ((flags & PairFlag.proven) !== 0)) {
      nodes.add(ip, OfIp.proven, proven ? 1 : -1);
      nodes.flip(ip, OfIp.provenXor, mac);
    }
    if (carried !== ((flags & PairFlag.carried) !== 0)) {
      nodes.add(ip, OfIp.carried, carried ? 1 : -1);
      nodes.flip(ip, OfIp.carriedXor, mac);
    }
    pairs.setFlags(
      pair,
      (flags & ~(PairFlag.proven | PairFlag.carried)) | (proven ? PairFlag.proven : 0) | (carried ? PairFlag.carried : 0),
    );
  }

  /** Both belong to one machine each, as far as the addresses themselves say. */
  #canBind(pair: number): boolean {
    const scope = this.nodes.scope(this.pairs.ip(pair));
    return (scope === "plain" || scope === "link") && !this.nodes.is(this.pairs.mac(pair), NodeFlag.nobody);
  }

  #proves(pair: number, flags: number): boolean {
    const [mac, ip] = [this.pairs.mac(pair), this.pairs.ip(pair)];
    // What redundant routers hand to each other belongs to the virtual card; and that card sends in the name of whoever holds it.
    const virtual = this.nodes.is(mac, NodeFlag.virtual);
    if (virtual || this.nodes.is(ip, NodeFlag.virtual)) return virtual && (flags & PairFlag.virtual) !== 0;
    if ((flags & PairFlag.address) !== 0) return true;
    if ((flags & PairFlag.answers) !== 0 && !this.#isProxy(mac)) return true;
    // No router passes these on, so who sends from one wears it.
    return this.nodes.scope(ip) === "link" && (flags & PairFlag.sent) !== 0;
  }

  #carries(pair: number, flags: number): boolean {
    const [mac, ip] = [this.pairs.mac(pair), this.pairs.ip(pair)];
    if (this.nodes.is(mac, NodeFlag.virtual) || this.nodes.is(ip, NodeFlag.virtual)) return false;
    if (this.#isShared(pair)) return false;
    if ((flags & PairFlag.made) !== 0 && this.nodes.is(mac, NodeFlag.worn)) return true;
    if (this.nodes.is(mac, NodeFlag.carrier) || this.#isMadeFromAnother(ip, flags)) return false;
    return (flags & PairFlag.initialTtl) !== 0 || (flags & (PairFlag.toGroup | PairFlag.otherTtl)) === PairFlag.toGroup;
  }

  /** 14 of 16 addresses made from a MAC were that MAC's; the others came through a router or a tunnel. */
  #isMadeFromAnother(ip: number, flags: number): boolean {
    return this.nodes.is(ip, NodeFlag.made) && (flags & PairFlag.made) === 0;
  }

  #forwards(mac: number): boolean {
    const { nodes } = this;
    if (nodes.is(mac, NodeFlag.virtual | NodeFlag.claimed) || this.#isProxy(mac)) return true;
    const forwarded = nodes.sum(mac, OfMac.forwarded);
    const unproven = nodes.sum(mac, OfMac.unproven);
    return (
      forwarded > 1 || (forwarded === 1 && nodes.sum(mac, OfMac.heard) > 1) ||
      unproven > UNPROVEN_MAX || (unproven > UNPROVEN_BESIDE_PROVEN_MAX && nodes.sum(mac, OfMac.proven) > 0)
    ); // prettier-ignore
  }

  #isAlone(pair: number, ip: number): boolean {
    return this.nodes.pair(ip) === pair && !this.pairs.hasNextOfIp(pair) && this.nodes.endpoint(ip) === 0;
  }

  /** Changes when any of its pairs, or it alone, may live elsewhere. */
  #standing(ip: number): number {
    return this.ownerOf(ip) * 2 + (this.nodes.sum(ip, OfIp.proven) === 0 ? 1 : 0);
  }
}

const SUMS_OF_MAC = [
  [PairFlag.heard, OfMac.heard],
  [PairFlag.unproven, OfMac.unproven],
  [PairFlag.forwarded, OfMac.forwarded],
  [PairFlag.proven4, OfMac.proven],
] as const;
const COUNTED_AT_MAC = PairFlag.heard | PairFlag.unproven | PairFlag.forwarded | PairFlag.proven4;
