/** What our wall counted and remembers, read where the firewall is and shown anywhere: one document, the same for commands and pages. */
import type { PolicyTransport } from "./policy.ts";

export const COUNTERS_SCHEMA = "auscult.counters/1";

/** All of it as of one moment. Times are microseconds since 1970, by the clock of the machine that is the firewall. */
export interface WallCounts {
  readonly schema: typeof COUNTERS_SCHEMA;
  readonly on: "bridge" | "router";
  /** As the policy calls itself. */
  readonly policy: string;
  readonly mark: string;
  readonly at: number;
  /** From here on the kernel has counted and remembered. */
  readonly since: number;
  /** It goes back by itself unless it is confirmed. */
  readonly waits: boolean;
  readonly rules: readonly RuleCount[];
  readonly denied: readonly GroupCount[];
  /** Packets that no rule allows: dropped, let through since only watched, let through since a life-supporting device is at one end, let through by an opening. */
  readonly totals: { readonly stopped: number; readonly watched: number; readonly spared: number; readonly opened: number };
  readonly stopped: readonly Denied[];
  readonly watched: readonly Denied[];
  /** The kernel could not remember all of it. */
  readonly full: boolean;
  /** Newest first. */
  readonly openings: readonly Opening[];
}

/** A rule by what it says, since its number changes with the text. Of a rule within one ward the sum over wards. */
export interface RuleCount {
  readonly from: string;
  readonly to: string;
  readonly service: string;
  readonly packets: number;
  readonly bytes: number;
  /** Of those, what came back. By state both ways are one. */
  readonly answers: number;
}

/** Packets from and to a group that no rule allows. */
export interface GroupCount {
  readonly group: string;
  readonly from: number;
  readonly to: number;
}

/** Who tried to open what, by address, and no rule allows it. */
export interface Denied {
  readonly client: string;
  readonly server: string;
  readonly transport: PolicyTransport;
  /** Protocol number where `transport` is `ip`. Null: it has no port, or no beginning of it was seen, so neither end is known to have begun it. */
  readonly port: number | null;
  readonly packets: number;
  readonly last: number;
}

/** A group that a person opened for a stated time: what no rule allows went on to and from it, and closed by itself. */
export interface Opening {
  readonly group: string;
  readonly reason: string;
  readonly by: string;
  readonly from: number;
  /** When it closes by itself, or a person closed it. */
  readonly until: number;
  /** Null: it is open still, or nobody can tell any more. */
  readonly used: readonly Denied[] | null;
}
