/** Rules for what nobody did yet: what profiles say that kinds need (knowledge/expected.tsv), to servers that are known. */
import type { Rule, Service } from "../model/policy.ts";
import { NOT_KNOWN, type Sorted } from "./cells.ts";
import type { Expectations } from "./expectations.ts";
import { isBuiltIn } from "./file.ts";
import { NAMED_MAX, SUPPORT_MIN, type LearnedGroups } from "./learned-groups.ts";

/** What kinds need although nobody did it yet, to servers that are known. */
export function expectedRules(learned: readonly Rule[], sorted: Sorted, groups: LearnedGroups, expectations: Expectations): Rule[] {
  const known = [...sorted.members.keys()].filter((it) => !isBuiltIn(it) && it !== NOT_KNOWN).sort();
  const kindOf = (group: string) => sorted.members.get(group)?.[0]?.device.kind?.value ?? null;
  const rules: Rule[] = [];
  for (const flow of expectations.all) {
    if (flow.parsed === null) continue;
    const { parsed: service } = flow;
    const under = (above: string) => known.filter((it) => expectations.isUnder(kindOf(it), above));
    const targets = flow.server !== null ? under(flow.server) : [serversOf(service, sorted, groups)].filter((it) => it !== null);
    for (const from of under(flow.client))
      for (const to of targets) {
        if (!groups.isGoverned(from) && !groups.isGoverned(to)) continue;
        const known = [...learned, ...rules].filter((it) => it.from === from && reaches(it.to, to, groups)).map((it) => it.service);
        // Of conventional ports for one thing those that are in use are enough.
        if (flow.protocol !== null && known.some((it) => overlaps(it, service))) continue;
        const ports = service.ports.filter((port) => !known.some((it) => overlaps(it, { ...service, ports: [port] })));
        if (ports.length === 0) continue;
        const because = `${flow.purpose}: expected, not heard yet (${flow.source})`;
        rules.push({ from, to, service: { ...service, ports }, because, origin: "expected", same: null, until: null, change: null });
      }
  }
  return rules;
}

/** The same group, or some of it by name; or a kind that all those named are of. */
export function reaches(to: string, wanted: string, groups: LearnedGroups): boolean {
  return to === wanted || groups.originOf(to) === wanted || groups.areAll(wanted, to);
}

export function overlaps(a: Service, b: Service): boolean {
  return a.transport === b.transport && a.ports.some((x) => b.ports.some((y) => x.from <= y.to && y.from <= x.to));
}

/** Those that answer on it to three or more, as a group of their own. Null where there are none, or too many to be named. */
export function serversOf({ transport, ports }: Service, sorted: Sorted, groups: LearnedGroups): string | null {
  const clients = new Map<number, Set<number>>();
  for (const { conversations, ...cell } of sorted.cells) {
    if (cell.transport !== transport || isBuiltIn(cell.server) || !ports.some(({ from, to }) => from <= cell.port && cell.port <= to)) continue;
    for (const it of conversations) if (it.answered > 0) clients.set(it.server, (clients.get(it.server) ?? new Set()).add(it.client));
  } // prettier-ignore
  const servers = [...clients].filter(([, of]) => of.size >= SUPPORT_MIN).map(([server]) => server);
  if (servers.length === 0 || servers.length > NAMED_MAX) return null;
  return groups.named(new Set(servers), NOT_KNOWN);
}
