/** `auscult policy learn`: the least rules that cover what was heard on stdout, how well they fit and what is not learned on stderr. */
import { disclosedFrom } from "../disclosing.ts";
import { heldFrom } from "../holding.ts";
import type { Membership, Policy } from "../model/policy.ts";
import { WINDOW_DAYS_MIN } from "../policies/check.ts";
import { compile } from "../policies/compile.ts";
import { learn, type Learned, type NotLearned } from "../policies/learn.ts";
import { coverage, fitOfRules, measure, overPermission, type Fit, type Measured, type RuleFit } from "../policies/measure.ts";
import { serviceText } from "../policies/service.ts";
import { membershipOf } from "../policies/membership.ts";
import { policyText } from "../policies/text.ts";
import { expectations, hashesOf } from "../replaying.ts";
import { ownRanges, replayIn, type PolicyOptions } from "./policy.ts";
import { CommandError, number, plural, print, say, table, time, type Column } from "./terminal.ts";

export interface LearnOptions extends PolicyOptions {
  readonly name?: string;
  readonly only?: readonly string[];
  readonly limit: number;
}

export async function policyLearn({ name, only = [], limit, json, ...options }: LearnOptions): Promise<void> {
  const { replay, recording, path } = replayIn(options);
  const known = expectations();
  for (const kind of only)
    if (!known.kinds.has(kind)) throw new CommandError(`--only: expected a kind such as "infusion pump", got "${kind}"`);
  if (name?.trim() === "") throw new CommandError("--name: expected what the policy is called, got nothing");
  const learned = learn(replay, known, name ?? recording, { only, disclosed: disclosedFrom(path, replay), held: heldFrom(path, replay) });
  const membership = membershipOf(learned.policy, replay, ownRanges(options.data));
  const compiled = compile(learned.policy, membership, replay.machines);
  const measured = measure(compiled, replay.machines, learned.asked);
  const ruleFits = fitOfRules(compiled, replay.machines, learned.asked);
  const hashes = hashesOf(learned.policy, membership, replay);
  if (json)
    return print(
      `${JSON.stringify({ schema: "auscult.learned/1", hashes, days: learned.days, policy: learned.policy, ...figures(measured), groups: measured.groups.map((it) => ({ ...it, ...figures(it) })), ruleFits, notLearned: learned.notLearned })}\n`,
    );
  await print(policyText(learned.policy));
  sayLearned(learned, measured, ruleFits, membership, limit);
}

function sayLearned(
  { policy, notLearned, days, ground }: Learned,
  measured: Measured,
  ruleFits: readonly RuleFit[],
  membership: Membership,
  limit: number,
): void {
  const waiting = membership.groups.reduce((sum, it) => sum + it.waiting.length, 0);
  const origin = (wanted: string) => policy.rules.filter((it) => it.origin === wanted).length;
  say(`\n${plural(policy.rules.length, "rule")} for ${plural(policy.groups.length, "group")}: ${origin("learned")} learned on ${plural(days, "day")}, ${origin("expected")} expected.`); // prettier-ignore
  say(table(fitColumns, [...measured.groups, { group: "all", ...measured }], { stream: process.stderr }));
  sayWidest(policy, ruleFits);
  if (ground > 0) say(`${plural(ground, "conversation")} by which addresses are got and kept need no rule.`);
  if (waiting > 0) say(`${plural(waiting, "device")} wait, since what they are is only probable: auscult policy show lists them.`);
  if (days < WINDOW_DAYS_MIN)
    say(
      `Learned on ${plural(days, "day")}: a draft to look at. What comes once a week was not heard; ${WINDOW_DAYS_MIN} days are the least.`,
    );
  if (notLearned.length === 0) return;
  say(`\nNot learned, ${number(notLearned.length)}: a person decides. Most likely work first.`);
  say(table(notLearnedColumns, notLearned.slice(0, limit === 0 ? undefined : limit), { stream: process.stderr }).trimEnd());
  if (limit > 0 && notLearned.length > limit) say(`  ${number(notLearned.length - limit)} more: --limit 0`);
}

/** A few rules make most of what is open to nobody's use: those are worth a look, and perhaps another selector. */
function sayWidest({ rules }: Policy, ruleFits: readonly RuleFit[]): void {
  const unheard = (some: readonly RuleFit[]) => some.reduce((sum, { allowed, heard }) => sum + allowed - heard, 0);
  const widest = ruleFits.slice(0, WIDEST_MAX).filter((it) => unheard([it]) > 0);
  if (widest.length === 0) return;
  const share = Math.round((unheard(widest) / unheard(ruleFits)) * 100);
  say(`${widest.length} of ${plural(rules.length, "rule")} open ${share} % of what is allowed and was not heard. Look whether all of the group needs it:`);
  const columns: readonly Column<RuleFit>[] = [
    { title: "Rule", text: ({ rule }) => `${rules[rule]!.from} → ${rules[rule]!.to} ${serviceText(rules[rule]!.service)}` },
    { title: "Allowed", text: (it) => number(it.allowed), right: true },
    { title: "Heard", text: (it) => number(it.heard), right: true },
  ];
  say(table(columns, widest, { stream: process.stderr }));
} // prettier-ignore
const WIDEST_MAX = 3;

const percent = (share: number | null) => (share === null ? "" : `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`);

const fitColumns: readonly Column<Fit & { readonly group: string }>[] = [
  { title: "Opened by", text: (it) => it.group },
  { title: "Heard", text: (it) => number(it.heard), right: true },
  { title: "Covered", text: (it) => percent(coverage(it)), right: true },
  { title: "By days", text: (it) => (it.heardDays === 0 ? "" : percent(it.keptDays / it.heardDays)), right: true },
  { title: "Allowed", text: (it) => number(it.allowed), right: true },
  { title: "For each heard", text: (it) => String(overPermission(it) ?? ""), right: true },
];

const notLearnedColumns: readonly Column<NotLearned>[] = [
  { title: "Who", text: (it) => `${it.client} → ${it.server}` },
  { title: "Service", text: (it) => it.service, whole: true },
  { title: "Protocol", text: (it) => it.protocols.join(" "), drop: 2 },
  { title: "Pairs", text: (it) => String(it.pairs), right: true },
  { title: "Days", text: (it) => String(it.days), right: true },
  { title: "Last", text: (it) => time(it.last).slice(0, 10), whole: true, drop: 1 },
  { title: "Why not", text: (it) => it.why },
  { title: "Such as", text: (it) => it.who.join("; "), drop: 3 },
];

function figures(fit: Fit) {
  return { coverage: coverage(fit), overPermission: overPermission(fit) };
}
