/**
 * What claims for one attribute come to, in decibans.
 *
 * Of each group the strongest claim for a value counts, since its sources repeat each other; groups add up. A value's lead is its sum
 * less the runner-up's, and never more than over "none of these", which stands at 0. A tie is unknown, never the first of an alphabet.
 */
import { confidenceOf, LEAD_ASSERTED, LEAD_PROBABLY } from "../model/device.ts";
import type { Stated } from "../model/device.ts";

export interface Vote {
  readonly value: string;
  /** Below 0 it speaks against. */
  readonly weight: number;
  readonly group: string;
  /** It may assert without a second group. */
  readonly alone: boolean;
  /** When it was first heard; claims count in this order, whatever file they came in. */
  readonly first: number;
}

export interface Decision {
  readonly value: string;
  readonly lead: number;
  readonly against?: string;
}

/** An asserted value yields only to one that stands so far above it. */
const YIELD_LEAD = 10;

/** The value that stands highest, null when there is none. `mayAssert` forbids what needs more than weight. */
export function decide(votes: readonly Vote[], mayAssert: (value: string) => boolean = () => true): Decision | null {
  const [only] = votes;
  if (only === undefined) return null;
  if (votes.length === 1)
    return { value: only.value, lead: only.alone && mayAssert(only.value) ? only.weight : Math.min(only.weight, LEAD_ASSERTED - 1) };
  const tallies = new Map<string, Tally>();
  const inTime = votes.toSorted((a, b) => a.first - b.first);
  let held: string | null = null;
  for (let i = 0; i < inTime.length; i++) {
    const vote = inTime[i]!;
    tallies.set(vote.value, (tallies.get(vote.value) ?? new Tally()).add(vote));
    // What was first heard at the same moment counts together.
    if (inTime[i + 1]?.first === vote.first) continue;
    const best = standing(tallies)[0]!;
    if (best.value === held || !best.tally.suffices || !mayAssert(best.value)) continue;
    if (held === null ? best.lead >= LEAD_ASSERTED : best.tally.sum >= tallies.get(held)!.sum + YIELD_LEAD) held = best.value;
  }
  const order = standing(tallies);
  const chosen = order.find(({ value }) => value === held) ?? order[0]!;
  const lead = chosen.tally.suffices && mayAssert(chosen.value) ? chosen.lead : Math.min(chosen.lead, LEAD_ASSERTED - 1);
  const rival = order.find(({ value, tally }) => value !== chosen.value && tally.sum > 0);
  return { value: chosen.value, lead, ...(rival === undefined ? {} : { against: rival.value }) };
}

/** Null below "probably". */
export function stated(decision: Decision | null): Stated | null {
  if (decision === null || decision.lead < LEAD_PROBABLY) return null;
  return { ...decision, confidence: confidenceOf(decision.lead) };
}

class Tally {
  #sum = 0;
  #alone = false;
  readonly #groups = new Map<string, number>();

  get sum(): number {
    return this.#sum;
  }

  /** Two groups speak for it, or one whose word is enough. */
  get suffices(): boolean {
    return this.#alone || [...this.#groups.values()].filter((weight) => weight > 0).length > 1;
  }

  add({ group, weight, alone }: Vote): this {
    const before = this.#groups.get(group);
    if (alone && weight > 0) this.#alone = true;
    // What speaks for a value outweighs, within a group, what speaks against it: both rest on the same.
    const counts = before === undefined ? weight : before > 0 || weight > 0 ? Math.max(before, weight) : Math.min(before, weight);
    this.#groups.set(group, counts);
    this.#sum += counts - (before ?? 0);
    return this;
  }
}

interface Standing {
  readonly value: string;
  readonly tally: Tally;
  readonly lead: number;
}

/** Highest first; equal ones by the alphabet, with no lead over each other. */
function standing(tallies: ReadonlyMap<string, Tally>): Standing[] {
  const order = [...tallies].sort(([a, x], [b, y]) => y.sum - x.sum || (a < b ? -1 : 1));
  return order.map(([value, tally], i) => ({ value, tally, lead: tally.sum - Math.max(0, order[i === 0 ? 1 : 0]?.[1].sum ?? 0) }));
}
