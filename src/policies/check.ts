/**
 * The dry run: everything heard, judged by a policy before it stands. What would be blocked comes first, by what a patient loses; where the
 * recording is no ground to say, it says so and what would cure that. Nothing here says that what was not heard is without harm.
 */
import { counted, thousands } from "../bytes/thousands.ts";
import { OUTSIDE } from "../knowledge/expected.ts";
import type { CareClass } from "../model/device.ts";
import { CARE_CLASSES, LEAD_ASSERTED, LEAD_PROBABLY } from "../model/device.ts";
import type { Decision, Membership, Policy, Verdict } from "../model/policy.ts";
import type { NotHeard } from "../model/policy-report.ts";
import type { HeardConversation, Machine, Replay } from "../model/replay.ts";
import type { Coverage, MirrorVerdict } from "../model/store.ts";
import { countOf, order } from "./cells.ts";
import { compile, hasEnded, type Compiled } from "./compile.ts";
import { Decisions } from "./decisions.ts";
import { Edits } from "./edit.ts";
import type { Expectations } from "./expectations.ts";
import { offers } from "./evaluate.ts";
import { ranTests, type RanTest } from "./policy-tests.ts";
import { serviceText } from "./service.ts";
import { ruleText } from "./text.ts";

/** Of what is not heard yet, where a profile leaves the port to the site. */
export const SITES_PORT = "a port of the site's";

/** Days heard below which what was not heard says nothing. */
export const WINDOW_DAYS_MIN = 7;

export interface Checked {
  readonly window: Window;
  readonly answer: Answer;
  readonly counts: Readonly<Record<Verdict, Count>>;
  /** Blocked first, by what a patient loses; then those nobody can tell; then kept. Not governed ones are only counted. */
  readonly conversations: readonly Judged[];
  readonly rules: readonly RuleUse[];
  readonly notHeard: readonly NotHeard[];
  readonly waiting: readonly { readonly group: string; readonly name: string; readonly device: string; readonly because: string }[];
  readonly empty: readonly string[];
  readonly tests: readonly RanTest[];
}

interface Count {
  readonly conversations: number;
  /** Each as often as the days it was heard on. */
  readonly days: number;
}

export interface Window {
  readonly from: number;
  readonly to: number;
  readonly days: number;
  readonly weekdays: number;
  readonly weekendDays: number;
  readonly monthEnds: number;
  readonly quarterEnds: number;
  /** What happens less often than once in so many days may well not have been heard (95 %). */
  readonly onceIn: number;
}

export interface Answer {
  readonly verdict: "would block" | "cannot tell" | "kept";
  /** One sentence each: why, and what would cure it. */
  readonly because: readonly string[];
}

export interface End {
  readonly device: string;
  readonly name: string;
  /** Its kind; "" where not asserted. */
  readonly kind: string;
  readonly groups: readonly string[];
  readonly care: CareClass | "not known";
}

export interface Judged {
  readonly verdict: Exclude<Verdict, "not heard yet" | "not governed">;
  readonly client: End;
  readonly server: End;
  readonly service: string;
  readonly protocols: readonly string[];
  readonly operations: readonly string[];
  /** What it is for, in a clinician's words, and what is lost without it; "" where no table knows. */
  readonly purpose: string;
  readonly without: string;
  /** The heavier of both ends. */
  readonly care: End["care"];
  readonly days: number;
  readonly first: number;
  readonly last: number;
  readonly packets: number;
  /** How it is known who began it. */
  readonly side: HeardConversation["side"];
  /** Its place in the policy, from 1; null where none allows it. */
  readonly rule: number | null;
  /** Of what nobody can tell: why, and what would cure it. */
  readonly because: string;
  /** Lines for the policy that would allow it; "" where it is kept. */
  readonly edit: string;
}

export interface RuleUse {
  /** From 1, in order of text. */
  readonly rule: number;
  readonly text: string;
  readonly origin: string;
  readonly because: string;
  readonly conversations: number;
  readonly days: number;
  readonly ended: boolean;
}

