/**
 * What people say of weaknesses: rows of the table of changes like any other. Of one device it is found again by the keys the device was
 * known by; of a model by its maker and model, also for devices that come later.
 */
import type { Engine } from "./engine.ts";
import type { WeaknessWord } from "../model/weakness.ts";
import type { SaidOfWeakness } from "../model/weakness-report.ts";
import { append, WEAKNESS } from "./said.ts";
import type { SaidAbout } from "./said.ts";
import { wordsStanding } from "./words-standing.ts";

/** `about` of such a row where it is of a model. */
export interface AboutModel {
  readonly maker: string;
  readonly model: string;
}

type Kept = Pick<WeaknessWord, "word">;

/** Within the caller's transaction; answers the number of the change. Throws an Error for people where it cannot be said. `at` is the wall clock. */
export function sayOfWeakness(
  database: Engine,
  { who, reason, device, name, word, scope }: SaidOfWeakness,
  keys: SaidAbout,
  at: number,
): number {
  const about = scope === "device" ? keys : modelOf(database, device);
  const value: Kept = { word };
  return append(database, { at, who, what: WEAKNESS, about: JSON.stringify(about), attribute: name, value: JSON.stringify(value), reason, undoes: null }); // prettier-ignore
}

/** Throws an Error for people where the device's model is not known. */
export function modelOf(database: Engine, device: string): AboutModel {
  const row = database.prepare("SELECT maker, model FROM device WHERE id = ?").get(Number(device.slice(1))) as
    | { readonly maker: string | null; readonly model: string | null }
    | undefined;
  if (row === undefined || row.model === null) throw new Error(`expected a device whose model is known, got ${device}`);
  return { maker: row.maker ?? "", model: row.model };
}

type NamedWords = Map<string, WeaknessWord>;

/** By the device's id, and by maker and model with a line break between them; the last word of each counts. What fits no device now, or several, waits. */
export function wordsOfWeaknesses(database: Engine): {
  readonly devices: ReadonlyMap<string, NamedWords>;
  readonly models: ReadonlyMap<string, NamedWords>;
} {
  const devices = new Map<string, NamedWords>();
  const models = new Map<string, NamedWords>();
  for (const { of, number, at, who, reason, attribute, value } of wordsStanding<AboutModel>(database, WEAKNESS, "model")) {
    if (of === null) continue;
    const scope = typeof of === "string" ? "device" : "model";
    const word: WeaknessWord = { ...(JSON.parse(value) as Kept), scope, who, reason, at, change: number };
    if (typeof of === "string") put(devices, of, attribute, word);
    else put(models, `${of.maker}\n${of.model}`, attribute, word);
  }
  return { devices, models };
}

/** "telnet-answers is dismissed": `value` of a row in the list of changes. */
export function weaknessWordInWords(name: string, value: string): string {
  return `${name} is ${(JSON.parse(value) as Kept).word}`;
}

function put(words: Map<string, NamedWords>, of: string, name: string, word: WeaknessWord): void {
  const own = words.get(of);
  if (own === undefined) words.set(of, new Map([[name, word]]));
  else own.set(name, word);
}
