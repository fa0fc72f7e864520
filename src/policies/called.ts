/** Devices as people name them. */
import type { Machine } from "../model/replay.ts";

/** By its number, a name or an address; more than one where the name is not one's alone. */
export function machinesCalled(machines: readonly Machine[], wanted: string): readonly Machine[] {
  const text = wanted.trim().toLowerCase();
  return machines.filter(
    ({ device }) =>
      device.id === text ||
      [device.name, ...device.names.map(({ value }) => value), ...device.ips, ...device.macs].some((it) => it.toLowerCase() === text),
  );
}
