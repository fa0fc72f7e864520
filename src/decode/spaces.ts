/**
 * Address spaces of tunnels. Two tenants of one fabric may wear the same addresses; the number of their space keeps them apart.
 *
 * A number is worked out from what names the tunnel (its kind, its own number or its two ends, and the space it lies in), not from the
 * order of arrival, so that it is the same in every file, after every restart and on every sensor of a site.
 */
import type { Packet } from "../model/packet.ts";

const TUNNELS = [
  "gre",
  "erspan",
  "vxlan",
  "geneve",
  "mpls",
  "pppoe",
  "gtp",
  "ipip",
  "6in4",
  "teredo",
  "capwap",
  "etherip",
  "pptp",
] as const;
export type Tunnel = (typeof TUNNELS)[number];

/** Far more than a hospital's fabric has; beyond it, all further tunnels share one space and are counted. */
const SPACES_MAX = 4_096;
/** The space all tunnels share that came after the table was full. */
const SPACE_SHARED = 0x7fff_ffff;

export class Spaces {
  /** Frames whose tunnel found no place of its own. */
  overflowed = 0;

  /** KEY_WORDS for each slot; a slot is taken when its number is not 0. */
  readonly #keys = new Uint32Array(SLOTS * KEY_WORDS);
  readonly #numbers = new Int32Array(SLOTS);
  readonly #key = new Uint32Array(KEY_WORDS);
  #taken = 0;

  /** `packet` tells the space outside and, for a tunnel without a number, its ends, whichever way the packet goes. */
  numberOf(packet: Packet, kind: Tunnel, number: number | "ends"): number {
    const key = this.#key;
    key[0] = packet.space;
    key[1] = TUNNELS.indexOf(kind) * 2 + (number === "ends" ? 1 : 0);
    key.fill(0, 2);
    if (number === "ends") {
      const forward = sourceIsLower(packet) ? 2 : 6;
      const backward = 8 - forward;
      key[forward] = packet.source0;
      key[forward + 1] = packet.source1;
      key[forward + 2] = packet.source2;
      key[forward + 3] = packet.source3;
      key[backward] = packet.target0;
      key[backward + 1] = packet.target1;
      key[backward + 2] = packet.target2;
      key[backward + 3] = packet.target3;
      key[10] = packet.family;
    } else {
      key[2] = number;
    }
    return this.#intern();
  }

  #intern(): number {
    let hash = 0x811c9dc5;
    for (let i = 0; i < KEY_WORDS; i++) hash = Math.imul(hash ^ this.#key[i]!, 0x01000193) ^ (hash >>> 15);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = (hash ^ (hash >>> 13)) & 0x7fff_ffff;
    for (let probe = 0; probe < PROBES_MAX; probe++) {
      const slot = (hash + probe) & (SLOTS - 1);
      if (this.#numbers[slot] === 0) {
        if (this.#taken >= SPACES_MAX) break;
        this.#taken++;
        this.#keys.set(this.#key, slot * KEY_WORDS);
        return (this.#numbers[slot] = this.#free(hash));
      }
      if (this.#isAt(slot)) return this.#numbers[slot]!;
    }
    this.overflowed++;
    return SPACE_SHARED;
  }

  #isAt(slot: number): boolean {
    for (let i = 0; i < KEY_WORDS; i++) if (this.#keys[slot * KEY_WORDS + i] !== this.#key[i]) return false;
    return true;
  }

  /** The hash itself, or the next number nobody has: two tunnels must not share one by accident. */
  #free(hash: number): number {
    let number = hash;
    while (number === 0 || number === SPACE_SHARED || this.#numbers.includes(number)) number = (number + 1) & 0x7fff_ffff;
    return number;
  }
}

function sourceIsLower(packet: Packet): boolean {
  if (packet.source0 !== packet.target0) return packet.source0 < packet.target0;
  if (packet.source1 !== packet.target1) return packet.source1 < packet.target1;
  if (packet.source2 !== packet.target2) return packet.source2 < packet.target2;
  return packet.source3 <= packet.target3;
}

/** Outer space, kind, then a number or the two ends and their family. */
const KEY_WORDS = 11;
const SLOTS = SPACES_MAX * 4;
/** Someone who picks tunnel numbers to collide gets the shared space instead of our time. */
const PROBES_MAX = 32;
