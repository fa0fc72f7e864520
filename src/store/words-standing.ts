/** What people said of one thing and nobody took back, each with whom it fits now: of a device by the keys it was known by, of anything else by name. */
import type { Engine } from "./engine.ts";
import { SaidKeys } from "./said-keys.ts";
import { takenBack } from "./said.ts";
import type { SaidAbout } from "./said.ts";

interface Row {
  readonly number: number;
  readonly at: number;
  readonly who: string;
  readonly reason: string;
  readonly about: string;
  readonly attribute: string;
  readonly value: string;
}

export interface StandingWord<Other> extends Omit<Row, "about"> {
  /** The device's id, or what it is of instead; null where it fits no device now, or several, and waits. */
  readonly of: string | Other | null;
}

/** In the order they were said. `what`: as in the table of changes; `other`: the field that only the `about` of no device has. */
export function wordsStanding<Other extends object>(
  database: Engine,
  what: string,
  other: keyof Other & string,
): readonly StandingWord<Other>[] {
  const rows = database
    .prepare("SELECT number, at, who, reason, about, attribute, value FROM change WHERE what = ? ORDER BY number")
    .all(what) as unknown as readonly Row[];
  if (rows.length === 0) return [];
  const isTakenBack = takenBack(database);
  const words = rows
    .filter(({ number }) => !isTakenBack(number))
    .map((row) => ({ ...row, about: JSON.parse(row.about) as Other | SaidAbout }));
  const isOther = (about: Other | SaidAbout): about is Other => other in about;
  const keys = new SaidKeys(
    database,
    words.flatMap(({ about }) => (isOther(about) ? [] : [about])),
  );
  const deviceOf = database.prepare("SELECT device FROM device_endpoint WHERE endpoint = ?");
  return words.map(({ about, ...word }) => {
    if (isOther(about)) return { ...word, of: about };
    const fitting = keys.fitting(about, (endpoint) => (deviceOf.get(endpoint)?.["device"] as number | undefined) ?? 0);
    const [device] = fitting;
    return { ...word, of: device !== undefined && fitting.size === 1 ? `d${device}` : null };
  });
}
