/** A policy beside a recording as the pages show it: who may talk to whom, and every verdict. */
import type { CareClass } from "./device.ts";
import type { Verdict } from "./policy.ts";
import type { WallCounts } from "./wall.ts";
import type { Why } from "./why.ts";

export interface PolicyQuestion {
  /** A policy's text; null: learn one from the recording. */
  readonly text: string | null;
  /** What it is called in errors; of one that is learned its name. */
  readonly file: string;
  /** Of one that is learned: kinds whose devices are judged; empty: all. */
  readonly only: readonly string[];
  /** The hospital's own networks, in CIDR notation. */
  readonly ownRanges: readonly string[];
}

export interface PolicyReport {
  readonly name: string;
  readonly text: string;
  readonly window: { readonly from: number; readonly to: number; readonly days: number; readonly onceIn: number };
  readonly answer: { readonly verdict: Exclude<Verdict, "not heard yet" | "not governed">; readonly because: readonly string[] };
  readonly counts: Readonly<Record<Verdict, { readonly conversations: number; readonly days: number }>>;
  /** Of what was heard and is judged the share that is kept; null where nothing is judged. */
  readonly coverage: number | null;
  /** Device, peer and service triples allowed for each one that was heard and is kept; null where none is. */
  readonly overPermission: number | null;
  readonly groups: readonly ReportedGroup[];
  readonly rules: readonly ReportedRule[];
  /** Only those with something in them, by the places of their groups. */
  readonly cells: readonly ReportedCell[];
  /** Blocked first, by what a patient loses; then those nobody can tell. */
  readonly verdicts: readonly ReportedVerdict[];
  /** How many there are of those; more than so many are not listed. */
  readonly verdictsTotal: number;
  readonly notHeard: readonly NotHeard[];
  readonly waiting: readonly { readonly group: string; readonly name: string; readonly device: string; readonly because: string }[];
  readonly tests: readonly { readonly text: string; readonly held: boolean; readonly because: string }[];
  /** Of one that was just learned: what a person decides, most likely work first. */
  readonly notLearned: readonly {
    readonly client: string;
    readonly server: string;
    readonly service: string;
    readonly why: string;
    readonly pairs: number;
    readonly days: number;
    readonly last: number;
    readonly who: readonly string[];
  }[];
  /** The five that make "same input". */
  readonly hashes: Readonly<Record<string, string>>;
}

/** What a profile says a governed kind needs, and nobody was heard doing. */
export interface NotHeard {
  readonly client: string;
  readonly server: string;
  readonly service: string;
  readonly purpose: string;
  readonly without: string;
  readonly rhythm: string;
  readonly source: string;
  /** The rule that allows it all the same, from 1; null: it would be blocked if it came, or its port is not known. */
  readonly rule: number | null;
}

export interface ReportedGroup {
  readonly name: string;
  readonly builtIn: boolean;
  readonly governs: boolean;
  readonly select: string;
  readonly members: number;
  readonly waiting: number;
  /** The heaviest of its members. */
  readonly care: CareClass | null;
  /** "draft", or "everywhere: monitor". */
  readonly state: string;
}

export interface ReportedRule {
  readonly rule: number;
  readonly from: string;
  readonly to: string;
  readonly service: string;
  readonly origin: "learned" | "expected" | "said";
  readonly because: string;
  readonly same: string | null;
  readonly conversations: number;
  readonly days: number;
  readonly ended: boolean;
}

export interface ReportedCell {
  readonly from: number;
  readonly to: number;
  readonly kept: number;
  readonly blocked: number;
  readonly unsure: number;
  /** Numbers of rules between the two groups. */
  readonly rules: readonly number[];
}

export interface ReportedVerdict {
  readonly verdict: "would block" | "cannot tell";
  readonly client: ReportedEnd;
  readonly server: ReportedEnd;
  readonly service: string;
  readonly spoken: string;
  readonly purpose: string;
  readonly without: string;
  readonly care: CareClass | "not known";
  readonly days: number;
  readonly last: number;
  readonly packets: number;
  readonly side: string;
  readonly because: string;
  readonly edit: string;
}

export interface ReportedEnd {
  readonly device: string;
  readonly name: string;
  readonly kind: string;
  /** Its group's place. */
  readonly group: number;
}

/** One group of a policy. Its rules stand in the report of the whole. */
export interface GroupReport {
  readonly group: string;
  readonly newcomers: "hold" | "admit";
  /** In the order of their numbers; more than so many are not listed. */
  readonly members: readonly GroupMember[];
  readonly membersTotal: number;
  readonly waiting: readonly { readonly name: string; readonly device: string; readonly because: string }[];
  /** Of what its members open and is judged: triples of device, peer and service heard, of them allowed, and allowed whether heard or not. Null for a group that does not govern. */
  readonly fit: { readonly heard: number; readonly kept: number; readonly allowed: number } | null;
  /** Models among its members of which a maker says what they do on a network. */
  readonly disclosed: readonly GroupDisclosure[];
}