export function check(policy: Policy, membership: Membership, replay: Replay, expectations: Expectations): Checked {
  const compiled = compile(policy, membership, replay.machines);
  const judged = judge(policy, compiled, membership, replay, expectations);
  const used = Map.groupBy(judged.rows.filter(({ rule }) => rule !== null), ({ rule }) => rule!); // prettier-ignore
  const rules = policy.rules.map((rule, place): RuleUse => {
    const by = used.get(place + 1) ?? [];
    return {
      rule: place + 1,
      text: ruleText(rule),
      origin: rule.origin,
      because: rule.because,
      conversations: by.length,
      days: by.reduce((sum, { days }) => sum + days, 0),
      ended: hasEnded(rule, membership.at),
    };
  });
  const window = windowOf(replay);
  const tests = ranTests(policy, compiled, replay.machines);
  return {
    window,
    answer: answerOf(window, replay, judged.counts, tests, governs(policy, membership)),
    counts: judged.counts,
    conversations: judged.rows,
    rules,
    notHeard: notHeardOf(policy, compiled, replay, expectations),
    waiting: membership.groups.flatMap(({ group, waiting }) => waiting.map((it) => ({ group, ...it }))),
    empty: membership.groups.filter(({ members }) => members.length === 0).map(({ group }) => group),
    tests,
  };
}

interface AllJudged {
  readonly rows: readonly Judged[];
  readonly counts: Checked["counts"];
}

function judge(policy: Policy, compiled: Compiled, membership: Membership, replay: Replay, expectations: Expectations): AllJudged {
  const { machines, conversations } = replay;
  const decisions = new Decisions(compiled.policy, compiled.places, machines, conversations);
  const waiting = waitingPlaces(membership, compiled);
  const perhaps = new Decisions(compiled.policy, (it) => placesWith(compiled.places(it), waiting.get(it)), machines, conversations);
  const byNumber = new Map(machines.map((it) => [it.number, it]));
  const ends = new Map<number, End>();
  const endOf = (number: number): End => {
    let end = ends.get(number);
    if (end === undefined) ends.set(number, (end = endFrom(byNumber.get(number)!, compiled)));
    return end;
  };
  const edits = new Edits(policy, replay);
  const counts = Object.fromEntries(
    (["would block", "cannot tell", "kept", "not heard yet", "not governed"] as const).map((it) => [it, { conversations: 0, days: 0 }]),
  ) as Record<Verdict, { conversations: number; days: number }>;
  const rows: Judged[] = [];
  for (const it of conversations) {
    const decision = decisions.of(it);
    const doubt = doubtOf(it, decision, decisions, perhaps, waiting, byNumber);
    const verdict = doubt === "" ? verdictOf(decision) : "cannot tell";
    const days = countOf(it.days);
    counts[verdict].conversations++;
    counts[verdict].days += days;
    if (verdict === "not governed") continue;
    const [client, server] = [endOf(it.client), endOf(it.server)];
    const expected = expectations.of({ client: client.kind || null, server: byNumber.get(it.server)!.device.standing === "outside" ? OUTSIDE : server.kind || null, transport: it.transport, port: it.port, protocols: it.protocols }); // prettier-ignore
    const rule = decision.outcome === "allowed" ? compiled.policy.rules[decision.rule]!.rule : null;
    const denied = decision.outcome === "denied";
    rows.push({
      verdict,
      client,
      server,
      service: serviceText({ transport: it.transport, ports: [{ from: it.port, to: it.port }] }),
      protocols: it.protocols,
      operations: it.operations,
      purpose: expected?.purpose ?? "",
      without: expected?.without ?? "",
      care: heavier(client.care, server.care),
      days,
      first: it.first,
      last: it.last,
      packets: it.packets,
      side: it.side,
      rule: rule === null ? null : rule + 1,
      because: doubt,
      edit: denied ? edits.of(byNumber.get(it.client)!, byNumber.get(it.server)!, it, expected?.purpose ?? "") : "",
    });
  }
  return { rows: rows.sort(bySeverity), counts };
}

function verdictOf({ outcome }: Decision): "kept" | "would block" | "not governed" {
  return outcome === "denied" ? "would block" : outcome === "not governed" ? "not governed" : "kept";
}

/** "" where it is plain; else why it is not, and what would cure that. */
function doubtOf(
  it: HeardConversation,
  decision: Decision,
  decisions: Decisions,
  perhaps: Decisions,
  waiting: ReadonlyMap<number, readonly number[]>,
  machines: ReadonlyMap<number, Machine>,
): string {
  if (waiting.has(it.client) || waiting.has(it.server)) {
    if (verdictOf(perhaps.of(it)) !== verdictOf(decision)) {
      const names = [it.client, it.server].filter((end) => waiting.has(end)).map((end) => machines.get(end)!.device.name);
      return `what ${names.join(" and ")} ${names.length === 1 ? "is" : "are"} is only probable: say it, or hear more of it`;
    }
  }
  // A group sends nothing, so who opened to it is plain.
  if (it.side !== "guessed" || machines.get(it.server)!.device.standing === "group") return "";
  return verdictOf(decisions.of(it, true)) === verdictOf(decision) ? "" : "who began it is a guess: hear its beginning, or both directions";
}

