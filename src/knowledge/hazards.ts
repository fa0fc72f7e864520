/** How much a fragile device, or a segment, may be asked in one second: hazards.tsv, with why on each line, and the site's own in its place. */
import { getEnvironmentData, setEnvironmentData } from "node:worker_threads";
import { LOADS } from "../model/signal.ts";
import { table } from "./table.ts";

/** Packets to one device, by what they are, and frames on one segment. */
export const TOLERATED = [...LOADS, "broadcast", "multicast"] as const;
export type Tolerated = (typeof TOLERATED)[number];

export interface Tolerance {
  /** In a second, from which on, for so many seconds in a row, somebody should look; and from which on at once (null: never at once). */
  readonly warn: number;
  readonly seconds: number;
  readonly alarm: number | null;
  /** Where it is from. */
  readonly why: string;
}
export type SiteTolerances = Readonly<Partial<Record<Tolerated, Tolerance>>>;

/** For every thread that starts from here on: the core watches in one. */
export function useSiteTolerances(own: SiteTolerances): void {
  setEnvironmentData(SITE_TOLERANCES, own);
}
const SITE_TOLERANCES = "auscult: tolerances of the site's own";

export function tolerance(what: Tolerated): Tolerance {
  const own = (getEnvironmentData(SITE_TOLERANCES) ?? {}) as unknown as SiteTolerances;
  return own[what] ?? ourTolerances()[what];
}

let ours: Readonly<Record<Tolerated, Tolerance>> | undefined;

/** Read when first asked for: a capture opens without it. */
export function ourTolerances(): Readonly<Record<Tolerated, Tolerance>> {
  return (ours ??= read());
}

function read(): Readonly<Record<Tolerated, Tolerance>> {
  const rows = table("hazards.tsv", 5).map(([what, warn, seconds, alarm, why]): [string, Tolerance] => [
    what!,
    { warn: Number(warn), seconds: Number(seconds), alarm: alarm === "-" ? null : Number(alarm), why: why! },
  ]);
  const byWhat = Object.fromEntries(rows) as Record<Tolerated, Tolerance>;
  const missing = TOLERATED.find((it) => !(byWhat[it]?.warn > 0));
  if (missing !== undefined) throw new Error(`expected a line for ${missing} in hazards.tsv, found none`);
  return byWhat;
}
