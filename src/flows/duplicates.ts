/**
 * The same packet heard again within 50 ms: a mirror that copies a frame where it enters and where it leaves, or a trunk that shows a
 * routed frame under both of its VLANs, with other MACs and a lower TTL. Addresses, ports, IP identification, sequence, checksum and length agree.
 */
import { u16 } from "../bytes/numbers.ts";
import type { Packet } from "../model/packet.ts";
import { hashEnd, mix } from "./hash.ts";

/** Copies come within milliseconds; 50 are given to a busy switch. */
const WITHIN_US = 50_000;
/** The latest packets, in a ring: those of 50 ms up to 650,000 a second. A busier link forgets the oldest sooner, whatever their hashes. */
const PLACES = 1 << 15;
/** Packets are counted up to here; then all is forgotten and counted anew. */
const NUMBERS_MAX = 2 ** 32 - 1;
/** Words of a packet that is remembered, so that looking at it is looking at one place of memory; its time is a float of the last two. */
const STRIDE = 8;
const Word = { key: 0, check: 1, mac: 2, ttl: 3, before: 4 } as const;
const AT = 3;

export const Copy = { none: 0, plain: 1, routed: 2 } as const;
export type Copy = (typeof Copy)[keyof typeof Copy];

export class Duplicates {
  /** Number of the latest packet, from 1. It lies in the ring at its number modulo PLACES, as do those before it. */
  #latest = 0;
  /** By hash: the latest packet that has it; each names the one before it. Numbers that fell out of the ring end the chain. */
  readonly #index = new Uint32Array(PLACES);
  readonly #words = new Uint32Array(PLACES * STRIDE);
  readonly #floats = new Float64Array(this.#words.buffer);

  /** What this packet is a copy of what was heard before; remembers it when it is none. */
  of(packet: Packet): Copy {
    const payloadLength = packet.payloadLength;
    // Without an identification only a TCP segment that carries something tells itself apart from the next one.
    if (packet.ipId === 0 && (packet.ipProtocol !== TCP || payloadLength === 0)) return Copy.none;
    const from = hashEnd(packet.source0, packet.source1, packet.source2, packet.source3, packet.sourcePort);
    const to = hashEnd(packet.target0, packet.target1, packet.target2, packet.target3, packet.targetPort);
    const length = packet.ipId * 65_536 + payloadLength;
    const sum = checksum(packet);
    const key = mix(mix(from ^ Math.imul(to, 3), packet.sequence ^ packet.space), length);
    const check = mix(
      mix(to ^ Math.imul(from, 5), packet.acknowledgment ^ packet.ipProtocol ^ (packet.tcpFlags << 8) ^ (sum << 16)),
      length ^ packet.sequence,
    );
    const { at, ttl, macSourceLow } = packet;
    const bucket = key & (PLACES - 1);
    const newest = this.#index[bucket]!;
    const words = this.#words;
    for (let number = newest; number !== 0 && this.#latest - number < PLACES;) {
      const base = (number & (PLACES - 1)) * STRIDE;
      if (at - this.#floats[(base >>> 1) + AT]! > WITHIN_US) break;
      if (words[base + Word.key] === key && words[base + Word.check] === check) {
        const ttlBefore = words[base + Word.ttl]!;
        if (ttlBefore === ttl) return Copy.plain;
        if (words[base + Word.mac] !== macSourceLow && Math.abs(ttlBefore - ttl) === 1) return Copy.routed;
      }
      number = words[base + Word.before]!;
    }
    this.#remember(bucket, newest, key, check, macSourceLow, ttl, at);
    return Copy.none;
  }

  #remember(bucket: number, newest: number, key: number, check: number, mac: number, ttl: number, at: number): void {
    if (this.#latest === NUMBERS_MAX) {
      this.#latest = 0;
      this.#index.fill(0);
    }
    const number = ++this.#latest;
    const words = this.#words;
    const base = (number & (PLACES - 1)) * STRIDE;
    this.#index[bucket] = number;
    words[base + Word.key] = key;
    words[base + Word.check] = check;
    words[base + Word.mac] = mac;
    words[base + Word.ttl] = ttl;
    words[base + Word.before] = newest;
    this.#floats[(base >>> 1) + AT] = at;
  }
}

/** Of the transport header, which no router changes: it stands for the content. 0 where there is none. */
function checksum({ ipProtocol, hasTransport, bytes, payloadStart, tcpOptionsStart }: Packet): number {
  if (!hasTransport) return 0;
  if (ipProtocol === TCP) return u16(bytes, tcpOptionsStart - 4);
  return ipProtocol === UDP ? u16(bytes, payloadStart - 2) : 0;
}

const TCP = 6;
const UDP = 17;
