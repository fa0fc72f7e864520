/**
 * How well a policy fits what was heard. Coverage: of the legitimate (device, peer, service) triples heard the share that is allowed.
 * Over-permission: triples allowed for each one heard. Counted exactly, by classes of devices that belong to the same sets, over the
 * union of the rules.
 */
import type { CompiledPolicy, PolicyTransport, Service } from "../model/policy.ts";
import { POLICY_TRANSPORTS } from "../model/policy.ts";
import type { HeardConversation, Machine } from "../model/replay.ts";
import { countOf, order } from "./cells.ts";
import type { Compiled } from "./compile.ts";
import { judgeConversation, offers } from "./evaluate.ts";

export interface Fit {
  /** Triples heard, and of them allowed. */
  readonly heard: number;
  readonly kept: number;
  /** The same, each as often as the days it was heard on. */
  readonly heardDays: number;
  readonly keptDays: number;
  /** Triples allowed, heard or not. */
  readonly allowed: number;
}

export interface Measured extends Fit {
  /** By the client's group, in the policy's order; those of no group of the policy are not among them. */
  readonly groups: readonly (Fit & { readonly group: string })[];
}

/** It is neither what every network needs (DHCP, ARP's like) nor among those the policy does not govern. */
export function isMeasured({ policy, places }: Compiled, it: HeardConversation): boolean {
  const { outcome } = judgeConversation(policy, { ...it, client: places(it.client), server: places(it.server) });
  return outcome !== "ground" && outcome !== "not governed";
}

export function measure({ policy, places }: Compiled, machines: readonly Machine[], conversations: readonly HeardConversation[]): Measured {
  const groupOf = (machine: number) => places(machine).find((place) => !policy.sets[place]!.builtIn && policy.sets[place]!.governs);
  const sums = new Map<number | undefined, { heard: number; kept: number; heardDays: number; keptDays: number; allowed: number }>();
  const sumOf = (group: number | undefined) => {
    const known = sums.get(group) ?? { heard: 0, kept: 0, heardDays: 0, keptDays: 0, allowed: 0 };
    sums.set(group, known);
    return known;
  };
  for (const it of conversations) {
    const { outcome } = judgeConversation(policy, { ...it, client: places(it.client), server: places(it.server) });
    if (outcome === "ground" || outcome === "not governed") continue;
    const sum = sumOf(groupOf(it.client));
    const days = countOf(it.days);
    sum.heard++;
    sum.heardDays += days;
    if (outcome === "allowed") {
      sum.kept++;
      sum.keptDays += days;
    }
  }
  for (const { members, allowed } of allowedByClass(policy, places, machines)) sumOf(groupOf(members[0]!)).allowed += allowed;
  const groups = policy.sets.flatMap((set, place) => {
    const sum = sums.get(place);
    return sum === undefined || (sum.heard === 0 && sum.allowed === 0) ? [] : [{ group: set.group, ...sum }];
  });
  const total = (name: keyof Fit) => [...sums.values()].reduce((all, sum) => all + sum[name], 0);
  return {
    heard: total("heard"),
    kept: total("kept"),
    heardDays: total("heardDays"),
    keptDays: total("keptDays"),
    allowed: total("allowed"),
    groups,
  };
}

export interface RuleFit {
  /** Its place in Policy.rules. */
  readonly rule: number;
  /** Triples it opens, also where another rule opens them too. */
  readonly allowed: number;
  /** Of those heard that it is the first to allow. */
  readonly heard: number;
}

