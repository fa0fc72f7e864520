/**
 * Who is in the groups of a policy that stands, as time goes on. Membership was worked out once, when it was put up; from then on members
 * keep their place whatever they wear, an address goes with whoever wears it, and a newcomer is held or admitted as its group says. What
 * changed is told, and nothing else changes: a member whose kind is another now stays, and is told of.
 */
import { parseFilter } from "../model/filter.ts";
import type { Group, GroupMembership, Member, MemberEndpoint, Membership, Policy } from "../model/policy.ts";
import type { Machine } from "../model/replay.ts";
import type { Card } from "./exporters/exporter.ts";
import { Endpoints, isAskedFor } from "./membership.ts";
import { belonging } from "./selector.ts";

/** What was known when it was last looked at; the first time as it was put up. */
export interface Followed {
  readonly membership: Membership;
  /** Cards of routers when it was put up: only they may carry what a member sends. */
  readonly carriers: readonly string[];
  /** Who matches and waits for a person, by group and keys: told once. */
  readonly held: readonly string[];
  /** Members that would not match any more: told once. */
  readonly changed: readonly string[];
}

export interface Happening {
  readonly what: "moved" | "address taken" | "admitted" | "held" | "changed kind";
  readonly group: string;
  readonly device: string;
  readonly name: string;
  /** Of it: addresses it has and had. */
  readonly addresses: readonly string[];
  readonly before: readonly string[];
  /** In words for people. */
  readonly words: string;
}

/** As it is put up: with what members wear on their own cards, or on those of routers. */
export function begun(membership: Membership, machines: readonly Machine[]): Followed {
  const carriers = machines.flatMap(({ device }) => (device.standing === "carrier" ? device.macs : [])).toSorted();
  const [endpoints, byId] = [new Endpoints(machines), new Map(machines.map((it) => [it.device.id, it]))];
  const groups = membership.groups.map((it) => ({ ...it, members: it.members.map((member) => ({ ...member, endpoints: endpoints.of(byId.get(member.device)!, new Set(carriers)) })) })); // prettier-ignore
  return { membership: { ...membership, groups }, carriers, held: [], changed: [] };
}

/** `vouched`: whether what a newcomer is rests on two sources that do not repeat each other, or on a person's word. */
export function follow(
  policy: Policy,
  { membership, carriers, held, changed }: Followed,
  machines: readonly Machine[],
  at: number,
  vouched: (machine: Machine) => boolean,
): { readonly followed: Followed; readonly happenings: readonly Happening[] } {
  const endpoints = new Endpoints(machines);
  const routers = new Set(carriers);
  const byCard = new Map(machines.flatMap((it) => it.device.macs.map((mac): [string, Machine] => [mac, it])));
  const byId = new Map(machines.map((it) => [it.device.id, it]));
  const now = (member: Member) => member.endpoints.map(({ mac }) => (mac === null ? undefined : byCard.get(mac))).find((it) => it !== undefined) ?? byId.get(member.device); // prettier-ignore
  const happenings: Happening[] = [];
  const heldNow: string[] = [];
  const changedNow: string[] = [];
  const groups = policy.groups.map((group, place): GroupMembership => {
    const known = membership.groups[place]!;
    const filter = parseFilter(group.select);
    const taken = new Set<Machine>();
    const members = known.members.map((member): Member => {
      const machine = now(member);
      if (machine === undefined) return member;
      taken.add(machine);
      const moved = { ...member, device: machine.device.id, name: machine.device.name, endpoints: endpoints.of(machine, routers) };
      happenings.push(...moves(group, member, moved, endpoints));
      if (belonging(filter, machine.device, at) === "none") {
        changedNow.push(keyOf(group, member));
        if (!changed.includes(keyOf(group, member)))
          happenings.push(happening("changed kind", group, moved, [], `${titleOf(moved)} would not match ${group.name} any more: it stays until a person says otherwise`)); // prettier-ignore
      }
      return moved;
    });
    for (const machine of machines) {
      if (taken.has(machine) || !isAskedFor(machine.device, filter) || belonging(filter, machine.device, at) !== "member") continue;
      const fresh = endpoints.member(machine, routers);
      if (fresh.endpoints.length === 0) continue;
      if (group.newcomers === "admit" && vouched(machine)) {
        members.push(fresh);
        happenings.push(happening("admitted", group, fresh, [], `${titleOf(fresh)} is new in ${group.name} and was admitted: look at it within the shift`)); // prettier-ignore
        continue;
      }
      heldNow.push(keyOf(group, fresh));
      const why = group.newcomers === "hold" ? "it waits for a person" : "what it is rests on one source: it waits for a person";
      if (!held.includes(keyOf(group, fresh))) happenings.push(happening("held", group, fresh, [], `${titleOf(fresh)} would be new in ${group.name}: ${why}`)); // prettier-ignore
    }
    return { ...known, members };
  });
  return { followed: { membership: { ...membership, groups }, carriers, held: heldNow, changed: changedNow }, happenings };
}

