/** A policy with its membership worked in: numbered sets of addresses and numbered rules, what evaluator and exporters take. */
import { BUILT_IN_GROUPS } from "../model/policy.ts";
import type {
  AddressRange,
  BuiltInGroup,
  CompiledPolicy,
  CompiledRule,
  CompiledSet,
  Member,
  Membership,
  Policy,
  Rule,
} from "../model/policy.ts";
import type { Machine } from "../model/replay.ts";
import { ALL, complementOf, rangeOf, unionOf } from "./ranges.ts";
import { isMulticast } from "./membership.ts";

const MULTICAST = ["224.0.0.0/4", "ff00::/8"].map((it) => rangeOf(it)!);

export interface Compiled {
  readonly policy: CompiledPolicy;
  /** Places in its sets, by the number of a machine. */
  readonly places: (machine: number) => readonly number[];
}

/** `machines` are those membership was worked out of. */
export function compile(policy: Policy, membership: Membership, machines: readonly Machine[]): Compiled {
  const sets: CompiledSet[] = [];
  const placesOf = new Map<string, number[]>();
  const placeOf = new Map<string, number>();
  const members = new Map(membership.groups.map((it) => [it.group, it.members]));
  const put = (set: CompiledSet, devices: readonly string[]): number => {
    const place = sets.push(set) - 1;
    placeOf.set(keyOf(set.group, set.ward), place);
    for (const device of devices) placesOf.set(device, [...(placesOf.get(device) ?? []), place]);
    return place;
  };
  for (const { name, governs } of policy.groups) {
    const all = members.get(name) ?? [];
    put(
      setOf(name, null, governs, all),
      all.map(({ device }) => device),
    );
  }
  for (const name of BUILT_IN_GROUPS) {
    const of = machines.filter((it) => isBuiltInMember(name, it)).map(({ device }) => device.id);
    put(builtIn(name, membership), of);
  }
  const within = (group: string, ward: string): number => {
    const known = placeOf.get(keyOf(group, ward));
    if (known !== undefined) return known;
    const some = (members.get(group) ?? []).filter((it) => it.ward === ward);
    return put(
      setOf(group, ward, false, some),
      some.map(({ device }) => device),
    );
  };
  const wardsOf = (group: string) => new Set((members.get(group) ?? []).flatMap(({ ward }) => ward ?? []));

  const rules: CompiledRule[] = [];
  for (const [place, rule] of policy.rules.entries()) {
    if (hasEnded(rule, membership.at)) continue;
    const { service, because } = rule;
    const wards = rule.same === null ? [null] : [...wardsOf(rule.from).intersection(wardsOf(rule.to))].sort();
    for (const ward of wards) {
      const end = (group: string) => (ward === null ? placeOf.get(keyOf(group, null))! : within(group, ward));
      rules.push({ rule: place, from: end(rule.from), to: end(rule.to), service, because });
    }
  }
  const byNumber = new Map(machines.map(({ number, device }) => [number, placesOf.get(device.id) ?? []]));
  return { policy: { name: policy.name, sets, rules }, places: (machine) => byNumber.get(machine) ?? [] };
}

/** On its last day it still holds. */
export function hasEnded({ until }: Rule, at: number): boolean {
  return until !== null && new Date(at / 1000).toISOString().slice(0, 10) > until;
}

function keyOf(group: string, ward: string | null): string {
  return JSON.stringify([group, ward]);
}

function setOf(group: string, ward: string | null, governs: boolean, members: readonly Member[]): CompiledSet {
  const endpoints = members.flatMap((it) => it.endpoints);
  const ranges = endpoints.flatMap(({ ipv4, ipv6 }) => [...ipv4, ...ipv6].map((ip) => ({ first: ip, last: ip })));
  return {
    group,
    ward,
    builtIn: false,
    governs,
    lifeSupporting: members.some(({ care }) => care === "life-supporting"),
    macs: [...new Set(endpoints.flatMap(({ mac }) => mac ?? []))].sort(),
    ipv4: unionOf(ranges, 4),
    ipv6: unionOf(ranges, 6),
  };
}

function builtIn(group: BuiltInGroup, { broadcasts, inside }: Membership): CompiledSet {
  const ranges = rangesOf(group, broadcasts, inside);
  const rest = { ward: null, builtIn: true, governs: false, lifeSupporting: false, macs: [] };
  return { group, ...rest, ipv4: unionOf(ranges, 4), ipv6: unionOf(ranges, 6) };
}

function rangesOf(group: BuiltInGroup, broadcasts: readonly string[], inside: readonly AddressRange[]): readonly AddressRange[] {
  const toAll = broadcasts.map((ip) => ({ first: ip, last: ip }));
  switch (group) {
    case "anyone":
      return [ALL[4], ALL[6]];
    case "multicast":
      return MULTICAST;
    case "broadcast":
      return toAll;
    case "outside": {
      // Nobody: 0.0.0.0 and :: are worn by whoever has no address yet.
      const others = [...inside, ...MULTICAST, ...toAll, { first: "0.0.0.0", last: "0.0.0.0" }, { first: "::", last: "::" }];
      return [...complementOf(others, 4), ...complementOf(others, 6)];
    }
  }
}

function isBuiltInMember(group: BuiltInGroup, { device, worn }: Machine): boolean {
  const groupAddress = device.standing === "group";
  switch (group) {
    case "anyone":
      return worn.some(({ ip }) => ip !== null);
    case "outside":
      return device.standing === "outside";
    case "multicast":
      return groupAddress && worn.some(({ ip }) => ip !== null && isMulticast(ip));
    case "broadcast":
      return groupAddress && worn.some(({ ip }) => ip !== null && !isMulticast(ip));
  }
}
