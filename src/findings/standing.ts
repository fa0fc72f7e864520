/** Where a finding stands by what people said of its key. A word covers what was there when it was said, and no more. */
import {
  SEVERITIES,
  type FindingSaid,
  type FindingStanding,
  type FindingState,
  type LAPSES,
  type StoredFinding,
} from "../model/finding.ts";

const STATE_OF = { acknowledge: "acknowledged", explain: "explained", close: "closed", reopen: "new" } as const satisfies Record<
  FindingSaid["word"]["what"],
  FindingState
>;

type Standing = Pick<StoredFinding, "first" | "last" | "severity">;

/** `words`: of its key, the oldest first. */
export function standingOf(finding: Standing, words: readonly FindingSaid[]): FindingStanding {
  for (const said of words.toReversed()) {
    if (!isOf(said, finding)) continue;
    const why = lapseOf(said, finding);
    return why === null ? { state: STATE_OF[said.word.what], said, lapsed: null } : { state: "new", said: null, lapsed: { said, why } };
  }
  return { state: "new", said: null, lapsed: null };
}

/** An explanation is of all that happens under its key; anything else of the stories there were. */
function isOf({ word, last }: FindingSaid, finding: Standing): boolean {
  return word.what === "explain" || finding.first <= last;
}

/** Null while it covers the finding. */
function lapseOf({ word, last, severity }: FindingSaid, finding: Standing): (typeof LAPSES)[number] | null {
  if (word.what === "reopen") return null;
  if (SEVERITIES.indexOf(finding.severity) > SEVERITIES.indexOf(severity)) return "more severe";
  if (word.what === "explain") return finding.last > word.until ? "expired" : null;
  return word.what === "close" && finding.last > last ? "went on" : null;
}
