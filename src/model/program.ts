/**
 * What a clinical protocol tells of one step of a pump's program, and the little of it that leaves the sensor: ratios, never a rate, a
 * volume, a drug, an order or a patient (docs/privacy.md, Clinical values).
 */
import type { Child } from "./protocol.ts";

/** A number as it was written, with each way its unit was written beside it. */
export interface Quantity {
  readonly value: string;
  readonly units: readonly UnitText[];
}

/** `system`: "MDC", "UCUM", or what the sender calls it. */
export interface UnitText {
  readonly text: string;
  readonly system: string;
}

/** A bolus is also a loading dose and one by hand; rates of one kind say nothing of another. */
export const ORDER_KINDS = ["continuous", "bolus", "pca", "epidural"] as const;
export type OrderKind = (typeof ORDER_KINDS)[number];

/** Ends in the sensor: `doses/` compares it, and tells a `Dose`. */
export interface Program {
  /** What somebody asks of a pump, or what a pump says it is set to. */
  readonly said: "order" | "report";
  /** The pump: its serial number behind whoever is spoken to, or speaks for it. */
  readonly pump: Child;
  /** What it is by the code of its kind, "MDC_DEV_PUMP_INFUS_LVP_VMD"; "" where nobody says. */
  readonly family: string;
  /** Code of the drug as the site has it; "" where nobody says. */
  readonly drug: string;
  readonly kind: OrderKind;
  /** Of an order: a new one, another rate of a running one, or a bolus of a running one. */
  readonly change: "new" | "titration" | "bolus";
  /** Number of the order, or of the one it belongs to; compared, never told. */
  readonly order: string;
  /** Rate, dose rate or dose: its unit says which. */
  readonly rate: Quantity | null;
  readonly volume: Quantity | null;
  /** What of the drug is in how much fluid. */
  readonly amount: Quantity | null;
  readonly diluent: Quantity | null;
  readonly duration: Quantity | null;
  readonly weight: Quantity | null;
  readonly surface: Quantity | null;
}

/** Why an order cannot be compared with anything. */
export const UNCOMPARED = [
  "no rate",
  "number unclear",
  "unit unclear",
  "concentration not given",
  "weight not given",
  "drug not given",
] as const;
export type Uncompared = (typeof UNCOMPARED)[number];

/** Ratios of a known kind of slip. */
export const SLIPS = ["10", "24", "60", "100", "1,000", "1,440", "weight", "2.2"] as const;
export type Slip = (typeof SLIPS)[number];

/** What leaves the sensor of a program. Every ratio has two digits and is 1,000 at most; null where there is nothing to compare with. */
export interface Dose {
  readonly said: "order" | "report";
  readonly change: "new" | "titration" | "bolus";
  readonly uncompared: Uncompared | null;
  /** Whether the site's limits name a hard one of this drug and kind of order. */
  readonly limit: boolean;
  /** Whether ten times what is ordered would stand out: by a limit, an order that runs, or a usual that is narrow enough. */
  readonly tells: boolean;
  /** Orders of this drug and kind, accepted before: none or too few, or enough for a usual. */
  readonly usual: "learning" | "known";
  /** Rate to the hard limit; above 1 only where it is exceeded. */
  readonly ofLimit: number | null;
  /** Rate to the mean, and to the largest and the 95th percentile, of accepted orders of this drug and kind on this kind of pump. */
  readonly ofUsual: number | null;
  readonly ofLargest: number | null;
  readonly ofHigh: number | null;
  /** How many spreads above the mean of logarithms. */
  readonly spreads: number | null;
  /** Rate to the one before of the same order. */
  readonly ofPrevious: number | null;
  /** The volume would be through within ten minutes, and is 20 mL or more: a fact beside others, ordinary by itself. */
  readonly atOnce: boolean;
  /** How the ratio to the one before, or to the usual, comes about when units are mistaken. */
  readonly slip: Slip | null;
  /** Of a report: what the pump is set to, to what was ordered last; where no event of the pump and no other order came between. */
  readonly ofOrdered: number | null;
}

/** Limits of the pharmacy, one for each drug and kind of order: the hard ones only. */
export interface ClinicalLimit {
  readonly drug: string;
  readonly kind: OrderKind;
  /** As the pharmacy's file has it; `unit` in any spelling the sensor converts. */
  readonly most: number;
  readonly unit: string;
}

/** The one place in the sensor that compares. `flow` tells apart where an order and its answer cross. */
export interface ProgramJudge {
  /** Null where there is nothing to tell. */
  heard(program: Program, flow: number): Dose | null;
  /** What was ordered last on this flow was accepted or refused. */
  answered(flow: number, accepted: boolean, at: number): void;
  /** The pump tells of a hand on it. `begins`: its delivery starts, which for what was just ordered is the beginning and no change. */
  touched(serial: string, begins: boolean): void;
}
