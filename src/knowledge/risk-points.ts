/** What each fact about a device adds to its risk: risk-points.tsv, with why on each line. */
import type { RiskRule } from "../model/risk.ts";
import { table } from "./table.ts";

export interface RiskPoints {
  /** In the order of the table. */
  readonly rules: readonly RiskRule[];
  of(rule: string): RiskRule;
}

let points: RiskPoints | undefined;

/** Read when first asked for. */
export function riskPoints(): RiskPoints {
  return (points ??= read());
}

function read(): RiskPoints {
  const rules = table("risk-points.tsv", 5).map(([rule, patient, device, network, reason]): RiskRule => {
    const points = { patient: Number(patient), device: Number(device), network: Number(network) };
    if (!Object.values(points).every(Number.isInteger))
      throw new Error(`expected whole numbers for ${rule} in risk-points.tsv, got ${patient}, ${device}, ${network}`);
    return { rule: rule!, points, reason: reason! };
  });
  const named = new Map(rules.map((it) => [it.rule, it]));
  return {
    rules,
    of: (rule) => {
      const found = named.get(rule);
      if (found === undefined) throw new Error(`expected a line for ${rule} in risk-points.tsv, found none`);
      return found;
    },
  };
}
