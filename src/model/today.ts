/** What needs someone today: at most seven sentences by what a patient loses, and a list of work cut to the hours a team has. */
import type { AskRules } from "./asking.ts";
import type { CareClass } from "./device.ts";
import type { Severity } from "./finding.ts";
import type { WallsAsked } from "./risk.ts";

/** What one person takes in before the first coffee; what is beyond is counted. */
export const SENTENCES_MAX = 7;
/** Of a week so much is planned at most: the rest goes to what nobody foresaw. */
export const FILLED_PERCENT = 80;
/** Shown where nobody has said how many hours there are. */
export const ITEMS_UNPLANNED = 10;
/** Of an item or a sentence so many devices are named; all are counted. */
export const NAMED_MAX = 12;
/** Of a team, a week. */
export const HOURS_MAX = 1_000;

export interface TodayQuestion extends WallsAsked {
  /** The team's hours a week; null: nobody said. */
  readonly hours: number | null;
  /** Absent: the fallbacks of the settings. */
  readonly asking?: AskRules;
}

export interface Today {
  /** The recording's last moment, of which all of it is; null while nothing was heard. */
  readonly at: number | null;
  /** The answer in one sentence. */
  readonly title: string;
  /** The most a patient loses first. */
  readonly sentences: readonly Sentence[];
  /** Sentences that are not shown. */
  readonly beyond: number;
  /** Findings that wait until others are taken, a sentence for each role; they are in no sentence above. */
  readonly waiting: readonly string[];
  readonly work: Work;
  readonly done: readonly Done[];
  /** What we could not hear: a sentence each with what would cure it, where something does. */
  readonly unheard: readonly { readonly words: string; readonly cure: string }[];
  /** Against a month ago, in one sentence, or why that is not told; "" while nothing was heard. */
  readonly trend: string;
  /** When each source of knowledge was last changed. */
  readonly knowledge: Readonly<Record<string, string>>;
  /** Newer knowledge that was brought and could not be believed, a sentence each, until it is brought whole. */
  readonly keptOut: readonly string[];
  readonly devices: number;
}

/** Whom one calls is chosen by it; null for a whole segment or site. */
export interface Whereabouts {
  readonly location: string | null;
  readonly kind: string | null;
  readonly maker: string | null;
}

export const SENTENCE_KINDS = ["finding", "guard", "hearing", "risk", "support", "newcomers", "silent"] as const;

export interface Sentence {
  readonly kind: (typeof SENTENCE_KINDS)[number];
  readonly severity: Severity;
  /** The heaviest of those it is about; null where it is about none. */
  readonly care: CareClass | null;
  /** Ward; null where it is of the whole site, or nobody knows. */
  readonly where: string | null;
  readonly since: number | null;
  /** Device text stands apart, so that it is shown as what a device calls itself. */
  readonly text: readonly Piece[];
  readonly why: string;
  /** The first careful step. */
  readonly do: string;
  readonly devices: readonly string[];
  readonly finding: string | null;
  /** Name of the weakness it is about; null where it is about none, or several. */
  readonly weakness: string | null;
  readonly party: Whereabouts | null;
}

export interface Piece {
  readonly text: string;
  /** "d12": a device of that name; else plain words, or several devices. */
  readonly device: string | null;
}

export interface Work {
  /** As asked. */
  readonly hours: number | null;
  /** What may be planned of them, and what is; null where nobody said how many hours there are. */
  readonly minutes: { readonly planned: number; readonly most: number } | null;
  readonly items: readonly WorkItem[];
  /** Items and devices that wait for another week. */
  readonly beyond: { readonly items: number; readonly devices: number };
}

/** The same step at devices of one kind in one ward. */
export interface WorkItem {
  readonly of: "weakness" | "finding";
  /** The advisory, the weakness, the detector. */
  readonly name: string;
  /** Where it is told: the weakness's name, or the finding's id, of the most endangered device. */
  readonly trouble: string;
  /** What is wrong. */
  readonly title: string;
  /** The safe step. */
  readonly step: string;
  /** Its own danger. */
  readonly danger: string;
  /** What the network can do instead, or until then; null where nothing can. */
  readonly control: string | null;
  readonly severity: Severity;
  readonly care: CareClass;
  readonly kind: string | null;
  readonly where: string | null;
  /** The most endangered first; the first NAMED_MAX. */
  readonly devices: readonly { readonly id: string; readonly name: string; readonly risk: number }[];
  /** All of them, and how many fit this week. */
  readonly all: number;
  readonly thisWeek: number;
  /** Points of total risk, over all that fit this week. */
  readonly takesAway: number;
  /** For one device, and for all that fit. */
  readonly minutesEach: number;
  readonly minutes: number;
  readonly party: Whereabouts;
}

/** Something that was so, and traffic shows that it is so no more. */
export interface Done {
  readonly title: string;
  readonly words: string;
  readonly days: number;
  readonly devices: readonly { readonly id: string; readonly name: string }[];
  readonly all: number;
}

/** Whom to call, by ward, kind, maker and hour, the one who knows most of it first. */
export interface Called {
  readonly contacts: readonly Readonly<Record<"ward" | "kind" | "maker" | "hours" | "who" | "call", string>>[];
  /** For what nobody is written down; null where somebody is. */
  readonly noContact: string | null;
}

export interface TodayCalled extends Omit<Today, "sentences" | "work"> {
  readonly sentences: readonly (Sentence & Called)[];
  readonly work: Omit<Work, "items"> & { readonly items: readonly (WorkItem & Called)[] };
}