/** Which card each address of a member speaks from; those heard beyond a router have none of their own and are left out. */
export function cardsOf({ groups }: Membership): readonly Card[] {
  const all = groups.flatMap(({ members }) => members.flatMap(({ endpoints }) => endpoints.flatMap(({ mac, ipv4, ipv6 }) => (mac === null ? [] : [...ipv4, ...ipv6].map((ip) => ({ ip, mac })))))); // prettier-ignore
  const unbound = new Set(groups.flatMap(({ members }) => members.flatMap(({ endpoints }) => endpoints.flatMap(({ mac, ipv4, ipv6 }) => (mac === null ? [...ipv4, ...ipv6] : []))))); // prettier-ignore
  const cards = new Map(all.filter(({ ip }) => !unbound.has(ip)).map((it) => [`${it.ip} ${it.mac}`, it]));
  return [...cards].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, it]) => it);
}

function moves(group: Group, before: Member, after: Member, endpoints: Endpoints): readonly Happening[] {
  const [had, has] = [addressesOf(before.endpoints), addressesOf(after.endpoints)];
  const [fresh, lost] = [has.filter((ip) => !had.includes(ip)), had.filter((ip) => !has.includes(ip))];
  return [
    ...(fresh.length === 0 ? [] : [happening("moved", group, after, had, `${titleOf(after)} is at ${fresh.join(", ")} now and keeps the rules of ${group.name}`)]), // prettier-ignore
    ...lost.map((ip) => {
      const wearer = endpoints.wearerOf(ip);
      const who = wearer === undefined ? "nobody" : called(wearer.device.name, wearer.device.macs);
      return happening(
        "address taken",
        group,
        after,
        had,
        `${ip} was ${titleOf(after)}'s and is worn by ${who} now: it left ${group.name}`,
      );
    }),
  ];
}

/** Whoever has just come is often not known by name yet: its card says which it is. */
function titleOf({ name, endpoints }: Member): string {
  return called(
    name,
    endpoints.flatMap(({ mac }) => mac ?? []),
  );
}

function called(name: string, macs: readonly string[]): string {
  return macs.length === 0 ? name : `${name} (${macs[0]}${macs.length > 1 ? ` and ${macs.length - 1} more` : ""})`;
}

function happening(what: Happening["what"], group: Group, member: Member, before: readonly string[], words: string): Happening {
  return { what, group: group.name, device: member.device, name: member.name, addresses: addressesOf(member.endpoints), before, words };
}

function addressesOf(endpoints: readonly MemberEndpoint[]): readonly string[] {
  return [...new Set(endpoints.flatMap(({ ipv4, ipv6 }) => [...ipv4, ...ipv6]))];
}

/** Of who is no member: by its cards, since numbers go with whatever is heard. */
function keyOf(group: Group, { device, endpoints }: Member): string {
  const macs = endpoints.flatMap(({ mac }) => mac ?? []).sort();
  return `${group.name}: ${macs[0] ?? device}`;
}
