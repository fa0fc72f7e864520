/** What the names and comments of a wall's text mean, kept beside it: the text keeps only letters, and rules by number. */
import type { CompiledPolicy } from "../model/policy.ts";
import type { Wall } from "../policies/exporters/exporter.ts";
import { counterMeanings, governingNames } from "../policies/exporters/nftables-names.ts";
import { serviceText } from "../policies/service.ts";

export interface WallMeaning {
  readonly rules: readonly { readonly comment: string; readonly answers: boolean; readonly from: string; readonly to: string; readonly service: string }[];
  readonly denied: readonly { readonly comment: string; readonly group: string; readonly end: "from" | "to" }[];
  /** Groups that govern, by their names in the text; those of whom nothing is dropped are not enforced. */
  readonly groups: readonly { readonly group: string; readonly name: string }[];
} // prettier-ignore

export function meaningOf({ policy }: Wall): WallMeaning {
  const meanings = counterMeanings(policy);
  return {
    rules: meanings.flatMap(({ comment, rule, answers }) => (rule === null ? [] : [{ comment, answers, ...saying(policy, rule) }])),
    denied: meanings.flatMap(({ comment, denied }) =>
      denied === null ? [] : [{ comment, group: policy.sets[denied.set]!.group, end: denied.end }],
    ),
    groups: [...governingNames(policy)].map(([set, name]) => ({ group: policy.sets[set]!.group, name })),
  };
}

function saying({ rules, sets }: CompiledPolicy, place: number) {
  const { from, to, service } = rules[place]!;
  return { from: sets[from]!.group, to: sets[to]!.group, service: serviceText(service) };
}
