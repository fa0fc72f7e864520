/**
 * What people said, attached to the devices it is of now. A word names the keys its device was known by when it was said; it goes to the
 * one device that fits the strongest of them. What fits none, or several, waits: it is never lost and never guessed.
 */
import type { Engine } from "./engine.ts";
import type { Heard } from "../model/heard.ts";
import { SaidKeys } from "./said-keys.ts";
import { words } from "./said.ts";

type OfDevice = Heard["said"];
type Attribute = OfDevice extends ReadonlyMap<infer Key, unknown> ? Key : never;
type Said = OfDevice extends ReadonlyMap<unknown, infer Value> ? Value : never;
export type Attached = ReadonlyMap<number, OfDevice>;

/** By change: how many devices it fits, none or several. */
export type Waiting = ReadonlyMap<number, number>;

/** By device. `deviceOf` says whose an endpoint is, 0 when nobody's yet. */
export function attached(
  database: Engine,
  deviceOf: (endpoint: number) => number,
): { readonly devices: Attached; readonly waiting: Waiting } {
  const all = words(database).filter(({ what }) => what === "say");
  const devices = new Map<number, Map<Attribute, Said>>();
  const waiting = new Map<number, number>();
  if (all.length === 0) return { devices, waiting };
  const abouts = all.map((word) => word.about);
  const keys = new SaidKeys(database, abouts);
  for (const { number, about, attribute, value, who, reason, at } of all) {
    const fitting = keys.fitting(about, deviceOf);
    const [device] = fitting;
    if (device === undefined || fitting.size > 1) {
      if (value !== null) waiting.set(number, fitting.size);
      continue;
    }
    const said = devices.get(device) ?? new Map<Attribute, Said>();
    devices.set(device, said);
    if (value === null) said.delete(attribute);
    else said.set(attribute, { value, who, reason, at });
  }
  return { devices, waiting };
}
