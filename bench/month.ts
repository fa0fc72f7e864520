/**
 * A made-up month, learned on its first half and replayed against the second. What each machine is, a person says first, as the waiting
 * list of a policy asks; the strangers stay unknown. Traffic, attacks and truth are all made by us.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { readSettings } from "../src/config.ts";
import { heldFrom } from "../src/holding.ts";
import { OUTSIDE } from "../src/knowledge/expected.ts";
import { openWriter } from "../src/link/recording.ts";
import { recordingPath } from "../src/link/recordings.ts";
import type { Policy } from "../src/model/policy.ts";
import type { HeardConversation, Held, Machine, Replay } from "../src/model/replay.ts";
import { holding } from "../src/policies/cells.ts";
import { check, SITES_PORT, type Checked, type Judged } from "../src/policies/check.ts";
import { compile } from "../src/policies/compile.ts";
import { offers } from "../src/policies/evaluate.ts";
import { exporters } from "../src/policies/exporters/index.ts";
import type { Expectations } from "../src/policies/expectations.ts";
import { policyIn } from "../src/policies/file.ts";
import { learn, type NotLearned } from "../src/policies/learn.ts";
import { coverage, isMeasured, measure, overPermission, type Fit } from "../src/policies/measure.ts";
import { membershipOf } from "../src/policies/membership.ts";
import { policyText } from "../src/policies/text.ts";
import { serviceIn } from "../src/policies/service.ts";
import { expectations, replayFrom } from "../src/replaying.ts";
import { LocalSession } from "../src/session.ts";
import { simulate } from "../src/simulation/index.ts";
import type { Truth } from "../src/simulation/truth.ts";

export const DAYS = 28;
export const LEARNED_DAYS = 14;
export const FIRST_DAY = Date.UTC(2026, 0, 5) / 86_400_000;

export interface Month {
  readonly machines: number;
  readonly learned: Replay;
  /** By findings of the days that are learned on; nobody said anything of them. */
  readonly held: readonly Held[];
  readonly rest: Replay;
  readonly labels: Labels;
}

/** What a conversation was for on a day; undefined: every day's work. */
type Labels = (it: HeardConversation, day: number) => { readonly name: string; readonly sort: string } | undefined;

/** `folder`: for the capture and the recording. */
export async function month(seed: number, size: number, folder: string): Promise<Month> {
  const { capture, truth } = simulate({ seed, days: DAYS, size });
  const file = join(folder, `hospital-${seed}.pcap`);
  await writeFile(file, capture);
  const path = await recorded(folder, file, truth);
  const learned = replayFrom(path, { to: FIRST_DAY + LEARNED_DAYS - 1 });
  return {
    machines: truth.devices.length,
    learned,
    held: heldFrom(path, learned),
    rest: replayFrom(path, { from: FIRST_DAY + LEARNED_DAYS }),
    labels: labelsOf(truth, replayFrom(path).machines),
  };
}