/** What each rule opens by itself; first those that open most where nobody was heard. */
export function fitOfRules({ policy, places }: Compiled, machines: readonly Machine[], conversations: readonly HeardConversation[]): RuleFit[] {
  const classes = classesOf(places, machines);
  const membersIn = (...sets: readonly number[]) =>
    classes.reduce((sum, it) => sum + (sets.every((set) => it.places.includes(set)) ? it.members.length : 0), 0);
  const sums = new Map<number, { allowed: number; heard: number }>();
  for (const { rule, from, to, service } of policy.rules) {
    // With itself no wall parts a device.
    const pairs = membersIn(from) * membersIn(to) - membersIn(from, to);
    const { allowed = 0 } = sums.get(rule) ?? {};
    sums.set(rule, { allowed: allowed + pairs * portsOf(service), heard: 0 });
  }
  for (const it of conversations) {
    const decision = judgeConversation(policy, { ...it, client: places(it.client), server: places(it.server) });
    if (decision.outcome === "allowed") sums.get(policy.rules[decision.rule]!.rule)!.heard++;
  }
  const unheard = ({ allowed, heard }: RuleFit) => allowed - heard;
  return [...sums].map(([rule, sum]) => ({ rule, ...sum })).sort((a, b) => unheard(b) - unheard(a) || a.rule - b.rule);
} // prettier-ignore

function portsOf({ transport, ports }: Service): number {
  if (ports.length === 0) return mostOf(transport) + 1;
  return ports.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

function mostOf(transport: PolicyTransport): number {
  return transport === "icmp" || transport === "ip" ? 255 : 65_535;
}

interface Class {
  readonly places: readonly number[];
  readonly members: readonly number[];
}

/** Devices that belong to the same sets are judged alike. */
export function classesOf(places: Compiled["places"], machines: readonly Machine[]): Class[] {
  const classes = new Map<string, { places: readonly number[]; members: number[] }>();
  for (const { number } of machines) {
    const own = places(number);
    const known = classes.get(own.join(" "));
    if (known === undefined) classes.set(own.join(" "), { places: own, members: [number] });
    else known.members.push(number);
  }
  return [...classes.entries()].sort(([a], [b]) => order(a, b)).map(([, it]) => it);
}

function allowedByClass({ rules }: CompiledPolicy, places: Compiled["places"], machines: readonly Machine[]) {
  const classes = classesOf(places, machines);
  const byTransport = POLICY_TRANSPORTS.map((transport) => ({
    rules: rules.filter(({ service }) => service.transport === transport),
    pieces: piecesOf(transport, rules),
  }));
  return classes.map((client) => {
    let allowed = 0;
    for (const { rules: some, pieces } of byTransport) {
      const own = some.filter(({ from }) => client.places.includes(from));
      if (own.length === 0) continue;
      for (const server of classes) {
        const towards = own.filter(({ to }) => server.places.includes(to));
        if (towards.length === 0) continue;
        // With itself no wall parts a device.
        const pairs = client.members.length * (client === server ? server.members.length - 1 : server.members.length);
        for (const { from, width, transport } of pieces) if (towards.some(({ service }) => offers(service, transport, from))) allowed += pairs * width;
      }
    }
    return { members: client.members, allowed };
  });
} // prettier-ignore

interface Piece {
  readonly transport: PolicyTransport;
  readonly from: number;
  readonly width: number;
}

/** Ports cut where any rule's begin or end: within one of these all ports are judged alike. */
export function piecesOf(transport: PolicyTransport, rules: CompiledPolicy["rules"]): Piece[] {
  const most = mostOf(transport);
  const ranges = rules.flatMap(({ service }) => (service.transport !== transport ? [] : service.ports.length === 0 ? [{ from: 0, to: most }] : service.ports));
  const cuts = [...new Set(ranges.flatMap(({ from, to }) => [from, to + 1]))].sort((a, b) => a - b);
  return cuts.slice(0, -1).flatMap((from, at) => {
    const inside = ranges.some((it) => it.from <= from && from <= it.to);
    return inside ? [{ transport, from, width: cuts[at + 1]! - from }] : [];
  });
} // prettier-ignore

/** "7.2": allowed for each one heard; "-" where nothing was heard. */
export function overPermission({ allowed, heard }: Fit): number | null {
  return heard === 0 ? null : Math.round((allowed / heard) * 100) / 100;
}

export function coverage({ kept, heard }: Fit): number | null {
  return heard === 0 ? null : kept / heard;
}
