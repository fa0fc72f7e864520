/** Counts what a recording takes in (`model/tally.ts`). */
import { LIVE_RUN, type Batch } from "../model/batch.ts";
import type { Tally } from "../model/tally.ts";

/** There are about 120 protocols and layers; a sensor that names more than this is counted under one name, since each is kept by whoever watches. */
const NAMES_MAX = 256;
export const OTHER_NAMES = "other";

export const NO_TALLY: Tally = {
  frames: 0,
  drops: 0,
  gaps: 0,
  malformed: {},
  batchesStored: 0,
  batchesRefused: 0,
  flushes: 0,
  flushSeconds: 0,
  takeSeconds: 0,
  heardUntil: 0,
};

export class Tallying {
  #stored: Tally = NO_TALLY;
  /** Taken and not stored yet. */
  #held: Tally = NO_TALLY;

  get stored(): Tally {
    return this.#stored;
  }

  take({ run, to, frames, loss }: Batch): void {
    this.#held = sumOf(this.#held, {
      ...NO_TALLY,
      frames: frames.frames,
      drops: loss.drops,
      gaps: loss.gaps,
      malformed: frames.malformed,
      batchesStored: 1,
      heardUntil: run.startsWith(LIVE_RUN) ? to : 0,
    });
  }

  drop(frames: number): void {
    this.#held = sumOf(this.#held, { ...NO_TALLY, drops: frames });
  }

  /** `milliseconds` of taking in. */
  spend(milliseconds: number): void {
    this.#held = sumOf(this.#held, { ...NO_TALLY, takeSeconds: milliseconds / 1000 });
  }

  refuse(): void {
    this.#held = sumOf(this.#held, { ...NO_TALLY, batchesRefused: 1 });
  }

  /** All that was taken is stored now; `milliseconds`: what that took, where it is known. */
  store(milliseconds?: number): void {
    const flush = milliseconds === undefined ? {} : { flushes: 1, flushSeconds: milliseconds / 1000 };
    this.#stored = sumOf(sumOf(this.#stored, this.#held), { ...NO_TALLY, ...flush });
    this.#held = NO_TALLY;
  }
}

export function sumOf(a: Tally, b: Tally): Tally {
  const malformed: Record<string, number> = { ...a.malformed };
  let names = Object.keys(malformed).length;
  for (const [name, times] of Object.entries(b.malformed)) {
    const known = Object.hasOwn(malformed, name);
    const under = known || names < NAMES_MAX ? name : OTHER_NAMES;
    if (!known && under === name) names++;
    malformed[under] = (Object.hasOwn(malformed, under) ? malformed[under]! : 0) + times;
  }
  return {
    frames: a.frames + b.frames,
    drops: a.drops + b.drops,
    gaps: a.gaps + b.gaps,
    malformed,
    batchesStored: a.batchesStored + b.batchesStored,
    batchesRefused: a.batchesRefused + b.batchesRefused,
    flushes: a.flushes + b.flushes,
    flushSeconds: a.flushSeconds + b.flushSeconds,
    takeSeconds: a.takeSeconds + b.takeSeconds,
    heardUntil: Math.max(a.heardUntil, b.heardUntil),
  };
}
