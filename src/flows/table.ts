/**
 * Both directions of one five-tuple: who began, what went each way since the last batch, and how far it came.
 *
 * One entry is 112 bytes in a table reserved whole and touched as it fills; freed entries are used again. Flows that nobody answered
 * stand in a ring: when it is full the oldest of them goes, so a flood of first packets costs a bounded place and never an established flow.
 */

import type { Side } from "../model/protocol.ts";

/** Grows with the flows, so that those of a small network lie close together: a place far from all others is a miss of the cache. */
const INDEX_FIRST = 1 << 12;
const INDEX_MAX = 1 << 22;
/** First packets waiting for an answer: 20,000 a second would have 13 s each. At most a quarter of all flows. */
const UNANSWERED_MAX = 262_144;
const UNANSWERED_SHARE = 4;

/** Where there is no room the longest silent of so many goes. */
const CANDIDATES = 8;

/** Words of an entry; four pairs are 64-bit floats. */
const STRIDE = 28;
export const NO_FLOW = 0;

export const FlowFlag = {
  live: 1,
  /** Nobody answered yet. */
  unanswered: 2,
  /** A SYN was heard, from the client; its answer, from the server. */
  syn: 4,
  synAck: 8,
  /** The handshake is complete, or as good as. */
  handshake: 16,
  finClient: 32,
  finServer: 64,
  reset: 128,
  serverIsA: 256,
  sideByPort: 512,
  sideByProtocol: 1024,
  /** Both sides were heard. */
  bothWays: 2048,
  /** Its protocol is known, or nobody will know it. */
  decided: 4096,
  /** Nothing more of it is read. */
  counted: 8192,
  toGroup: 16_384,
  /** Counted as heard in both directions, or in one. */
  directionTold: 32_768,
  /** `firstA`, `firstB` hold the number of that side's first byte. */
  beginA: 65_536,
  beginB: 131_072,
  /** The server was heard to answer. */
  answerHeard: 262_144,
  /** What it said is of the protocol that the client speaks; and that was told. */
  serverSpoke: 524_288,
  spokenTold: 1_048_576,
  /** The side that did not begin answered from the card it was spoken to by: both ways go by one router. */
  oneRouter: 2_097_152,
  /** It began with an acknowledgment that carried nothing, from whoever asks. */
  bareAck: 4_194_304,
} as const;

export class FlowTable {
  /** Word indices of an entry: `words[flow * FLOW_STRIDE + Word.x]`. */
  readonly words: Uint32Array;
  readonly floats: Float64Array;
  /** Flows remembered now. */
  count = 0;
  readonly #max: number;
  #index = new Uint32Array(INDEX_FIRST);
  #mask = INDEX_FIRST - 1;
  readonly #ring: Uint32Array;
  #ringAt = 0;
  #free = NO_FLOW;
  #highest = 0;
  #sweepHand = 1;
  #evictHand = 1;
  #evicted = 0;
  #unansweredEvicted = 0;

  constructor(flowsMax: number) {
    this.#max = flowsMax;
    this.words = new Uint32Array((flowsMax + 1) * STRIDE);
    this.floats = new Float64Array(this.words.buffer);
    this.#ring = new Uint32Array(Math.min(UNANSWERED_MAX, Math.max(1, Math.floor(flowsMax / UNANSWERED_SHARE))));
  }

  /** First flow with this hash; go on with `next`. */
  first(hash: number): number {
    return this.#index[hash & this.#mask]!;
  }

  next(flow: number): number {
    return this.words[flow * STRIDE]!;
  }

  /** A new flow. Where there is no room, `leaving` is called with the one that goes, which may still be read. */
  add(hash: number, leaving: (flow: number) => void): number {
    let flow = this.#free;
    if (flow !== NO_FLOW) {
      this.#free = this.words[flow * STRIDE]!;
    } else if (this.#highest < this.#max) {
      flow = ++this.#highest;
    } else {
      this.#evicted++;
      const goes = this.#longestSilent();
      leaving(goes);
      this.remove(goes);
      flow = this.#free;
      this.#free = this.words[flow * STRIDE]!;
    }
    if (this.count > this.#mask && this.#mask + 1 < INDEX_MAX) this.#growIndex();
    const base = flow * STRIDE;
    this.words.fill(0, base, base + STRIDE);
    const bucket = hash & this.#mask;
    this.words[base] = this.#index[bucket]!;
    this.#index[bucket] = flow;
    this.words[base + Word.hash] = hash;
    this.words[base + Word.flags] = FlowFlag.live | FlowFlag.unanswered;
    this.count++;

    const before = this.#ring[this.#ringAt]!;
    if (
      before !== NO_FLOW &&
      before !== flow &&
      (this.words[before * STRIDE + Word.flags]! & (FlowFlag.live | FlowFlag.unanswered)) === 3
    ) {
      // A number that was freed and taken again stands in the ring twice; its younger place counts.
      if (this.words[before * STRIDE + Word.ringAt] === this.#ringAt) {
        this.#unansweredEvicted++;
        leaving(before);
        this.remove(before);
      }
    }
    this.#ring[this.#ringAt] = flow;
    this.words[base + Word.ringAt] = this.#ringAt;
    this.#ringAt = (this.#ringAt + 1) % this.#ring.length;
    return flow;
  }

  #growIndex(): void {
    const { words } = this;
    this.#index = new Uint32Array(this.#index.length * 2);
    this.#mask = this.#index.length - 1;
    this.each((flow) => {
      const base = flow * STRIDE;
      const bucket = words[base + Word.hash]! & this.#mask;
      words[base] = this.#index[bucket]!;
      this.#index[bucket] = flow;
    });
  }

