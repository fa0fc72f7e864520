/** What became of a policy's text: every change is kept, with who made it, when and why. */

export const POLICY_DEEDS = ["written", "taken away", "taken back", "written as it was", "found"] as const;
/** "found": the file was changed, or taken away, by something other than Auscult, and who did it is not known. */
export type PolicyDeed = (typeof POLICY_DEEDS)[number];

export interface PolicyChange {
  /** Over all policies, from 1: a policy's own have gaps. */
  readonly number: number;
  /** Microseconds since 1970, by this computer's clock; of one that was found, when the file says it was written. */
  readonly at: number;
  /** Empty: not known. */
  readonly who: string;
  readonly what: PolicyDeed;
  readonly why: string;
  /** Of one that took back another, or wrote it as it was then: its number. */
  readonly of: number | null;
  /** False: after this change there was no such policy. */
  readonly isThere: boolean;
}

/** Lines that changed, with a few around them. */
export interface ChangedPart {
  /** Its first line's number before and after, from 1. */
  readonly before: number;
  readonly after: number;
  readonly lines: readonly ChangedLine[];
}

export interface ChangedLine {
  readonly mark: "same" | "gone" | "new";
  readonly text: string;
}

/** The file of the history is not as we write it, or a newer Auscult wrote it. */
export class UnusableHistory extends Error {}