function waitingPlaces({ groups }: Membership, { policy }: Compiled): ReadonlyMap<number, readonly number[]> {
  const places = new Map<number, number[]>();
  for (const { group, waiting } of groups) {
    const place = policy.sets.findIndex((set) => set.group === group && set.ward === null);
    for (const { device } of waiting) places.set(Number(device.slice(1)), [...(places.get(Number(device.slice(1))) ?? []), place]);
  }
  return places;
}

function placesWith(own: readonly number[], more: readonly number[] | undefined): readonly number[] {
  return more === undefined ? own : [...new Set([...own, ...more])].sort((a, b) => a - b);
}

function endFrom({ number, device }: Machine, { policy, places }: Compiled): End {
  const sets = places(number).map((place) => policy.sets[place]!);
  const own = sets.filter(({ builtIn, ward }) => !builtIn && ward === null);
  // Everybody is among anyone: of others that is said only where nothing else can be.
  const others = sets.filter(({ builtIn, group }) => builtIn && group !== "anyone");
  const isKnown = device.kind !== null && device.kind.lead >= LEAD_PROBABLY;
  return {
    device: device.id,
    name: device.name,
    kind: device.kind !== null && device.kind.lead >= LEAD_ASSERTED ? device.kind.value : "",
    groups: (own.length > 0 ? own : others).map(({ group }) => group),
    care: isKnown || device.lifeCritical !== "other" || device.standing !== "device" ? device.lifeCritical : "not known",
  };
}

/** Heaviest first. What nobody knows may be anything: it comes before what is known to be no bedside device. */
const WEIGHTS: readonly End["care"][] = [...CARE_CLASSES.slice(0, 3), "not known", ...CARE_CLASSES.slice(3)];
const VERDICT_ORDER: readonly Judged["verdict"][] = ["would block", "cannot tell", "kept"];

function heavier(a: End["care"], b: End["care"]): End["care"] {
  return WEIGHTS.indexOf(a) <= WEIGHTS.indexOf(b) ? a : b;
}

function bySeverity(a: Judged, b: Judged): number {
  return (
    VERDICT_ORDER.indexOf(a.verdict) - VERDICT_ORDER.indexOf(b.verdict) ||
    WEIGHTS.indexOf(a.care) - WEIGHTS.indexOf(b.care) ||
    b.days - a.days ||
    order(a.client.name, b.client.name) ||
    order(a.server.name, b.server.name) ||
    order(a.service, b.service) ||
    Number(a.client.device.slice(1)) - Number(b.client.device.slice(1)) ||
    Number(a.server.device.slice(1)) - Number(b.server.device.slice(1))
  );
}

const DAY_MS = 86_400_000;
/** After n days without an event its daily rate is below 1 − 0.05^(1/n), with 95 %. */
const UNHEARD = 0.05;

export function windowOf({ from, to, days }: Replay): Window {
  const dates = days.map((day) => new Date(day * DAY_MS));
  const isWeekend = (it: Date) => it.getUTCDay() === 0 || it.getUTCDay() === 6;
  const isMonthEnd = (it: Date) => new Date(it.getTime() + DAY_MS).getUTCDate() === 1;
  return {
    from,
    to,
    days: days.length,
    weekdays: dates.filter((it) => !isWeekend(it)).length,
    weekendDays: dates.filter(isWeekend).length,
    monthEnds: dates.filter(isMonthEnd).length,
    quarterEnds: dates.filter((it) => isMonthEnd(it) && it.getUTCMonth() % 3 === 2).length,
    onceIn: days.length === 0 ? 0 : Math.floor(1 / (1 - UNHEARD ** (1 / days.length))),
  };
}

/** Of a mirror: who talked to whom was not heard whole. */
const HALF_HEARD: ReadonlySet<MirrorVerdict["kind"]> = new Set(["onlyBroadcasts", "oneDirection", "tunnelled", "encrypted", "silent"]);

