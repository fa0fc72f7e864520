/**
 * Cisco lists made to fit: of each list in a text that an exporter wrote, the lines of rules become fewer where they are too many. What
 * stands in the text is what the switch counts, so it is read there: how addresses are got, and what ends the list, stay and are counted.
 */
import type { CompiledPolicy } from "../../model/policy.ts";
import { DoesNotFit, fit, type Budget, type Fitted } from "../budget.ts";
import type { PermitList } from "../permit-list.ts";
import { Slots } from "../slots.ts";
import { isEntry, lineOf, permitOf, portsIn } from "./acl-lines.ts";
import { remarkOf } from "./cisco-entries.ts";

export interface FittedLists {
  /** The whole text anew. */
  readonly text: string;
  readonly lists: readonly { readonly name: string; readonly fitted: Fitted }[];
}

/**
 * `text` is what `ciscoDacl.write` gave for `policy`. Throws DoesNotFit where one of its lists cannot fit; then nothing is to be loaded, also
 * none of the others.
 */
export function fittedLists(
  text: string,
  policy: CompiledPolicy,
  heard: Pick<PermitList, "hosts" | "served">,
  budget: Omit<Budget, "beside">,
): FittedLists {
  const lists: { name: string; fitted: Fitted }[] = [];
  const out: string[] = [];
  for (const part of partsOf(text)) {
    const permits = part.rules.flatMap(({ rule, lines }) => lines.map((line) => permitOf(line, rule, familyOf(part.name!), 1, policy)));
    if (part.name === null) {
      out.push(...part.before);
      continue;
    }
    const counted = new Slots(budget.platform);
    const beside = [...part.before, ...part.after].filter(isEntry).reduce((sum, line) => sum + counted.add("beside", portsIn(line.split(" "))), 0);
    const fitted = fitIn(part.name, { ends: 1, permits, ...heard }, { ...budget, beside });
    lists.push({ name: part.name, fitted });
    const rules = ruleLines(fitted, policy, 1);
    const head = `! ${part.name}: ${part.before.concat(rules, part.after).filter(isEntry).length} entries`;
    out.push(...part.before.map((line) => line.replace(/^! \S+: \d+ entries/, head)), ...rules, ...part.after);
  }
  return { text: out.join("\n"), lists };
} // prettier-ignore

/** Of what each line is for, before the first of those that are for the same. */
export function ruleLines({ entries }: Fitted, { rules }: CompiledPolicy, ends: 1 | 2): readonly string[] {
  const remarks = entries.map((it) => remarkOf(it.rules, rules[it.rules[0]!]!.because));
  return entries.flatMap((it, at) => [...(remarks[at] === remarks[at - 1] ? [] : [remarks[at]!]), lineOf(it, ends)]);
}

interface Part {
  /** Null for what stands before the first list. */
  readonly name: string | null;
  readonly before: string[];
  readonly rules: { readonly rule: number; readonly lines: string[] }[];
  readonly after: string[];
}

const LAST = "remark what no rule allows";

function partsOf(text: string): readonly Part[] {
  const parts: Part[] = [{ name: null, before: [], rules: [], after: [] }];
  for (const line of text.split("\n")) {
    const name = /^! (\S+): \d+ entries, for /.exec(line)?.[1];
    if (name !== undefined) parts.push({ name, before: [], rules: [], after: [] });
    const { before, rules, after, name: list } = parts.at(-1)!;
    const rule = list === null ? undefined : /^remark (\d+)[:,] /.exec(line)?.[1];
    if (after.length > 0 || line === LAST) after.push(line);
    else if (rule !== undefined) rules.push({ rule: Number(rule) - 1, lines: [] });
    else if (rules.length > 0) rules.at(-1)!.lines.push(line);
    else before.push(line);
  }
  return parts;
}

/** As the lists are named. */
function familyOf(name: string): 4 | 6 {
  return /-V6(-\d+)?$/.test(name) ? 6 : 4;
}

export function fitIn(name: string, list: PermitList, budget: Budget): Fitted {
  try {
    return fit(list, budget);
  } catch (error) {
    if (error instanceof DoesNotFit) throw new DoesNotFit(`${name}: ${error.message}`);
    throw error;
  }
}
