/** What the edge asks of a recording. The store answers; nothing else knows SQL. All calls may run in a worker, so all answer later. */
import type { DeviceRisk, RiskPage, RiskQuery, WallsAsked } from "./risk.ts";
import type { Today, TodayQuestion } from "./today.ts";
import type { Fleet, Weakness } from "./weakness.ts";
import type { DisclosureReport } from "./disclosure.ts";
import type { ShownPapers } from "./paper.ts";
import type { WeaknessDetail, WeaknessPage, WeaknessQuery } from "./weakness-report.ts";
import type { GuardView } from "./guard.ts";
import type { DoNotScanExport, DoNotScanExportQuestion, DoNotScanLine, DoNotScanPage, DoNotScanQuery } from "./do-not-scan.ts";
import type { FlowEnds } from "../bytes/community-id.ts";
import type { FindingDetail, FindingPage, FindingQuery } from "./finding.ts";
import type { NamedRecall } from "./recall.ts";
import type { Trend } from "./trend.ts";
import type { GrowthBy, LifecycleReport, RecallQuestion, RecallReport } from "./lifecycle.ts";
import type {
  CompareQuestion,
  CompareReport,
  ExportQuestion,
  PolicyExport,
  PolicyQuestion,
  PolicyReport,
  GroupReport,
  ReachReport,
  WhyQuestion,
  WhyReport,
} from "./policy-report.ts";
import type { ListPlan, ListQuestion } from "./list.ts";
import type { ConversationView, DeviceDetail, DeviceSummary } from "./device.ts";

export interface DeviceQuery {
  /** The filter language of `model/filter.ts`: words search; `field op value`, and, or, not, ~ contains, CIDR, relative times filter. Empty: all. */
  readonly filter: string;
  readonly sort: string;
  readonly descending: boolean;
  readonly offset: number;
  /** At most 1,000. */
  readonly limit: number;
}

export interface DevicePage {
  readonly total: number;
  readonly matching: number;
  readonly rows: readonly DeviceSummary[];
  /** Where nothing matches because no device has a value that is asked for: the filter with the nearest one. */
  readonly instead?: string;
}

export interface Facet {
  readonly field: string;
  readonly values: readonly { readonly value: string; readonly count: number }[];
}

export interface Coverage {
  readonly recording: string;
  readonly frames: number;
  readonly bytes: number;
  readonly malformed: number;
  readonly gaps: number;
  readonly duplicates: number;
  readonly drops: number;
  /** Microseconds since 1970; null while nothing was heard. */
  readonly from: number | null;
  readonly to: number | null;
  readonly devices: number;
  readonly conversations: number;
  readonly inputs: readonly InputCoverage[];
  /** Limits that were reached: name to how many were let go. */
  readonly limits: Readonly<Record<string, number>>;
  readonly unheard: Readonly<Record<string, number>>;
  /** One sentence each, in the words of docs/words.md: half-read files, restarts, dropping, one-sided, thinned by retention. */
  readonly notes: readonly string[];
}

export const INPUT_STATES = ["reading", "whole", "half-read", "listening", "ended"] as const;

/** How far a run has come: the highest batch that is stored without a gap below it. */
export interface RunMark {
  readonly run: string;
  readonly sensor: string;
  readonly sequence: number;
}

export interface InputCoverage {
  readonly name: string;
  readonly live: boolean;
  readonly frames: number;
  readonly bytes: number;
  readonly drops: number;
  readonly duplicates: number;
  readonly from: number | null;
  readonly to: number | null;
  /** A verdict on the mirror in words with the line that cures it; see `store/mirror.ts`. Null until it can be told. */
  readonly verdict: MirrorVerdict | null;
  readonly state: (typeof INPUT_STATES)[number];
}

export const VERDICTS = [
  "good",
  "onlyBroadcasts",
  "oneDirection",
  "doubled",
  "cutShort",
  "tunnelled",
  "encrypted",
  "dropping",
  "noDhcp",
  "nothingClinical",
  "silent",
] as const;

export interface MirrorVerdict {
  readonly kind: (typeof VERDICTS)[number];
  readonly words: string;
  readonly cure: string;
}

export interface ChangeRow {
  readonly number: number;
  readonly at: number;
  readonly who: string;
  /** The attribute that was said, or: take back, undo, merge, split, list, finding, weakness, paper, scanning. */
  readonly what: string;
  /** Serial numbers and addresses by which the device was known then. */
  readonly about: string;
  /** Of a merge "d12 and d31", of a split the addresses that are another machine. */
  readonly value: string;
  readonly reason: string;
  readonly undone: boolean;
}

/** It fits no device now, or several: it holds again as soon as it fits one. */
export interface WaitingRow extends ChangeRow {
  readonly fits: number;
}

/** A bad question: the API answers 400, the command line exits 2. `column` is where in the filter, from 1. */
export class BadQuery extends Error {
  readonly column: number | undefined;
  readonly suggestion: string | undefined;
  /** Of what the suggestion stands in for, where that is several words. */
  readonly length: number | undefined;
  constructor(message: string, column?: number, suggestion?: string, length?: number) {
    super(message);
    this.column = column;
    this.suggestion = suggestion;
    this.length = length;
  }
}

/** No recording is there, or none can be called so. Its message, like the next one's, is for whoever named it. */
export class NoRecording extends Error {}
/** It is there, and cannot be read or written; or it has no place where it could be. */
export class UnusableRecording extends Error {}

