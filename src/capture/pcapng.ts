/**
 * pcapng as draft-ietf-opsawg-pcapng has it: blocks with their length at both ends; a section says the byte order, interfaces say link
 * type and time, packets name their interface. Blocks without frames (names, secrets, comments) are passed over unread.
 */
import type { InputClock } from "./clock.ts";
import { FRAME_BYTES_MAX, RECORD_BYTES_MAX, STAMP_MAX, u16, u32, wireLengthOf, type RecordReader } from "./records.ts";
import type { FrameSink } from "./sink.ts";

export class Pcapng implements RecordReader {
  frames = 0;
  trouble: string | undefined;

  readonly #sink: FrameSink;
  readonly #clock: InputClock;
  #little = true;
  #interfaces: Interface[] = [];
  #consumed = 0;
  /** Of a block passed over: bytes still to come. */
  #skip = 0;

  constructor(sink: FrameSink, clock: InputClock) {
    this.#sink = sink;
    this.#clock = clock;
  }

  take(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    while (this.trouble === undefined) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, end - at);
        this.#skip -= skipped;
        this.#consumed += skipped;
        at += skipped;
      }
      if (end - at < BLOCK_BYTES_MIN) break;
      const length = this.#block(bytes, at, end);
      if (length < 0) break;
      at += length;
      this.#consumed += length;
    }
    return at;
  }

  cutShort(left: number): string | undefined {
    if (left === 0 && this.#skip === 0) return undefined;
    return `expected a whole block at byte ${this.#consumed}, got the end of the file ${left} bytes into it`;
  }

  /** How far to go on: -1 when the block is not all there, or damaged; 0 when it is to be skipped as it comes. */
  #block(bytes: Uint8Array, at: number, end: number): number {
    if (u32(bytes, at, false) === SECTION && !this.#section(bytes, at)) return -1;
    const little = this.#little;
    const type = u32(bytes, at, little);
    const length = u32(bytes, at + 4, little);
    const least = LEAST.get(type);
    if (length < (least ?? BLOCK_BYTES_MIN) || (length & 3) !== 0)
      return this.#damage(`a block of at least ${least ?? BLOCK_BYTES_MIN} bytes, a multiple of 4`, `one that claims ${length}`);
    if (least === undefined) {
      this.#skip = length;
      return 0;
    }
    if (length > RECORD_BYTES_MAX) return this.#damage(`a block of at most ${RECORD_BYTES_MAX} bytes`, `one that claims ${length}`);
    if (length > end - at) return -1;
    const trailing = u32(bytes, at + length - 4, little);
    if (trailing !== length) return this.#damage(`a block of ${length} bytes to end with its length`, String(trailing));
    const bodyEnd = at + length - 4;
    if (type === ENHANCED) this.#enhanced(bytes, at, bodyEnd);
    else if (type === SIMPLE) this.#simple(bytes, at, bodyEnd);
    else if (type === OBSOLETE) this.#obsolete(bytes, at, bodyEnd);
    else if (type === INTERFACE) this.#interface(bytes, at, bodyEnd);
    else if (type === STATISTICS) this.#statistics(bytes, at, bodyEnd);
    return this.trouble === undefined ? length : -1;
  }

  /** A new section: its own byte order, its own interfaces. */
  #section(bytes: Uint8Array, at: number): boolean {
    const order = u32(bytes, at + 8, true);
    if (order !== BYTE_ORDER && order !== BYTE_ORDER_SWAPPED) {
      this.#damage("a section that says its byte order", `0x${order.toString(16).padStart(8, "0")}`);
      return false;
    }
    this.#little = order === BYTE_ORDER;
    this.#interfaces = [];
    return true;
  }

  #interface(bytes: Uint8Array, at: number, bodyEnd: number): void {
    if (this.#interfaces.length >= INTERFACES_MAX)
      return void this.#damage(`at most ${INTERFACES_MAX} interfaces in a section`, "one more");
    const described: Interface = {
      linkType: u16(bytes, at + 8, this.#little),
      snapLength: u32(bytes, at + 12, this.#little),
      binary: false,
      exponent: 6,
      offsetUs: 0,
      dropped: 0,
    };
    this.#options(bytes, at + 16, bodyEnd, (code, from, to) => {
      if (code === IF_TSRESOL && to - from >= 1) {
        described.binary = bytes[from]! >= 0x80;
        described.exponent = bytes[from]! & 0x7f;
      } else if (code === IF_TSOFFSET && to - from >= 8) {
        described.offsetUs = this.#signed64(bytes, from) * 1_000_000;
      }
    });
    this.#interfaces.push(described);
  }

  #enhanced(bytes: Uint8Array, at: number, bodyEnd: number): void {
    const little = this.#little;
    const heard = this.#interfaces[u32(bytes, at + 8, little)];
    if (heard === undefined) return void this.#damage("an interface described before its packets", `number ${u32(bytes, at + 8, little)}`);
    const stamp = stampUs(heard, u32(bytes, at + 12, little), u32(bytes, at + 16, little));
    this.#frame(bytes, at + 28, bodyEnd, u32(bytes, at + 20, little), u32(bytes, at + 24, little), stamp, heard.linkType);
  }

  /** Has no time of its own: it counts at the latest there was. Its captured length is the shorter of wire and snap length. */
  #simple(bytes: Uint8Array, at: number, bodyEnd: number): void {
    const heard = this.#interfaces[0];
    if (heard === undefined) return void this.#damage("an interface described before its packets", "none");
    const wireLength = u32(bytes, at + 8, this.#little);
    const captured = Math.min(wireLength, heard.snapLength === 0 ? wireLength : heard.snapLength, bodyEnd - at - 12);
    this.#frame(bytes, at + 12, bodyEnd, captured, wireLength, this.#clock.latest, heard.linkType);
  }

  /** The packet block of before 2009: what was dropped since the packet before it is in the block. */
  #obsolete(bytes: Uint8Array, at: number, bodyEnd: number): void {
    const little = this.#little;
    const heard = this.#interfaces[u16(bytes, at + 8, little)];
    if (heard === undefined) return void this.#damage("an interface described before its packets", `number ${u16(bytes, at + 8, little)}`);
    const dropped = u16(bytes, at + 10, little);
    if (dropped > 0 && dropped !== 0xffff) this.#sink.drops(dropped);
    const stamp = stampUs(heard, u32(bytes, at + 12, little), u32(bytes, at + 16, little));
    this.#frame(bytes, at + 28, bodyEnd, u32(bytes, at + 20, little), u32(bytes, at + 24, little), stamp, heard.linkType);
  }

  #frame(bytes: Uint8Array, from: number, bodyEnd: number, captured: number, wireLength: number, stamp: number, linkType: number): void {
    if (captured > FRAME_BYTES_MAX || captured > bodyEnd - from)
      return void this.#damage(`a frame of at most ${Math.min(FRAME_BYTES_MAX, bodyEnd - from)} bytes`, `one that claims ${captured}`);
    this.frames++;
    this.#sink.frame(bytes, from, from + captured, wireLengthOf(captured, wireLength), this.#clock.at(stamp), linkType);
  }

  /** The counts are totals since the capture began; what goes on is the difference. */
  #statistics(bytes: Uint8Array, at: number, bodyEnd: number): void {
    const heard = this.#interfaces[u32(bytes, at + 8, this.#little)];
    if (heard === undefined) return;
    let dropped = 0;
    this.#options(bytes, at + 20, bodyEnd, (code, from, to) => {
      if ((code === ISB_IFDROP || code === ISB_OSDROP) && to - from >= 8) dropped += Math.max(0, this.#signed64(bytes, from));
    });
    // A damaged count must not drown the others: no interface drops more than a counter of 32 bits in one capture.
    if (dropped > heard.dropped && dropped <= 0xffff_ffff) {
      this.#sink.drops(dropped - heard.dropped);
      heard.dropped = dropped;
    }
  }

  #options(bytes: Uint8Array, start: number, end: number, each: (code: number, from: number, to: number) => void): void {
    let at = start;
    while (end - at >= 4) {
      const code = u16(bytes, at, this.#little);
      const length = u16(bytes, at + 2, this.#little);
      if (code === OPTIONS_END || length > end - at - 4) return;
      each(code, at + 4, at + 4 + length);
      at += 4 + ((length + 3) & ~3);
    }
  }

  #signed64(bytes: Uint8Array, at: number): number {
    const high = u32(bytes, this.#little ? at + 4 : at, this.#little);
    return (high | 0) * 0x1_0000_0000 + u32(bytes, this.#little ? at : at + 4, this.#little);
  }

  #damage(expected: string, came: string): -1 {
    this.trouble = `expected ${expected} at byte ${this.#consumed}, got ${came}`;
    return -1;
  }
}

