/**
 * Lists of a Cisco router made to fit, as those of a port are in `acl-budget.ts`: the lines of rules become fewer, both ends named. Later
 * fragments go where their protocol may go, so their lines follow from those of the rules, and are counted with them. What is denied, and
 * what the network itself needs, stays as it is and is counted too.
 *
 * A list's name is of what stands in it, since one that is loaded over another of its name would be both: a merged one has its own.
 */
import { createHash } from "node:crypto";
import type { CompiledPolicy } from "../../model/policy.ts";
import { sideOf } from "../budget-lane.ts";
import { DoesNotFit, type Budget, type Fitted } from "../budget.ts";
import type { Permit, PermitList } from "../permit-list.ts";
import { Slots } from "../slots.ts";
import { fitIn, ruleLines, type FittedLists } from "./acl-budget.ts";
import { fragmentsOf, isEntry, permitOf, portsIn } from "./acl-lines.ts";

/** `text` is what `ciscoIos.write` gave for `policy`, `rollback` what takes it away. Throws DoesNotFit where one of its lists cannot fit. */
export function fittedRouterLists(
  { text, rollback }: { readonly text: string; readonly rollback: string },
  policy: CompiledPolicy,
  heard: Heard,
  budget: Omit<Budget, "beside">,
): FittedLists & { readonly rollback: string } {
  const lists: { name: string; fitted: Fitted }[] = [];
  let [next, back] = [text, rollback];
  for (const list of listsIn(text)) {
    const fitted = fittedIn(list, policy, heard, budget);
    if (fitted === null) continue;
    const entries = [
      ...list.ground,
      ...fragmentLines(fitted.entries),
      ...list.denied.fragments,
      ...list.rest,
      ...ruleLines(fitted, policy, 2),
      ...list.denied.whole,
    ];
    const name = nameOf(list.name, entries);
    lists.push({ name, fitted });
    const counted = list.all.replace(/^! \d+ entries/, `! ${entries.filter(isEntry).length} entries`).split("\n").slice(0, 2); // prettier-ignore
    next = next.replace(list.all, () => [...counted, ...entries.map((it) => ` ${it}`)].join("\n")).replaceAll(list.name, name);
    back = back.replaceAll(list.name, name);
  }
  return { text: next, rollback: back, lists };
}

type Heard = Pick<PermitList, "hosts" | "served">;

interface List {
  readonly family: 4 | 6;
  readonly name: string;
  /** From what is said of it to its last entry. */
  readonly all: string;
  readonly ground: readonly string[];
  /** By rule, as they are. */
  readonly rules: readonly { readonly rule: number; readonly line: string }[];
  readonly fragments: readonly string[];
  /** What stands between them: the rest of the ground. */
  readonly rest: readonly string[];
  /** What no rule allows: of later fragments, and of all. */
  readonly denied: { readonly fragments: readonly string[]; readonly whole: readonly string[] };
}

const [FRAGMENTS, GROUND, LAST] = ["remark later fragments", "remark how addresses are got and kept, and", "remark what no rule allows"];

function listsIn(text: string): readonly List[] {
  return [...text.matchAll(/^! \d+ entries: .*\n(ip access-list extended|ipv6 access-list) (\S+)\n((?: .*\n)+)/gm)].map(
    ([all, kind, name, body]) => {
      const lines = body!.trimEnd().split("\n").map((it) => it.slice(1)); // prettier-ignore
      const [fragments, ground, last] = [FRAGMENTS, GROUND, LAST].map((it) => lines.findIndex((line) => line.startsWith(it))) as [number, number, number]; // prettier-ignore
      const rule = lines.findIndex((line, at) => at > ground && /^remark \d+: /.test(line));
      const end = rule < 0 ? last : rule;
      const whole = lines.slice(last);
      // As many as of what no rule allows stand behind the lines of fragments: the remark is no entry.
      const split = ground - (whole.length - 1);
      let of = -1;
      const rules = lines.slice(end, last).flatMap((line) => {
        const remark = /^remark (\d+): /.exec(line)?.[1];
        if (remark !== undefined) of = Number(remark) - 1;
        return remark === undefined ? [{ rule: of, line }] : [];
      });
      return {
        family: kind === "ipv6 access-list" ? 6 : 4,
        name: name!,
        all: all.trimEnd(),
        ground: lines.slice(0, fragments + 1),
        rules,
        fragments: lines.slice(fragments + 1, split),
        rest: lines.slice(ground, end),
        denied: { fragments: lines.slice(split, ground), whole },
      };
    },
  );
}

/** Null where it fits as it is. */
function fittedIn(list: List, policy: CompiledPolicy, heard: Heard, budget: Omit<Budget, "beside">): Fitted | null {
  const { family, name, ground, rest, denied } = list;
  const slots = new Slots(budget.platform);
  const beside = [ground, rest, denied.fragments, denied.whole].flat().filter(isEntry).reduce((sum, line) => sum + slots.add("beside", portsIn(line.split(" "))), 0);
  const permits = list.rules.map(({ rule, line }) => permitOf(line, rule, family, 2, policy));
  const before = permits.reduce((sum, it) => sum + slots.add(sideOf(it), it.ports), beside + list.fragments.length);
  if (before <= budget.entries) return null;
  // Lines of fragments become fewer with those they follow from, about as many: what is over then is taken from the rules.
  const share = permits.length / (permits.length + list.fragments.length);
  for (let entries = beside + Math.ceil((budget.entries - beside) * share); entries > beside; ) {
    const fitted = fitIn(name, { ends: 2, permits, ...heard }, { ...budget, entries, beside });
    const after = fitted.after.entries + fragmentLines(fitted.entries).length;
    if (after <= budget.entries) return { ...fitted, before: { ...fitted.before, entries: before }, after: { ...fitted.after, entries: after } };
    entries -= after - budget.entries;
  }
  throw new DoesNotFit(`${name}: expected a list that fits in ${budget.entries} entries, got ${beside} that are of no rule: what is denied, and what the network needs`);
} // prettier-ignore

/** Each once. */
function fragmentLines(entries: readonly Permit[]): readonly string[] {
  return [...new Set(entries.map(fragmentsOf))];
}

function nameOf(name: string, entries: readonly string[]): string {
  const hash = createHash("sha256").update(entries.join("\n")).digest("hex");
  return name.replace(/[0-9a-f]+$/, (before) => hash.slice(0, before.length));
}
