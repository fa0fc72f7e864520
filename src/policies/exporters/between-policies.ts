/**
 * A wall among a firewall's own policies, where the first that matches decides and none says "log, and go on". So as little of ours as can
 * be lets anything through, which a policy of the hospital's own might stop: what a rule allows, only where we would drop some of it
 * otherwise. What is monitored stands switched off, and everything else goes on to the policies that were there before.
 */
import type { CompiledRule } from "../../model/policy.ts";
import { complementOf, isWhole, rangesOf, together, unionOf, type Addresses, type Family } from "../ranges.ts";
import { NotExportable, type Wall } from "./exporter.ts";

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

export function betweenPolicies({ policy, enforced, monitored, spared }: Wall): BetweenPolicies {
  const held = without(enforced, spared);
  if (isEmpty(held) && isEmpty(monitored) && isEmpty(enforced))
    throw new NotExportable(`expected a group with an address that is enforced or monitored, got none in policy ${policy.name}`);
  const rules = policy.rules.flatMap((rule, at): readonly StandingRule[] => {
    const [from, to] = [policy.sets[rule.from]!, policy.sets[rule.to]!];
    const families = FAMILIES.filter((family) => rangesOf(from, family).length > 0 && rangesOf(to, family).length > 0);
    if (families.length === 0) return [];
    const isOn = families.some((family) => [from, to].some((end) => meet(end, held, family)));
    return [{ rule, families, isOn, number: at + 1 }];
  });
  return { held, unspared: complement(spared), watched: together(monitored, enforced), rules };
}

export const FAMILIES = [4, 6] as const;
export const MULTICAST: Addresses = {
  ipv4: [{ first: "224.0.0.0", last: "239.255.255.255" }],
  ipv6: [{ first: "ff00::", last: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" }],
};

export function isEmpty({ ipv4, ipv6 }: Addresses): boolean {
  return ipv4.length === 0 && ipv6.length === 0;
}

export function complement(all: Addresses): Addresses {
  return { ipv4: complementOf(all.ipv4, 4), ipv6: complementOf(all.ipv6, 6) };
}

export function without(all: Addresses, some: Addresses): Addresses {
  return complement(together(complement(all), some));
}

function meet(one: Addresses, other: Addresses, family: Family): boolean {
  const apart = [...complementOf(rangesOf(one, family), family), ...complementOf(rangesOf(other, family), family)];
  return !isWhole(unionOf(apart, family), family);
}
