/** Bytes of an input, in pieces, to frames. The first bytes choose the format, never a name. */
import { clean, hex } from "../bytes/text.ts";
import type { InputClock } from "./clock.ts";
import { isPcap, Pcap } from "./pcap.ts";
import { isPcapng, Pcapng } from "./pcapng.ts";
import { u32, type RecordReader } from "./records.ts";
import type { FrameSink } from "./sink.ts";

export class Intake {
  readonly #sink: FrameSink;
  readonly #clock: InputClock;
  #reader: RecordReader | undefined;
  #trouble: string | undefined;

  constructor(sink: FrameSink, clock: InputClock) {
    this.#sink = sink;
    this.#clock = clock;
  }

  /** Known once the first 4 bytes came. */
  get format(): "pcap" | "pcapng" | undefined {
    return this.#reader === undefined ? undefined : this.#reader instanceof Pcap ? "pcap" : "pcapng";
  }

  get frames(): number {
    return this.#reader?.frames ?? 0;
  }

  get trouble(): string | undefined {
    return this.#trouble ?? this.#reader?.trouble;
  }

  /** Hands on the whole records of `bytes` from `start`; returns where the first begins that is not whole. */
  take(bytes: Uint8Array, start: number, end: number): number {
    if (this.trouble !== undefined) return end;
    if (this.#reader === undefined) {
      if (end - start < MAGIC_BYTES) return start;
      if (isPcap(bytes, start)) this.#reader = new Pcap(this.#sink, this.#clock);
      else if (isPcapng(bytes, start)) this.#reader = new Pcapng(this.#sink, this.#clock);
      else {
        this.#trouble = `expected a capture (pcap or pcapng), got ${came(bytes.subarray(start, end))}`;
        return end;
      }
    }
    return this.#reader.take(bytes, start, end);
  }

  /** The input ended with these bytes left over. */
  ended(left: Uint8Array): void {
    if (this.trouble !== undefined) return;
    this.#trouble =
      this.#reader === undefined ? `expected a capture (pcap or pcapng), got ${came(left)}` : this.#reader.cutShort(left.length);
  }
}

/** What bytes that are no capture look like, in the words of someone who has to find the right file. */
function came(bytes: Uint8Array): string {
  if (bytes.length === 0) return "nothing: it is empty";
  const begin = bytes.subarray(0, SHOWN_BYTES);
  if (begin.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d))
    return `text beginning "${clean(
      Buffer.from(begin)
        .toString("latin1")
        .split(/[\r\n]/)[0]!,
    )}"`;
  const kind = bytes.length < MAGIC_BYTES ? undefined : OTHERS.get(u32(bytes, 0, false));
  return kind ?? `bytes beginning ${hex(begin.subarray(0, 8), " ")}`;
}

const MAGIC_BYTES = 4;
const SHOWN_BYTES = 24;

/** What people take for a capture by mistake, by its first four bytes. */
const OTHERS: ReadonlyMap<number, string> = new Map([
  [0x504b0304, "a zip archive: unpack it first"],
  [0x377abcaf, "a 7-Zip archive: unpack it first"],
  [0xfd377a58, "an xz file: unpack it first"],
  [0x04224d18, "an lz4 file: unpack it first"],
  [0x736e6f6f, "a Solaris snoop capture: turn it into pcapng with editcap first"],
  [0x5452534e, "a Sniffer capture: turn it into pcapng with editcap first"],
  [0x474d4255, "a Microsoft Network Monitor capture: turn it into pcapng with editcap first"],
]);
