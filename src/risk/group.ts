/** Devices as a sentence names them, and the ward they are in. */
import { counted } from "../bytes/thousands.ts";
import { CARE_CLASSES, type CareClass } from "../model/device.ts";
import type { DeviceRemedies } from "../model/risk.ts";
import type { Piece, Whereabouts } from "../model/today.ts";
import { wardCalled } from "../model/ward.ts";
import type { FleetDevice } from "../model/weakness.ts";
import { known } from "./risk.ts";

/** A device beside its risk. */
export interface Rated {
  readonly device: FleetDevice;
  readonly risk: DeviceRemedies;
}

/** Probably is good enough to walk there; the place as it was heard is better than none. */
export function wardName(device: Pick<FleetDevice, "location">): string | null {
  const location = known(device.location);
  return location === null ? null : wardCalled(location);
}

export function heaviest(devices: readonly Pick<FleetDevice, "lifeCritical">[]): CareClass | null {
  return CARE_CLASSES.find((care) => devices.some(({ lifeCritical }) => lifeCritical === care)) ?? null;
}

/** "ICU-07 pump 2", or "12 infusion pumps". */
export function named(devices: readonly FleetDevice[], kind: string | null): Piece {
  const [one, ...more] = devices;
  if (one === undefined) return { text: "No device", device: null };
  if (more.length === 0) return { text: one.name, device: one.id };
  return { text: counted(devices.length, kind === null ? "device" : lower(kind)), device: null };
}

/** All alike in what they have in common; null otherwise. */
export function partyOf(devices: readonly FleetDevice[]): Whereabouts {
  const same = (of: (device: FleetDevice) => string | null) => {
    const all = new Set(devices.map(of));
    return all.size === 1 ? [...all][0]! : null;
  };
  return { location: same(wardName), kind: same(({ kind }) => known(kind)), maker: same(({ maker }) => known(maker)) };
}

/** "Infusion pump" in a sentence is an infusion pump; "CT scanner" stays. */
export function lower(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

const SMALL = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"];

/** As a sentence begins. */
export function inWords(count: number): string {
  return SMALL[count] ?? String(count);
}
