/** How the fleet changes: what came, went quiet and moved, how it grows and how it goes on, which versions are on their way, which of it a recall means. */
import type { CareClass } from "./device.ts";
import type { RecallEntry } from "./recall.ts";

/** What devices are counted by. */
export const GROWTH_BY = ["kind", "location", "maker"] as const;
export type GrowthBy = (typeof GROWTH_BY)[number];

/** A device as its life is told. Times are microseconds since 1970, of packets; what is less than probable is null. */
export interface Life {
  readonly id: string;
  readonly name: string;
  readonly kind: string | null;
  readonly maker: string | null;
  readonly model: string | null;
  readonly serial: string | null;
  readonly udi: string | null;
  readonly location: string | null;
  readonly owner: string | null;
  readonly controlNumber: string | null;
  /** As the hospital has it: "in service", "retired". */
  readonly status: string | null;
  readonly lifeCritical: CareClass;
  readonly first: number;
  readonly last: number;
  /** One bit a day on which it was heard at its work, newest lowest, up to the recording's last day: of the last 32 days. */
  readonly worked: number;
  /** What it said of its software, each with when it was first and last said. */
  readonly software: readonly Dated[];
  /** Where it was, as it or its switch said. */
  readonly places: readonly Dated[];
}

export interface Dated {
  readonly value: string;
  readonly first: number;
  readonly last: number;
}

export interface Lives {
  readonly devices: readonly Life[];
  /** The recording's own span; null while nothing was heard. */
  readonly from: number | null;
  readonly to: number | null;
  /** When each input that is not the first began to be heard: what looks like growth then may be our hearing. */
  readonly inputsSince: readonly number[];
}

/** So many days are a month here: twelve of them are a year. */
export const MONTH_DAYS = 365.25 / 12;

/** A month that ends so. */
export interface MonthCount {
  readonly until: number;
  readonly count: number;
}

export interface MonthAhead {
  readonly until: number;
  readonly likely: number;
  readonly low: number;
  readonly high: number;
}

export interface Grown {
  /** Null: all of them. "": of what nobody knows which. */
  readonly of: string | null;
  readonly now: number;
  /** Null where the recording does not reach back that far. */
  readonly yearAgo: number | null;
  /** Since a year ago, as a share; null likewise. */
  readonly growth: number | null;
  readonly months: readonly MonthCount[];
  /** Null where so short a history says nothing; `why` says so. */
  readonly ahead: readonly MonthAhead[] | null;
  /** Devices of these that were heard, but not at their work, in the last two weeks. */
  readonly idle: number;
}

export interface GrowthReport {
  readonly by: GrowthBy;
  /** Of the interval: in how many of ten such fleets the count lies within. */
  readonly chance: number;
  readonly all: Grown;
  /** The most devices first. */
  readonly groups: readonly Grown[];
  /** A sentence each: why there is no forecast, what of it may be our hearing. */
  readonly notes: readonly string[];
}

/** The fleet's life on one page. */
export interface LifecycleReport {
  readonly growth: GrowthReport;
  readonly events: LifeEvents;
  readonly rollOuts: readonly RollOut[];
  /** What has ended last, and what ends next; in the order of their last days. */
  readonly support: readonly SupportEnd[];
  readonly devices: number;
  readonly from: number | null;
  readonly to: number | null;
}

/** A system or a model that its maker supports until a day, and those of the fleet that run or are it. */
export interface SupportEnd {
  readonly of: "system" | "model";
  /** "Windows 10 22H2 or Windows Server 2022", "Philips IntelliVue MP70". */
  readonly what: string;
  /** YYYY-MM-DD: its last day; of editions that nobody heard apart, the first and the last of theirs. */
  readonly first: string;
  readonly last: string;
  /** Whose word it is. */
  readonly source: string;
  /** Whether the last day has passed, by when each device was last heard or what we know was written, whichever is later. */
  readonly ended: boolean;
  readonly devices: EventList;
}

/** A device in a list of those that changed. */
export interface LifeEvent {
  readonly id: string;
  readonly name: string;
  readonly kind: string | null;
  readonly lifeCritical: CareClass;
  readonly location: string | null;
  /** When it came, was last heard, or moved. */
  readonly at: number;
  /** Where it was before; why it stands here. */
  readonly note: string | null;
}

export interface LifeEvents {
  /** Days that count as lately. */
  readonly days: number;
  readonly came: EventList;
  readonly silent: EventList;
  readonly moved: EventList;
  /** Retired as the hospital has it, and heard since. */
  readonly retiredHeard: EventList;
  /** Heard lately, but not at its work for two weeks. */
  readonly idle: EventList;
}

export interface EventList {
  readonly total: number;
  /** Those on whom a life hangs first, then the latest; at most 200. */
  readonly rows: readonly LifeEvent[];
}

/** A version on its way through devices of one model. */
export interface RollOut {
  readonly maker: string | null;
  readonly model: string;
  /** "drug library", or what the software calls itself. */
  readonly product: string;
  readonly version: string;
  /** When the first of them had it. */
  readonly since: number;
  readonly done: number;
  /** Heard since, and with another version. */
  readonly waiting: EventList;
  /** Not heard since: what they have nobody can tell. */
  readonly notHeard: EventList;
  readonly versions: readonly { readonly version: string; readonly devices: number }[];
}

export interface RecallQuestion {
  readonly maker?: string | undefined;
  readonly model?: string | undefined;
  /** "A1001, B200..B299": single numbers and ranges, ends included. */
  readonly serials?: string | undefined;
  readonly version?: string | undefined;
  /** Device identifier of a UDI (GS1 01), or a whole one. */
  readonly udi?: string | undefined;
  /** GS1 10. */
  readonly lot?: string | undefined;
}

export interface RecallReport {
  readonly heard: EventList;
  /** It is one of that maker's or model, but what would tell was never heard: `note` says what. */
  readonly cannotTell: EventList;
  /** Rows of the hospital's own list that the recall means and nobody heard: to be searched for by hand. */
  readonly listedOnly: readonly { readonly row: number; readonly says: string }[];
  /** All three, each once, however many: what is kept as a list to tick off. */
  readonly entries: readonly RecallEntry[];
  /** Looked at. */
  readonly devices: number;
}
