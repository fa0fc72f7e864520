/** What can go wrong in the sample hospital, one file each: none so far. */
import type { Day } from "../day.ts";

interface Trouble {
  readonly name: string;
  /** One sentence, for whoever chooses it. */
  readonly doc: string;
  happen(day: Day): void;
}

export const troubles: readonly Trouble[] = [];
