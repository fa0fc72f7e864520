/** Severity as other programs number it: 0 to 10, as CEF has it. */
import type { Severity } from "../../model/finding.ts";

const NUMBERS: Readonly<Record<Severity, number>> = { low: 3, medium: 5, high: 8, critical: 10 };

export function severityNumber(severity: Severity): number {
  return NUMBERS[severity];
}
