/**
 * Carries bytes from a descriptor to an intake, unpacked on the way where they are packed.
 *
 * Two buffers in turn: while the records of one are handed on, the next is being read in Node's thread pool. A record cut by the end of
 * a buffer is moved into the headroom of the next, so what is handed on always lies in one piece and only that tail is ever copied.
 */
import type { Gunzip, ZstdDecompress } from "node:zlib";
import type { Descriptor } from "./descriptor.ts";
import type { Intake } from "./intake.ts";
import { RECORD_BYTES_MAX } from "./records.ts";

export interface PumpOptions {
  /** How much is asked for at once. */
  readonly readBytes: number;
  /** Called around each wait for bytes. */
  waiting?(is: boolean): void;
  /** Between two reads; what it returns is awaited. */
  between?(): Promise<void> | undefined;
  /** True when no more is wanted. */
  enough?(): boolean;
}

/** How the input was packed. Resolves when it ended, was damaged, or there is enough; what is wrong stands in `input` and `intake`, or is returned. */
export interface Pumped {
  readonly packing: Packing | undefined;
  readonly trouble: string | undefined;
}

type Packing = "gzip" | "zstd";

export async function pump(input: Descriptor, intake: Intake, options: PumpOptions): Promise<Pumped> {
  const buffer = new Uint8Array(RECORD_BYTES_MAX + options.readBytes);
  let count = 0;
  while (count < MAGIC_BYTES) {
    const came = await wait(input.read(buffer, RECORD_BYTES_MAX + count, options.readBytes - count), options);
    if (came === 0) break;
    count += came;
  }
  const packing = packingOf(buffer, RECORD_BYTES_MAX, count);
  const trouble =
    packing === undefined
      ? await plain(input, intake, buffer, count, options)
      : await unpacked(packing, input, intake, buffer.subarray(RECORD_BYTES_MAX), count, options);
  return { packing, trouble };
}

async function plain(
  input: Descriptor,
  intake: Intake,
  first: Uint8Array<ArrayBuffer>,
  firstCount: number,
  options: PumpOptions,
): Promise<undefined> {
  let now = first;
  let next = new Uint8Array(first.length);
  let start = RECORD_BYTES_MAX;
  let count = firstCount;
  while (count > 0) {
    const reading = input.read(next, RECORD_BYTES_MAX, options.readBytes);
    const end = RECORD_BYTES_MAX + count;
    const left = intake.take(now, start, end);
    count = await wait(reading, options);
    if (intake.trouble !== undefined || options.enough?.() === true) return;
    start = RECORD_BYTES_MAX - (end - left);
    next.set(now.subarray(left, end), start);
    [now, next] = [next, now];
    await options.between?.();
  }
  intake.ended(now.subarray(start, RECORD_BYTES_MAX));
}

/**
 * What comes out is handed on while it comes out: a small file that unpacks to gigabytes never lies in memory. Where the packed data are
 * damaged, the unpacker keeps what it had made of the piece with the damage to itself: a file is then unpacked once more, and that piece
 * byte by byte, so that nothing is lost of what comes before the damage. A pipe cannot be read again.
 */
async function unpacked(
  packing: Packing,
  input: Descriptor,
  intake: Intake,
  packed: Uint8Array,
  firstCount: number,
  options: PumpOptions,
): Promise<string | undefined> {
  const out = new Unpacked(intake, options);
  let damage = await unpack(packing, input, out, packed, firstCount, undefined, options);
  const again = damage?.piece === undefined ? undefined : input.again();
  if (again !== undefined) {
    out.again();
    const count = await wait(again.read(packed, 0, PACKED_BYTES), options);
    damage = await unpack(packing, again, out, packed, count, damage?.piece, options);
  }
  if (out.isDone) return undefined;
  if (damage !== undefined) return `expected ${damage.expected}, got ${damage.got}`;
  out.ended();
  return undefined;
}

interface Damage {
  readonly expected: string;
  readonly got: string;
  /** Where the piece begins of which the unpacker kept something; absent where it gave all there was. */
  readonly piece?: number;
}

