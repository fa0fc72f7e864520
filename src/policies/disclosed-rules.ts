/**
 * Rules for what a maker declares and no rule allows yet: from or to just the devices of its model, to servers that are known. Where a
 * document names everybody, whoever is outside, what people put programs on, or no port, it is too wide for a rule that nobody wrote:
 * that is left to a person, who reads it beside what was heard (disclosed.ts).
 */
import type { Kinds } from "../knowledge/kinds.ts";
import { placeInWords, type DisclosedFlow } from "../model/disclosure.ts";
import type { Rule, Service } from "../model/policy.ts";
import { isBuiltIn } from "./file.ts";
import { NOT_KNOWN, type Sorted } from "./cells.ts";
import type { DisclosedModel } from "./disclosed.ts";
import { judgeConversation } from "./evaluate.ts";
import { overlaps, reaches, serversOf } from "./expected-rules.ts";
import type { LearnedGroups } from "./learned-groups.ts";
import { serviceIn } from "./service.ts";

/** More ports are what both ends agree on as they go, and they are filed under what agreed on them. */
const PORTS_MAX = 64;
const NOTHING = { name: "", sets: [], rules: [] };

export function disclosedRules(before: readonly Rule[], models: readonly DisclosedModel[], sorted: Sorted, groups: LearnedGroups, kinds: Kinds): Rule[] {
  const rules: Rule[] = [];
  for (const model of models) {
    const own = groups.ofModel(model);
    // What their kind may do they may.
    const froms = new Set(model.members.map(({ number }) => sorted.group.get(number)!));
    const isGoverned = [...froms].some((it) => groups.isGoverned(it));
    for (const flow of model.disclosure.flows) {
      const service = serviceOf(flow);
      if (service === null) continue;
      for (const peer of peersOf(flow, service, sorted, groups, kinds)) {
        if (!isGoverned && !groups.isGoverned(peer)) continue;
        const [from, to] = flow.opens === "device" ? [own, peer] : [peer, own];
        const same = (it: string, wanted: string) => (wanted === own ? it === own || (froms.size === 1 && froms.has(it)) : reaches(it, wanted, groups));
        const known = [...before, ...rules].filter((it) => same(it.from, from) && same(it.to, to)).map((it) => it.service);
        // Where the site may set another port, one that is in use for it is enough.
        if (known.some((it) => overlaps(it, service))) continue;
        rules.push({ from, to, service, because: becauseOf(flow), origin: "expected", same: null, until: null, change: null });
      }
    }
  }
  return rules;
} // prettier-ignore

function becauseOf({ purpose, need, fixed, ...flow }: DisclosedFlow): string {
  const words = [...(need === "optional" ? ["optional"] : []), ...(fixed ? [] : ["the port as delivered"])];
  return `${purpose}: declared by its maker${words.length === 0 ? "" : `, ${words.join(", ")}`}, not heard yet (${placeInWords(flow)})`;
}

/** Null where it is none that a rule could be made of, or that everybody may use anyway. */
function serviceOf({ transport, ports }: DisclosedFlow): Service | null {
  if (ports === null) return null;
  const service = serviceIn(`${transport} ${ports}`);
  const count = service.ports.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  if (count === 0 || count > PORTS_MAX) return null;
  const isGround = service.ports.every(({ from }) => judgeConversation(NOTHING, { family: 4, transport, port: from, client: [], server: [] }).outcome === "ground");
  return isGround ? null : service;
} // prettier-ignore

function peersOf(
  { peers, opens }: DisclosedFlow,
  service: Service,
  sorted: Sorted,
  groups: LearnedGroups,
  kinds: Kinds,
): readonly string[] {
  const known = [...sorted.members.keys()].filter((it) => !isBuiltIn(it) && it !== NOT_KNOWN).sort();
  const kindOf = (group: string) => sorted.members.get(group)?.[0]?.device.kind?.value ?? "";
  const all = peers.flatMap((peer): readonly (string | null)[] => {
    if (peer === "inside") return opens === "device" ? [serversOf(service, sorted, groups)] : [];
    if (peer === "multicast" || peer === "broadcast") return opens === "device" ? [peer] : [];
    if (!kinds.has(peer) || kinds.isComputer(peer)) return [];
    return known.filter((it) => kinds.lineOf(kindOf(it)).includes(peer));
  });
  return [...new Set(all.filter((it) => it !== null))];
}
