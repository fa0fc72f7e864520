/**
 * `auscult policy`: what devices need, written down and replayed against what was heard. stdout is the policy or the report, stderr
 * everything beside it. Nothing here changes any equipment.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { readSettings } from "../config.ts";
import { inWords } from "../link/refusals.ts";
import type { Membership, Policy } from "../model/policy.ts";
import type { Replay } from "../model/replay.ts";
import { check, type Checked, type Judged, WINDOW_DAYS_MIN } from "../policies/check.ts";
import { compile } from "../policies/compile.ts";
import { policyIn, WrongPolicy } from "../policies/file.ts";
import { learn, type Learned, type NotLearned } from "../policies/learn.ts";
import { coverage, measure, overPermission, type Fit, type Measured } from "../policies/measure.ts";
import { membershipOf } from "../policies/membership.ts";
import { formatted, policyText, ruleText } from "../policies/text.ts";
import { expectations, hashesOf, replayFrom } from "../replaying.ts";
import { recordingFor, unreadable } from "./recording.ts";
import { CommandError, Exit, number, paint, plural, print, say, table, time, type Column } from "./terminal.ts";

export interface PolicyOptions {
  readonly data: string;
  readonly recording?: string;
  /** Days as "2026-01-05", both included. */
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
}

export interface LearnOptions extends PolicyOptions {
  readonly name?: string;
  readonly only?: readonly string[];
  readonly limit: number;
}

export async function policyLearn({ name, only = [], limit, json, ...options }: LearnOptions): Promise<void> {
  const { replay, recording } = replayIn(options);
  const known = expectations();
  for (const kind of only)
    if (!known.kinds.has(kind)) throw new CommandError(`--only: expected a kind such as "infusion pump", got "${kind}"`);
  const learned = learn(replay, known, name ?? recording, only);
  const membership = membershipOf(learned.policy, replay, ownRanges(options.data));
  const measured = measure(compile(learned.policy, membership, replay.machines), replay.machines, learned.asked);
  const hashes = hashesOf(learned.policy, membership, replay);
  if (json)
    return print(
      `${JSON.stringify({ schema: "auscult.learned/1", hashes, days: learned.days, policy: learned.policy, ...figures(measured), groups: measured.groups.map((it) => ({ ...it, ...figures(it) })), notLearned: learned.notLearned })}\n`,
    );
  await print(policyText(learned.policy));
  sayLearned(learned, measured, membership, limit);
}

