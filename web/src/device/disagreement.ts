/** Where sources disagree: what is said for each value, and in one line why one of them won or why none did. */
import { LEAD_ASSERTED, LEAD_PROBABLY } from "../../../src/model/device.ts";
import type { EvidenceRow, Sayable, Stated } from "../../../src/model/device.ts";

export interface Disagreement {
  readonly why: string;
  readonly sides: readonly (readonly [value: string, rows: readonly EvidenceRow[]])[];
}

/** Null where they do not. Of several rivals the strongest stands on the other side; what speaks for neither is with the first. */
export function disagreementOf(claim: Sayable, stated: Stated | null, evidence: readonly EvidenceRow[]): Disagreement | null {
  const rival = TOGETHER.has(claim)
    ? null
    : rivalOf(
        stated,
        evidence.filter((row) => row.observed !== "operator"),
        FINER.has(claim),
      );
  if (rival === null) return null;
  const [value, against] = rival;
  const isAgainst = (row: EvidenceRow) => row.value === against;
  return {
    why: whyOf(stated, value, against),
    sides: [
      [value, evidence.filter((row) => !isAgainst(row))],
      [against, evidence.filter(isAgainst)],
    ],
  };
}

/** A machine has several names; how much depends on it follows from what it is; where it was last is where it is. */
const TOGETHER: ReadonlySet<Sayable> = new Set(["names", "lifeCritical", "location", "controlNumber", "owner", "status"]);
/** One value may be a finer word for another: that they differ is no rivalry by itself. */
const FINER: ReadonlySet<Sayable> = new Set(["kind", "os"]);

function rivalOf(stated: Stated | null, heard: readonly EvidenceRow[], mayBeFiner: boolean): readonly [string, string] | null {
  if (stated !== null && stated.saidBy === undefined) return stated.against === undefined ? null : [stated.value, stated.against];
  if (mayBeFiner) return null;
  const [first, second] = [...new Set(heard.filter(({ weight }) => weight > 0).map((row) => row.value))];
  // What a person said is weighed against what was heard; else two that were heard against each other.
  if (stated !== null) return first === undefined || first === stated.value ? null : [stated.value, first];
  return first === undefined || second === undefined ? null : [first, second];
}

function whyOf(stated: Stated | null, value: string, against: string): string {
  if (stated === null)
    return `Neither won: between ${value} and ${against} lie less than ${LEAD_PROBABLY} decibans, which is too little to say one.`;
  if (stated.saidBy !== undefined) return `${stated.saidBy} said ${value}, and a person’s word wins over what was heard.`;
  const ahead = `${value} won: what speaks for it lies ${stated.lead} decibans before what speaks for ${against}`;
  return stated.lead >= LEAD_ASSERTED ? `${ahead}.` : `${ahead}; ${LEAD_ASSERTED} would make it known.`;
}
