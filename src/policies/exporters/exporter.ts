/** What every exporter is: one file each, one line in `index.ts`. Pure: the same wall gives the same bytes. */
import { createHash } from "node:crypto";
import type { CompiledPolicy } from "../../model/policy.ts";
import { isEmpty, type Addresses } from "../ranges.ts";

export interface Exporter {
  readonly name: string;
  readonly title: string;
  /** Where it stands and what it can see there; evaluation takes this as its input, and the export says it in its head. */
  readonly sees: Sees;
  /** The file's ending, without the dot. */
  readonly extension: string;
  /** The whole text; of several files all of them, each after its name. */
  readonly write: (wall: Wall) => string;
  /** For equipment that fetches several files, each by its name. Absent: the text is one. */
  readonly files?: (wall: Wall) => readonly ExportedFile[];
  /** What takes it away again by hand, without Auscult. */
  readonly rollback: (wall: Wall) => string;
}

export interface ExportedFile {
  /** A file's name, without a folder: ASCII letters, digits, hyphens, underscores and periods. */
  readonly name: string;
  /** Never empty. */
  readonly text: string;
}

export interface Sees {
  /** A bridge sees what crosses it, a router what it routes, a port what its one device sends or is sent. */
  readonly place: "bridge" | "router" | "port";
  /** `both`: each packet, whoever sent it. `from the device`: only what the device on the port sends. */
  readonly direction: "both" | "from the device";
  /** Keeps state: a conversation is judged, and its answers follow. Else each packet is judged by itself. */
  readonly keepsState: boolean;
}

/**
 * A compiled policy, and what becomes of what it denies. Where addresses of both ends are named, the careful one counts: a denied packet
 * that a spared device sends or is sent is never dropped.
 */
export interface Wall {
  readonly policy: CompiledPolicy;
  /** What is denied here is counted and logged and goes on. */
  readonly monitored: Addresses;
  /** What is denied here is dropped. */
  readonly enforced: Addresses;
  /** Life-supporting devices, where it is us who load it: nothing of theirs is dropped by us. */
  readonly spared: Addresses;
  /** Where we apply it and somebody keeps its sets. Absent: a snapshot, with no more than stands in it. */
  readonly following?: Following;
}

/** Its sets are kept to who wears what now: they stand for both families though nobody is in them yet. */
export interface Following {
  /** From which card an address may speak, on a bridge; whoever else wears it is none of the group. Null: from any. */
  readonly cards: readonly Card[] | null;
}

export interface Card {
  readonly ip: string;
  readonly mac: string;
}

/** This target cannot say what the policy says. In words for people; nothing was written. */
export class NotExportable extends Error {}

/** A text that governs nobody would be loaded, and hold nothing back. */
export function mustGovern({ enforced, monitored, policy }: Wall): void {
  if (isEmpty(enforced) && isEmpty(monitored))
    throw new NotExportable(`expected a group with an address that is enforced or monitored, got none in policy ${policy.name}`);
}

/** Enough that no two policies of a hospital share one. */
const HASH_DIGITS = 16;

/** What tells one text from another: of which wall it is, and in which form. */
export function hashOf(wall: unknown): string {
  return createHash("sha256").update(JSON.stringify(wall)).digest("hex").slice(0, HASH_DIGITS);
}

/** Each ended, the last one too. */
export function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}
