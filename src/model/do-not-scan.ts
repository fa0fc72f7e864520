/** The do-not-scan list: devices that a scanner may stop, with why, where they were heard last, and until when that holds. */
import type { CareClass } from "./device.ts";

/**
 * `listed`: exported. `ended`: its end has passed, and somebody has to confirm it. `no address`: it was heard at none, so no scanner can be
 * told of it. `taken off`: a person said that it may be scanned. The last three are exported nowhere.
 */
export const DO_NOT_SCAN_STATES = ["listed", "ended", "no address", "taken off"] as const;
export type DoNotScanState = (typeof DO_NOT_SCAN_STATES)[number];

/** What puts a device on it: the table of what is fragile, a published weakness, an old system, what was heard, or a person. */
export const DO_NOT_SCAN_BY = ["person", "fragile kind", "advisory", "old system", "silence after a scan", "finding"] as const;

export interface DoNotScanReason {
  readonly by: (typeof DO_NOT_SCAN_BY)[number];
  /** One sentence without its full stop. */
  readonly words: string;
  /** The line of a table, an advisory, the id of a finding, or a person's name. */
  readonly source: string;
  /** False: only probably so, which its words say. */
  readonly sure: boolean;
}

/** A device that a hazard reached: it was asked by a scan, or more than it may bear. Times are packet times. */
export interface AskedDevice {
  readonly device: string;
  /** Its id. */
  readonly finding: string;
  readonly title: string;
  readonly summary: string;
  readonly first: number;
  readonly last: number;
  readonly isScan: boolean;
  readonly isLoad: boolean;
}

/** Where it was heard and no other device was since; times are microseconds since 1970, of packets. */
export interface SparedAddress {
  /** An address; on a line that a person wrote of no device, it may be a network such as 10.20.30.0/24. */
  readonly ip: string;
  /** Null on a line of no device: nobody needs to be heard there. */
  readonly since: number | null;
  readonly last: number | null;
}

/** What a person said of a line. */
export interface DoNotScanWord {
  readonly word: "list" | "take off";
  readonly who: string;
  readonly reason: string;
  /** The wall clock. */
  readonly at: number;
  /** The last moment it holds, where it lists; null where none was named. */
  readonly until: number | null;
  /** Its number in the table of changes. */
  readonly change: number;
}

export interface DoNotScanLine {
  /** "d12", or the address or network it is of: by this a person speaks of it. */
  readonly about: string;
  /** Null on a line of no device. */
  readonly device: string | null;
  readonly name: string;
  readonly kind: string | null;
  readonly location: string | null;
  readonly lifeCritical: CareClass;
  readonly state: DoNotScanState;
  /** Of `no address` none. */
  readonly addresses: readonly SparedAddress[];
  /** Addresses others wrote down for it, at which it was not heard. */
  readonly written: readonly string[];
  /** The surest first; empty on a line that a person took off and nothing else speaks for. */
  readonly reasons: readonly DoNotScanReason[];
  /** Whether any reason is. */
  readonly sure: boolean;
  /** When it was last heard at one of the addresses, or a person said so; null for `no address`. */
  readonly confirmed: number | null;
  /** The last moment it holds unless it is heard there again, or a person says so; null for `no address`. */
  readonly ends: number | null;
  readonly word: DoNotScanWord | null;
}

/** The whole list as of the recording's last moment. */
export interface DoNotScan {
  readonly at: number;
  /** Days after which a device that was not heard at an address is not listed there any more. */
  readonly days: number;
  /** Devices of the recording, listed or not. */
  readonly devices: number;
  /** Sure ones first, by what hangs on them, then by their numbers; lines of no device last. */
  readonly lines: readonly DoNotScanLine[];
}

export interface DoNotScanQuery {
  /** Empty: all. */
  readonly states: readonly DoNotScanState[];
  /** As `doNotScanDays` of the settings. */
  readonly days: number;
  readonly offset: number;
  readonly limit: number;
}

export interface DoNotScanPage extends Omit<DoNotScan, "lines"> {
  /** Of all, whatever was asked for. */
  readonly byState: Readonly<Record<DoNotScanState, number>>;
  /** Devices that are listed: lines of no device are none. */
  readonly spared: number;
  readonly matching: number;
  readonly rows: readonly DoNotScanLine[];
}

/** A word as a person says it. */
export interface SaidOfScanning extends Pick<DoNotScanWord, "word" | "who" | "reason" | "until"> {
  /** "d12"; or an address or network. */
  readonly about: string;
}

export interface DoNotScanExportQuestion {
  /** The name of an exporter. */
  readonly to: string;
  readonly days: number;
  /** A list of nobody is written as one, instead of being refused. */
  readonly empty: boolean;
}

export interface DoNotScanExport {
  readonly text: string;
  /** Without a folder. */
  readonly file: string;
  readonly mediaType: string;
  readonly title: string;
  /** Lines and addresses that stand in it. */
  readonly devices: number;
  readonly addresses: number;
  /** What does not stand in it and why, and how it is taken in: sentences for people. */
  readonly notes: readonly string[];
}