/** As a recording, with what each machine is as a person says it. */
export async function recorded(data: string, file: string, truth: Truth): Promise<string> {
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

export const WAYS = ["learned alone", "with expected rules", "and what is left decided by a person"] as const;

export interface Figures {
  readonly rules: number;
  readonly expected: number;
  /** Of the legitimate conversations of the days learned on, by the numbers; those that a finding holds are apart. */
  readonly fit: Fit;
  readonly apart: number;
  /** Their share that is allowed; also by days. */
  readonly coverage: number;
  readonly coverageByDays: number;
  readonly overPermission: number;
  /** Of a wall by ports alone, over the same conversations: any machine to each server and port that legitimate ones went to. */
  readonly byPort: number;
  /** Of both what is allowed and was never heard, for each one heard. */
  readonly neverHeard: number;
  readonly neverHeardByPort: number;
  /** Lines left to a person; the places, from 1, of those that are work and nothing else. */
  readonly lines: number;
  readonly workAt: readonly number[];
  /** Of the legitimate conversation-days held out, and of them blocked. */
  readonly days: number;
  readonly blocked: readonly {
    readonly what: string;
    readonly care: string;
    readonly announced: Announced;
    readonly days: number;
    readonly examples: readonly string[];
  }[];
  readonly attacks: readonly Story[];
  /** What each kind of equipment stops of the attacks, of both halves. */
  readonly targets: readonly AtTarget[];
  readonly notHeard: Checked["notHeard"];
}

export interface AtTarget {
  readonly target: string;
  readonly blocked: number;
  /** By why. */
  readonly passing: ReadonlyMap<string, number>;
}

/** Where the answer to the days learned on spoke of it. */
export type Announced = "on the list left to a person" | "not heard yet" | "nowhere";

export interface Story {
  readonly name: string;
  readonly sort: string;
  readonly when: "while learning" | "afterwards";
  readonly conversations: number;
  /** Which of them pass, and by what. */
  readonly open: readonly string[];
  /** Of those that pass, how many are like no legitimate one in kind of client, kind of server and service. */
  readonly unlike: number;
}

export function figuresOf({ learned, held, rest, labels }: Month, way: (typeof WAYS)[number]): Figures {
  const known = expectations();
  const { policy: draft, notLearned } = learn(learned, known, "month", { held });
  const alone = { ...draft, rules: draft.rules.filter(({ origin }) => origin === "learned") };
  const work = workIn(draft, learned, labels);
  const policy = way === WAYS[0] ? alone : way === WAYS[1] ? draft : decided(draft, work);
  const isHeld = holding(held);
  const all = learned.conversations.filter((it) => daysOf(it, learned).some((day) => isLegitimate(labels(it, day)?.sort)));
  const legitimate = all.filter((it) => !isHeld(it));
  const compiled = compile(policy, membershipOf(policy, learned), learned.machines);
  const fit = measure(compiled, learned.machines, legitimate);
  const { notHeard } = check(policy, membershipOf(policy, learned), learned, known);
  const outside = new Set(rest.machines.flatMap(({ device }) => (device.standing === "outside" ? [device.id] : [])));
  const byPort = overPermissionByPort(
    learned,
    legitimate.filter((it) => isMeasured(compiled, it)),
  );
  const announcedAs = (it: Judged) => (placeOf(it, notLearned) > 0 ? "on the list left to a person" : isExpected(it, outside, notHeard, known) ? "not heard yet" : "nowhere");
  return {
    rules: policy.rules.length,
    expected: policy.rules.filter(({ origin }) => origin === "expected").length,
    fit,
    apart: all.length - legitimate.length,
    coverage: coverage(fit)!,
    coverageByDays: fit.keptDays / fit.heardDays,
    overPermission: overPermission(fit)!,
    byPort,
    neverHeard: (fit.allowed - fit.kept) / fit.heard,
    // Whatever legitimate conversation was heard, a wall by ports alone allows.
    neverHeardByPort: byPort - 1,
    lines: notLearned.length,
    workAt: [...new Set(work.map(({ it }) => placeOf(it, notLearned)))].sort((a, b) => a - b),
    ...blockedIn(check(policy, membershipOf(policy, rest), rest, known), rest, labels, announcedAs),
    attacks: [...attacksOn(policy, learned, labels, "while learning"), ...attacksOn(policy, rest, labels, "afterwards")],
    targets: atTargets(policy, [learned, rest], labels),
    notHeard,
  };
} // prettier-ignore

/** As if all groups were enforced. The made-up hospital is one network, so a router sees only what leaves or enters it. */
function atTargets(policy: Policy, halves: readonly Replay[], labels: Labels): AtTarget[] {
  const governed = new Set(policy.groups.flatMap(({ name, governs }) => (governs ? [name] : [])));
  const attacks = halves.flatMap((replay) => {
    const judged = judgedByKey(check(policy, membershipOf(policy, replay), replay, expectations()));
    const outside = new Set(replay.machines.filter(({ device }) => device.standing === "outside").map(({ number }) => number));
    return replay.conversations
      .filter((it) => daysOf(it, replay).some((day) => labels(it, day)?.sort === "attack"))
      .map((it) => ({ it: judged.get(keyOf(it)), isWithin: !outside.has(it.client) && !outside.has(it.server) }));
  });
  return exporters.map(({ name, sees }) => {
    const whys = attacks.map(({ it, isWithin }) => {
      if (it?.verdict !== "would block") return "the policy does not forbid it";
      if (sees.place === "router" && isWithin) return "it stays within the network";
      if (sees.direction === "from the device" && !it.client.groups.some((group) => governed.has(group))) return "it is sent to the device, and only what the device sends is judged";
      return null;
    });
    const passing = whys.filter((why) => why !== null);
    return { target: name, blocked: whys.length - passing.length, passing: new Map([...Map.groupBy(passing, (why) => why)].map(([why, some]) => [why, some.length])) };
  });
} // prettier-ignore

/** Something like it was on the list of what was not heard yet. */
function isExpected({ client, server, service, protocols }: Judged, outside: ReadonlySet<string>, notHeard: Checked["notHeard"], known: Expectations): boolean {
  const { transport, ports } = serviceIn(service);
  const asked = { client: client.kind || null, server: outside.has(server.device) ? OUTSIDE : server.kind || null, transport, port: ports[0]!.from, protocols };
  return known.all.some((flow) => known.matches(flow, asked) && notHeard.some((it) => it.client === client.kind && it.purpose === flow.purpose && it.source === flow.source && (it.service === SITES_PORT || offers(serviceIn(it.service), transport, asked.port))));
} // prettier-ignore

export function isLegitimate(sort: string | undefined): boolean {
  return sort === undefined || sort === "job";
}

/** Of each of its days that were learned on; undefined: every day's work. */
export function sortsOf({ learned, labels }: Month, it: HeardConversation): (string | undefined)[] {
  return daysOf(it, learned).map((day) => labels(it, day)?.sort);
}

function daysOf({ days }: HeardConversation, { to }: Replay): number[] {
  const last = Math.floor(to / 86_400_000_000);
  return Array.from({ length: 64 }, (_, ago) => ago).flatMap((ago) => ((days >> BigInt(ago)) & 1n) === 1n ? [last - ago] : []); // prettier-ignore
}

function keyOf(it: HeardConversation): string {
  return `d${it.client} d${it.server} ${it.transport} ${it.port}`;
}

function judgedByKey({ conversations }: Checked): ReadonlyMap<string, Judged> {
  return new Map(conversations.map((it) => [`${it.client.device} ${it.server.device} ${it.service}`, it]));
}

function blockedIn(
  checked: Checked,
  rest: Replay,
  labels: Labels,
  announcedAs: (it: Judged) => Announced,
): Pick<Figures, "days" | "blocked"> {
  const judged = judgedByKey(checked);
  const nameOf = new Map(rest.machines.map(({ number, device }) => [number, `${device.name} (${device.kind?.value ?? "not known"})`]));
  const blocked: { readonly it: HeardConversation; readonly what: string; readonly care: string; readonly announced: Announced }[] = [];
  let days = 0;
  for (const it of rest.conversations)
    for (const day of daysOf(it, rest)) {
      const label = labels(it, day);
      if (!isLegitimate(label?.sort)) continue;
      days++;
      const verdict = judged.get(keyOf(it));
      if (verdict?.verdict === "would block")
        blocked.push({ it, what: label?.name ?? "every day's work", care: verdict.care, announced: announcedAs(verdict) });
    }
  const parts = [...Map.groupBy(blocked, ({ what, care, announced }) => `${what}\0${care}\0${announced}`).values()];
  return {
    days,
    blocked: parts.map((some) => ({
      what: some[0]!.what,
      care: some[0]!.care,
      announced: some[0]!.announced,
      days: some.length,
      examples: [...new Set(some.map(({ it }) => `${nameOf.get(it.client)} → ${nameOf.get(it.server)} ${it.transport} ${it.port}`))],
    })),
  };
}

function attacksOn(policy: Policy, replay: Replay, labels: Labels, when: Story["when"]): Story[] {
  const judged = judgedByKey(check(policy, membershipOf(policy, replay), replay, expectations()));
  const stories = new Map<string, { readonly sort: string; conversations: number; readonly open: string[]; unlike: number }>();
  const like = (it: Judged) => `${kindsOf(it.client)} → ${kindsOf(it.server)} ${it.service}`;
  const legitimate = new Set(replay.conversations.flatMap((it) => {
    const known = judged.get(keyOf(it));
    return known !== undefined && daysOf(it, replay).some((day) => isLegitimate(labels(it, day)?.sort)) ? [like(known)] : [];
  }));
  for (const it of replay.conversations) {
    const label = daysOf(it, replay).map((day) => labels(it, day)).find((some) => !isLegitimate(some?.sort)); // prettier-ignore
    if (label === undefined) continue;
    const story = stories.get(label.name) ?? { sort: label.sort, conversations: 0, open: [], unlike: 0 };
    stories.set(label.name, story);
    story.conversations++;
    const verdict = judged.get(keyOf(it));
    if (verdict === undefined) story.open.push("not governed");
    else if (verdict.verdict === "cannot tell") story.open.push(verdict.because);
    else if (verdict.verdict === "kept") story.open.push(like(verdict));
    if (verdict === undefined || (verdict.verdict !== "would block" && !legitimate.has(like(verdict)))) story.unlike++;
  }
  return [...stories].map(([name, it]) => ({ name, when, ...it }));
} // prettier-ignore

function kindsOf({ kind, groups }: Judged["client"]): string {
  return kind || groups.join();
}

interface Work {
  readonly edit: string;
  readonly it: Judged;
}

/** Edits that allow what was work, and nothing else: what whoever knows the work would say yes to. */
function workIn(policy: Policy, replay: Replay, labels: Labels): Work[] {
  const { conversations } = check(policy, membershipOf(policy, replay), replay, expectations());
  const heard = new Map(replay.conversations.map((it) => [keyOf(it), it]));
  const isWork = ({ client, server, service }: Judged) => {
    const it = heard.get(`${client.device} ${server.device} ${service}`)!;
    return daysOf(it, replay).every((day) => isLegitimate(labels(it, day)?.sort));
  };
  const edits = Map.groupBy(conversations.filter(({ verdict }) => verdict === "would block"), ({ edit }) => edit); // prettier-ignore
  return [...edits].filter(([, some]) => some.every(isWork)).map(([edit, some]) => ({ edit, it: some[0]! }));
}

function decided(policy: Policy, work: readonly Work[]): Policy {
  const accepted = work.map(({ edit }) => parse(edit) as { groups?: Record<string, object>; rules: object[] });
  const written = parse(policyText(policy)) as { groups: Record<string, object>; rules: object[] };
  const groups = Object.assign({}, ...accepted.map((it) => it.groups ?? {}), written.groups) as object;
  return policyIn(stringify({ ...written, groups, rules: [...written.rules, ...accepted.flatMap((it) => it.rules)] }), "decided");
}

function placeOf({ client, server, service }: Judged, notLearned: readonly NotLearned[]): number {
  const isEnd = (end: Judged["client"], group: string) => [end.kind, ...end.groups, "not known"].includes(group);
  return notLearned.findIndex((it) => it.service === service && isEnd(client, it.client) && isEnd(server, it.server)) + 1;
}

function overPermissionByPort({ machines }: Replay, conversations: readonly HeardConversation[]): number {
  const services = new Set(conversations.map((it) => `${it.server} ${it.transport} ${it.port}`));
  const clients = machines.filter(({ device }) => device.standing !== "group" && device.standing !== "outside").length;
  return (services.size * (clients - 1)) / conversations.length;
}
