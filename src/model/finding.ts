/** What is wrong, the evidence for it, and the contract between shared code and detectors (findings/). */
import type { SideKnown, Transport, Witness } from "./batch.ts";
import type { AskRules, RoleAsked } from "./asking.ts";
import type { Notable } from "./notable.ts";
import type { Dose } from "./program.ts";
import type { Attribute } from "./observation.ts";
import type { SignalKind, SignalWhat } from "./signal.ts";

/** Exposure: how it is built. Hazard: innocent or not, it may stop a device. Threat: someone means it. Clinical: a command that may harm a patient. */
export const FAMILIES = ["exposure", "hazard", "threat", "clinical"] as const;
export type Family = (typeof FAMILIES)[number];
/** In order: a finding's only rises. */
export const SEVERITIES = ["low", "medium", "high", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];
export type Harm = "device" | "network" | "patient";

/** What a detector says of itself; the docs and the pages are made of it. */
export interface About {
  /** Stable: findings are named after it. */
  readonly name: string;
  readonly title: string;
  readonly family: Family;
  /** Where what it claims says no other. */
  readonly severity: Severity;
  readonly harms: readonly Harm[];
  /** What to do, the careful step first; never "unplug it". What is lost when the device leaves the network is put before it by shared code. */
  readonly remedy: string;
  /** MITRE ATT&CK techniques, Enterprise and ICS, by number and name: "T1046 Network Service Discovery". */
  readonly technique: readonly string[];
  /** Its other side is who is hit: a device among them on which a patient hangs makes it more severe, too. */
  readonly othersAreHit?: true;
  /** Shown only where it is about a device on which a life hangs, or of which nobody knows what it is: others bear it. */
  readonly fragileOnly?: true;
  /**
   * Shown only of a device whose kind is known and none that people put programs on, that is in service, and where neither it nor others of its
   * kind did so for long; of several of a kind on one day the first. Its story's name is what was done: a protocol it was a client of, or "outside".
   */
  readonly unlikeKindOnly?: true;
  /** Detectors whose finding of the same two at the same time says it already. */
  readonly saidBy?: readonly string[];
  /** What another watcher says: evidence of a finding of ours about the same two at the same time or of the same flow, where there is one, and then none of its own. */
  readonly furthers?: true;
  readonly sees: string;
  readonly misses: string;
  /** What innocent things look like it, and what keeps them silent. */
  readonly mistaken: string;
  /** How a site makes it fit: settings, roles said of devices, planned work. */
  readonly tune: string;
}

/** One end of what was heard: an endpoint as the store numbers it. */
export interface Party {
  /** 0 where there was no room to number it. */
  readonly endpoint: number;
  /** Its name within the site, the same in every reading: space, and IP or else MAC. */
  readonly key: string;
  readonly mac: string | null;
  readonly ip: string | null;
  /** Serial number of a machine behind the address. */
  readonly child: string | null;
  /** Of the site's own networks; a MAC alone is. */
  readonly inside: boolean;
}

/** A second's count (model/signal.ts, SignalRow in model/batch.ts). */
export interface SignalNews {
  readonly news: "signal";
  /** The end of its second. */
  readonly at: number;
  readonly kind: SignalKind;
  readonly what: SignalWhat;
  /** What a notable thing is counted apart by, as a keyed hash; of refusals what was refused that is no log-in (user, association, order); "" where nothing is. */
  readonly group: string;
  readonly sender: Party | null;
  readonly receiver: Party | null;
  readonly segment: string;
  readonly count: number;
  readonly distinct: number;
  readonly failed: number;
  readonly amount: number;
  readonly witnesses: readonly FindingWitness[];
}

/** What a conversation added since it was last told (ConversationRow). */
export interface ConversationNews {
  readonly news: "conversation";
  /** Its last packet. */
  readonly at: number;
  readonly first: number;
  readonly client: Party;
  readonly server: Party;
  readonly transport: Transport;
  readonly port: number;
  readonly protocol: string;
  readonly operations: readonly string[];
  readonly bytesToServer: number;
  readonly bytesToClient: number;
  readonly answered: number;
  readonly refused: number;
  readonly side: SideKnown;
  readonly encrypted: boolean;
}

export interface ObservationNews {
  readonly news: "observation";
  readonly at: number;
  readonly about: Party;
  readonly attribute: Attribute;
  readonly value: string;
  readonly protocol: string;
  readonly via: Party | null;
}

