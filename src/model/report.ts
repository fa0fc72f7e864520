/** A report: sections of figures and tables, each made of what pages and API answer, so that its numbers are theirs. */
import type { Trend } from "./trend.ts";
import type { DeviceDetail } from "./device.ts";
import type { FindingPage } from "./finding.ts";
import type { LifecycleReport } from "./lifecycle.ts";
import type { RiskPage } from "./risk.ts";
import type { Coverage } from "./store.ts";
import type { Today } from "./today.ts";
import type { Fleet } from "./weakness.ts";

/** Whom it is for: the head of biomedical engineering, the security officer, an auditor. */
export const REPORTS_FOR = ["biomed", "security", "auditor"] as const;
export type ReportFor = (typeof REPORTS_FOR)[number];

/** All a report is made of. The same inputs make the same bytes. */
export interface ReportInputs {
  readonly audience: ReportFor;
  readonly version: string;
  readonly coverage: Coverage;
  readonly fleet: Fleet;
  /** All rows. */
  readonly risks: RiskPage;
  readonly today: Today;
  /** Null while nothing was heard. */
  readonly trend: Trend | null;
  /** Only findings that were heard in the last so many days of the recording; null: all. */
  readonly days: number | null;
  /** Those nobody is done with, of these days. */
  readonly findings: FindingPage;
  readonly lifecycle: LifecycleReport;
  /** Devices drawn by the seed, each from claim to frame; null where none was asked for. */
  readonly sample: { readonly seed: number; readonly devices: readonly DeviceDetail[] } | null;
}

/** "d12" beside a text: whom it is about. */
export interface Cell {
  readonly text: string;
  readonly devices?: readonly string[];
}

export interface ReportTable {
  readonly columns: readonly string[];
  /** Numbers stand right. */
  readonly numbers?: readonly number[];
  readonly rows: readonly (readonly Cell[])[];
  /** Of more rows so many are left out. */
  readonly beyond: number;
}

/** A line of bars: what is counted, and how often. */
export interface Bars {
  readonly rows: readonly { readonly label: string; readonly parts: readonly number[] }[];
  /** What each part is; the first is drawn the strongest. */
  readonly parts: readonly string[];
}

/** A count over time, and how it goes on; `low` and `high` are its band. */
export interface Line {
  readonly counted: readonly { readonly label: string; readonly value: number }[];
  readonly ahead: readonly { readonly label: string; readonly value: number; readonly low: number; readonly high: number }[];
}

export interface Section {
  /** Stable: links lead to it. */
  readonly id: string;
  readonly title: string;
  readonly lead: readonly string[];
  readonly bars?: Bars;
  readonly line?: Line;
  readonly table?: ReportTable;
  /** What stands where there is nothing to show. */
  readonly empty?: string;
}

export interface Report {
  readonly audience: ReportFor;
  /** SHA-256 of the inputs, in hexadecimal digits. */
  readonly digest: string;
  readonly title: string;
  /** Period, coverage, knowledge, version, digest of the inputs: a line each. */
  readonly about: readonly (readonly [what: string, text: string])[];
  readonly sections: readonly Section[];
  /** By id: the devices that any cell names. */
  readonly names: ReadonlyMap<string, string>;
}
