/**
 * A wall among a firewall's own policies, where the first that matches decides and none says "log, and go on". So as little of ours as can
 * be lets anything through, which a policy of the hospital's own might stop: what a rule allows, only where we would drop some of it
 * otherwise. What is monitored stands switched off, and everything else goes on to the policies that were there before.
 */
import type { CompiledRule } from "../../model/policy.ts";
import { complement, complementOf, FAMILIES, isWhole, rangesOf, together, unionOf, without, type Addresses, type Family } from "../ranges.ts"; // prettier-ignore
import { mustGovern, type Wall } from "./exporter.ts";

export interface BetweenPolicies {
  /** Whose denied packets are dropped: enforced, and nobody who is spared. */
  readonly held: Addresses;
  /** Everybody who is not spared: a packet between these and the held may be dropped. */
  readonly unspared: Addresses;
  /** Whose denied packets would be logged, were it switched on. */
  readonly watched: Addresses;
  readonly rules: readonly StandingRule[];
}

export interface StandingRule {
  readonly rule: CompiledRule;
  /** Of which both ends have an address. Never empty. */
  readonly families: readonly Family[];
  /** Without it something of it would be dropped. Else it stands switched off, beside what is monitored. */
  readonly isOn: boolean;
  /** From one, in the order of the compiled policy. */
  readonly number: number;
}

export function betweenPolicies(wall: Wall): BetweenPolicies {
  mustGovern(wall);
  const { policy, enforced, monitored, spared } = wall;
  const held = without(enforced, spared);
  const rules = policy.rules.flatMap((rule, at): readonly StandingRule[] => {
    const [from, to] = [policy.sets[rule.from]!, policy.sets[rule.to]!];
    const families = FAMILIES.filter((family) => rangesOf(from, family).length > 0 && rangesOf(to, family).length > 0);
    if (families.length === 0) return [];
    const isOn = families.some((family) => [from, to].some((end) => meet(end, held, family)));
    return [{ rule, families, isOn, number: at + 1 }];
  });
  return { held, unspared: complement(spared), watched: together(monitored, enforced), rules };
}

function meet(one: Addresses, other: Addresses, family: Family): boolean {
  const apart = [...complementOf(rangesOf(one, family), family), ...complementOf(rangesOf(other, family), family)];
  return !isWhole(unionOf(apart, family), family);
}
