/**
 * What people say of weaknesses: rows of the table of changes like any other. Of one device it is found again by the keys the device was
 * known by; of a model by its maker and model, also for devices that come later.
 */
import type { DatabaseSync } from "node:sqlite";
import type { WeaknessWord } from "../model/weakness.ts";
import type { SaidOfWeakness } from "../model/weakness-report.ts";
import { SaidKeys } from "./said-keys.ts";
import { append, takenBack, WEAKNESS } from "./said.ts";
import type { SaidAbout } from "./said.ts";

/** `about` of such a row where it is of a model. */
export interface AboutModel {
  readonly maker: string;
  readonly model: string;
}

type Kept = Pick<WeaknessWord, "word">;

/** Within the caller's transaction; answers the number of the change. Throws an Error for people where it cannot be said. `at` is the wall clock. */
export function sayOfWeakness(
  database: DatabaseSync,
  { who, reason, device, name, word, scope }: SaidOfWeakness,
  keys: SaidAbout,
  at: number,
): number {
  const about = scope === "device" ? keys : modelOf(database, device);
  const value: Kept = { word };
  return append(database, { at, who, what: WEAKNESS, about: JSON.stringify(about), attribute: name, value: JSON.stringify(value), reason, undoes: null }); // prettier-ignore
}

/** Throws an Error for people where the device's model is not known. */
export function modelOf(database: DatabaseSync, device: string): AboutModel {
  const row = database.prepare("SELECT maker, model FROM device WHERE id = ?").get(Number(device.slice(1))) as
    | { readonly maker: string | null; readonly model: string | null }
    | undefined;
  if (row === undefined || row.model === null) throw new Error(`expected a device whose model is known, got ${device}`);
  return { maker: row.maker ?? "", model: row.model };
}

type NamedWords = Map<string, WeaknessWord>;

/** By the device's id, and by maker and model with a line break between them; the last word of each counts. What fits no device now, or several, waits. */
export function wordsOfWeaknesses(database: DatabaseSync): {
  readonly devices: ReadonlyMap<string, NamedWords>;
  readonly models: ReadonlyMap<string, NamedWords>;
} {
  const devices = new Map<string, NamedWords>();
  const models = new Map<string, NamedWords>();
  const rows = database
    .prepare(`SELECT number, at, who, reason, about, attribute, value FROM change WHERE what = '${WEAKNESS}' ORDER BY number`)
    .all() as unknown as readonly Row[];
  if (rows.length === 0) return { devices, models };
  const isTakenBack = takenBack(database);
  const words = rows
    .filter(({ number }) => !isTakenBack(number))
    .map((row) => ({ ...row, about: JSON.parse(row.about) as AboutModel | SaidAbout }));
  const keys = new SaidKeys(
    database,
    words.flatMap(({ about }) => ("model" in about ? [] : [about])),
  );
  const deviceOf = database.prepare("SELECT device FROM device_endpoint WHERE endpoint = ?");
  for (const { number, at, who, reason, about, attribute, value } of words) {
    const scope = "model" in about ? "model" : "device";
    const word: WeaknessWord = { ...(JSON.parse(value) as Kept), scope, who, reason, at, change: number };
    if ("model" in about) put(models, `${about.maker}\n${about.model}`, attribute, word);
    else {
      const fitting = keys.fitting(about, (endpoint) => (deviceOf.get(endpoint)?.["device"] as number | undefined) ?? 0);
      const [device] = fitting;
      if (device !== undefined && fitting.size === 1) put(devices, `d${device}`, attribute, word);
    }
  }
  return { devices, models };
}

/** "telnet-answers is dismissed": `value` of a row in the list of changes. */
export function weaknessWordInWords(name: string, value: string): string {
  return `${name} is ${(JSON.parse(value) as Kept).word}`;
}

interface Row {
  readonly number: number;
  readonly at: number;
  readonly who: string;
  readonly reason: string;
  readonly about: string;
  readonly attribute: string;
  readonly value: string;
}

function put(words: Map<string, NamedWords>, of: string, name: string, word: WeaknessWord): void {
  const own = words.get(of);
  if (own === undefined) words.set(of, new Map([[name, word]]));
  else own.set(name, word);
}
