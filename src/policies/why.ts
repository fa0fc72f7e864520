/**
 * Is it us? Whether a rule stopped anything to or from one device, which, when, and from where we know: our own counters, the equipment's
 * log of what it denied, or only the evaluator; and whether its usual work goes on. The first sentence can be read over the telephone.
 *
 * Our wall remembers everybody it stopped, so what it does not remember it did not stop. A log may leave out, so what does not stand in one
 * may have been stopped; and what is only worked out from what was heard is "probably".
 */
import type { PolicyState, Membership, Policy } from "../model/policy.ts";
import { POLICY_STATES } from "../model/policy.ts";
import type { HeardConversation, Machine, Replay } from "../model/replay.ts";
import type { WallCounts } from "../model/wall.ts";
import type { Asked, Reason, Stopped, Why } from "../model/why.ts";
import { countOf } from "./cells.ts";
import { compile, hasEnded, type Compiled } from "./compile.ts";
import type { DenyLog } from "./deny-log/index.ts";
import { Edits } from "./edit.ts";
import { judgeConversation, setsOf } from "./evaluate.ts";
import { offers } from "./evaluate.ts";
import { serviceText } from "./service.ts";
import { stateOf as stateAt } from "./standing.ts";
import { ruleText } from "./text.ts";

/** What is heard on so many days is usual. */
const USUAL_DAYS = 3;

/** What is at hand besides the recording. */
export interface AtHand {
  /** Of our wall; null: nobody could read it. */
  readonly counts: WallCounts | null;
  /** Why not, or what they are, in one sentence; "": nothing to say. */
  readonly countsFrom: string;
  readonly log: DenyLog | null;
}

export const ONLY_HEARD: AtHand = { counts: null, countsFrom: "", log: null };

/** `since`: from this moment on, microseconds since 1970. */
export function why(policy: Policy, membership: Membership, replay: Replay, device: Machine, since: number, atHand: AtHand = ONLY_HEARD): Why {
  const enquiry = new Enquiry(policy, membership, replay, device, since);
  const counts = atHand.counts !== null && atHand.counts.at >= since ? atHand.counts : null;
  const stopped = enquiry.stopped(counts, atHand.log);
  const reasons = enquiry.reasons();
  const work = enquiry.work();
  const state = stateOf(policy, membership, device);
  const sources = sourcesOf(atHand, counts, policy, since);
  const told = { stopped, reasons, ...work };
  return { ...answerOf(device, state, told, replay, since, counts), state, since, sources, ...told };
} // prettier-ignore

class Enquiry {
  readonly #policy: Policy;
  readonly #membership: Membership;
  readonly #replay: Replay;
  readonly #device: Machine;
  readonly #since: number;
  readonly #compiled: Compiled;
  readonly #machines: ReadonlyMap<number, Machine>;
  readonly #wearers: ReadonlyMap<string, Machine>;
  readonly #states: ReadonlyMap<string, ReadonlySet<PolicyState>>;
  readonly #edits: Edits;

  constructor(policy: Policy, membership: Membership, replay: Replay, device: Machine, since: number) {
    this.#policy = policy;
    this.#membership = membership;
    this.#replay = replay;
    this.#device = device;
    this.#since = since;
    this.#compiled = compile(policy, membership, replay.machines);
    this.#machines = new Map(replay.machines.map((it) => [it.number, it]));
    this.#wearers = latestWearers(replay.machines);
    this.#states = statesOf(policy, membership);
    this.#edits = new Edits(policy, replay);
  }

