/** How the fleet grows and changes, of what the store has of its devices' lives. Pure: the same lives give the same report. */
import type { GrowthBy, LifecycleReport, Lives } from "../model/lifecycle.ts";
import { eventsOf } from "./events.ts";
import { growthOf } from "./growth.ts";
import { rollOutsOf } from "./roll-outs.ts";

export { namedRecalls } from "./published-recalls.ts";
export { recallOf } from "./recall.ts";
export { tickListOf } from "./tick-list.ts";

export function lifecycleOf(lives: Lives, by: GrowthBy): Omit<LifecycleReport, "support"> {
  const { devices, from, to } = lives;
  return { growth: growthOf(lives, by), events: eventsOf(lives), rollOuts: rollOutsOf(lives), devices: devices.length, from, to };
}
