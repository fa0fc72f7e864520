/** How much a fragile device may be asked in one second: hazards.tsv, with why on each line. */
import { LOADS, type Load } from "../model/signal.ts";
import { table } from "./table.ts";

export interface Tolerance {
  /** Packets in a second from which on, for so many seconds in a row, somebody should look; and from which on at once. */
  readonly warn: number;
  readonly seconds: number;
  readonly alarm: number;
  readonly why: string;
}

let tolerances: Readonly<Record<Load, Tolerance>> | undefined;

/** Read when first asked for: a capture opens without it. */
export function tolerance(load: Load): Tolerance {
  return (tolerances ??= read())[load];
}

function read(): Readonly<Record<Load, Tolerance>> {
  const rows = table("hazards.tsv", 5).map(([what, warn, seconds, alarm, why]): [string, Tolerance] => [
    what!,
    { warn: Number(warn), seconds: Number(seconds), alarm: Number(alarm), why: why! },
  ]);
  const byLoad = Object.fromEntries(rows) as Record<Load, Tolerance>;
  const missing = LOADS.find((load) => !(byLoad[load]?.warn > 0));
  if (missing !== undefined) throw new Error(`expected a line for ${missing} in hazards.tsv, found none`);
  return byLoad;
}
