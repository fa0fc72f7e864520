/** What every exporter of the do-not-scan list is: one file each, one line in `index.ts`. Pure: the same list gives the same bytes. */
import type { ExactNetwork } from "../../bytes/networks.ts";
import type { DoNotScanLine } from "../../model/do-not-scan.ts";

export interface Exporter {
  readonly name: string;
  readonly title: string;
  /** The file's ending, without the dot. */
  readonly extension: string;
  readonly mediaType: string;
  /** Of which addresses its form can say something; those of the other family are left out, and counted. */
  readonly families: readonly (4 | 6)[];
  /** Has all lines, also those no scanner is told of. Absent: those that are listed. */
  readonly isWhole?: true;
  /** How the scanner takes the file in: one sentence for people. */
  readonly use: string;
  readonly write: (list: Outgoing) => string;
}

export interface Outgoing {
  /** Sentences that stand at the top of forms with comments. */
  readonly head: readonly string[];
  /** Devices that are not to be scanned, each with an address at least; none only where somebody asked for a list of nobody. */
  readonly entries: readonly Entry[];
  /** All lines of the list, for forms that are read by people and programs and by no scanner. */
  readonly lines: readonly DoNotScanLine[];
  /** The recording's last moment. */
  readonly at: number;
  readonly recording: string;
}

export interface Entry {
  readonly line: DoNotScanLine;
  readonly addresses: readonly ExactNetwork[];
  /** Not before the list's own moment. */
  readonly ends: number;
}
