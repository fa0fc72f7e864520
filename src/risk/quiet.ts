/**
 * Whether a weakness is gone, as traffic has it: what was heard to be so is heard no more, for long enough, from a device that was. It
 * says what it can: that nobody used it, not that nobody could. Heard again, it counts again.
 */
import type { FleetDevice, Weakness } from "../model/weakness.ts";

/** A service visit every other week would have used it. */
export const QUIET_DAYS = 14;
const DAY_US = 86_400e6;
/** The device itself must have been heard so lately, or its silence is what is heard. */
const HEARD_WITHIN_DAYS = 2;

/** Whole days it was not heard for, where those verify that it is done; null where they do not. `to`: the recording's last moment. */
export function quietDays({ cured, last }: Pick<Weakness, "cured" | "last">, device: Pick<FleetDevice, "last">, to: number): number | null {
  // What no traffic shows, no silence ends.
  if (cured === null || to - device.last > HEARD_WITHIN_DAYS * DAY_US) return null;
  const days = Math.floor((to - last) / DAY_US);
  return days >= QUIET_DAYS ? days : null;
}
