/** Looks at the beginning of a capture without moving it: what it is, and when it begins. */
import { fstatSync } from "node:fs";
import { InputClock } from "./clock.ts";
import { Descriptor } from "./descriptor.ts";
import { Intake } from "./intake.ts";
import { pump } from "./pump.ts";

export interface Peeked {
  /** Microseconds since 1970 of its first frame; null when it has none, or cannot be read twice (a pipe). */
  readonly firstAt: number | null;
  /** "pcap", "pcapng in gzip"; "" when it is none or unknown. */
  readonly format: string;
  /** Why it is no capture. What is damaged further on is for the reading to say. */
  readonly trouble?: string;
}

export async function peekCapture(fd: number): Promise<Peeked> {
  if (!fstatSync(fd).isFile()) return { firstAt: null, format: "" };
  const input = new Descriptor(fd, PEEKED_BYTES);
  let firstAt: number | null = null;
  const sink = {
    frame: (_bytes: Uint8Array, _start: number, _end: number, _wireLength: number, at: number) => void (firstAt ??= at),
    drops: () => undefined,
    tick: () => undefined,
    pause: () => undefined,
    progress: () => undefined,
  };
  const intake = new Intake(sink, new InputClock());
  const { packing, trouble } = await pump(input, intake, { readBytes: READ_BYTES, enough: () => firstAt !== null });
  const why = input.trouble ?? (intake.format === undefined ? (trouble ?? intake.trouble) : undefined);
  const format = intake.format === undefined ? "" : packing === undefined ? intake.format : `${intake.format} in ${packing}`;
  return { firstAt, format, ...(why === undefined ? {} : { trouble: why }) };
}

/** A first frame further in hides behind a megabyte of names and comments; then the order of files is the order of their names. */
const PEEKED_BYTES = 1 << 20;
const READ_BYTES = 1 << 16;
