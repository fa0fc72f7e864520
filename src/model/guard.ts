/** What a clinical guard hears, said beside what it found: a guard that is blind finds nothing, and that is no good news. */
import type { CareClass } from "./device.ts";

/** Blind: hears of none. Half-blind: hears one side only, so it knows no usual. Learning: nothing to compare with yet. Hearing: compares. */
export const GUARD_STATES = ["blind", "half-blind", "learning", "hearing"] as const;
export type GuardState = (typeof GUARD_STATES)[number];

export interface GuardView {
  readonly name: string;
  readonly title: string;
  /** What a patient loses where what it is for goes wrong. */
  readonly care: CareClass;
  /** Where it does not hear, that is a sentence of Today; else a line beside. */
  readonly isUrgent: boolean;
  readonly state: GuardState;
  /** Devices it is for, as this recording knows them. */
  readonly devices: number;
  /** Of these: whose orders are heard, whose orders are answered, and whose could be compared. */
  readonly heard: number;
  readonly answered: number;
  readonly compared: number;
  /** Orders nobody could compare, and orders in which ten times the rate would not stand out. */
  readonly uncompared: number;
  readonly cannotTell: number;
  /** Where it is blind: machines that speak to them or to their gateway encrypted, so that a mirror may not open it. Else 0. */
  readonly encrypted: number;
  /** `of 3 pumps, a wrong order would not be noticed` */
  readonly unnoticed: string;
  /** The first step that would better it, as one asks for it. */
  readonly cure: string;
  /** The state in a sentence with its figures, and what would better it. */
  readonly says: string;
}
