/**
 * Captures laid end to end into one: as if one place had heard all of them, one after the other. A watch that only counts is louder in it than
 * in each, and what is new after the first days is everything.
 */
import { closeSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { InputClock, readFrames } from "../src/capture/index.ts";
import { pcapng, type PcapngFrame } from "../src/bytes/pcapng.ts";
import { findCaptures } from "../src/link/files.ts";

/** Between two captures; a longer pause within one, of which some have years, is cut to it. */
const PAUSE_US = 3_600 * 1_000_000;

export interface Laid {
  readonly captures: number;
  readonly frames: number;
  /** From the first frame to the last. */
  readonly us: number;
}

/** In the order given, from `begin` on. What cannot be read to its end counts as far as it was read. */
export async function layEndToEnd(paths: readonly string[], begin: number, to: string): Promise<Laid> {
  const frames: PcapngFrame[] = [];
  let now = begin;
  let captures = 0;
  for (const path of paths) {
    const [capture] = (await findCaptures([path])).files;
    if (capture === undefined) continue;
    captures++;
    let before: number | null = null;
    const sink = {
      frame: (bytes: Uint8Array, from: number, end: number, wireLength: number, at: number, linkType: number) => {
        now += before === null ? PAUSE_US : Math.min(Math.max(0, at - before), PAUSE_US);
        before = at;
        frames.push({ input: String(linkType), linkType, at: now, wireLength, bytes: bytes.slice(from, end) });
      },
      drops: () => undefined,
      tick: () => undefined,
      pause: () => undefined,
      progress: () => undefined,
    };
    try {
      await readFrames(capture.fd, sink, { live: false, clock: new InputClock() });
    } finally {
      closeSync(capture.fd);
    }
  }
  await writeFile(to, pcapng(frames, "laid end to end"));
  return { captures, frames: frames.length, us: now - (frames[0]?.at ?? now) };
}