/** A step of a pump's program, as ratios. */
export interface ProgramNews {
  readonly news: "program";
  readonly at: number;
  readonly sender: Party;
  readonly receiver: Party;
  /** Behind whoever speaks for it. */
  readonly pump: Party;
  readonly dose: Dose;
  readonly witnesses: readonly FindingWitness[];
}

export type News = ProgramNews | SignalNews | ConversationNews | ObservationNews;

/** A frame as evidence, with the input it came by. */
export type FindingWitness = readonly [input: string, ...Witness];

/** What of the news a watch is fed. */
export interface Hearing {
  readonly signals?: readonly SignalKind[];
  /** Of notable signals only these. */
  readonly notables?: readonly Notable[];
  /** By protocol; "all" costs each conversation of the hospital, so it wants a reason; "outward": those of the site's machines with servers outside. */
  readonly conversations?: readonly string[] | "all" | "outward";
  readonly attributes?: readonly Attribute[];
  readonly programs?: true;
}

/**
 * Sees something happen. It is fed one piece of news after the other in the order of their time, and keeps a bounded memory per subject.
 * Pure: what it claims follows from the news, its memory and `known`, none of which depends on when the core did what.
 */
export interface Watch<Memory = unknown> extends About {
  readonly hears: Hearing;
  /** One memory for each: who did it (sender, client, or whom an observation is about), to whom (receiver, server), both, a segment, the pump a program is of, wherever it is reached, or one for the site. */
  readonly subject: "sender" | "receiver" | "pair" | "segment" | "pump" | "site";
  /** Subjects remembered at once; the least `worth` of the longest quiet goes first and is counted. */
  readonly subjectsMax: number;
  /** Plain data: it is stored as JSON with the batch that changed it. */
  remember(): Memory;
  /** What would be lost with it: a higher one stays longer. Absent: all alike. */
  worth?(memory: Memory): number;
  notice(news: News, memory: Memory, known: Known): Iterable<Claimed>;
}

/** What a watch may ask beside its memory: all of it follows from the batches taken before, whenever they were stored. */
export interface Known {
  /** Packet time since when the site is heard. */
  readonly since: number;
  /** When this client first conversed with this server before this batch, in this protocol where one is given; null: never heard. */
  conversedSince(client: Party, server: Party, protocol?: string): number | null;
  /** When a frame of this one was first heard before this batch; null: never. */
  heardSince(party: Party): number | null;
}

/** The same detector, subject and story again is the same finding, until it was quiet for long. */
export interface Claimed {
  /** Within detector and subject: "" where there is one. Never a port, a second, or a second address of the same machine. */
  readonly story: string;
  /** Whom it is about: who is hit where that is one, else who did it; null for a whole segment. */
  readonly about: Party | null;
  /** The other side: who did it, or who was hit. */
  readonly others: readonly Party[];
  readonly severity?: Severity;
  /** Packet time of the earliest evidence, and of the latest. */
  readonly first: number;
  readonly at: number;
  /** How many things happened since it was last claimed: probes, refusals, frames. */
  readonly count: number;
  /** One sentence with its figures. Only the first of a finding is shown as its head. */
  readonly summary: string;
  readonly because: readonly Because[];
  readonly witnesses?: readonly FindingWitness[];
}

/** One piece of evidence in a sentence: how many of what, from whom to whom. */
export interface Because {
  readonly at: number;
  readonly text: string;
  /** Community ID of the flow it is of, where another program named it. */
  readonly flow?: string;
}

/** A finding as it is kept. */
export interface StoredFinding {
  readonly id: string;
  readonly detector: string;
  readonly key: string;
  readonly about: number;
  readonly severity: Severity;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly summary: string;
  readonly because: readonly Because[];
  /** Endpoints, the first OTHERS_MAX of them. */
  readonly others: readonly number[];
  readonly othersBeyond: number;
  readonly witnesses: readonly FindingWitness[];
  /** Seconds between what was added, the last ones. */
  readonly rhythm: readonly number[];
  /** Id of the finding of the same key before it. */
  readonly before: string | null;
}

export interface StoredMemory {
  readonly detector: string;
  readonly subject: string;
  readonly last: number;
  readonly memory: unknown;
}

/** What people make of a finding: nobody has taken it; somebody has; it is known why and until when; it is done with. */
export const FINDING_STATES = ["new", "acknowledged", "explained", "closed"] as const;
export type FindingState = (typeof FINDING_STATES)[number];
export const FINDING_VERDICTS = ["true", "innocent", "duplicate", "test"] as const;
export type FindingVerdict = (typeof FINDING_VERDICTS)[number];
export const FINDING_WORDS = ["acknowledge", "explain", "close", "reopen"] as const;

