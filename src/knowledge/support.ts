/** Until when makers mend operating systems: `pack/support.txt`, compiled of endoflife.date, and what that lacks, in `support.tsv`. */
import { feedRecords } from "./feeds.ts";
import { table } from "./table.ts";

/** One edition of a release. */
export interface SupportRow {
  /** As os.tsv names it: "Windows XP", "Windows 10 1607", "Ubuntu 18.04". */
  readonly system: string;
  /** What distinguishes editions that end on other days: "Windows 10 1607 (E) LTS". */
  readonly edition: string;
  /** major.minor.build of Windows; "" for others. */
  readonly build: string;
  /** Last day, YYYY-MM-DD; "" where support goes on and no day is known. */
  readonly ends: string;
  /** Last day for who pays; "" where nobody may. */
  readonly endsPaid: string;
  readonly source: string;
}

export const SUPPORT_SOURCE = "endoflife.date";

export function loadSupport(): readonly SupportRow[] {
  const compiled = feedRecords("support").map((record) => rowOf([...record.split("\t"), SUPPORT_SOURCE]));
  return [...compiled, ...table("support.tsv", 6).map(rowOf)];
}

function rowOf([system = "", edition = "", build = "", ends = "", endsPaid = "", source = ""]: readonly string[]): SupportRow {
  return { system, edition, build, ends, endsPaid, source };
}

export function supportRecord({ system, edition, build, ends, endsPaid }: Omit<SupportRow, "source">): string {
  return [system, edition, build, ends, endsPaid].join("\t");
}
