/** Who stands at a patient. */
import type { FleetDevice } from "../model/weakness.ts";

/** A device whose failure, or wrong doing, a patient feels; what nobody knows the kind of is none. */
export function isMedical({ lifeCritical }: FleetDevice): boolean {
  return lifeCritical === "life-supporting" || lifeCritical === "therapy" || lifeCritical === "diagnostic";
}

/** One on which a life hangs, or that treats. */
export function treats({ lifeCritical }: FleetDevice): boolean {
  return lifeCritical === "life-supporting" || lifeCritical === "therapy";
}
