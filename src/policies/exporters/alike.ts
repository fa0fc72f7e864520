/** Devices that may do the same: addresses in the same sets of a policy, and alike in what becomes of what is denied them. */
import { setsOf } from "../evaluate.ts";
import type { AddressRange, CompiledPolicy } from "../../model/policy.ts";
import { FAMILIES, holds, rangesOf, textOf, unionOf, valueOf, type Addresses, type Family } from "../ranges.ts";
import type { Wall } from "./exporter.ts";
import { setTitle } from "./object-names.ts";

export interface Alike extends Addresses {
  /** Places of the sets they are in, built-in ones too. */
  readonly places: readonly number[];
  /** "infusion pumps", or of several groups: "infusion pumps and infusion pumps in ward 4". Built-in groups are not named. */
  readonly title: string;
  /** Enforced or monitored. */
  readonly isGoverned: boolean;
  readonly isEnforced: boolean;
  readonly isSpared: boolean;
}

/** All of `whom`, in the order in which the policy has their first groups. Every address belongs to exactly one. */
export function alikeAmong(whom: Addresses, { policy, enforced, monitored, spared }: Wall): readonly Alike[] {
  const byKey = new Map<string, { readonly alike: Omit<Alike, "ipv4" | "ipv6">; readonly ranges: Record<Family, AddressRange[]> }>();
  for (const family of FAMILIES)
    for (const range of piecesOf(rangesOf(whom, family), [...policy.sets, enforced, monitored, spared], family)) {
      const places = setsOf(policy, range.first);
      const [isEnforced, isSpared] = [holds(enforced, range.first), holds(spared, range.first)];
      const isGoverned = isEnforced || holds(monitored, range.first);
      const key = JSON.stringify([places, isGoverned, isEnforced, isSpared]);
      const known = byKey.get(key) ?? {
        alike: { places, title: titleOf(places, policy), isGoverned, isEnforced, isSpared },
        ranges: { 4: [], 6: [] },
      };
      known.ranges[family].push(range);
      byKey.set(key, known);
    }
  return [...byKey.values()]
    .map(({ alike, ranges }) => ({ ...alike, ipv4: unionOf(ranges[4], 4), ipv6: unionOf(ranges[6], 6) }))
    .toSorted(
      (a, b) =>
        inOrder(a.places, b.places) ||
        Number(b.isGoverned) - Number(a.isGoverned) ||
        Number(b.isEnforced) - Number(a.isEnforced) ||
        Number(a.isSpared) - Number(b.isSpared),
    );
}

function titleOf(places: readonly number[], { sets }: CompiledPolicy): string {
  return places
    .map((place) => sets[place]!)
    .filter((it) => !it.builtIn)
    .map(setTitle)
    .join(" and ");
}

/** Cut wherever one of the sets begins or ends. */
export function piecesOf(ranges: readonly AddressRange[], sets: readonly Addresses[], family: Family): readonly AddressRange[] {
  const bounds = sets.flatMap((it) => rangesOf(it, family)).flatMap(({ first, last }) => [valueOf(first), valueOf(last) + 1n]);
  const cuts = [...new Set(bounds)].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return ranges.flatMap(({ first, last }) => {
    const [begin, end] = [valueOf(first), valueOf(last)];
    const starts = [begin, ...cuts.filter((it) => it > begin && it <= end)];
    return starts.map((start, at) => ({ first: textOf(start, family), last: textOf((starts[at + 1] ?? end + 1n) - 1n, family) }));
  });
}

function inOrder(one: readonly number[], other: readonly number[]): number {
  for (const [at, place] of one.entries()) {
    const step = place - (other[at] ?? -1);
    if (step !== 0) return step;
  }
  return one.length - other.length;
}