export interface GroupMember {
  readonly device: string;
  readonly name: string;
  readonly kind: string;
  readonly care: CareClass;
  /** Null where not known. */
  readonly ward: string | null;
  /** Those it wore last. */
  readonly addresses: readonly string[];
}

/** How many flows of a model stand where; what each is, the page of any of its devices tells. */
export interface GroupDisclosure {
  readonly model: string;
  /** One of them, and how many of the group there are. */
  readonly device: string;
  readonly members: number;
  readonly heard: number;
  readonly notHeard: number;
  readonly notDeclared: number;
  readonly cannotTell: number;
}

/** How far a worm could come: from all devices of a group at once. */
export interface ReachReport {
  readonly from: readonly {
    readonly from: string;
    /** So many devices it began at. */
    readonly began: number;
    readonly heard: ReportedReach;
    readonly kept: ReportedReach;
    readonly allowed: ReportedReach;
  }[];
  readonly lifeSupporting: number;
  /** Pairs of a device and a life-supporting one in its reach, over all the policy allows. Null where there is too much to leave each out in turn. */
  readonly pairs: number | null;
  /** What takes most of those pairs away, most first. */
  readonly cuts: readonly { readonly what: string; readonly fewer: number }[] | null;
}

export interface ReportedReach {
  readonly devices: number;
  readonly lifeSupporting: number;
  /** Reached first in one step, in two, and so on. */
  readonly steps: readonly number[];
}

/** Two policies against the same recording. */
export interface CompareQuestion {
  readonly before: PolicySaid;
  readonly after: PolicySaid;
  readonly ownRanges: readonly string[];
}

export interface PolicySaid {
  readonly text: string;
  /** What it is called in errors. */
  readonly file: string;
}

/** In the order in which they matter: work that stops, ways that open, work that goes on after all, ways that close. */
export const COMPARED = ["newly blocked", "newly open", "blocked no more", "closed"] as const;

export interface CompareReport {
  readonly window: { readonly from: number; readonly to: number; readonly days: number };
  /** As many as a person can look through of each: conversations by what a patient loses, ways by how many they are. */
  readonly rows: readonly ComparedRow[];
  /** How many rows there are of each, listed or not. */
  readonly counts: Readonly<Record<(typeof COMPARED)[number], number>>;
  /** Of device, peer and port, whether anybody was heard there or not. */
  readonly triples: { readonly opened: number; readonly closed: number };
}

export type ComparedRow =
  | {
      readonly what: "newly blocked" | "blocked no more";
      readonly client: Omit<ReportedEnd, "group">;
      readonly server: Omit<ReportedEnd, "group">;
      readonly service: string;
      readonly purpose: string;
      readonly without: string;
      readonly care: CareClass | "not known";
      readonly days: number;
      readonly last: number;
      /** Of one that is blocked no more, what keeps it: the rule from 1; null: nothing governs it. Else null. */
      readonly rule: number | null;
      /** The lines that would allow it, of one that is newly blocked; else "". */
      readonly edit: string;
    }
  | {
      readonly what: "newly open" | "closed";
      /** Of the policy that lets it through, from 1; null: nothing governs it there. */
      readonly rule: number | null;
      readonly text: string;
      readonly triples: number;
    };

/** Is it us? */
export interface WhyQuestion extends PolicyQuestion {
  /** Its id, or a name or an address that no other has. */
  readonly device: string;
  /** So far back from the recording's last moment. */
  readonly minutes: number;
  /** Of our wall, as saved where it stands; null where none are. */
  readonly counts: WallCounts | null;
  readonly log: {
    readonly text: string;
    /** Microseconds since 1970: not before its last line. */
    readonly written: number;
    /** Of clocks of equipment whose lines name no zone, east of UTC. */
    readonly offsetMinutes: number;
  } | null;
}

export interface WhyReport extends Why {
  readonly device: { readonly id: string; readonly name: string };
}

/** A policy for the hospital's own equipment. */
export interface ExportQuestion extends PolicyQuestion {
  /** A target by its name. */
  readonly to: string;
  /** What becomes of what no rule allows. */
  readonly denied: "drop" | "log" | "as-it-says";
}

export interface PolicyExport {
  readonly title: string;
  /** The file's ending, without the dot. */
  readonly extension: string;
  readonly text: string;
  /** Where equipment fetches several files: each of them. Else empty. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly rollback: string;
  /** The page for those who decide, in Markdown. */
  readonly change: string;
}