interface Word<What extends (typeof FINDING_WORDS)[number]> {
  readonly what: What;
}
export type FindingWord =
  | Word<"acknowledge">
  /** `until`: packet time; what happens after it counts again. */
  | (Word<"explain"> & { readonly owner: string; readonly until: number })
  | (Word<"close"> & { readonly verdict: FindingVerdict })
  | Word<"reopen">;

/** A word as a person says it of a finding; it is kept for its detector and key, so it is found again when a capture is read anew. */
export interface SaidOfFinding {
  readonly who: string;
  readonly reason: string;
  readonly finding: string;
  readonly word: FindingWord;
}

/** A word as it is kept, with what the finding was when it was said: what goes beyond that is not covered by it. */
export interface FindingSaid {
  /** Its number in the table of changes. */
  readonly change: number;
  /** The wall clock. */
  readonly at: number;
  readonly who: string;
  readonly reason: string;
  readonly word: FindingWord;
  readonly id: string;
  readonly last: number;
  readonly severity: Severity;
}

export const LAPSES = ["expired", "went on", "more severe"] as const;

/** Where a finding stands, by which word, and which word would say otherwise but covers it no more. */
export interface FindingStanding {
  readonly state: FindingState;
  readonly said: FindingSaid | null;
  readonly lapsed: { readonly said: FindingSaid; readonly why: (typeof LAPSES)[number] } | null;
}

/** What a list of findings is asked for. */
export interface FindingQuery {
  /** Empty: all. */
  readonly states: readonly FindingState[];
  readonly severity?: Severity | undefined;
  readonly family?: Family | undefined;
  /** "d12", on either side. */
  readonly device?: string | undefined;
  readonly offset: number;
  /** At most 1,000. */
  readonly limit: number;
  /** Absent: the fallbacks of the settings. */
  readonly asking?: AskRules | undefined;
}

export interface FindingPage {
  readonly total: number;
  readonly matching: number;
  /** Of all, whatever was asked for. */
  readonly byState: Readonly<Record<FindingState, number>>;
  /** New ones that lie inside of work that was announced: they ask nobody to act. */
  readonly planned: number;
  /** New ones as severe as a person should be called for, as far as it is their turn. */
  readonly urgent: number;
  /** Of all new ones that are not planned: which ask somebody now, and how many wait. A role that has none is not there. */
  readonly asked: readonly RoleAsked[];
  readonly rows: readonly Finding[];
}

/** One end of a finding as people know it. */
export interface FindingParty {
  /** "d12"; null where its endpoint is in no device yet, or for a whole segment. */
  readonly device: string | null;
  readonly name: string;
  readonly ip: string | null;
  readonly mac: string | null;
  readonly kind: string | null;
  readonly maker: string | null;
  readonly location: string | null;
  readonly lifeCritical: string;
}

/** A finding with what its detector says of itself, as pages, commands and outputs show it. */
export interface Finding extends Pick<
  StoredFinding,
  "id" | "detector" | "first" | "last" | "count" | "summary" | "because" | "othersBeyond" | "before"
> {
  readonly title: string;
  readonly family: Family;
  /** As claimed, one higher where it hits what keeps a patient alive or treats him. */
  readonly severity: Severity;
  readonly harms: readonly Harm[];
  readonly remedy: string;
  readonly technique: readonly string[];
  /** Null for a whole segment. */
  readonly about: FindingParty | null;
  readonly others: readonly FindingParty[];
  /** Frames kept as evidence. */
  readonly witnesses: number;
  readonly standing: FindingStanding;
  /** The announced work that all of it lies inside of; null where none covers it. */
  readonly planned: { readonly what: string; readonly who: string; readonly from: number; readonly to: number } | null;
  /** What the explanation that covers it hides by now, all findings of its key together; null where none does. */
  readonly hides: { readonly findings: number; readonly count: number } | null;
}

/** All there is to one finding. */
export interface FindingDetail extends Finding {
  readonly frames: readonly FindingWitness[];
  /** What people said of it and what it is a story of, the newest first; what was taken back is not there. */
  readonly history: readonly FindingSaid[];
  /** How usual it is: stories of the same key before it, and of the same detector elsewhere. */
  readonly usual: {
    readonly heardSince: number | null;
    readonly before: number;
    readonly lastBefore: number | null;
    readonly elsewhere: number;
  };
  /** What is lost when the one it is about leaves the network, with the source of each; empty: not known. */
  readonly losses: readonly { readonly words: string; readonly source: string }[];
  readonly detectorSays: Pick<About, "sees" | "misses" | "mistaken" | "tune">;
}