  /** Of the next few places under a hand that passes all of them in turn. */
  #longestSilent(): number {
    let goes = this.#evictHand;
    for (let i = 0; i < CANDIDATES; i++) {
      const flow = this.#evictHand;
      this.#evictHand = flow >= this.#highest ? 1 : flow + 1;
      if (this.floats[flow * (STRIDE >>> 1) + LastAt]! < this.floats[goes * (STRIDE >>> 1) + LastAt]!) goes = flow;
    }
    return goes;
  }

  remove(flow: number): void {
    const base = flow * STRIDE;
    const bucket = this.words[base + Word.hash]! & this.#mask;
    if (this.#index[bucket] === flow) {
      this.#index[bucket] = this.words[base]!;
    } else {
      let at = this.#index[bucket]!;
      while (this.words[at * STRIDE] !== flow) at = this.words[at * STRIDE]!;
      this.words[at * STRIDE] = this.words[base]!;
    }
    this.words[base + Word.flags] = 0;
    this.words[base] = this.#free;
    this.#free = flow;
    this.count--;
  }

  /** Host that asks in the flow whose entry begins at `base`. */
  client(base: number): number {
    return this.words[base + ((this.words[base + Word.flags]! & FlowFlag.serverIsA) !== 0 ? Word.hostB : Word.hostA)]!;
  }

  server(base: number): number {
    return this.words[base + ((this.words[base + Word.flags]! & FlowFlag.serverIsA) !== 0 ? Word.hostA : Word.hostB)]!;
  }

  /** The server's, or the one it is filed under. */
  port(base: number): number {
    const filed = this.words[base + Word.filedPort]!;
    if (filed !== 0) return filed;
    const ports = this.words[base + Word.ports]!;
    return (this.words[base + Word.flags]! & FlowFlag.serverIsA) !== 0 ? ports >>> 16 : ports & 0xffff;
  }

  /** What the sender is known to be; a mere guess is no knowledge. */
  side(base: number, fromA: boolean): Side {
    const flags = this.words[base + Word.flags]!;
    const isUdp = this.words[base + Word.transport] === Ip.udp;
    const known = FlowFlag.syn | FlowFlag.synAck | FlowFlag.sideByProtocol | (isUdp ? FlowFlag.sideByPort : 0);
    if ((flags & known) === 0) return "unknown";
    return fromA === ((flags & FlowFlag.serverIsA) !== 0) ? "server" : "client";
  }

  /** Visits the next `many` places under the sweeping hand, so that all are visited in turn; `round`: the last of them was. */
  sweep(many: number, visit: (flow: number) => void, round: () => void): void {
    for (let i = Math.min(many, this.#highest); i > 0; i--) {
      const flow = this.#sweepHand;
      this.#sweepHand = flow >= this.#highest ? 1 : flow + 1;
      if ((this.words[flow * STRIDE + Word.flags]! & FlowFlag.live) !== 0) visit(flow);
      if (this.#sweepHand === 1) round();
    }
  }

  /** Every flow, in the order of their places. */
  each(visit: (flow: number) => void): void {
    for (let flow = 1; flow <= this.#highest; flow++) if ((this.words[flow * STRIDE + Word.flags]! & FlowFlag.live) !== 0) visit(flow);
  }

  /** Established flows let go because the table was full, since the last call. */
  takeEvicted(): number {
    const taken = this.#evicted;
    this.#evicted = 0;
    return taken;
  }

  /** First packets let go because too many waited for an answer, since the last call. */
  takeUnansweredEvicted(): number {
    const taken = this.#unansweredEvicted;
    this.#unansweredEvicted = 0;
    return taken;
  }

  get places(): number {
    return this.#highest;
  }
}

/** Where in an entry, in words. `a` began the flow, as far as we heard. The floats stand at half the word they begin at. */
export const Word = {
  next: 0,
  hash: 1,
  hostA: 2,
  hostB: 3,
  ports: 4,
  transport: 5,
  flags: 6,
  /** Number of its `Reading`, 0 when nothing of it is read. */
  reading: 7,
  packetsA: 8,
  packetsB: 9,
  /** Number of its protocol's name, 0 while unknown. */
  protocol: 10,
  /** Batch in which it last had something to tell. */
  batch: 11,
  answered: 12,
  refused: 13,
  ringAt: 14,
  /** Payload packets that were looked at to find the protocol. */
  looks: 15,
  /** Number of the first byte each side sends, where its SYN was heard. */
  firstA: 24,
  firstB: 25,
  /** What was done in it, as a number of `Verbs`, since it was last told of. */
  verbs: 26,
  /** The port it is filed under where that is not its own: that of the conversation which agreed on it. */
  filedPort: 27,
} as const;
/** Numbers that IP gives to what it carries. */
export const Ip = { icmp: 1, tcp: 6, udp: 17, icmp6: 58, sctp: 132 } as const;
export const FLOW_STRIDE = STRIDE;
export const BytesA = 8;
export const BytesB = 9;
export const FirstAt = 10;
export const LastAt = 11;

export function isClosed(flags: number): boolean {
  return (
    (flags & FlowFlag.reset) !== 0 || (flags & (FlowFlag.finClient | FlowFlag.finServer)) === (FlowFlag.finClient | FlowFlag.finServer)
  );
}

export function isEnding(flags: number): boolean {
  return (flags & (FlowFlag.reset | FlowFlag.finClient | FlowFlag.finServer)) !== 0;
}

/** An attempt so far, no conversation. Datagrams that flow one way are one. */
export function isWaiting(flags: number, transport: number): boolean {
  return (
    (flags & FlowFlag.unanswered) !== 0 &&
    (flags & FlowFlag.toGroup) === 0 &&
    (transport === Ip.tcp || transport === Ip.sctp || transport === Ip.icmp || transport === Ip.icmp6)
  );
}
