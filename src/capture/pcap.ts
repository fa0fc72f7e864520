/**
 * pcap as draft-ietf-opsawg-pcap has it: a file header of 24 bytes, then records of 16 bytes and the frame.
 *
 * Variants met in the field: either byte order, micro- or nanoseconds, Kuznetsov's patched libpcap (8 more bytes a record), and the
 * two of IXIA (4 more bytes in the file header).
 */
import type { InputClock } from "./clock.ts";
import { FRAME_BYTES_MAX, u32, wireLengthOf, type RecordReader } from "./records.ts";
import type { FrameSink } from "./sink.ts";

export class Pcap implements RecordReader {
  frames = 0;
  trouble: string | undefined;

  readonly #sink: FrameSink;
  readonly #clock: InputClock;
  #variant: Variant | undefined;
  #little = true;
  #linkType = 0;
  #consumed = 0;

  constructor(sink: FrameSink, clock: InputClock) {
    this.#sink = sink;
    this.#clock = clock;
  }

  take(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    if (this.#variant === undefined) {
      const header = this.#fileHeader(bytes, at, end);
      if (header === 0) return at;
      at += header;
      this.#consumed = header;
    }
    const begun = at;
    const before = this.#consumed;
    const little = this.#little;
    const linkType = this.#linkType;
    const { recordBytes, fractionsPerUs } = this.#variant!;
    const sink = this.#sink;
    const clock = this.#clock;
    while (end - at >= recordBytes) {
      const captured = u32(bytes, at + 8, little);
      if (captured > FRAME_BYTES_MAX) {
        this.trouble = `expected a frame of at most ${FRAME_BYTES_MAX} bytes at byte ${before + at - begun}, got one that claims ${captured}`;
        break;
      }
      const from = at + recordBytes;
      const to = from + captured;
      if (to > end) break;
      const fraction = u32(bytes, at + 4, little);
      const stamp = u32(bytes, at, little) * 1_000_000 + (fractionsPerUs === 1 ? fraction : Math.floor(fraction / fractionsPerUs));
      const wireLength = u32(bytes, at + 12, little);
      this.frames++;
      sink.frame(bytes, from, to, wireLengthOf(captured, wireLength), clock.at(stamp), linkType);
      at = to;
    }
    this.#consumed = before + at - begun;
    return at;
  }

  cutShort(left: number): string | undefined {
    if (this.#variant === undefined) return `expected a pcap header of 24 bytes, got ${left}`;
    return left === 0 ? undefined : `expected a whole record at byte ${this.#consumed}, got the end of the file ${left} bytes into it`;
  }

  /** Its length; 0 when it is not all there yet. */
  #fileHeader(bytes: Uint8Array, at: number, end: number): number {
    if (end - at < 4) return 0;
    this.#little = !VARIANTS.has(u32(bytes, at, false));
    const variant = VARIANTS.get(u32(bytes, at, this.#little))!;
    if (end - at < variant.headerBytes) return 0;
    this.#variant = variant;
    // The upper half says whether a check sequence follows each frame; the length inside the frame tells as well.
    this.#linkType = u32(bytes, at + 20, this.#little) & 0xffff;
    return variant.headerBytes;
  }
}

export function isPcap(bytes: Uint8Array, at: number): boolean {
  return VARIANTS.has(u32(bytes, at, false)) || VARIANTS.has(u32(bytes, at, true));
}

interface Variant {
  readonly headerBytes: number;
  readonly recordBytes: number;
  readonly fractionsPerUs: number;
}

const VARIANTS: ReadonlyMap<number, Variant> = new Map([
  [0xa1b2c3d4, { headerBytes: 24, recordBytes: 16, fractionsPerUs: 1 }],
  [0xa1b23c4d, { headerBytes: 24, recordBytes: 16, fractionsPerUs: 1000 }],
  [0xa1b2cd34, { headerBytes: 24, recordBytes: 24, fractionsPerUs: 1 }],
  [0x1c0001ac, { headerBytes: 28, recordBytes: 16, fractionsPerUs: 1000 }],
  [0x1c0001ab, { headerBytes: 28, recordBytes: 16, fractionsPerUs: 1000 }],
]);