function sayLearned({ policy, notLearned, days, ground }: Learned, measured: Measured, membership: Membership, limit: number): void {
  const waiting = membership.groups.reduce((sum, it) => sum + it.waiting.length, 0);
  const origin = (wanted: string) => policy.rules.filter((it) => it.origin === wanted).length;
  say(`\n${plural(policy.rules.length, "rule")} for ${plural(policy.groups.length, "group")}: ${origin("learned")} learned on ${plural(days, "day")}, ${origin("expected")} expected.`); // prettier-ignore
  say(table(fitColumns, [...measured.groups, { group: "all", ...measured }], { stream: process.stderr }));
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

export interface ShowOptions extends PolicyOptions {
  readonly format?: boolean;
  readonly write?: boolean;
}

export async function policyShow(file: string, { format, write, json, ...options }: ShowOptions): Promise<void> {
  const text = textOf(file);
  const policy = policyOf(file, text);
  if (write) {
    const stable = inPolicy(() => formatted(text, file));
    if (stable !== text) writeFileSync(file, stable);
    return say(stable === text ? `${file} is written as it should be.` : `Wrote ${file}.`);
  }
  if (format) return print(inPolicy(() => formatted(text, file)));
  const { replay, recording } = replayIn(options);
  const membership = membershipOf(policy, replay, ownRanges(options.data));
  if (json)
    return print(`${JSON.stringify({ schema: "auscult.policy/1", hashes: hashesOf(policy, membership, replay), policy, membership })}\n`);
  say(`${policy.name}, with members as of ${time(membership.at)} in recording ${recording}.`);
  await print(table(groupColumns, policy.groups.map((group, place) => ({ ...group, ...membership.groups[place]! })))); // prettier-ignore
  await print(`\n${table(ruleColumns, policy.rules.map((rule, place) => ({ rule, place: place + 1 })))}`); // prettier-ignore
  for (const { group, waiting } of membership.groups)
    for (const it of waiting) say(`${it.name} (${it.device}) waits for ${group}: ${it.because}.`);
}

const groupColumns: readonly Column<Policy["groups"][number] & Membership["groups"][number]>[] = [
  { title: "Group", text: (it) => it.name },
  { title: "Members", text: (it) => String(it.members.length), right: true },
  { title: "Waiting", text: (it) => String(it.waiting.length), right: true },
  { title: "Judged", text: (it) => (it.governs ? "yes" : "only named") },
  {
    title: "State",
    text: (it) => (it.states.length === 0 ? "draft" : it.states.map(({ place, state }) => `${place}: ${state}`).join(", ")),
  },
  { title: "Who", text: (it) => it.select },
];

const ruleColumns: readonly Column<{ readonly rule: Policy["rules"][number]; readonly place: number }>[] = [
  { title: "Rule", text: (it) => String(it.place), right: true },
  { title: "Allows", text: (it) => ruleText(it.rule) },
  { title: "From", text: (it) => it.rule.origin },
  { title: "Because", text: (it) => it.rule.because },
];

export interface CheckOptions extends PolicyOptions {
  readonly limit: number;
}

/** Exit 1 where something would be blocked, or a test of the policy fails. */
export async function policyCheck(file: string, { limit, json, ...options }: CheckOptions): Promise<void> {
  const policy = policyFrom(file);
  const { replay, recording } = replayIn(options);
  const membership = membershipOf(policy, replay, ownRanges(options.data));
  const checked = check(policy, membership, replay, expectations());
  const hashes = hashesOf(policy, membership, replay);
  if (checked.answer.verdict === "would block") process.exitCode = Exit.findings;
  if (json) return print(`${JSON.stringify({ schema: "auscult.check/1", hashes, ...checked })}\n`);
  await printChecked(checked, policy, recording, limit);
  await print(`\n${Object.entries(hashes).map(([name, hash]) => `${name} ${hash}`).join("\n")}\n`); // prettier-ignore
}

async function printChecked({ window, answer, counts, conversations, ...it }: Checked, policy: Policy, recording: string, limit: number) {
  const { days, weekdays, weekendDays, monthEnds, quarterEnds, onceIn } = window;
  const blocked = conversations.filter(({ verdict }) => verdict === "would block");
  const unsure = conversations.filter(({ verdict }) => verdict === "cannot tell");
  await print(`${policy.name} against ${recording}: ${paint("bold", answer.verdict)}\n`);
  await print(`Heard ${time(window.from)} to ${time(window.to)}: ${plural(days, "day")}, ${weekdays} of them on weekdays, ${weekendDays} on weekends, ${plural(monthEnds, "month-end")}, ${plural(quarterEnds, "quarter-end")}.\n`); // prettier-ignore
  await print(`What comes less often than once in ${plural(onceIn, "day")} may well not have been heard.\n`);
  for (const line of answer.because) await print(`${line}\n`);
  const rows = (["would block", "cannot tell", "kept", "not governed"] as const).map((verdict) => ({ verdict, ...counts[verdict] }));
  await print(`\n${table(countColumns, rows)}`);
  for (const { text, held, because } of it.tests) await print(`${held ? "holds" : "fails"}: ${text}${because === "" ? "" : ` (${because})`}\n`);
  for (const [title, list] of [["Would block", blocked], ["Cannot tell", unsure]] as const) {
    if (list.length === 0) continue;
    const stories = storiesOf(list);
    await print(`\n${title}, ${plural(list.length, "conversation")} in ${plural(stories.length, "story", "stories")}; what a patient loses most by comes first\n`);
    for (const story of stories.slice(0, limit === 0 ? undefined : limit)) await print(storyText(story));
    if (limit > 0 && stories.length > limit) await print(`  ${number(stories.length - limit)} more: --limit 0\n`);
  }
  const unused = it.rules.filter((rule) => rule.conversations === 0);
  if (it.notHeard.length + unused.length > 0) await print("\nNot heard yet\n");
  if (it.notHeard.length > 0) await print(table(notHeardColumns, it.notHeard));
  for (const rule of unused) await print(`  rule ${rule.rule}, ${rule.text}: ${rule.ended ? "past its last day" : "nobody was heard using it"}\n`);
  if (it.waiting.length > 0) await print(`\n${plural(it.waiting.length, "device")} wait, since what they are is only probable: auscult policy show lists them.\n`);
  for (const group of it.empty) await print(`Nobody is in group ${group}.\n`);
} // prettier-ignore

const countColumns: readonly Column<{ readonly verdict: string; readonly conversations: number; readonly days: number }>[] = [
  { title: "Verdict", text: (it) => it.verdict },
  { title: "Conversations", text: (it) => number(it.conversations), right: true },
  { title: "Conversation-days", text: (it) => number(it.days), right: true },
];

const notHeardColumns: readonly Column<Checked["notHeard"][number]>[] = [
  { title: "Who", text: (it) => `${it.client} → ${it.server}` },
  { title: "Service", text: (it) => it.service },
  { title: "What for", text: (it) => it.purpose },
  { title: "Without it", text: (it) => it.without, drop: 2 },
  { title: "If it comes", text: (it) => (it.rule === null ? "no rule names it" : `rule ${it.rule} keeps it`) },
  { title: "Source", text: (it) => it.source, drop: 1 },
];

/** Conversations of one service between the same kinds: one edit would allow them, or one for each of those whose kind is not known. */
interface Story {
  readonly rows: readonly Judged[];
}

function storiesOf(rows: readonly Judged[]): Story[] {
  const endOf = ({ kind, groups }: Judged["client"]) => (kind === "" ? groups.join(", ") : kind);
  const keyOf = (it: Judged) => [it.care, it.service, endOf(it.client), endOf(it.server), it.because].join("\0");
  return [...Map.groupBy(rows, keyOf).values()].map((some) => ({ rows: some }));
}

const NAMED_MAX = 4;

function storyText({ rows }: Story): string {
  const first = rows[0]!;
  const { care, service, protocols, operations, purpose, without, edit, because } = first;
  const pairs = rows.slice(0, NAMED_MAX).map((it) => `${it.client.name} (${it.client.device}) → ${it.server.name} (${it.server.device})`);
  const more = rows.length > pairs.length ? ` and ${rows.length - pairs.length} more` : "";
  const days = Math.max(...rows.map((it) => it.days));
  const last = Math.max(...rows.map((it) => it.last));
  const spoken = [...protocols, ...operations].join(" ");
  const lines = [
    `${care}: ${service}${spoken === "" ? "" : ` (${spoken})`}${purpose === "" ? "" : `, to ${purpose}`}`,
    `${pairs.join(", ")}${more}`,
    `on up to ${plural(days, "day")}, last ${time(last)}; who began it is known by ${first.side === "guessed" ? "nothing: guessed" : `the ${first.side}`}`,
    ...(without === "" ? [] : [`without it: ${without}`]),
    ...(because === "" ? [] : [`cannot tell: ${because}`]),
    ...(edit === ""
      ? []
      : [
          rows.every((it) => it.edit === edit) ? "allowed by:" : "the first of them is allowed by:",
          ...edit.split("\n").map((line) => `  ${line}`),
        ]),
  ];
  return lines.map((line, at) => `${at === 0 ? "  " : "    "}${line}\n`).join("");
}

export function replayIn({ data, recording, from, to }: PolicyOptions): { readonly replay: Replay; readonly recording: string } {
  const { name, path } = recordingFor(data, recording);
  const [first, last] = [dayOf("--from", from), dayOf("--to", to)];
  try {
    const replay = replayFrom(path, { ...(first === undefined ? {} : { from: first }), ...(last === undefined ? {} : { to: last }) });
    return { replay, recording: name };
  } catch (error) {
    throw unreadable(path, error);
  }
}

const DAY_MS = 86_400_000;

function dayOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at)) throw new CommandError(`${option}: expected a day such as 2026-01-05, got "${text}"`);
  return at / DAY_MS;
}

export function ownRanges(data: string): readonly string[] {
  return readSettings(data).ownRanges;
}

/** Exit 2 where it cannot be read, with file, line and column where it is no policy. */
export function policyFrom(file: string): Policy {
  return policyOf(file, textOf(file));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new CommandError(`expected a policy that can be read, got ${inWords(error)}: ${file}`);
  }
}

function policyOf(file: string, text: string): Policy {
  return inPolicy(() => policyIn(text, basename(file)));
}

function inPolicy<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (error instanceof WrongPolicy) throw new CommandError(error.message);
    throw error;
  }
}
