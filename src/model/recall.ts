/** A recall's list to tick off: whom it means or may mean, kept as it was when somebody began to search, with what was found since. */
import type { RecallQuestion } from "./lifecycle.ts";

/** heard: meant. cannot tell: what would settle it was not heard. listed only: in the hospital's list, to be searched for by hand. */
export const ENTRY_STATES = ["heard", "cannot tell", "listed only"] as const;

export interface RecallEntry {
  /** "d12", or "row 14" of the hospital's list. */
  readonly id: string;
  readonly state: (typeof ENTRY_STATES)[number];
  readonly name: string;
  /** Maker, model and serial number, as far as they are known; of a row what the list says. */
  readonly what: string;
  /** What is missing to tell; "" where nothing is. */
  readonly missing: string;
  /** Null where no place is known. */
  readonly ward: string | null;
  /** Where it was last heard or listed, as it was said. */
  readonly place: string | null;
  /** Microseconds since 1970, of packets; null where it was never heard. */
  readonly last: number | null;
}

/** found: somebody stood before it and dealt with it. not meant: somebody looked, and the recall does not mean it. */
export const TICK_WORDS = ["found", "not meant"] as const;

export interface RecallTick {
  readonly entry: string;
  /** Null: what was ticked before is taken back. */
  readonly word: (typeof TICK_WORDS)[number] | null;
  readonly who: string;
  /** The wall clock, microseconds since 1970. */
  readonly at: number;
  /** "" where nothing was written beside it. */
  readonly note: string;
}

/** As it was begun; it is never changed. */
export interface RecallBegun {
  /** From 1, within a data directory. */
  readonly number: number;
  readonly title: string;
  readonly recording: string;
  readonly question: RecallQuestion;
  readonly who: string;
  readonly at: number;
  readonly entries: readonly RecallEntry[];
}

export interface TickedEntry extends RecallEntry {
  /** The last word of it; null while nobody ticked it, or it was taken back. */
  readonly tick: RecallTick | null;
}

export interface TickCounts {
  readonly all: number;
  readonly found: number;
  readonly notMeant: number;
  readonly left: number;
  /** The same in words; with none left it is closed: "41 of 60 found, 19 left". */
  readonly words: string;
}

export interface TickList extends Omit<RecallBegun, "entries">, TickCounts {
  /** When the last of them was ticked; null while some are left. */
  readonly closed: number | null;
  /** By ward, in its order; those whose place nobody knows last. */
  readonly wards: readonly ({ readonly ward: string | null; readonly entries: readonly TickedEntry[] } & TickCounts)[];
}

/** A recall an authority published. */
export interface PublishedRecall {
  /** "Z-0123-2026" */
  readonly number: string;
  /** YYYY-MM-DD on which it was published. */
  readonly day: string;
  readonly firm: string;
  /** I: it may kill. III: it will hardly harm. "" where nobody said. */
  readonly class: "" | "I" | "II" | "III";
  /** What is recalled, in the firm's words. */
  readonly product: string;
  /** Which of it: lots, serial numbers, UDIs, in the firm's words. */
  readonly codes: string;
  readonly reason: string;
}

/** As it is held against a fleet. */
export interface NamedRecall extends PublishedRecall {
  /** As it is looked up: by maker and model, and by serial numbers or a lot where its words can be read. */
  readonly question: RecallQuestion;
  readonly heard: number;
  readonly cannotTell: number;
}
