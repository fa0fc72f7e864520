/** `auscult policy check`: what a policy would block of everything heard, heaviest loss first. */
import type { Policy } from "../model/policy.ts";
import type { Machine, Replay } from "../model/replay.ts";
import { asIf } from "../policies/as-if.ts";
import { check, type Checked, type Judged } from "../policies/check.ts";
import { membershipOf } from "../policies/membership.ts";
import { expectations, hashesOf } from "../replaying.ts";
import { machineCalled, ownRanges, policyOf, replayIn, sayRemarks, textOf, type PolicyOptions } from "./policy.ts";
import { CommandError, Exit, number, paint, plural, print, say, table, time, type Column } from "./terminal.ts";

export interface CheckOptions extends PolicyOptions {
  readonly limit: number;
  /** "ARCHIVE01 → ARCHIVE02". */
  readonly asIf?: string;
}

/** Exit 1 where something would be blocked, or a test of the policy fails. */
export async function policyCheck(file: string, { limit, asIf: moved, json, ...options }: CheckOptions): Promise<void> {
  const text = textOf(file);
  const policy = policyOf(file, text);
  const { replay, recording } = replayIn(options);
  const membership = membershipOf(policy, replay, ownRanges(options.data));
  const checked = check(policy, membership, moved === undefined ? replay : movedIn(replay, moved, recording), expectations());
  const hashes = hashesOf(policy, membership, replay);
  if (checked.answer.verdict === "would block") process.exitCode = Exit.findings;
  if (json) return print(`${JSON.stringify({ schema: "auscult.check/1", hashes, ...checked })}\n`);
  await printChecked(checked, policy, recording, limit);
  sayRemarks(file, text, policy, membership);
  await print(`\n${Object.entries(hashes).map(([name, hash]) => `${name} ${hash}`).join("\n")}\n`); // prettier-ignore
}

/** Only what one machine was heard in, as if another stood in its place. */
function movedIn(replay: Replay, text: string, recording: string): Replay {
  const [instead = "", by = "", more] = text.split(/\s*(?:→|->)\s*/);
  if (instead === "" || by === "" || more !== undefined) throw new CommandError(`--as-if: expected two devices with → (or ->) between them, got "${text}"`);
  const [one, other] = [instead, by].map((it) => machineCalled(replay.machines, it, recording)) as [Machine, Machine];
  say(`As if ${other.device.name} stood in place of ${one.device.name}: only what that one was heard in.`);
  return asIf(replay, one.number, other.number);
} // prettier-ignore

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
  if (it.notHeard.length > 0) await print(table(notHeardColumns, flowsOf(it.notHeard)));
  for (const rule of unused) await print(`  rule ${rule.rule}, ${rule.text}: ${rule.ended ? "past its last day" : "nobody was heard using it"}\n`);
  if (it.waiting.length > 0) await print(`\n${plural(it.waiting.length, "device")} wait, since what they are is only probable: auscult policy show lists them.\n`);
} // prettier-ignore

const countColumns: readonly Column<{ readonly verdict: string; readonly conversations: number; readonly days: number }>[] = [
  { title: "Verdict", text: (it) => it.verdict },
  { title: "Conversations", text: (it) => number(it.conversations), right: true },
  { title: "Conversation-days", text: (it) => number(it.days), right: true },
];

/** One flow, for all kinds that need it and were not heard in it. */
interface NotHeardFlow {
  readonly first: NotHeard;
  readonly kinds: readonly string[];
  readonly rules: readonly (number | null)[];
}
type NotHeard = Checked["notHeard"][number];

function flowsOf(notHeard: readonly NotHeard[]): NotHeardFlow[] {
  return [...Map.groupBy(notHeard, (it) => [it.server, it.service, it.purpose, it.source].join("\0")).values()].map((some) => ({
    first: some[0]!,
    kinds: some.map(({ client }) => client),
    rules: some.map(({ rule }) => rule),
  }));
}

const notHeardColumns: readonly Column<NotHeardFlow>[] = [
  { title: "What for", text: (it) => it.first.purpose },
  { title: "Who", text: (it) => `${it.kinds.join(", ")} → ${it.first.server}` },
  { title: "Service", text: (it) => it.first.service },
  { title: "If it comes", text: ifItComes },
  { title: "Without it", text: (it) => it.first.without, drop: 2 },
  { title: "Source", text: (it) => it.first.source, drop: 1 },
];

function ifItComes({ first, rules }: NotHeardFlow): string {
  const kept = rules.filter((rule) => rule !== null);
  if (kept.length === rules.length) return "kept";
  if (kept.length > 0) return `kept of ${kept.length} of ${rules.length} kinds`;
  return first.service.startsWith("a port") ? "its port is not known" : "would block";
}

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