/** Why what was not heard says nothing, one sentence each with what would cure it; none where it says something. */
export function doubtsOfSilence(days: number, coverage: Coverage): readonly string[] {
  const doubts: string[] = [];
  if (days < WINDOW_DAYS_MIN)
    doubts.push(`${days} of at least ${WINDOW_DAYS_MIN} days were heard: what comes once a week was not. Listen on.`);
  if (coverage.drops > 0) doubts.push(`${thousands(coverage.drops)} frames were dropped before they were heard: free the machine that listens, or mirror less to it.`);
  for (const { name, verdict } of coverage.inputs)
    if (verdict !== null && HALF_HEARD.has(verdict.kind)) doubts.push(`${name}: ${verdict.words} ${verdict.cure}`.trim());
  return doubts;
} // prettier-ignore

/** Somebody is in a group that the policy governs. */
function governs({ groups }: Policy, membership: Membership): boolean {
  return groups.some(
    ({ name, governs: own }) => own && membership.groups.some(({ group, members }) => group === name && members.length > 0),
  );
}

function answerOf(window: Window, { coverage }: Replay, counts: Checked["counts"], tests: readonly RanTest[], isGoverning: boolean): Answer {
  const doubts = [...doubtsOfSilence(window.days, coverage)];
  if (!isGoverning) doubts.push("Nobody is in a group that the policy governs, so nothing was held against it: look at what its groups select.");
  const { conversations: unsure } = counts["cannot tell"];
  if (unsure > 0) doubts.push(`Of ${counted(unsure, "conversation")} nobody can tell; each says why.`);
  const failed = tests.filter(({ held }) => !held).length;
  if (counts["would block"].conversations > 0 || failed > 0) return { verdict: "would block", because: doubts };
  return { verdict: doubts.length > 0 ? "cannot tell" : "kept", because: doubts };
} // prettier-ignore

function notHeardOf(policy: Policy, { policy: compiled, places }: Compiled, { machines, conversations }: Replay, expectations: Expectations): NotHeard[] {
  const governed = machines.filter(({ number }) => places(number).some((place) => compiled.sets[place]!.governs));
  const kindOf = new Map(machines.map(({ number, device }) => [number, device.kind !== null && device.kind.lead >= LEAD_ASSERTED ? device.kind.value : null]));
  const outside = new Set(machines.filter(({ device }) => device.standing === "outside").map(({ number }) => number));
  const kinds = [...new Set(governed.flatMap(({ number }) => kindOf.get(number) ?? []))].sort();
  // Of many conversations few differ in what a profile asks.
  const asked = new Map(
    conversations.map((it) => {
      const [client, server] = [kindOf.get(it.client) ?? null, outside.has(it.server) ? OUTSIDE : (kindOf.get(it.server) ?? null)];
      return [[client, server, it.transport, it.port, ...it.protocols].join("\0"), { ...it, client, server }];
    }),
  );
  // Of conventional ports for one protocol those that are in use are enough; else each is for something of its own.
  const heard = new Map<string, Set<number>>();
  for (const it of asked.values())
    for (const [place, flow] of expectations.all.entries()) if (expectations.matches(flow, it)) heard.set(`${it.client} ${place}`, (heard.get(`${it.client} ${place}`) ?? new Set()).add(it.port));
  return expectations.all.flatMap((flow, place) =>
    kinds
      .filter((kind) => expectations.isUnder(kind, flow.client))
      .flatMap((kind): NotHeard[] => {
        const ports = heard.get(`${kind} ${place}`);
        const silent = flow.parsed?.ports.filter(({ from }) => ports?.has(from) !== true) ?? [];
        if (ports !== undefined && (flow.protocol !== null || silent.length === 0)) return [];
        const rule = policy.rules.findIndex(({ from, service }) => fromKind(from, kind, policy) && silent.some((it) => offers(service, flow.parsed!.transport, it.from)));
        return [{
          client: kind,
          server: flow.server ?? "whoever serves it",
          service: flow.parsed === null ? SITES_PORT : serviceText({ transport: flow.parsed.transport, ports: silent }),
          purpose: flow.purpose,
          without: flow.without,
          rhythm: flow.rhythm,
          source: flow.source,
          rule: rule < 0 ? null : rule + 1,
        }];
      }),
  );
} // prettier-ignore

/** A group selects a kind where it says no more than that. */
function fromKind(group: string, kind: string, { groups }: Policy): boolean {
  return groups.some(({ name, select }) => name === group && select === `kind = "${kind}"`);
}
