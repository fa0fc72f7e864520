/**
 * `npm run wall`: how a policy fares that is learned on the first half of a sample hospital's days and replayed against the rest.
 *
 * Everything in it is made by us, traffic and attacks alike: it shows that rules do what they say, and nothing of a real hospital. What
 * each machine is, a person says first, as the waiting list of a policy asks; the strangers stay unknown.
 *
 *   npm run wall                  seeds 1 to 3, 28 days
 *   npm run wall -- 7 8 9         these seeds
 */
import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { readSettings } from "../src/config.ts";
import { openWriter } from "../src/link/recording.ts";
import { recordingPath } from "../src/link/recordings.ts";
import type { HeardConversation, Machine, Replay } from "../src/model/replay.ts";
import type { Policy } from "../src/model/policy.ts";
import { check, type Judged } from "../src/policies/check.ts";
import { compile } from "../src/policies/compile.ts";
import type { Expectations } from "../src/policies/expectations.ts";
import { policyIn } from "../src/policies/file.ts";
import { learn } from "../src/policies/learn.ts";
import { coverage, measure, overPermission } from "../src/policies/measure.ts";
import { membershipOf } from "../src/policies/membership.ts";
import { policyText } from "../src/policies/text.ts";
import { expectations, replayFrom } from "../src/replaying.ts";
import { LocalSession } from "../src/session.ts";
import { simulate } from "../src/simulation/index.ts";
import type { Truth } from "../src/simulation/truth.ts";

const DAYS = 28;
const LEARNED_DAYS = 14;
const FIRST_DAY = Date.UTC(2026, 0, 5) / 86_400_000;
const SIZE = 300;
const SHOWN_MAX = 12;

const seeds = process.argv.slice(2).map(Number);
for (const seed of seeds.length > 0 ? seeds : [1, 2, 3]) await score(seed);

async function score(seed: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "auscult-wall-"));
  try {
    const { capture, truth } = simulate({ seed, days: DAYS, size: SIZE });
    const file = join(folder, "hospital.pcap");
    await writeFile(file, capture);
    const path = await recorded(folder, file, truth);
    print(`\n== seed ${seed}: ${truth.devices.length} machines, ${DAYS} days, learned on ${LEARNED_DAYS}`);
    const window = { learned: replayFrom(path, { to: FIRST_DAY + LEARNED_DAYS - 1 }), rest: replayFrom(path, { from: FIRST_DAY + LEARNED_DAYS }) };
    const whole = replayFrom(path);
    const labels = labelsOf(truth, whole.machines);
    for (const [name, known, how] of [["learned alone", expectations(), "alone"], ["with expected rules", expectations(), "expected"], ["and what is left decided by a person", expectations(), "decided"]] as const)
      report(name, window.learned, window.rest, labels, known, how);
  } finally {
    rmSync(folder, { recursive: true });
  }
} // prettier-ignore

async function recorded(data: string, file: string, truth: Truth): Promise<string> {
  const session = new LocalSession({ dataDirectory: data, settings: readSettings(data, {}), log: () => undefined });
  await session.openFiles([file]);
  const { recording } = (await session.finished())!;
  await session.close();
  const path = recordingPath(data, recording);
  const kinds = new Map(truth.devices.flatMap(({ macs, kind }) => macs.map((mac) => [mac, kind])));
  const { machines } = replayFrom(path);
  const writer = await openWriter(path, { site: "main", ownRanges: [] });
  for (const { device } of machines) {
    const kind = device.macs.map((mac) => kinds.get(mac)).find((it) => it !== undefined);
    if (kind !== undefined && device.standing !== "group" && device.standing !== "outside") await writer.say({ who: "bench", reason: "the truth beside the capture", device: device.id, attribute: "kind", value: kind }); // prettier-ignore
  }
  await writer.close();
  return path;
}

/** What a conversation was for on a day; undefined: every day's work. */
type Labels = (it: HeardConversation, day: number) => { readonly name: string; readonly sort: string } | undefined;

