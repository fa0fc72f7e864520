/** What the pages show of a policy: groups, cells of the matrix, and verdicts, from a dry run. */
import { CARE_CLASSES } from "../model/device.ts";
import { BUILT_IN_GROUPS } from "../model/policy.ts";
import type { Membership, Policy } from "../model/policy.ts";
import type { PolicyReport, ReportedCell, ReportedGroup, ReportedRule, ReportedVerdict } from "../model/policy-report.ts";
import type { Checked, Judged } from "./check.ts";
import { serviceText } from "./service.ts";

/** Devices that the policy groups nowhere, as a row and a column of their own. */
const NO_GROUP = "in no group";
/** What a person can look through; the command line lists all. */
export const VERDICTS_MAX = 10_000;

type Reported = Pick<PolicyReport, "groups" | "rules" | "cells" | "verdicts" | "verdictsTotal">;

export function reported(policy: Policy, membership: Membership, checked: Checked): Reported {
  const groups = groupsOf(policy, membership, checked);
  const placeOf = new Map(groups.map(({ name }, place) => [name, place]));
  /** A device in several groups stands in the first of them. */
  const groupOf = ({ groups: own }: Judged["client"]) => Math.min(placeOf.get(NO_GROUP) ?? groups.length, ...own.map((it) => placeOf.get(it) ?? groups.length));
  const asked = checked.conversations.filter((it): it is Judged & { verdict: ReportedVerdict["verdict"] } => it.verdict !== "kept");
  const rules = policy.rules.map(({ from, to, service, same }, place): ReportedRule => {
    const { rule, origin, because, conversations, days, ended } = checked.rules[place]!;
    return { rule, from, to, service: serviceText(service), origin: origin as ReportedRule["origin"], because, same, conversations, days, ended };
  });
  const end = (it: Judged["client"]) => ({
    device: it.device,
    name: it.name,
    kind: it.kind,
    group: groupOf(it),
  });
  return {
    groups,
    rules,
    cells: cellsOf(checked.conversations, rules, placeOf, groupOf),
    verdicts: asked.slice(0, VERDICTS_MAX).map((it) => ({
      verdict: it.verdict,
      client: end(it.client),
      server: end(it.server),
      service: it.service,
      spoken: [...it.protocols, ...it.operations].join(" "),
      purpose: it.purpose,
      without: it.without,
      care: it.care,
      days: it.days,
      last: it.last,
      packets: it.packets,
      side: it.side,
      because: it.because,
      edit: it.edit,
    })),
    verdictsTotal: asked.length,
  };
} // prettier-ignore

/** Those of the policy by what a patient loses, as it lists them within; then the built-in ones that anything is about. */
function groupsOf(policy: Policy, membership: Membership, { conversations }: Checked): readonly ReportedGroup[] {
  const care = (members: Membership["groups"][number]["members"]) =>
    CARE_CLASSES.find((it) => members.some((member) => member.care === it)) ?? null;
  const own = policy.groups.map(({ name, select, governs, states }, place): ReportedGroup => {
    const { members, waiting } = membership.groups[place]!;
    const state = states.length === 0 ? "draft" : states.map((it) => `${it.place}: ${it.state}`).join(", ");
    return { name, builtIn: false, governs, select, members: members.length, waiting: waiting.length, care: care(members), state };
  });
  const named = new Set([
    ...policy.rules.flatMap(({ from, to }) => [from, to]),
    ...conversations.flatMap(({ client, server }) => [...client.groups, ...server.groups]),
  ]);
  const builtIn = BUILT_IN_GROUPS.filter((it) => named.has(it)).map((name): ReportedGroup => ({
    name,
    builtIn: true,
    governs: false,
    select: "",
    members: 0,
    waiting: 0,
    care: null,
    state: "",
  }));
  const isGrouped = ({ groups: of }: Judged["client"]) => of.length > 0;
  const others = conversations.every(({ client, server }) => isGrouped(client) && isGrouped(server))
    ? []
    : [{ name: NO_GROUP, builtIn: true, governs: false, select: "", members: 0, waiting: 0, care: null, state: "" }];
  const weight = ({ care, governs }: ReportedGroup) =>
    (governs ? 0 : CARE_CLASSES.length + 1) + (care === null ? CARE_CLASSES.length : CARE_CLASSES.indexOf(care));
  return [...own.sort((a, b) => weight(a) - weight(b)), ...builtIn, ...others];
}

function cellsOf(
  conversations: readonly Judged[],
  rules: readonly ReportedRule[],
  placeOf: ReadonlyMap<string, number>,
  groupOf: (end: Judged["client"]) => number,
): readonly ReportedCell[] {
  const cells = new Map<string, { from: number; to: number; kept: number; blocked: number; unsure: number; rules: number[] }>();
  const cell = (from: number, to: number) => {
    const key = `${from} ${to}`;
    const known = cells.get(key) ?? { from, to, kept: 0, blocked: 0, unsure: 0, rules: [] };
    cells.set(key, known);
    return known;
  };
  for (const it of conversations) {
    const [from, to] = [groupOf(it.client), groupOf(it.server)];
    cell(from, to)[it.verdict === "kept" ? "kept" : it.verdict === "would block" ? "blocked" : "unsure"]++;
  }
  for (const it of rules) cell(placeOf.get(it.from)!, placeOf.get(it.to)!).rules.push(it.rule);
  return [...cells.values()].sort((a, b) => a.from - b.from || a.to - b.to);
}