export function isPcapng(bytes: Uint8Array, at: number): boolean {
  return u32(bytes, at, false) === SECTION;
}

interface Interface {
  readonly linkType: number;
  readonly snapLength: number;
  /** if_tsresol: units of 2^-exponent seconds when binary, else 10^-exponent. */
  binary: boolean;
  exponent: number;
  offsetUs: number;
  dropped: number;
}

/** Microseconds of a stamp in two halves. Exact to 2^-32 and 10^-12 s; finer units lose less than a microsecond. */
function stampUs({ binary, exponent, offsetUs }: Interface, high: number, low: number): number {
  let us: number;
  if (!binary && exponent <= 6) {
    us = (high * 0x1_0000_0000 + low) * 10 ** (6 - exponent);
  } else if (!binary && exponent <= 12) {
    const unitsPerUs = 10 ** (exponent - 6);
    us = Math.floor(high / unitsPerUs) * 0x1_0000_0000 + Math.floor(((high % unitsPerUs) * 0x1_0000_0000 + low) / unitsPerUs);
  } else if (binary && exponent <= 32) {
    const unit = 2 ** exponent;
    us = (high * (0x1_0000_0000 / unit) + Math.floor(low / unit)) * 1_000_000 + Math.floor(((low % unit) * 1_000_000) / unit);
  } else {
    const unitsPerSecond = binary ? 2 ** exponent : 10 ** exponent;
    us = Math.floor(((high * 0x1_0000_0000 + low) / unitsPerSecond) * 1_000_000);
  }
  return Math.min(Math.max(us + offsetUs, 0), STAMP_MAX);
}

/** More interfaces than any capture host has; a section that describes more is damage or a flood. */
const INTERFACES_MAX = 4_096;

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const OBSOLETE = 2;
const SIMPLE = 3;
const STATISTICS = 5;
const ENHANCED = 6;

/** Any block: type, length, length again. */
const BLOCK_BYTES_MIN = 12;
/** The blocks that are read, each with its least length; all others are passed over. */
const LEAST: ReadonlyMap<number, number> = new Map([
  [SECTION, 28],
  [INTERFACE, 20],
  [OBSOLETE, 32],
  [SIMPLE, 16],
  [STATISTICS, 24],
  [ENHANCED, 32],
]);

const BYTE_ORDER = 0x1a2b3c4d;
const BYTE_ORDER_SWAPPED = 0x4d3c2b1a;

const OPTIONS_END = 0;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;
const ISB_IFDROP = 5;
const ISB_OSDROP = 7;