function labelsOf({ happenings = [] }: Truth, machines: readonly Machine[]): Labels {
  const byKey = new Map<string, { readonly name: string; readonly sort: string }>();
  for (const { name, sort, conversations } of happenings)
    for (const { client, server, transport, port, days } of conversations)
      for (const day of days) byKey.set(`${client} ${server} ${transport} ${port} ${FIRST_DAY + day}`, { name, sort });
  const ips = new Map(machines.map(({ number, worn }) => [number, [...new Set(worn.flatMap(({ ip }) => ip ?? []))]]));
  return (it, day) => {
    for (const client of ips.get(it.client) ?? [])
      for (const server of ips.get(it.server) ?? []) {
        const label = byKey.get(`${client} ${server} ${it.transport} ${it.port} ${day}`);
        if (label !== undefined) return label;
      }
    return undefined;
  };
}

function daysOf({ days }: HeardConversation, { to }: Replay): number[] {
  const last = Math.floor(to / 86_400_000_000);
  return Array.from({ length: 64 }, (_, ago) => ago).flatMap((ago) => ((days >> BigInt(ago)) & 1n) === 1n ? [last - ago] : []); // prettier-ignore
}

function isLegitimate(sort: string | undefined): boolean {
  return sort === undefined || sort === "job";
}

function report(name: string, learned: Replay, rest: Replay, labels: Labels, known: Expectations, how: string): void {
  const { policy: draft, notLearned } = learn(learned, known, "wall");
  const alone = { ...draft, rules: draft.rules.filter(({ origin }) => origin === "learned") };
  const policy = how === "alone" ? alone : how === "decided" ? decide(draft, learned, labels, known) : draft;
  const legitimate = learned.conversations.filter((it) => daysOf(it, learned).some((day) => isLegitimate(labels(it, day)?.sort)));
  const membership = membershipOf(policy, learned);
  const fit = measure(compile(policy, membership, learned.machines), learned.machines, legitimate);
  print(`\n-- ${name}: ${policy.rules.length} rules (${policy.rules.filter(({ origin }) => origin === "expected").length} expected)`);
  const port = overPermissionByPort(learned, legitimate);
  print(`coverage of legitimate conversations ${share(coverage(fit))}, by days ${share(fit.keptDays / fit.heardDays)}; over-permission ${overPermission(fit)}; any client to a seen server by port ${port}`);
  const lines = notLearned.map((it) => it.client + it.server + it.service);
  print(`not learned ${lines.length} lines`);

  const checked = check(policy, membershipOf(policy, rest), rest, known);
  const verdicts = new Map(checked.conversations.map((it) => [`${it.client.device} ${it.server.device} ${it.service}`, it]));
  const keyOf = (it: HeardConversation) => `d${it.client} d${it.server} ${it.transport} ${it.port}`;
  const blocked: { it: HeardConversation; name: string; care: string }[] = [];
  let days = 0;
  for (const it of rest.conversations)
    for (const day of daysOf(it, rest)) {
      const label = labels(it, day);
      if (!isLegitimate(label?.sort)) continue;
      days++;
      const judged = verdicts.get(keyOf(it));
      if (judged?.verdict === "would block") blocked.push({ it, name: label?.name ?? "every day's work", care: judged.care });
    }
  print(`held out: ${blocked.length} of ${days} legitimate conversation-days blocked, ${((blocked.length / days) * 10_000).toFixed(1)} in 10,000`);
  const nameOf = new Map(rest.machines.map(({ number, device }) => [number, `${device.name} (${device.kind?.value ?? "not known"})`]));
  for (const [what, some] of Map.groupBy(blocked, (it) => `${it.name}, ${it.care}`)) {
    const examples = [...new Set(some.map(({ it }) => `${nameOf.get(it.client)} → ${nameOf.get(it.server)} ${it.transport} ${it.port}`))];
    print(`  ${some.length}: ${what}: ${examples.slice(0, 3).join("; ")}${examples.length > 3 ? ` and ${examples.length - 3} more` : ""}`);
  }
  for (const [which, replay] of [["while learning", learned], ["afterwards", rest]] as const) attacks(which, replay, policy, labels, known);
  const notHeard = checked.notHeard.slice(0, SHOWN_MAX).map((it) => `${it.client} → ${it.server}: ${it.purpose}`);
  print(`not heard yet, ${checked.notHeard.length}: ${notHeard.join("; ")} …`);
} // prettier-ignore

