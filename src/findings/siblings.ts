/**
 * Machines of one fleet at one place: cards of the same maker, addresses beside each other, the same doing. Of such a fleet some do rarely
 * what others do hourly (a nurse call, an analyzer of nights), and the first time of each is no stranger's.
 */
import { macWords } from "../bytes/address.ts";
import type { Party } from "../model/finding.ts";

/** Two make a fleet: of one nobody knows which of its neighbors are like it. */
const FLEET_MIN = 2;
const FLEETS_MAX = 64;
/** Bit 1 of the first byte: a number that was not given by a maker (IEEE 802, section 8.4). */
const LOCAL = 0x0200;
const MAKER_LENGTH = "00:00:00".length;

/** By maker, network and doing: cards that were seen to do so, a few of them. The oldest go first. */
export type Fleets = Record<string, readonly string[]>;

/** Whether others of its fleet do all of it. Behind a router all have one card, and one card is no fleet. */
export function areItsSiblingsDoing(fleets: Fleets, party: Party, doings: readonly string[]): boolean {
  const fleet = fleetOf(party);
  return fleet !== null && doings.every((it) => (fleets[`${fleet} ${it}`] ?? []).filter((card) => card !== party.mac).length >= FLEET_MIN);
}

export function rememberDoing(fleets: Fleets, party: Party, doings: readonly string[]): void {
  const fleet = fleetOf(party);
  if (fleet === null) return;
  for (const doing of doings) {
    const key = `${fleet} ${doing}`;
    const cards = fleets[key] ?? [];
    if (cards.length >= FLEET_MIN + 1 || cards.includes(party.mac!)) continue;
    if (cards.length === 0 && Object.keys(fleets).length >= FLEETS_MAX) delete fleets[Object.keys(fleets)[0]!];
    fleets[key] = [...cards, party.mac!];
  }
}

/** Null where its card tells no maker, or its address is of IPv6, whose networks say nothing of a place. */
function fleetOf({ mac, ip }: Party): string | null {
  const [high] = (mac === null ? null : macWords(mac)) ?? [LOCAL];
  const network = ip === null || ip.includes(":") ? null : ip.slice(0, ip.lastIndexOf("."));
  return mac === null || network === null || (high & LOCAL) !== 0 ? null : `${mac.slice(0, MAKER_LENGTH)} ${network}`;
}
