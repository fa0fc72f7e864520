/** What people said of weaknesses, put beside them. What was dismissed stays, with who said so and why; it only stands last. */
import type { Fleet, FleetDevice, Weakness, WeaknessWord } from "../model/weakness.ts";
import { byWorst } from "./examining.ts";

/** By weakness name. */
export type NamedWords = ReadonlyMap<string, WeaknessWord>;

export interface WeaknessWords {
  /** By the device's id. */
  readonly devices: ReadonlyMap<string, NamedWords>;
  /** By maker and model (`modelKey`). */
  readonly models: ReadonlyMap<string, NamedWords>;
}

export function withWords(fleet: Fleet, { devices, models }: WeaknessWords): Fleet {
  if (devices.size === 0 && models.size === 0) return fleet;
  const weaknesses = new Map(fleet.weaknesses);
  for (const device of fleet.devices) {
    const own = devices.get(device.id);
    const all = models.get(modelKey(device) ?? "");
    const of = own === undefined && all === undefined ? undefined : weaknesses.get(device.id);
    if (of === undefined) continue;
    // Who looked at this very device knows more than who spoke of the model.
    weaknesses.set(device.id, of.map((it): Weakness => ({ ...it, word: own?.get(it.name) ?? all?.get(it.name) ?? it.word })).sort(byWorst));
  }
  return { ...fleet, weaknesses };
}

/** Null where the model is not known. */
export function modelKey({ maker, model }: Pick<FleetDevice, "maker" | "model">): string | null {
  return model === null ? null : `${maker?.value ?? ""}\n${model.value}`;
}
