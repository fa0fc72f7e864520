/**
 * First contacts counted over one second: of each sender by way of asking, of each sender with each receiver, and of each receiver. Numbers
 * in typed arrays; only the first frames of what looks like many, or failed, are kept as evidence.
 */
import type { ContactWay } from "../model/signal.ts";
import { CONTACT_WAYS, LOADS, signalKinds, type Load } from "../model/signal.ts";
import type { Packet } from "../model/packet.ts";
import type { Batches } from "./batches.ts";
import { mix } from "./hash.ts";
import { NOBODY } from "./hosts.ts";
import { Witnesses } from "./witnesses.ts";

/** Senders, pairs and receivers in one second; further ones are counted as others. */
const SLOTS_MAX = 16_384;
const INDEX_SIZE = 1 << 14;
const STRIDE = 12;
const At = {
  next: 0, sender: 1, receiver: 2, way: 3, vlan: 4, fresh: 5, answered: 6, failed: 7, late: 8, again: 9, others: 10, told: 11,
  // Of a receiver's load, in place of what only senders have.
  most: 9, votes: 10,
} as const; // prettier-ignore
/** Senders told of in one second: those with the most failed and new. */
const TOLD_MAX = 1_024;
/** Of one sender in one second 64 receivers are named. */
const PAIRS_MAX = 65;
/** From so many new ones in a second on their frames are kept: ordinary traffic begins fewer. */
const WITNESSED_FROM = 3;
const WITNESSED_MAX = 8;
/** Endpoints that did not answer within the second, from which on it is told. */
const UNANSWERED_MIN = 5;
const CREDIT_MAX = 255;
/** Above the ways of asking: what one receiver was asked in all. */
const LOAD_WAYS = 16;
const NEIGHBORLY = CONTACT_WAYS.map((way) => way === "arp" || way === "nd");
/** Silence says nothing of these. */
const SILENCE_IS_NOTHING: ReadonlySet<ContactWay> = new Set(["udp", "ip", "named", "gateway"]);

export class ContactCounts {
  readonly #words = new Uint32Array((SLOTS_MAX + 1) * STRIDE);
  readonly #index = new Uint32Array(INDEX_SIZE);
  readonly #witnesses: (Witnesses | undefined)[] = [];
  /** Answers of a sender that were not told yet, those of neighbors apart: they change nothing until something fails. Grows with the hosts. */
  #credit = new Uint8Array(1 << 16);
  #size = 0;
  #beyond = 0;

  /** `known`: it was asked before, whatever came of it. */
  begun(sender: number, receiver: number, way: number, vlan: number, known: boolean, packet: Packet | null): void {
    const one = this.#slot(sender, NOBODY, way, vlan);
    const words = this.#words;
    words[one * STRIDE + (known ? At.again : At.fresh)]!++;
    if (receiver !== NOBODY) {
      const pair = this.#slot(sender, receiver, way, vlan) * STRIDE;
      // Asked for the first time in this second: another receiver of its sender, and another sender of its receiver.
      const isFirst = (words[pair + At.fresh]! | words[pair + At.again]!) === 0;
      words[pair + (known ? At.again : At.fresh)]!++;
      if (isFirst) words[one * STRIDE + At.others]!++;
      if (!known) {
        const base = this.#slot(NOBODY, receiver, 0, vlan) * STRIDE;
        words[base + At.fresh]!++;
        if (isFirst) words[base + At.others]!++;
      }
    }
    if (known) return;
    if (packet !== null && one !== 0 && words[one * STRIDE + At.fresh]! >= WITNESSED_FROM) this.#witness(one, packet);
  }

  answered(sender: number, receiver: number, way: number, vlan: number): void {
    this.#words[this.#slot(sender, NOBODY, way, vlan) * STRIDE + At.answered]!++;
    if (receiver === NOBODY) return;
    this.#words[this.#find(sender, receiver, way) * STRIDE + At.answered]!++;
    this.#words[this.#find(NOBODY, receiver, 0) * STRIDE + At.answered]!++;
  }

  failed(sender: number, receiver: number, way: number, vlan: number, packet: Packet | null): void {
    const one = this.#slot(sender, NOBODY, way, vlan);
    this.#words[one * STRIDE + At.failed]!++;
    if (packet !== null && one !== 0) this.#witness(one, packet);
    if (receiver === NOBODY) return;
    this.#words[this.#slot(sender, receiver, way, vlan) * STRIDE + At.failed]!++;
    this.#words[this.#slot(NOBODY, receiver, 0, vlan) * STRIDE + At.failed]!++;
  }

