/** Which kinds of devices a policy governs, as its groups are written: by their kind, alone or with more beside it. */
import { parseFilter, type Filter } from "../model/filter.ts";
import type { Policy } from "../model/policy.ts";

/** In lower case, sorted. Who belongs to such a group is worked out against a recording; a group by maker or ward names no kind. */
export function kindsGoverned({ groups }: Policy): readonly string[] {
  const kinds = groups.filter(({ governs }) => governs).flatMap(({ select }) => kindsOf(parseFilter(select)));
  return [...new Set(kinds)].toSorted();
}

/** What is left out by `not` is not governed for it. */
function kindsOf(filter: Filter | null): readonly string[] {
  switch (filter?.kind) {
    case "and":
    case "or":
      return filter.parts.flatMap(kindsOf);
    case "is":
      return filter.field === "kind" ? filter.values.filter((it) => it !== "") : [];
    default:
      return [];
  }
}
