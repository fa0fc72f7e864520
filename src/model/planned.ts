/** Work that was announced: who may do what to whom, and when. A finding all of which lies inside of it asks nobody to act. */
import { FAMILIES } from "./finding.ts";

export interface PlannedWork {
  readonly what: string;
  /** Who does it and to whom, each as networks, addresses, names, places or kinds of device with semicolons between; "" is anybody. */
  readonly by: string;
  readonly where: string;
  /** Families or names of detectors, semicolons between; "": hazards. */
  readonly kind: string;
  /** Microseconds since 1970, both ends with it. */
  readonly from: number;
  readonly to: number;
  /** Who answers for it. */
  readonly who: string;
}

/** No announced work covers a command that may harm a patient. */
export const PLANNABLE: readonly string[] = FAMILIES.filter((it) => it !== "clinical");

/** "a; b" as its parts. */
export function partsOf(text: string): readonly string[] {
  return text.split(";").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
}
