/**
 * What others know of the network and wrote down: leases, tables of switches, lists of clients. A file of it is read entry by entry; an
 * entry becomes observations like any other, under what kind of file said it and which one in place of a protocol.
 */
import type { Alert } from "./alert.ts";
import type { Attribute } from "./observation.ts";

/** As `knowledge/weights.tsv` weighs them. */
export const EVIDENCE_SOURCES = [
  "lease file",
  "ARP table",
  "switch table",
  "wireless list",
  "NAC list",
  "RADIUS accounting",
  "port list",
  "subnet list",
  "Suricata log",
  "Zeek log",
] as const;
export type EvidenceSource = (typeof EVIDENCE_SOURCES)[number];

/** One form in which others write down what they know: one file in `evidence/`, one line in its index. */
export interface EvidenceForm {
  /** As the person who has such a file calls it. */
  readonly title: string;
  readonly source: EvidenceSource;
  /** The command or the menu that makes such a file. */
  readonly made: string;
  /** A file of JSON is read object by object, where each line is an object by lines; others line by line. */
  readonly json?: true | "lines";
  /** Asked with the beginning of a file: its first lines, or its first object. A form that is unsure says no. */
  recognize(head: readonly string[]): boolean;
  /** A reader for one file, asked with each line or object in order, and with "" at the end. It may keep what came before: a header, an open block. */
  reader(file: EvidenceFile): (text: string) => Entry | Unread | null;
}

export interface EvidenceFile {
  /** Without its folder and ending: what a switch is called whose table does not say so. */
  readonly name: string;
  /** When it was written, in microseconds since 1970: as of then its entries hold that have no time of their own. */
  readonly at: number;
}

/** A line that should have said something; null in its place is one that says nothing. */
export interface Unread {
  readonly expected: string;
}

export type Entry = MachineEntry | NetworkEntry | PortEntry | AlertEntry | FlowEntry;

/** A machine by its card, its IP or both; addresses in our own spelling. */
export interface MachineEntry {
  readonly kind: "machine";
  readonly mac: string | null;
  readonly ip: string | null;
  /** When it was so, in microseconds since 1970. */
  readonly at: number;
  readonly says: readonly (readonly [Attribute, string])[];
  /** The port its card was seen at, as `switchPort` has it; that of a cable to another switch is none. */
  readonly port?: string;
}

/** What a network is for, or where: "10.20.0.0/16". */
export interface NetworkEntry {
  readonly kind: "network";
  readonly network: string;
  readonly place: string;
}

/** Where a port leads, as `switchPort` has it. */
export interface PortEntry {
  readonly kind: "port";
  readonly port: string;
  readonly place: string;
}

/** Another watcher's alert: who did what it is of, and to whom. One of them may be unknown, both where its flow is named. */
export interface AlertEntry {
  readonly kind: "alert";
  readonly at: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly alert: Alert;
}

/** That another heard these two converse. */
export interface FlowEntry {
  readonly kind: "flow";
  readonly at: number;
  readonly from: string;
  readonly to: string;
  /** Its Community ID; null where it has none. */
  readonly flow: string | null;
}

/** No protocol's name has a colon in it. */
const BETWEEN = ": ";
const PROTOCOL_LENGTH_MAX = 256;

/** What stands in place of a protocol: "lease file: leases.csv". */
export function writtenIn(source: EvidenceSource, file: string): string {
  return `${source}${BETWEEN}${file}`.slice(0, PROTOCOL_LENGTH_MAX);
}

/** Null for what was heard. */
export function evidenceIn(protocol: string): { readonly source: EvidenceSource; readonly file: string } | null {
  const end = protocol.indexOf(BETWEEN);
  const source = end < 0 ? undefined : EVIDENCE_SOURCES.find((it) => it === protocol.slice(0, end));
  return source === undefined ? null : { source, file: protocol.slice(end + BETWEEN.length) };
}
