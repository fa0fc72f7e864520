/**
 * What is right as it is written and hardly meant so: a group in which nobody is, devices of which two groups say different states. Only
 * told, with its place in the text: a policy may be of more than is here.
 */
import { LineCounter, parseDocument, type Node } from "yaml";
import { nearest } from "../bytes/nearest.ts";
import type { Kinds } from "../knowledge/kinds.ts";
import { parseFilter, type Filter } from "../model/filter.ts";
import type { Member, Membership, Policy } from "../model/policy.ts";
import type { Problem } from "./file.ts";
import { stateOf } from "./standing.ts";

/** `text` is what `policy` was read from; in the order of its groups. */
export function remarksOn(text: string, policy: Policy, membership: Membership, kinds: Kinds): Problem[] {
  const lines = new LineCounter();
  // Every name as it is written: of 007 the number would be another one.
  const document = parseDocument(text, { lineCounter: lines, schema: "failsafe" });
  const at = (group: string, key: string) => {
    const node = document.getIn(["groups", group, key], true) as Node | undefined;
    const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const empty = policy.groups.flatMap(({ name, select }, place) =>
    membership.groups[place]!.members.length > 0 ? [] : [{ ...at(name, "select"), message: `${name} has no member: it selects ${select}${strangeKinds(select, kinds)}` }],
  );
  const divided = dividedIn(policy, membership).map(({ one, other, states, members }) => ({
    ...at(other, "states"),
    message: `${members[0]!.name} ${members.length === 1 ? "stands" : `and ${members.length - 1} more stand`} in ${one} as ${states[0]} and in ${other} as ${states[1]}: the stricter holds`,
  }));
  return [...empty, ...divided];
} // prettier-ignore

/** Kinds are a list; what is not on it nobody is, and it is most likely mistyped. */
function strangeKinds(select: string, kinds: Kinds): string {
  return kindsIn(parseFilter(select))
    .filter((it) => it !== "" && kinds.called(it) === null)
    .map((it) => {
      const near = nearest(it, kinds.names);
      return `; there is no kind "${it}"${near === undefined ? "" : ` (did you mean ${near}?)`}`;
    })
    .join("");
}

function kindsIn(filter: Filter | null): readonly string[] {
  if (filter === null) return [];
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.parts.flatMap(kindsIn);
    case "not":
      return kindsIn(filter.part);
    case "is":
      return filter.field === "kind" ? filter.values : [];
    default:
      return [];
  }
}

interface Divided {
  readonly one: string;
  readonly other: string;
  readonly states: readonly [string, string];
  readonly members: readonly Member[];
}

/** Members of two groups that govern, by what both say of where they are: an empty list where all agree. */
function dividedIn({ groups }: Policy, membership: Membership): readonly Divided[] {
  const first = new Map<string, { readonly name: string; readonly state: string }>();
  const found = new Map<string, { one: string; other: string; states: [string, string]; members: Member[] }>();
  for (const [place, group] of groups.entries()) {
    if (!group.governs) continue;
    for (const member of membership.groups[place]!.members) {
      const state = stateOf(group, member.ward);
      const before = first.get(member.device);
      if (before === undefined) first.set(member.device, { name: group.name, state });
      else if (before.state !== state) {
        const key = JSON.stringify([before.name, group.name, before.state, state]);
        const known = found.get(key) ?? { one: before.name, other: group.name, states: [before.state, state], members: [] };
        known.members.push(member);
        found.set(key, known);
      }
    }
  }
  return [...found.values()];
}
