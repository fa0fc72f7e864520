/** How many findings ask somebody to act at one time, by role, site and shift: whoever is asked for everything at once does nothing. */
import type { Family, Severity } from "./finding.ts";

export interface AskRules {
  readonly site: string;
  /** Findings that ask one role at one time, where its shift says no other. */
  readonly atOnce: number;
  /** In their order; none: the day is one shift. `from`: minutes of the day, UTC. */
  readonly shifts: readonly { readonly from: number; readonly atOnce: number | null }[];
  /** Who acts on which family; whatever is in none asks the one team. */
  readonly roles: Readonly<Partial<Record<Family, string>>>;
}

/** What one person works off in a shift beside everything else. Judged, not measured. */
export const AT_ONCE = 10;
export const TEAM = "the team";
export const ASK_RULES: AskRules = { site: "main", atOnce: AT_ONCE, shifts: [], roles: {} };

/** What one role is asked in the shift of the recording's last moment. */
export interface RoleAsked {
  readonly site: string;
  readonly role: string;
  /** Microseconds since 1970; null while nothing was heard. */
  readonly shift: { readonly from: number; readonly to: number } | null;
  readonly atOnce: number;
  /** Ids, the most harmful first. */
  readonly asking: readonly string[];
  /** How many more are new and wait for a place. */
  readonly waiting: number;
  /** Of these what they are, the most harmful first; at most WAITS_NAMED_MAX. */
  readonly waits: readonly { readonly title: string; readonly severity: Severity; readonly count: number }[];
  /** Sorts of findings that are not named. */
  readonly waitsBeyond: number;
}

/** More names than one reads. */
export const WAITS_NAMED_MAX = 5;
