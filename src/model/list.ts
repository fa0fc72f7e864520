/** The hospital's own list of devices (its CMMS, a spreadsheet), held against what was heard: what each row would match and change. */
import type { Sayable } from "./device.ts";

/** What a column of a list may hold. `id` stands in tables of ours only; `site` parts lists of several hospitals. */
export const LIST_FIELDS = [
  "id",
  "controlNumber",
  "serial",
  "udi",
  "mac",
  "ip",
  "names",
  "kind",
  "maker",
  "model",
  "location",
  "owner",
  "status",
  "lifeCritical",
  "site",
] as const;
export type ListField = (typeof LIST_FIELDS)[number];

/** Which column, by its title, holds a field; null: none does, whatever it is called. */
export type ChosenColumns = Readonly<Partial<Record<ListField, string | null>>>;

export interface ListQuestion {
  /** Its name, without a folder. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly columns?: ChosenColumns;
  /** By row: the device a person says it is, null for none. */
  readonly chosen?: Readonly<Record<number, string | null>>;
}

export const ROW_STATES = ["matched", "doubtful", "listed only", "repeated"] as const;

export interface ListPlan {
  readonly file: string;
  /** How its bytes were read: "UTF-8", "comma". */
  readonly encoding: string;
  readonly separator: string;
  /** The row its titles stand in, as a spreadsheet counts. */
  readonly titleRow: number;
  /** A table of ours that comes back: a cell that was changed by hand is a word about any attribute. */
  readonly ours: boolean;
  readonly columns: readonly ListColumn[];
  readonly rows: readonly ListRow[];
  readonly heard: number;
  /** Devices that stand in no row, in order of their names, at most `HEARD_ONLY_MAX`. */
  readonly heardOnly: readonly DeviceAbout[];
  readonly heardOnlyTotal: number;
  /** Words that would be said. */
  readonly changes: number;
  /** A sentence each, about the list as a whole. */
  readonly notes: readonly string[];
  /** Of what would be said: applying takes it, so that nothing is said that nobody saw. */
  readonly digest: string;
}

export interface ListColumn {
  readonly title: string;
  /** Null: it is not read. */
  readonly field: ListField | null;
}

export interface ListRow {
  /** As a spreadsheet counts. */
  readonly row: number;
  readonly state: (typeof ROW_STATES)[number];
  readonly cells: Readonly<Partial<Record<ListField, string>>>;
  /** Matched: one. Doubtful: those it might be. */
  readonly candidates: readonly Candidate[];
  /** A person chose it. */
  readonly chosen: boolean;
  readonly changes: readonly CellChange[];
  /** A sentence each: why it is doubtful, which row it repeats, what could not be taken. */
  readonly notes: readonly string[];
}

/** A device beside a row: what says that they are one, and what speaks against it. */
export interface Candidate {
  readonly device: DeviceAbout;
  readonly agrees: readonly string[];
  readonly against: readonly string[];
}

/** As much of a device as tells it from the next. */
export interface DeviceAbout {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly made: string;
  readonly serial: string;
  readonly mac: string;
  readonly ip: string;
}

export interface CellChange {
  readonly attribute: Sayable;
  /** "" where nothing was known. */
  readonly from: string;
  readonly to: string;
}
