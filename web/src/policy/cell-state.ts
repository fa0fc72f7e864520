/** What a cell of the matrix says, in a word and in full. */
import type { ReportedCell, ReportedGroup } from "../../../src/model/policy-report.ts";

export const STATES = {
  kept: ["Allowed", "allowed, and heard"],
  blocks: ["Blocks", "heard, and no rule allows it"],
  unsure: ["Cannot tell", "heard, and nobody can tell"],
  waits: ["Not heard", "allowed, and not heard yet"],
  denied: ["", "denied, and nothing was heard"],
  free: ["", "judged by nobody"],
} as const;
export type CellState = keyof typeof STATES;

export function stateOf(from: ReportedGroup, to: ReportedGroup, cell: ReportedCell | undefined): CellState {
  if (cell !== undefined) {
    if (cell.blocked > 0) return "blocks";
    if (cell.unsure > 0) return "unsure";
    if (cell.kept > 0) return "kept";
    if (cell.rules.length > 0) return "waits";
  }
  return from.governs || to.governs ? "denied" : "free";
}
