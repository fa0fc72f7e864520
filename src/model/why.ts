/** Is it us? What is answered, and what the answer rests on. Times are microseconds since 1970. */
import type { PolicyState } from "./policy.ts";
import type { Denied } from "./wall.ts";

export interface Why {
  readonly answer: "yes" | "no" | "cannot tell";
  /** To be read over the telephone. */
  readonly sentence: string;
  /** How far the policy stands where the device is. */
  readonly state: PolicyState | "not governed";
  readonly since: number;
  /** From where we know, and what is not known, a sentence each. */
  readonly sources: readonly string[];
  readonly stopped: readonly Stopped[];
  readonly reasons: readonly Reason[];
  /** Usual conversations heard within the time, and those that were not. */
  readonly usual: number;
  readonly silent: readonly string[];
  /** The recording's last moment. */
  readonly heardUntil: number;
}

/** What was stopped, and who says so. */
export interface Stopped {
  readonly client: string;
  readonly server: string;
  readonly service: string;
  readonly last: number;
  /** Packets; of what is only worked out, tries. */
  readonly count: number;
  readonly from: "counters" | "log" | "evaluator";
  /** As the equipment's log names it; else "". */
  readonly rule: string;
  /** The rule that is nearly right; "" where that cannot be said. */
  readonly near: string;
  /** Lines for the policy that would allow it; "" where an end is not known. */
  readonly edit: string;
}

/** What a rule allows, and did not work all the same. */
export interface Reason {
  readonly client: string;
  readonly server: string;
  readonly service: string;
  readonly how: "refused" | "not answered";
  readonly last: number;
  /** Null: nothing of ours judges it. */
  readonly rule: string | null;
  /** The server was heard to answer others within the time. */
  readonly answersOthers: boolean;
}

/** What was asked for, by address. */
export type Asked = Denied;