/** Who knows the work says of each line that would be blocked whether it is work; it is one line for as many as one edit allows. */
function decide(policy: Policy, replay: Replay, labels: Labels, known: Expectations): Policy {
  const { conversations } = check(policy, membershipOf(policy, replay), replay, known);
  const heard = new Map(replay.conversations.map((it) => [`d${it.client} d${it.server} ${it.transport} ${it.port}`, it]));
  const isWork = ({ client, server, service }: Judged) => {
    const it = heard.get(`${client.device} ${server.device} ${service}`)!;
    return daysOf(it, replay).every((day) => isLegitimate(labels(it, day)?.sort));
  };
  const edits = Map.groupBy(conversations.filter(({ verdict }) => verdict === "would block"), ({ edit }) => edit); // prettier-ignore
  const accepted = [...edits].filter(([, some]) => some.every(isWork)).map(([edit]) => parse(edit) as { groups?: Record<string, object>; rules: object[] }); // prettier-ignore
  print(`  a person said yes to ${accepted.length} of ${edits.size} edits`);
  const written = parse(policyText(policy)) as { groups: Record<string, object>; rules: object[] };
  const groups = Object.assign({}, ...accepted.map((it) => it.groups ?? {}), written.groups) as object;
  return policyIn(stringify({ ...written, groups, rules: [...written.rules, ...accepted.flatMap((it) => it.rules)] }), "decided");
}

function attacks(which: string, replay: Replay, policy: Parameters<typeof check>[0], labels: Labels, known: Expectations): void {
  const checked = check(policy, membershipOf(policy, replay), replay, known);
  const verdicts = new Map(checked.conversations.map((it) => [`${it.client.device} ${it.server.device} ${it.service}`, it]));
  const stories = new Map<string, { blocked: number; open: string[] }>();
  for (const it of replay.conversations) {
    const label = daysOf(it, replay).map((day) => labels(it, day)).find((some) => some?.sort === "attack" || some?.sort === "stray"); // prettier-ignore
    if (label === undefined) continue;
    const story = stories.get(label.name) ?? { blocked: 0, open: [] };
    stories.set(label.name, story);
    const judged = verdicts.get(`d${it.client} d${it.server} ${it.transport} ${it.port}`);
    if (judged?.verdict === "would block") story.blocked++;
    else story.open.push(judged === undefined ? "not governed" : judged.rule === null ? judged.because : `rule ${judged.rule}: ${judged.client.kind} → ${judged.server.kind || judged.server.groups.join()} ${judged.service}`);
  }
  const open = [...stories].filter(([, it]) => it.open.length > 0);
  print(`attacks and strays ${which}: ${stories.size - open.length} of ${stories.size} stories wholly blocked`);
  for (const [name, it] of open) print(`  ${name}: ${it.open.length} of ${it.blocked + it.open.length} conversations pass: ${[...new Set(it.open)].slice(0, 4).join("; ")}`);
} // prettier-ignore

/** What a wall by ports alone would allow: any machine to each server and port that was heard. */
function overPermissionByPort({ machines }: Replay, conversations: readonly HeardConversation[]): string {
  const services = new Set(conversations.map((it) => `${it.server} ${it.transport} ${it.port}`));
  const clients = machines.filter(({ device }) => device.standing !== "group" && device.standing !== "outside").length;
  return ((services.size * (clients - 1)) / conversations.length).toFixed(1);
}

function share(value: number | null): string {
  return value === null ? "-" : `${(Math.floor(value * 10_000) / 100).toFixed(2)} %`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
