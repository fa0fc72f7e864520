/** Equipment that holds few entries, and how it counts them: `switches.tsv`. */
import { table } from "./table.ts";

export interface Platform {
  readonly name: string;
  /** How many different ranges of ports a list may have at one entry each; what comes after them is written out in prefixes. */
  readonly rangesMax: number;
  /** Any mask, or prefixes only. IPv6 is taken by prefix everywhere. */
  readonly masks: "wildcard" | "prefix";
  /** Entries of one list; null where the source names no number. */
  readonly most: number | null;
  readonly source: string;
}

/** In the order of the table: the first is meant where nothing is known. */
export function platforms(): readonly Platform[] {
  return table("switches.tsv", 5).map(([name = "", counts = "", masks = "", most = "", source = ""]) => ({
    name,
    rangesMax: rangesMaxIn(counts),
    masks: maskIn(masks),
    most: most === "*" ? null : numberIn(most),
    source,
  }));
}

function rangesMaxIn(counts: string): number {
  if (counts === "one") return Number.POSITIVE_INFINITY;
  if (counts === "prefixes") return 0;
  const [word, count = ""] = counts.split(" ");
  if (word !== "operations") throw new Error(`expected "one", "prefixes" or "operations 16" in switches.tsv, got "${counts}"`);
  return numberIn(count);
}

function maskIn(text: string): Platform["masks"] {
  if (text === "wildcard" || text === "prefix") return text;
  throw new Error(`expected "wildcard" or "prefix" in switches.tsv, got "${text}"`);
}

function numberIn(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`expected a number above zero in switches.tsv, got "${text}"`);
  return Number(text);
}