  /** What each source says was stopped, the surest first; of one thing only the surest says it. Latest first. */
  stopped(counts: WallCounts | null, log: DenyLog | null): readonly Stopped[] {
    const all = new Map<string, Stopped>();
    const put = (it: Stopped) => {
      const key = `${it.client} ${it.server} ${it.service}`;
      if (!all.has(key)) all.set(key, it);
    };
    for (const it of counts?.stopped ?? []) if (it.last >= this.#since && this.#isOwn(it)) put(this.#told(it, "counters", ""));
    for (const it of log?.denied ?? [])
      if (it.last >= this.#since && this.#isOwn(it) && (!it.undecided || this.#isDropped(it.client, it.server))) put(this.#told(it, "log", it.rule));
    // Our wall remembers whom it stopped: what only the evaluator says, it did not do.
    if (counts === null || counts.full) for (const it of this.#workedOut()) put(it);
    return [...all.values()].sort((a, b) => ORDER.indexOf(a.from) - ORDER.indexOf(b.from) || b.last - a.last || (a.service < b.service ? -1 : 1));
  } // prettier-ignore

  /** What a rule allows and was refused or not answered all the same: the other end's doing. Latest first. */
  reasons(): readonly Reason[] {
    const { conversations, attempts } = this.#replay;
    const refused = conversations.flatMap((it) => (it.refusedLast >= this.#since && it.refusedLast > it.answeredLast ? [{ ...it, last: it.refusedLast, how: "refused" as const }] : []));
    const unanswered = attempts.flatMap((it) => (it.last >= this.#since ? it.ports.map((port) => ({ ...it, port, how: "not answered" as const })) : []));
    return [...refused, ...unanswered]
      .filter((it) => it.client === this.#device.number || it.server === this.#device.number)
      .flatMap((it): readonly Reason[] => {
        const decision = this.#judge(it);
        if (decision.outcome === "denied") return [];
        const rule = decision.outcome === "allowed" ? this.#compiled.policy.rules[decision.rule]!.rule : null;
        // With this client it was refused: whom else the server answered says whether it is up.
        const answered = Math.max(0, ...conversations.flatMap((other) => (other.server === it.server && (other.client !== it.client || other.port !== it.port) ? [other.answeredLast] : [])));
        return [{
          client: this.#name(it.client), server: this.#name(it.server), service: serviceOf(it.transport, it.port), how: it.how, last: it.last,
          rule: rule === null ? null : `rule ${rule + 1}`, answersOthers: answered >= this.#since,
        }];
      })
      .sort((a, b) => b.last - a.last || (a.service < b.service ? -1 : 1));
  } // prettier-ignore

  work(): Pick<Why, "usual" | "silent" | "heardUntil"> {
    const { number } = this.#device;
    const usual = this.#replay.conversations.filter((it) => (it.client === number || it.server === number) && countOf(it.days) >= USUAL_DAYS && it.answered > 0); // prettier-ignore
    const silent = usual.filter((it) => it.last < this.#since || it.refusedLast > it.answeredLast);
    return {
      usual: usual.length - silent.length,
      silent: silent.map((it) => `${this.#name(it.client)} → ${this.#name(it.server)} ${serviceOf(it.transport, it.port)}`),
      heardUntil: this.#replay.to,
    };
  }

  /** Tries that nobody answered and no rule allows, where what is denied is dropped. */
  #workedOut(): readonly Stopped[] {
    const { number } = this.#device;
    return this.#replay.attempts
      .filter((it) => (it.client === number || it.server === number) && it.last >= this.#since && this.#dropsBetween(this.#machines.get(it.client), this.#machines.get(it.server)))
      .flatMap((it) => it.ports.map((port) => ({ ...it, port })))
      .filter((it) => this.#judge(it).outcome === "denied")
      .map((it) => ({
        client: this.#name(it.client), server: this.#name(it.server), service: serviceOf(it.transport, it.port), last: it.last, count: it.count, from: "evaluator" as const, rule: "",
        near: this.#near(this.#compiled.places(it.client), this.#compiled.places(it.server), it.transport, it.port),
        edit: this.#edits.of(this.#machines.get(it.client)!, this.#machines.get(it.server)!, { ...it, protocols: [] }, ""),
      }));
  } // prettier-ignore

  #told({ client, server, transport, port, packets, last }: Asked, from: "counters" | "log", rule: string): Stopped {
    const [a, b] = [this.#wearers.get(client), this.#wearers.get(server)];
    return {
      client: a?.device.name ?? client,
      server: b?.device.name ?? server,
      service: serviceOf(transport, port),
      last,
      count: packets,
      from,
      rule,
      near: port === null ? "" : this.#near(this.#places(client), this.#places(server), transport, port),
      edit: port === null || a === undefined || b === undefined ? "" : this.#edits.of(a, b, { transport, port, protocols: [] }, ""),
    };
  }

  #places(address: string): readonly number[] {
    const wearer = this.#wearers.get(address);
    return wearer === undefined ? setsOf(this.#compiled.policy, address) : this.#compiled.places(wearer.number);
  }

  /** What the policy says between the two instead: the rule that is nearly right, since that is the one to mend. */
  #near(client: readonly number[], server: readonly number[], transport: Asked["transport"], port: number): string {
    const { rules, sets } = this.#compiled.policy;
    const decision = judgeConversation(this.#compiled.policy, { family: null, client, server, transport, port });
    const words = (place: number) => `rule ${place + 1} (${ruleText(this.#policy.rules[place]!)})`;
    if (decision.outcome === "allowed")
      return `${words(rules[decision.rule]!.rule)} allows it: what stands is not this text, or has other members`;
    const between = rules.filter(({ from, to }) => client.includes(from) && server.includes(to));
    if (between.length > 0) return `between the two ${words(between[0]!.rule)} allows only that`;
    const back = rules.find(({ from, to, service }) => server.includes(from) && client.includes(to) && offers(service, transport, port));
    if (back !== undefined) return `${words(back.rule)} allows it only the other way round`;
    const inGroup = (places: readonly number[], group: string) => places.some((place) => sets[place]!.group === group);
    const ended = this.#policy.rules.findIndex((it) => hasEnded(it, this.#membership.at) && inGroup(client, it.from) && inGroup(server, it.to) && offers(it.service, transport, port)); // prettier-ignore
    if (ended >= 0) return `${words(ended)} allowed it until ${this.#policy.rules[ended]!.until}`;
    return "no rule allows anything between the two";
  }

  #judge(it: Pick<HeardConversation, "client" | "server" | "transport" | "port" | "family">) {
    const { policy, places } = this.#compiled;
    return judgeConversation(policy, { ...it, client: places(it.client), server: places(it.server) });
  }

  #isOwn({ client, server }: Asked): boolean {
    return this.#wearers.get(client)?.number === this.#device.number || this.#wearers.get(server)?.number === this.#device.number;
  }

  #isDropped(client: string, server: string): boolean {
    return this.#dropsBetween(this.#wearers.get(client), this.#wearers.get(server));
  }

  /** Either end is enforced, and neither is life-supporting. */
  #dropsBetween(...ends: readonly (Machine | undefined)[]): boolean {
    const known = ends.filter((it) => it !== undefined);
    const isEnforced = known.some((it) => this.#states.get(it.device.id)?.has("enforced") === true);
    return isEnforced && known.every((it) => !(it.device.lifeCritical === "life-supporting" && this.#states.has(it.device.id)));
  }

  #name(number: number): string {
    return this.#machines.get(number)?.device.name ?? "";
  }
}

const ORDER: readonly Stopped["from"][] = ["counters", "log", "evaluator"];

type Told = Pick<Why, "stopped" | "reasons" | "usual" | "silent">;

function answerOf(machine: Machine, state: Why["state"], told: Told, replay: Replay, since: number, counts: WallCounts | null): Pick<Why, "answer" | "sentence"> {
  const { device, number, worn } = machine;
  const { stopped, reasons, usual, silent } = told;
  const work = workWords(told, replay, since);
  const [latest] = stopped;
  if (latest !== undefined) {
    const { client, server, service, last, near, from, rule } = latest;
    const what = `${client} → ${server} ${service}`;
    const because = near === "" ? "no rule allows it" : near;
    if (from === "counters") return { answer: "yes", sentence: `Yes: our wall stopped ${what}, last at ${clock(last)} UTC; ${because}${work}.` };
    if (from === "log") return { answer: "yes", sentence: `Yes: the equipment's log says it stopped ${what}, last at ${clock(last)} UTC${rule === "" ? "" : `, by "${rule}"`}; ${because}${work}.` };
    return { answer: "yes", sentence: `Yes, probably: ${client} tried ${service} to ${server} at ${clock(last)} UTC, nobody answered; ${because}${work}.` };
  }
  const reason = reasons.length === 0 ? "" : reasonWords(reasons[0]!);
  if (counts !== null && counts.full) return { answer: "cannot tell", sentence: `Cannot tell: our wall stopped so many that it does not remember all of them; ${device.name} is not among those it does${work}.` };
  if (counts !== null) return { answer: "no", sentence: `No: our wall stopped nothing to or from ${device.name} since ${clock(Math.max(since, counts.since))} UTC${reason}${work}.` };
  if (state !== "enforced") {
    const stands = state === "not governed" ? "the policy is not about it" : state === "draft" ? "the policy is a draft where it stands" : "the policy only watches where it stands";
    return { answer: "no", sentence: `No: nothing of ours stops ${device.name}, since ${stands}${reason}${work}.` };
  }
  const isHeard = worn.length > 0 && replay.conversations.some((it) => (it.client === number || it.server === number) && it.last >= replay.from);
  if (!isHeard) return { answer: "cannot tell", sentence: `Cannot tell: ${device.name} was not heard at all, so neither was what it tried.` };
  if (replay.to < since) return { answer: "cannot tell", sentence: `Cannot tell: nothing was heard since ${clock(since)} UTC, and no counter of a wall is at hand.` };
  if (reason === "" && usual === 0 && silent.length > 0) return { answer: "cannot tell", sentence: `Cannot tell: nothing that ${device.name} tried was refused by a rule, but none of its ${silent.length} usual conversations were heard since: what stops frames before we hear them is not seen here.` };
  return { answer: "no", sentence: `No: whatever ${device.name} was heard to try, a rule allows${reason}${work}.` };
} // prettier-ignore

function reasonWords({ client, server, service, how, last, rule, answersOthers }: Reason): string {
  const allowed = rule === null ? "which nothing of ours judges" : `which ${rule} allows`;
  const others = answersOthers ? "it answers others" : "nobody else was heard answered by it";
  return how === "refused"
    ? `; ${server} itself refused ${service} from ${client} at ${clock(last)} UTC, ${allowed}, and ${others}`
    : `; ${server} did not answer ${service} from ${client} at ${clock(last)} UTC, ${allowed}, and ${others}`;
}

function workWords({ usual, silent }: Told, { to }: Replay, since: number): string {
  if (to < since) return `; whether its usual work goes on is not known: nothing was heard after ${clock(to)} UTC`;
  return usual + silent.length === 0 ? "" : `, and ${usual} of ${usual + silent.length} of its usual conversations were heard since`;
}

/** From where we know, a sentence each. */
function sourcesOf({ counts: given, countsFrom, log }: AtHand, counts: WallCounts | null, policy: Policy, since: number): readonly string[] {
  return [
    ...(countsFrom === "" ? [] : [countsFrom]),
    ...(given === null || counts !== null ? [] : [`Our wall's counters were read at ${day(given.at)} UTC, before that: they are not used.`]),
    ...(counts === null || counts.since <= since ? [] : [`Our wall remembers from ${day(counts.since)} UTC on: what stood before it is not known.`]),
    ...(counts === null || counts.policy === policy.name ? [] : [`The wall that stands is "${counts.policy}", not "${policy.name}".`]),
    ...(counts !== null && counts.waits ? ["It waits to be confirmed, and goes back by itself."] : []),
    ...(log === null ? [] : [logWords(log)]),
    ...(counts === null ? ["Worked out from what was heard where no counter and no log says it."] : []),
  ];
} // prettier-ignore

function logWords({ forms, lines, unread, first, last, denied }: DenyLog): string {
  const span = first === null || last === null ? "" : `, ${day(first)} to ${day(last)} UTC`;
  return `The log has ${lines} lines of ${forms.join(" and ")}${span}, ${denied.length} ways denied${unread === 0 ? "" : `; ${unread} lines have no time or address that can be read`}. Equipment does not write down all that it denies.`;
}

/** The strictest of its governing groups, in its ward or everywhere. */
export function stateOf(policy: Policy, membership: Membership, { device }: Machine): Why["state"] {
  const states = statesOf(policy, membership).get(device.id);
  return POLICY_STATES.toReversed().find((it) => states?.has(it)) ?? "not governed";
}

function statesOf(policy: Policy, { groups }: Membership): ReadonlyMap<string, ReadonlySet<PolicyState>> {
  const all = new Map<string, Set<PolicyState>>();
  for (const [place, group] of policy.groups.entries())
    if (group.governs)
      for (const { device, ward } of groups[place]?.members ?? [])
        all.set(device, (all.get(device) ?? new Set()).add(stateAt(group, ward)));
  return all;
}

/** An address that several wore is the one's who wore it last. */
function latestWearers(machines: readonly Machine[]): ReadonlyMap<string, Machine> {
  const latest = new Map<string, { readonly machine: Machine; readonly last: number }>();
  for (const machine of machines)
    for (const { ip, last } of machine.worn) if (ip !== null && last > (latest.get(ip)?.last ?? -1)) latest.set(ip, { machine, last });
  return new Map([...latest].map(([ip, { machine }]) => [ip, machine]));
}

function serviceOf(transport: Asked["transport"], port: number | null): string {
  if (port !== null) return serviceText({ transport, ports: [{ from: port, to: port }] });
  return transport === "icmp" ? "icmp" : `${transport}, begun before it was seen`;
}

const clock = (at: number) => new Date(at / 1_000).toISOString().slice(11, 19);
const day = (at: number) => new Date(at / 1_000).toISOString().slice(0, 19).replace("T", " ");
