/** Counts that several sections show: each with the devices it counts, so that a number is never without them. */
import { thousands } from "../bytes/thousands.ts";
import type { FrameworkFigure } from "../knowledge/frameworks.ts";
import type { ReportInputs } from "../model/report.ts";
import type { Weakness } from "../model/weakness.ts";

export interface Figure {
  readonly text: string;
  readonly devices: readonly string[];
}

export function figuresOf(inputs: ReportInputs): Readonly<Record<FrameworkFigure, Figure>> {
  const { fleet, findings, risks, coverage } = inputs;
  const all = fleet.devices.length;
  const having = (test: (weakness: Weakness) => boolean) =>
    fleet.devices.filter(({ id }) => fleet.weaknesses.get(id)?.some((it) => it.word?.word !== "dismissed" && test(it))).map(({ id }) => id);
  const known = fleet.devices.filter(({ kind }) => kind !== null && kind.lead >= 20).map(({ id }) => id);
  const exposed = having(({ kind }) => kind === "exposure");
  const vulnerable = having(({ kind, answer }) => kind === "vulnerability" && answer === "affected");
  const perhaps = having(({ kind, answer }) => kind === "vulnerability" && answer === "possible");
  const unsupported = having(({ kind }) => kind === "end of support");
  const clear = having(({ name }) => name === "patient-data-in-the-clear");
  const high = risks.rows.filter(({ band }) => band === "critical" || band === "high").map(({ device }) => device);
  const of = (devices: readonly string[], what: string): Figure => ({ text: `${devices.length} of ${all} devices ${what}`, devices });
  return {
    inventory: of(known, "with a kind that is known"),
    exposure: of(exposed, "with an exposure that was heard"),
    vulnerabilities: { text: `${vulnerable.length} of ${all} devices affected by a published vulnerability, of ${perhaps.length} it is possible`, devices: vulnerable },
    unsupported: of(unsupported, "with a system that nobody mends any more, or may not"),
    clear: of(clear, "that send patient data in the clear"),
    findings: { text: `${findings.matching} ${findings.matching === 1 ? "finding" : "findings"} nobody is done with`, devices: [...new Set(findings.rows.flatMap(({ about }) => about?.device ?? []))] },
    risk: of(high, "at high or critical risk"),
    hearing: { text: `${inputsOf(coverage.inputs.length)}, ${thousands(coverage.drops)} of ${thousands(coverage.frames + coverage.drops)} frames lost`, devices: [] },
  };
} // prettier-ignore

export function inputsOf(count: number): string {
  return `${count} ${count === 1 ? "input" : "inputs"}`;
}