  /** What failed answers now. Within the same second it never failed. */
  late(sender: number, receiver: number, way: number, vlan: number): void {
    this.#takeBack(this.#slot(sender, NOBODY, way, vlan));
    if (receiver !== NOBODY) this.#takeBack(this.#slot(sender, receiver, way, vlan));
  }

  /** A packet for `receiver`. Who sends the most is found by votes against each other (Boyer and Moore's majority): one place is enough for it. */
  load(sender: number, receiver: number, load: Load, vlan: number): void {
    const base = this.#slot(NOBODY, receiver, LOAD_WAYS + LOADS.indexOf(load), vlan) * STRIDE;
    const words = this.#words;
    words[base + At.fresh]!++;
    if (words[base + At.votes] === 0) words[base + At.most] = sender;
    if (words[base + At.most] === sender) words[base + At.votes]!++;
    else words[base + At.votes]!--;
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** The second is over. Told in the order in which they came, what a sender asked of whom before what it asked in all. */
  second(at: number, batches: Batches): void {
    this.#choose();
    for (let slot = 1; slot <= this.#size; slot++) this.#tellPair(slot * STRIDE, at, batches);
    for (let slot = 1; slot <= this.#size; slot++) this.#tellOne(slot, at, batches);
    if (this.#beyond > 0) batches.signal(["others", NOBODY, NOBODY], at, "", "", this.#beyond, 0, 0, 0);
    this.#index.fill(0);
    this.#witnesses.length = 0;
    this.#size = 0;
    this.#beyond = 0;
    // The place of those beyond the limit.
    this.#words.fill(0, 0, STRIDE);
  }

  /** Marks senders worth telling of, each with how many of its receivers are named; where there are too many, those with the least are not. */
  #choose(): void {
    const words = this.#words;
    const chosen: number[] = [];
    for (let slot = 1; slot <= this.#size; slot++) {
      const base = slot * STRIDE;
      if (words[base + At.receiver] !== NOBODY || words[base + At.sender] === NOBODY) continue;
      if (this.#isWorthTelling(base)) chosen.push(base);
      else this.#addCredit(words[base + At.sender]!, words[base + At.way]!, words[base + At.answered]!);
    }
    // Sorting is stable: of equal weight those that came first.
    if (chosen.length > TOLD_MAX) chosen.sort((a, b) => this.#weight(b) - this.#weight(a));
    for (const base of chosen.slice(0, TOLD_MAX)) words[base + At.told] = PAIRS_MAX;
    this.#beyond += Math.max(0, chosen.length - TOLD_MAX);
  }

  #weight(base: number): number {
    return this.#words[base + At.failed]! + this.#words[base + At.fresh]! + this.#words[base + At.late]!;
  }

  #isWorthTelling(base: number): boolean {
    const words = this.#words;
    if (words[base + At.failed]! > 0 || words[base + At.late]! > 0 || words[base + At.others]! >= signalKinds.recontacts.floor) return true;
    const way = CONTACT_WAYS[words[base + At.way]!]!;
    if (way === "echo" && words[base + At.fresh]! > 0) return true;
    return !SILENCE_IS_NOTHING.has(way) && words[base + At.fresh]! >= words[base + At.answered]! + UNANSWERED_MIN;
  }

  #tellPair(base: number, at: number, batches: Batches): void {
    const words = this.#words;
    const sender = words[base + At.sender]!;
    const receiver = words[base + At.receiver]!;
    if (sender === NOBODY || receiver === NOBODY) return;
    const one = this.#find(sender, NOBODY, words[base + At.way]!) * STRIDE;
    if (words[one + At.told] === 0) return;
    const way = CONTACT_WAYS[words[base + At.way]!]!;
    const segment = segmentOf(words[base + At.vlan]!);
    const late = words[base + At.late]!;
    if (late > 0) batches.signal(["lateAnswers", sender, receiver], at, segment, way, late, 0, 0, 0);
    const [fresh, answered, failed] = [words[base + At.fresh]!, words[base + At.answered]!, words[base + At.failed]!];
    // Its own word is that it is told, so one is left for it.
    if (words[one + At.told] === 1 || (fresh === 0 && failed === 0)) return;
    words[one + At.told]!--;
    batches.signal(["probes", sender, receiver], at, segment, way, fresh, Math.max(0, fresh - answered), failed, answered);
  }

  #tellOne(slot: number, at: number, batches: Batches): void {
    const words = this.#words;
    const base = slot * STRIDE;
    const sender = words[base + At.sender]!;
    const receiver = words[base + At.receiver]!;
    const segment = segmentOf(words[base + At.vlan]!);
    const [fresh, answered, failed] = [words[base + At.fresh]!, words[base + At.answered]!, words[base + At.failed]!];
    const unanswered = Math.max(0, fresh - answered);
    if (sender === NOBODY) {
      const load = LOADS[words[base + At.way]! - LOAD_WAYS];
      if (load !== undefined) {
        const isOnes = words[base + At.votes]! * 2 >= fresh;
        const most = isOnes ? words[base + At.most]! : NOBODY;
        if (fresh >= signalKinds.load.floor) batches.signal(["load", most, receiver], at, segment, load, fresh, 0, 0, 0);
      } else if (fresh >= signalKinds.contacted.floor)
        batches.signal(["contacted", NOBODY, receiver], at, segment, "", fresh, words[base + At.others]!, failed, answered);
      return;
    }
    if (receiver !== NOBODY || words[base + At.told] === 0) return;
    const way = CONTACT_WAYS[words[base + At.way]!]!;
    const late = words[base + At.late]!;
    if (late > 0) batches.signal(["lateAnswers", sender, NOBODY], at, segment, way, late, 0, 0, 0);
    if (words[base + At.again]! > 0 && words[base + At.others]! >= signalKinds.recontacts.floor)
      batches.signal(["recontacts", sender, NOBODY], at, segment, way, words[base + At.again]!, words[base + At.others]!, 0, fresh);
    const amount = answered + this.#takeCredit(sender, words[base + At.way]!);
    batches.signal(["contacts", sender, NOBODY], at, segment, way, fresh, unanswered, failed, amount, this.#witnesses[slot]?.rows());
  }

  #takeBack(slot: number): void {
    const base = slot * STRIDE;
    if (this.#words[base + At.failed]! > 0) {
      this.#words[base + At.failed]!--;
      this.#words[base + At.answered]!++;
    } else this.#words[base + At.late]!++;
  }

  #addCredit(sender: number, way: number, answers: number): void {
    if (answers === 0) return;
    const place = creditOf(sender, way);
    if (place >= this.#credit.length) {
      const larger = new Uint8Array(Math.max(this.#credit.length * 2, place + 1));
      larger.set(this.#credit);
      this.#credit = larger;
    }
    this.#credit[place] = Math.min(CREDIT_MAX, this.#credit[place]! + answers);
  }

  #takeCredit(sender: number, way: number): number {
    const credit = this.#credit[creditOf(sender, way)] ?? 0;
    if (credit > 0) this.#credit[creditOf(sender, way)] = 0;
    return credit;
  }

  #witness(slot: number, packet: Packet): void {
    const it = (this.#witnesses[slot] ??= new Witnesses());
    if (it.count < WITNESSED_MAX) it.add(packet);
  }

  #find(sender: number, receiver: number, way: number): number {
    const words = this.#words;
    let slot = this.#index[mix(mix(sender, receiver), way) & (INDEX_SIZE - 1)]!;
    for (; slot !== 0; slot = words[slot * STRIDE]!) {
      const base = slot * STRIDE;
      if (words[base + At.sender] === sender && words[base + At.receiver] === receiver && words[base + At.way] === way) return slot;
    }
    return 0;
  }

  /** 0 where there is no room: that place belongs to nobody. */
  #slot(sender: number, receiver: number, way: number, vlan: number): number {
    const known = this.#find(sender, receiver, way);
    if (known !== 0) return known;
    if (this.#size >= SLOTS_MAX) {
      this.#beyond++;
      return 0;
    }
    const words = this.#words;
    const slot = ++this.#size;
    const base = slot * STRIDE;
    const bucket = mix(mix(sender, receiver), way) & (INDEX_SIZE - 1);
    words.fill(0, base, base + STRIDE);
    words[base] = this.#index[bucket]!;
    this.#index[bucket] = slot;
    words[base + At.sender] = sender;
    words[base + At.receiver] = receiver;
    words[base + At.way] = way;
    words[base + At.vlan] = vlan;
    return slot;
  }
}

function creditOf(sender: number, way: number): number {
  return sender * 2 + (NEIGHBORLY[way] === true ? 1 : 0);
}

function segmentOf(vlan: number): string {
  return vlan === 0 ? "untagged" : `vlan ${vlan}`;
}
