/**
 * Where a policy stands, worked out to addresses: what becomes of what it denies is said group by group and place by place. Also who keeps
 * it from being enforced by us: groups with life-supporting devices never are, therapy groups take a second person.
 */
import type { CareClass } from "../model/device.ts";
import type { CompiledPolicy, Group, Member, Membership, Policy, PolicyState } from "../model/policy.ts";
import type { Wall } from "./exporters/exporter.ts";
import { together, type Addresses } from "./ranges.ts";

/** How a wall is wanted: as the policy's states say, or all of it monitored or dropping, as for a file that the hospital loads itself. */
export type Standing = "as it says" | "monitor" | "enforce";

export function wallOf(policy: Policy, membership: Membership, compiled: CompiledPolicy, standing: Standing): Wall {
  const members = policy.groups.flatMap((group, at) =>
    group.governs ? (membership.groups[at]?.members ?? []).map((member) => ({ member, state: stateFor(group, member, standing) })) : [],
  );
  const in_ = (wanted: PolicyState) => addressesOf(members.filter(({ state }) => state === wanted).map(({ member }) => member));
  const lifeSupporting = members.filter(({ member }) => member.care === "life-supporting").map(({ member }) => member);
  return {
    policy: compiled,
    monitored: in_("monitor"),
    enforced: in_("enforced"),
    spared: standing === "enforce" ? addressesOf([]) : addressesOf(lifeSupporting),
  };
}

/** A place that is not named has the state of everywhere, else the group is a draft there. */
export function stateOf({ states }: Group, ward: string | null): PolicyState {
  const at = (place: string) => states.find((it) => it.place === place)?.state;
  return (ward === null ? undefined : at(ward)) ?? at(EVERYWHERE) ?? "draft";
}
const EVERYWHERE = "everywhere";

/** Groups some of whose members of this class would be enforced, with those members. */
export function enforcedWith(
  care: CareClass,
  policy: Policy,
  membership: Membership,
): readonly { readonly group: string; readonly members: readonly Member[] }[] {
  return policy.groups.flatMap((group, at) => {
    if (!group.governs) return [];
    const all = membership.groups[at]?.members ?? [];
    const isEnforced = all.some((it) => stateOf(group, it.ward) === "enforced");
    const some = all.filter((it) => it.care === care);
    return isEnforced && some.length > 0 ? [{ group: group.name, members: some }] : [];
  });
}

function stateFor(group: Group, { ward }: Member, standing: Standing): PolicyState {
  return standing === "as it says" ? stateOf(group, ward) : standing === "monitor" ? "monitor" : "enforced";
}

function addressesOf(members: readonly Member[]): Addresses {
  const one = (ip: string) => ({ first: ip, last: ip });
  return together(...members.flatMap(({ endpoints }) => endpoints.map(({ ipv4, ipv6 }) => ({ ipv4: ipv4.map(one), ipv6: ipv6.map(one) }))));
}
