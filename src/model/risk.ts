/** Risk on three sides, as pages, commands and the work list show it: sums of named points, so that anyone can add them up again. */
import type { CareClass } from "./device.ts";
import { SEVERITIES, type Harm, type Severity } from "./finding.ts";

/** In the order they are shown: whom it harms. */
export const RISK_SIDES = ["patient", "device", "network"] as const satisfies readonly Harm[];

/** A side never counts more than this, nor less than 0. */
export const RISK_MAX = 100;

/** From which total on a device is called so; below the last it is low. */
export const BANDS: Readonly<Record<Severity, number>> = { critical: 85, high: 60, medium: 30, low: 0 };

export function bandOf(total: number): Severity {
  return SEVERITIES.findLast((band) => total >= BANDS[band]) ?? "low";
}

/** One weight of `knowledge/risk-points.tsv`. */
export interface RiskRule {
  readonly rule: string;
  readonly points: Readonly<Record<Harm, number>>;
  /** Why it weighs so much. */
  readonly reason: string;
}

/** What makes a device more dangerous, or less: named by a rule, which says how much, and by what of the device it rests on. */
export interface RiskPoint {
  readonly rule: string;
  readonly points: number;
  /** What of this device: "412 devices come to it over what was heard". */
  readonly because: string;
  /** Whence it is known. */
  readonly source: string;
}

/** What is wrong with it, a weakness or an open finding, with its points on one side. */
export interface RiskTrouble {
  readonly of: "weakness" | "finding";
  /** The weakness's name within the device, or the finding's id. */
  readonly name: string;
  readonly title: string;
  readonly parts: readonly RiskPoint[];
  /** The sum of its parts. */
  readonly raw: number;
  /** Of the sum so much counts, in percent: the worst whole, the next less, since one hole is enough to come in by. */
  readonly share: number;
  /** raw × share, rounded down. */
  readonly counted: number;
}

export interface RiskSide {
  readonly side: Harm;
  /** 0 to 100: the circumstances and what is counted of each trouble, added; without any trouble nothing counts. */
  readonly total: number;
  /** What holds whatever is wrong: who hangs on it, who comes to it, what stands in between. */
  readonly circumstances: readonly RiskPoint[];
  /** The most points first. */
  readonly troubles: readonly RiskTrouble[];
}

/** What is taken away when one thing is done and all else stays as it is. */
export interface RiskRemedy {
  readonly of: RiskTrouble["of"];
  /** The advisory, the weakness or the detector it is the remedy for: the same on another device is the same work. */
  readonly name: string;
  readonly title: string;
  /** Names of all it deals with: one advisory may be several weaknesses. */
  readonly troubles: readonly string[];
  readonly remedy: string;
  /** What the network can do instead; null where nothing can. */
  readonly control: string | null;
  /** Of a technician's, at the device; null where nobody wrote down how long it takes. */
  readonly minutes: number | null;
  readonly takesAway: Readonly<Record<Harm, number>> & { readonly total: number };
}

/** A device's risk, whole. */
export interface DeviceRisk extends RiskRow {
  /** In the order of RISK_SIDES. */
  readonly sides: readonly RiskSide[];
  /** What takes away most first. */
  readonly ifDone: readonly RiskRemedy[];
  /** Weaknesses that count nothing any more, and why: dismissed by a person, or not heard for long. */
  readonly left: readonly { readonly name: string; readonly title: string; readonly why: string }[];
}

/** What is held of every device of a hospital: its sides, of which each point is a sentence, are worked out again when they are looked at. */
export type DeviceRemedies = Omit<DeviceRisk, "sides" | "left">;

/** A device as a list of risks has it. */
export interface RiskRow {
  readonly device: string;
  readonly name: string;
  readonly kind: string | null;
  readonly location: string | null;
  readonly lifeCritical: CareClass;
  /** The worst of the three sides. */
  readonly total: number;
  readonly band: Severity;
  readonly on: Readonly<Record<Harm, number>>;
  /** What is worst, and how much is taken away when it is dealt with; null where nothing is wrong. */
  readonly worst: Pick<RiskRemedy, "of" | "name" | "title" | "takesAway"> | null;
  /** How many things are wrong. */
  readonly troubles: number;
  /** Null where nothing is wrong: then nobody's way to it was looked at. */
  readonly reach: Pick<Reach, "from" | "to" | "keptAway"> | null;
}

export interface RiskPage {
  /** Devices looked at. */
  readonly total: number;
  readonly matching: number;
  readonly byBand: Readonly<Record<Severity, number>>;
  /** Of those in the band low, with nothing wrong that is known. */
  readonly nothing: number;
  readonly rows: readonly RiskRow[];
  /** All weights, so that a row can be worked out again. */
  readonly rules: readonly RiskRule[];
  /** Of what is wrong, the worst first: so many percent of its points count; what comes after counts nothing. */
  readonly shares: readonly number[];
}

export interface RiskQuery extends WallsAsked {
  readonly band?: Severity | undefined;
  readonly offset: number;
  /** At most 1,000. */
  readonly limit: number;
}

/** Walls that are said to stand, to be held against the recording. */
export interface WallsAsked {
  readonly walls: readonly StandingWall[];
  /** The hospital's own networks, in CIDR notation. */
  readonly ownRanges: readonly string[];
}

/** A policy some of whose groups are enforced. */
export interface StandingWall {
  readonly name: string;
  readonly text: string;
  /** When its counters were read and showed that it stands, microseconds since 1970; null: nobody brought any. */
  readonly counted: number | null;
}

/** Who comes to a device and whom it comes to over what was heard and stands open, in steps; counted up to `REACH_COUNTED`. */
export interface Reach {
  readonly from: number;
  readonly to: number;
  /** Of those that would come to it, so many the wall that stands keeps away from its doors: machines that opened to it and may not. */
  readonly keptAway: number;
  /** The wall it stands behind: the policy's name and group; null where none does. */
  readonly wall: { readonly policy: string; readonly group: string; readonly counted: number | null } | null;
}

/** Beyond so many, more makes no difference to anybody. */
export const REACH_COUNTED = 100;
