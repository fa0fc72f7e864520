/** A program as one number that can be compared: millilitres an hour. Everything unclear is refused with its reason, so that it is counted and never guessed. */
import type { Program, Quantity, Uncompared } from "../model/program.ts";
import { measured, type Family, type Unit } from "./units.ts";

const HOUR = 60;
const MG_IN_KG = 1_000_000;

export interface Rate {
  readonly mLPerHour: number;
  /** To be infused; null where it is not said, or not clearly. */
  readonly mL: number | null;
  /** For the slip of a dose per kilogram given whole; null where it is not said. */
  readonly kg: number | null;
}

export function rateOf(program: Program): Rate | Uncompared {
  const weight = known(program.weight, "mass");
  if (typeof weight === "string") return weight;
  const kg = weight === null ? null : weight / MG_IN_KG;
  const volume = known(program.volume, "volume");
  const mL = typeof volume === "number" ? volume : null;
  const mLPerHour = flowOf(program, kg, volume);
  if (typeof mLPerHour === "string") return mLPerHour;
  return mLPerHour > 0 && Number.isFinite(mLPerHour) ? { mLPerHour, mL, kg } : "no rate";
}

function flowOf(program: Program, kg: number | null, volume: number | null | Uncompared): number | Uncompared {
  const duration = known(program.duration, "time");
  if (typeof duration === "string") return duration;
  const rate = measured(program.rate);
  if (typeof rate === "string") return rate;
  if (rate === null) {
    if (typeof volume === "string") return volume;
    return volume === null || duration === null || duration === 0 ? "no rate" : (volume * HOUR) / duration;
  }
  const body = bodyOf(rate.unit, kg, program.surface);
  if (typeof body === "string") return body;
  const minutes = rate.unit.minutes === 0 ? duration : rate.unit.minutes;
  // A dose without a time: whoever gives it by hand gives it at once, and how fast nobody says.
  if (minutes === null || minutes === 0) return "no rate";
  const perHour = (rate.value * rate.unit.factor * body * HOUR) / minutes;
  if (rate.unit.of === "volume") return perHour;
  const concentration = concentrationOf(program, rate.unit.of);
  return typeof concentration === "string" ? concentration : perHour / concentration;
}

/** What it is per: kilograms of the patient, or square metres. */
function bodyOf({ per }: Unit, kg: number | null, surface: Quantity | null): number | Uncompared {
  if (per === "") return 1;
  if (per === "kg") return kg ?? "weight not given";
  const m2 = known(surface, "surface");
  return m2 ?? "weight not given";
}

/** In the family's unit for each mL. A volume that is missing is not 1. */
function concentrationOf({ amount, diluent }: Program, of: Family): number | Uncompared {
  const drug = known(amount, of);
  const fluid = known(diluent, "volume");
  if (typeof drug === "string") return drug;
  if (typeof fluid === "string") return fluid;
  return drug === null || fluid === null || drug === 0 || fluid === 0 ? "concentration not given" : drug / fluid;
}

/** In the family's own unit; null where it is not said. */
function known(quantity: Quantity | null, family: Family): number | null | Uncompared {
  const it = measured(quantity);
  if (it === null || typeof it === "string") return it;
  return it.unit.of === family && it.unit.per === "" && it.unit.minutes === 0 ? it.value * it.unit.factor : "unit unclear";
}