export interface RecordingReader {
  devices(query: DeviceQuery): Promise<DevicePage>;
  facets(filter: string, fields: readonly string[]): Promise<readonly Facet[]>;
  device(id: string): Promise<DeviceDetail | null>;
  conversations(id: string, offset: number, limit: number): Promise<{ readonly total: number; readonly rows: readonly ConversationView[] }>;
  coverage(): Promise<Coverage>;
  /** Resolves when the table and coverage are of this moment: of a large recording those of a while ago are given until then. */
  renew(): Promise<void>;
  changes(offset: number, limit: number): Promise<readonly ChangeRow[]>;
  /** What watches found, the most severe first, then the latest. */
  findings(query: FindingQuery): Promise<FindingPage>;
  finding(id: string): Promise<FindingDetail | null>;
  /** All devices and what is wrong with each: for who works on the whole, in a thread of its own; it is large. */
  fleet(): Promise<Fleet>;
  /** The most endangered first. Throws an Error for people where a wall's policy is none. */
  risks(query: RiskQuery): Promise<RiskPage>;
  /** Null where there is no such device. As above. */
  risk(id: string, walls: WallsAsked): Promise<DeviceRisk | null>;
  /** What needs someone. As above. */
  today(question: TodayQuestion): Promise<Today>;
  /** The fleet's sums now and a month ago; null while nothing was heard. As above. */
  trend(walls: WallsAsked): Promise<Trend | null>;
  /** Flows that findings rest on, as far as their frames are kept, by Community ID. */
  findingFlows(): Promise<ReadonlyMap<string, FlowEnds>>;
  /** By weakness, the worst first, with how many devices have it. */
  weaknesses(query: WeaknessQuery): Promise<WeaknessPage>;
  /** Null where no device has one of this name. At most 1,000 devices at once. */
  weakness(name: string, offset: number, limit: number): Promise<WeaknessDetail | null>;
  /** Of one device, the worst first. */
  weaknessesOf(device: string): Promise<readonly Weakness[]>;
  /** What its maker says of its model, as far as a person attached it. */
  papersOf(device: string): Promise<ShownPapers>;
  /** Devices that no scanner should ask, and those that were. */
  doNotScan(query: DoNotScanQuery): Promise<DoNotScanPage>;
  /** The line of one device; null where it has none. `days`: as the settings have them. */
  doNotScanOf(device: string, days: number): Promise<DoNotScanLine | null>;
  /** As a scanner takes it. Throws an Error for people where it cannot be exported so, or nobody would stand in it. */
  doNotScanExported(question: DoNotScanExportQuestion): Promise<DoNotScanExport>;
  /** What clinical guards hear: of all devices they are for, or of one; none of one that no guard is for. */
  guards(device?: string): Promise<readonly GuardView[]>;
  /** What its maker says that its model does on a network, beside what was heard; null where nothing is known of it. */
  disclosureOf(device: string): Promise<DisclosureReport | null>;
  /** What people said that waits, newest first. */
  waiting(): Promise<readonly WaitingRow[]>;
  /** The hospital's own list held against this recording; nothing is written. Throws an Error for people when it is no list. */
  list(question: ListQuestion): Promise<ListPlan>;
  /** How the fleet grows and changes. */
  lifecycle(by: GrowthBy): Promise<LifecycleReport>;
  /** Which devices a recall means, and which rows of the hospital's own list. Throws a BadQuery when it asks nothing. */
  recall(question: RecallQuestion, list?: ListQuestion): Promise<RecallReport>;
  /** Recalls that authorities published and that name a model of the fleet; those that may kill first. */
  publishedRecalls(): Promise<readonly NamedRecall[]>;
  /** A policy, given or learned, replayed against this recording. Throws an Error for people where it is none. */
  policy(question: PolicyQuestion): Promise<PolicyReport>;
  /** Two policies against it. As above. */
  compare(question: CompareQuestion): Promise<CompareReport>;
  /** One group of it: who is in it, how well its rules fit, what makers say of its models. As above; null: it has no such group. */
  policyGroup(question: PolicyQuestion, group: string): Promise<GroupReport | null>;
  /** How far a worm could come in it, today and under this policy. As above. */
  reach(question: PolicyQuestion): Promise<ReachReport>;
  /** Whether a rule stopped anything to or from a device. Throws an Error for people where no device is called so. */
  why(question: WhyQuestion): Promise<WhyReport>;
  /** It as equipment takes it. Throws an Error for people where it cannot be exported so. */
  exported(question: ExportQuestion): Promise<PolicyExport>;
  /** The document `auscult.inventory/1`, in pieces of text, so that a hospital need not fit in memory. */
  inventory(): AsyncIterable<string>;
  close(): Promise<void>;
}

/** Many words at once, all or none, and taken back as one. */
export interface SaidList {
  readonly who: string;
  /** Of the list: where its words come from. */
  readonly reason: string;
  readonly words: readonly (Omit<Said, "who"> & { readonly value: string })[];
}

/** That two devices are one machine. */
export interface Merge {
  readonly who: string;
  readonly reason: string;
  readonly device: string;
  readonly other: string;
}

/** That some of a device's addresses are another machine. */
export interface Split {
  readonly who: string;
  readonly reason: string;
  readonly device: string;
  /** MACs, with whatever address such a card wears; IPs; serial numbers of those that speak through a gateway. */
  readonly addresses: readonly string[];
}

/** What a person says about a device. Every row has who and why, in an append-only, hash-chained table. */
export interface Said {
  readonly who: string;
  readonly reason: string;
  readonly device: string;
  readonly attribute: string;
  /** Null takes the word back. */
  readonly value: string | null;
}
