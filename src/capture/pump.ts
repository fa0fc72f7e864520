/**
 * Carries bytes from a descriptor to an intake, unpacked on the way where they are packed.
 *
 * Two buffers in turn: while the records of one are handed on, the next is being read in Node's thread pool. A record cut by the end of
 * a buffer is moved into the headroom of the next, so what is handed on always lies in one piece and only that tail is ever copied.
 */
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from "node:zlib";
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
  readonly packing: "gzip" | "zstd" | undefined;
  readonly trouble: string | undefined;
}

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
 * What comes out is handed on while it comes out: a damaged stream loses nothing of what was unpacked before the damage, and a small
 * file that unpacks to gigabytes never lies in memory.
 */
async function unpacked(
  packing: "gzip" | "zstd",
  input: Descriptor,
  intake: Intake,
  packed: Uint8Array,
  firstCount: number,
  options: PumpOptions,
): Promise<string | undefined> {
  const stream = packing === "gzip" ? createGunzip({ chunkSize: UNPACKED_BYTES }) : createZstdDecompress({ chunkSize: UNPACKED_BYTES });
  const unpackedBytes = new Uint8Array(RECORD_BYTES_MAX + UNPACKED_BYTES);
  let start = 0;
  let end = 0;
  let damage: string | undefined;
  stream.on("data", (chunk: Uint8Array) => {
    if (options.enough?.() === true) return;
    unpackedBytes.copyWithin(0, start, end);
    end -= start;
    unpackedBytes.set(chunk, end);
    end += chunk.length;
    start = intake.take(unpackedBytes, 0, end);
  });
  stream.on("error", (error) => (damage = error.message));

  let count = firstCount;
  while (count > 0) {
    await written(stream, packed.subarray(0, count));
    if (damage !== undefined || intake.trouble !== undefined || options.enough?.() === true) break;
    await options.between?.();
    count = await wait(input.read(packed, 0, Math.min(options.readBytes, PACKED_BYTES)), options);
  }
  if (count === 0) await ended(stream);
  stream.destroy();
  if (intake.trouble !== undefined || options.enough?.() === true) return undefined;
  if (damage !== undefined) return `expected whole ${packing} data, got "${damage}" near byte ${input.bytesRead} of the file`;
  intake.ended(unpackedBytes.subarray(start, end));
  return undefined;
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

function ended(stream: Gunzip | ZstdDecompress): Promise<void> {
  return new Promise((resolve) => {
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
function packingOf(bytes: Uint8Array, at: number, count: number): "gzip" | "zstd" | undefined {
  if (count < MAGIC_BYTES) return undefined;
  if (bytes[at] === 0x1f && bytes[at + 1] === 0x8b) return "gzip";
  return bytes[at] === 0x28 && bytes[at + 1] === 0xb5 && bytes[at + 2] === 0x2f && bytes[at + 3] === 0xfd ? "zstd" : undefined;
}

const MAGIC_BYTES = 4;
/** Packed bytes given to the unpacker at once: small, because what was read past a damage is lost with it. */
const PACKED_BYTES = 16_384;
const UNPACKED_BYTES = 65_536;