/** The piece that begins at `careful` is given byte by byte. Undefined when all of it came out, or no more is wanted. */
async function unpack(
  packing: Packing,
  input: Descriptor,
  out: Unpacked,
  packed: Uint8Array,
  firstCount: number,
  careful: number | undefined,
  options: PumpOptions,
): Promise<Damage | undefined> {
  // Loaded only where it is needed: most captures are read as they are.
  const { createGunzip, createZstdDecompress } = await import("node:zlib");
  const stream = packing === "gzip" ? createGunzip({ chunkSize: UNPACKED_BYTES }) : createZstdDecompress({ chunkSize: UNPACKED_BYTES });
  let error: string | undefined;
  stream.on("data", (chunk: Uint8Array) => out.take(chunk)).on("error", ({ message }) => (error = message));
  const broken = (near: number) => ({ expected: `whole ${packing} data`, got: `"${error}" near byte ${near} of the file` });
  const sizeAt = (at: number) =>
    careful === undefined || at >= careful + PACKED_BYTES ? PACKED_BYTES : at < careful ? Math.min(PACKED_BYTES, careful - at) : 1;
  try {
    let given = 0;
    let count = firstCount;
    while (count > 0) {
      for (let from = 0, size = 0; from < count; from += size) {
        const at = given;
        size = Math.min(count - from, sizeAt(at));
        const piece = packed.subarray(from, from + size);
        given += size;
        await written(stream, piece);
        if (error !== undefined) return { ...broken(given), piece: at };
        if (out.isDone) return undefined;
        // It takes nothing more: the packed data are at their end. Zeros behind them only fill a block.
        const end = stream.bytesWritten;
        if (end < given && piece.subarray(Math.max(0, end - at)).some((byte) => byte !== 0))
          return { expected: `the file to end with its ${packing} data at byte ${end}`, got: "other bytes behind them" };
      }
      await options.between?.();
      count = await wait(input.read(packed, 0, Math.min(options.readBytes, PACKED_BYTES)), options);
    }
    await ended(stream);
    return error === undefined ? undefined : broken(given);
  } finally {
    stream.destroy();
  }
}

/** What came out, to the intake. A record that is cut by the end of a chunk waits for the next. */
class Unpacked {
  readonly #intake: Intake;
  readonly #options: PumpOptions;
  readonly #bytes = new Uint8Array(RECORD_BYTES_MAX + UNPACKED_BYTES);
  #start = 0;
  #end = 0;
  #taken = 0;
  /** So much of what comes was taken before. */
  #known = 0;

  constructor(intake: Intake, options: PumpOptions) {
    this.#intake = intake;
    this.#options = options;
  }

  /** No more is wanted, or no more is understood. */
  get isDone(): boolean {
    return this.#intake.trouble !== undefined || this.#options.enough?.() === true;
  }

  take(chunk: Uint8Array): void {
    const known = Math.min(this.#known, chunk.length);
    this.#known -= known;
    if (known === chunk.length || this.#options.enough?.() === true) return;
    this.#bytes.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#bytes.set(chunk.subarray(known), this.#end);
    this.#end += chunk.length - known;
    this.#taken += chunk.length - known;
    this.#start = this.#intake.take(this.#bytes, 0, this.#end);
  }

  /** From here on it comes once more from its beginning. */
  again(): void {
    this.#known = this.#taken;
  }

  ended(): void {
    this.#intake.ended(this.#bytes.subarray(this.#start, this.#end));
  }
}

function written(stream: Gunzip | ZstdDecompress, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stream.once("close", resolve);
    stream.write(bytes, () => {
      stream.off("close", resolve);
      resolve();
    });
  });
}

/** Where nothing more was taken it may have ended by itself. */
function ended(stream: Gunzip | ZstdDecompress): Promise<void> {
  return new Promise((resolve) => {
    if (stream.readableEnded) return resolve();
    stream.once("close", resolve).once("end", resolve);
    stream.end();
  });
}

async function wait(reading: Promise<number>, options: PumpOptions): Promise<number> {
  options.waiting?.(true);
  const count = await reading;
  options.waiting?.(false);
  return count;
}

/** RFC 1952 section 2.3.1, RFC 8878 section 3.1.1. */
function packingOf(bytes: Uint8Array, at: number, count: number): Packing | undefined {
  if (count < MAGIC_BYTES) return undefined;
  if (bytes[at] === 0x1f && bytes[at + 1] === 0x8b) return "gzip";
  return bytes[at] === 0x28 && bytes[at + 1] === 0xb5 && bytes[at + 2] === 0x2f && bytes[at + 3] === 0xfd ? "zstd" : undefined;
}

const MAGIC_BYTES = 4;
/** Packed bytes given to the unpacker at once: small, because what was unpacked with a damage is lost with it, or given byte by byte. */
const PACKED_BYTES = 16_384;
const UNPACKED_BYTES = 65_536;
