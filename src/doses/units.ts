/**
 * Units of doses, read strictly: what is written in several ways must mean the same in all of them, and what is not known is refused, never
 * guessed. Mass, activity and amount of substance are three families that never convert into each other (harm-notes 7).
 */
import type { Quantity, UnitText } from "../model/program.ts";

/** What a unit counts. `mass` in mg, `activity` in units, `substance` in mmol, `volume` in mL, `time` in minutes, `weight` in kg, `surface` in m². */
export type Family = "mass" | "activity" | "substance" | "volume" | "time" | "surface";

export interface Unit {
  readonly of: Family;
  /** One of it in the family's own unit. */
  readonly factor: number;
  readonly per: "" | "kg" | "m2";
  /** Minutes it is given in; 0: no time. */
  readonly minutes: number;
}

/** A number above zero with its unit; null: not there; a word: why it is refused. */
export function measured(
  quantity: Quantity | null,
): { readonly value: number; readonly unit: Unit } | null | "number unclear" | "unit unclear" {
  if (quantity === null || quantity.value === "" || quantity.value === EMPTIED) return null;
  // A decimal comma, a sign, a range: whoever wrote it may mean what we do not.
  if (!NUMBER.test(quantity.value)) return "number unclear";
  const unit = unitOf(quantity.units);
  return unit === null ? "unit unclear" : { value: Number(quantity.value), unit };
}
const NUMBER = /^\d{1,9}(?:\.\d{1,9})?$/;
/** Chapter 2, section 2.5.3: a field that holds nothing any more. */
const EMPTIED = '""';

/** The one unit that all its spellings mean; null where one of them is not known, or two differ. */
export function unitOf(written: readonly UnitText[]): Unit | null {
  let agreed: Unit | null = null;
  for (const { text, system } of written) {
    if (text === "") continue;
    const unit = system === "MDC" ? ofCode(text) : ofText(text);
    if (unit === null || (agreed !== null && !isSame(agreed, unit))) return null;
    agreed = unit;
  }
  return agreed;
}

function isSame(a: Unit, b: Unit): boolean {
  return a.of === b.of && a.per === b.per && a.minutes === b.minutes && Math.abs(a.factor - b.factor) <= a.factor * 1e-9;
}

/** As people and UCUM write it: `ug/kg/min`, `mL/h`, `[iU]/h`. Upper and lower case differ, but for the litre's. */
function ofText(text: string): Unit | null {
  const [counted = "", ...divisors] = text.trim().split("/");
  const base = COUNTED.get(counted.replace(/^[µμ]/, "u"));
  if (base === undefined) return null;
  let per: Unit["per"] = "";
  let minutes = 0;
  for (const divisor of divisors) {
    const time = TIMES.get(divisor);
    if (time !== undefined && minutes === 0) minutes = time;
    else if ((divisor === "kg" || divisor === "m2") && per === "" && minutes === 0) per = divisor;
    else return null;
  }
  return { of: base[0], factor: base[1], per, minutes };
}

const TIMES: ReadonlyMap<string, number> = new Map([
  ["min", 1],
  ["h", 60],
  ["hr", 60],
  ["d", 1440],
  ["day", 1440],
]);

/** Milliequivalents are not here: of calcium and magnesium they are no millimoles. A "u" may be micro or unit, so it is neither. */
const COUNTED: ReadonlyMap<string, readonly [Family, number]> = new Map([
  ["g", ["mass", 1_000]],
  ["kg", ["mass", 1_000_000]],
  ["mg", ["mass", 1]],
  ["ug", ["mass", 1e-3]],
  ["mcg", ["mass", 1e-3]],
  ["ng", ["mass", 1e-6]],
  ["lb", ["mass", 453_592.37]],
  ["[lb_av]", ["mass", 453_592.37]],
  ["U", ["activity", 1]],
  ["IU", ["activity", 1]],
  ["[IU]", ["activity", 1]],
  ["[iU]", ["activity", 1]],
  ["unit", ["activity", 1]],
  ["units", ["activity", 1]],
  ["mU", ["activity", 1e-3]],
  ["m[iU]", ["activity", 1e-3]],
  ["m[IU]", ["activity", 1e-3]],
  ["mmol", ["substance", 1]],
  ["mol", ["substance", 1_000]],
  ["umol", ["substance", 1e-3]],
  ["mL", ["volume", 1]],
  ["ml", ["volume", 1]],
  ["L", ["volume", 1_000]],
  ["l", ["volume", 1_000]],
  ["min", ["time", 1]],
  ["h", ["time", 60]],
  ["hr", ["time", 60]],
  ["s", ["time", 1 / 60]],
  ["m2", ["surface", 1]],
]);

/** IEEE 11073-10101: a unit's code, and within the 32 from it on the decimal prefix. */
function ofCode(text: string): Unit | null {
  if (!/^\d{6}$/.test(text)) return null;
  const code = Number(text);
  const base = CODES.get(code - (code % PREFIXED));
  const prefix = PREFIXES.get(code % PREFIXED);
  return base === undefined || prefix === undefined ? null : { ...base, factor: base.factor * prefix };
}
const PREFIXED = 32;
const PREFIXES: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [3, 1_000],
  [18, 1e-3],
  [19, 1e-6],
  [20, 1e-9],
]);

const unit = (of: Family, factor: number, per: Unit["per"] = "", minutes = 0): Unit => ({ of, factor, per, minutes });
const CODES: ReadonlyMap<number, Unit> = new Map([
  [263_744, unit("volume", 1_000)],
  [263_872, unit("mass", 1_000)],
  [263_904, unit("mass", 453_592.37)],
  [263_616, unit("surface", 1)],
  [264_320, unit("time", 1 / 60)],
  [264_352, unit("time", 1)],
  [264_384, unit("time", 60)],
  [265_216, unit("volume", 1_000, "", 1)],
  [265_248, unit("volume", 1_000, "", 60)],
  [265_280, unit("volume", 1_000, "", 1440)],
  [265_472, unit("mass", 1_000, "", 1)],
  [265_504, unit("mass", 1_000, "", 60)],
  [265_600, unit("mass", 1_000, "kg", 1)],
  [265_632, unit("mass", 1_000, "kg", 60)],
  [266_688, unit("substance", 1_000)],
  [267_616, unit("activity", 1)],
  [267_808, unit("activity", 1, "", 1)],
  [267_840, unit("activity", 1, "", 60)],
  [267_936, unit("activity", 1, "kg", 1)],
  [267_968, unit("activity", 1, "kg", 60)],
]);
