/** `frameworks.tsv`: what auditors ask for, and by which figures it is answered. */
import { table } from "./table.ts";

export const FRAMEWORK_FIGURES = [
  "inventory",
  "exposure",
  "vulnerabilities",
  "unsupported",
  "clear",
  "findings",
  "risk",
  "hearing",
] as const;
export type FrameworkFigure = (typeof FRAMEWORK_FIGURES)[number];

export interface Clause {
  readonly framework: string;
  readonly clause: string;
  readonly asks: string;
  readonly status: string;
  readonly figures: readonly FrameworkFigure[];
  readonly source: string;
}

export function clauses(): readonly Clause[] {
  return table("frameworks.tsv", 6).map(([framework = "", clause = "", asks = "", status = "", figures = "", source = ""]) => ({
    framework,
    clause,
    asks,
    status,
    source,
    figures: figures.split(", ").map((name) => {
      const figure = FRAMEWORK_FIGURES.find((it) => it === name);
      if (figure === undefined) throw new Error(`expected a figure of ${FRAMEWORK_FIGURES.join(", ")} in frameworks.tsv, got "${name}"`);
      return figure;
    }),
  }));
}
