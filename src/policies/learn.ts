/**
 * From what was heard to the least that covers it. A cell (kind of client, kind of server, service) becomes a rule when enough of its
 * kind do it, on enough days; what does not is listed for a person, most likely legitimate first. One device that does something on many
 * days makes no rule: so do intruders. The same recording gives the same policy.
 */
import { OUTSIDE } from "../knowledge/expected.ts";
import { LEAD_PROBABLY } from "../model/device.ts";
import type { Policy, Rule, Service } from "../model/policy.ts";
import type { HeardConversation, Held, Replay } from "../model/replay.ts";
import { cellsOf, countOf, NOT_KNOWN, order, WEEK, type Cell, type Left, type Sorted } from "./cells.ts";
import type { DisclosedModel } from "./disclosed.ts";
import { disclosedRules } from "./disclosed-rules.ts";
import type { Expectations } from "./expectations.ts";
import { expectedRules } from "./expected-rules.ts";
import { isBuiltIn } from "./file.ts";
import { LearnedGroups, NAMED_MAX, SUPPORT_MIN } from "./learned-groups.ts";
import { serviceText } from "./service.ts";

/** Of a kind's members so many (SUPPORT_MIN), and such a share of them, must be heard doing it. */
const SUPPORT_SHARE = 0.05;
const DAYS_MIN = 3;
/** So many, each on one day only, still tell of their kind; of fewer somebody must come back. Strays do not. */
const ONCE_MIN = 6;
/** Weekly work of a whole kind: two weeks hold it twice. */
const WHOLE_SHARE = 0.3;
const WHOLE_DAYS_MIN = 2;
/** A few servers that call many devices. */
const CALLERS_MAX = 8;
/** Of so many a few (NAMED_MAX) are named by themselves. */
const NAMED_SHARE = 0.5;
/** So many pairs, and nearly all of them in one ward, hold within wards. */
const WARD_PAIRS_MIN = 20;
const WARD_SHARE = 0.99;
/** Ways to log in and to take over: between devices alike, what a worm uses. */
const ADMINISTRATION: ReadonlySet<number> = new Set([22, 23, 135, 139, 445, 3389, 5900]);
const WHO_NAMED_MAX = 3;

export interface Learned {
  readonly policy: Policy;
  /** Sorted as a person should read them. */
  readonly notLearned: readonly NotLearned[];
  /** Whose conversations a rule was asked for: what coverage is a share of. */
  readonly asked: readonly HeardConversation[];
  readonly ground: number;
  readonly days: number;
}

export interface NotLearned {
  readonly client: string;
  readonly server: string;
  readonly service: string;
  readonly why: string;
  readonly clients: number;
  readonly servers: number;
  readonly pairs: number;
  readonly days: number;
  readonly last: number;
  /** A few of them by name. */
  readonly who: readonly string[];
  readonly protocols: readonly string[];
  /** days × log2(1 + pairs): work comes back, strays do not. */
  readonly likely: number;
}

/** What is known beside what was heard. */
export interface Beside {
  /** Kinds whose members are governed; empty: all. */
  readonly only?: readonly string[];
  /** What makers say of the models that are here. */
  readonly disclosed?: readonly DisclosedModel[];
  /** What findings hold. */
  readonly held?: readonly Held[];
}

export function learn(
  replay: Replay,
  expectations: Expectations,
  name: string,
  { only = [], disclosed = [], held = [] }: Beside = {},
): Learned {
  const sorted = cellsOf(replay, held);
  const groups = new LearnedGroups(sorted, only);
  const rules: Rule[] = [];
  const notLearned: NotLearned[] = [];
  const asked: HeardConversation[] = [];
  const vouched = vouchedFor(sorted);
  for (const cell of sorted.cells.filter((it) => groups.isGoverned(it.client) || groups.isGoverned(it.server))) {
    asked.push(...cell.conversations);
    const heard = figuresOf(cell, sorted);
    const why = whyNot(cell, heard, sorted, expectations, replay.days.length, vouched.has(cell));
    if (why === null) rules.push(ruleOf(cell, heard, sorted, groups, expectations, replay.days.length));
    else notLearned.push(listed(cell, why, sorted));
  }
  for (const [why, some] of Map.groupBy(sorted.left, (it) => it.why))
    for (const cell of cellsAmong(some.map(({ conversation }) => conversation), sorted)) notLearned.push(listed(cell, WHY_LEFT[why], sorted)); // prettier-ignore
  rules.push(...expectedRules(rules, sorted, groups, expectations));
  rules.push(...disclosedRules(rules, disclosed, sorted, groups, expectations.kinds));
  return {
    policy: { name, groups: groups.used(rules), rules: rules.sort(byText), tests: [] },
    notLearned: notLearned.sort(
      (a, b) => b.likely - a.likely || order(a.client, b.client) || order(a.server, b.server) || order(a.service, b.service) || order(a.why, b.why),
    ),
    asked,
    ground: sorted.ground,
    days: replay.days.length,
  }; // prettier-ignore
}

const WHY_LEFT: Readonly<Record<Left, string>> = {
  refused: "it was refused",
  "direction guessed": "who began it is a guess",
  "client not known": "what the client is is not known",
  "client probably known": "what the client is is only probable",
  "client outside": "it comes from outside",
  "many first contacts": "it met more than 20 it never met again",
  held: "a finding holds it that nobody is done with",
};

interface Figures {
  readonly clients: ReadonlySet<number>;
  readonly servers: ReadonlySet<number>;
  readonly days: number;
  /** Some client did it on two days. */
  readonly again: boolean;
  readonly pairs: number;
  /** All pairs, or nearly all, within one ward. */
  readonly within: boolean;
  readonly clientsOf: number;
  readonly serversOf: number;
}

function daysOf(conversations: readonly HeardConversation[]): number {
  return countOf(conversations.reduce((all, it) => all | it.days, 0n));
}

function figuresOf({ client, server, conversations }: Cell, { members, ward }: Sorted): Figures {
  const pairs = new Map(conversations.map((it) => [`${it.client} ${it.server}`, it]));
  const alike = [...pairs.values()].filter((it) => ward.has(it.client) && ward.get(it.client) === ward.get(it.server)).length;
  return {
    clients: new Set(conversations.map((it) => it.client)),
    servers: new Set(conversations.map((it) => it.server)),
    days: daysOf(conversations),
    again: Map.groupBy(conversations, (it) => it.client)
      .values()
      .some((own) => daysOf(own) > 1),
    pairs: pairs.size,
    within: pairs.size >= WARD_PAIRS_MIN && alike >= WARD_SHARE * pairs.size,
    clientsOf: members.get(client)?.length ?? 0,
    serversOf: members.get(server)?.length ?? 0,
  };
}

/** Null: it is learned. A recording shorter than the days that are asked for cannot show them; whoever prints it says so. */
function whyNot(cell: Cell, heard: Figures, { members }: Sorted, expectations: Expectations, window: number, isVouched: boolean): string | null {
  const { clients, servers, days, again, clientsOf, serversOf } = heard;
  const share = clients.size / clientsOf;
  const support = clients.size >= Math.min(SUPPORT_MIN, clientsOf) && share >= SUPPORT_SHARE;
  // Three at least, however few there are: else one of a few clients and the only server of its kind would be enough.
  const reverse = clientsOf <= CALLERS_MAX && servers.size >= SUPPORT_MIN && servers.size / serversOf >= SUPPORT_SHARE;
  const often = (support || reverse) && days >= Math.min(DAYS_MIN, window);
  const weekly = clients.size >= Math.min(SUPPORT_MIN, clientsOf) && share >= WHOLE_SHARE && days >= Math.min(WHOLE_DAYS_MIN, window);
  if (!often && !weekly) {
    if (!support && !reverse) return `only ${clients.size} of ${clientsOf} do it`;
    return `on ${days} of ${window} days only`;
  }
  if (window >= WEEK && !again && clients.size < ONCE_MIN) return `${clients.size} of ${clientsOf} did it, and none came back`;
  if (cell.client === cell.server && ADMINISTRATION.has(cell.port)) return "devices alike administer each other: a person decides";
  // Whoever holds the only one of a kind would teach us what he likes.
  if (clientsOf < SUPPORT_MIN && (cell.server === OUTSIDE || ADMINISTRATION.has(cell.port)) && !isVouched)
    return `of its kind there ${clientsOf === 1 ? "is 1" : `are ${clientsOf}`}, which cannot vouch for each other: a person decides`;
  const opened = (members.get(cell.server) ?? []).filter(({ number }) => cell.server !== NOT_KNOWN || servers.has(number));
  const care = (["life-supporting", "therapy"] as const).find((it) => opened.some(({ device }) => device.lifeCritical === it));
  if (care !== undefined && expectations.of(askedOf(cell, members)) === null) return `it opens to ${care} devices and no profile expects it: a person decides`;
  // Three that somebody took would teach us how he goes on.
  if (care !== undefined && ADMINISTRATION.has(cell.port) && share < WHOLE_SHARE) return `it can take over ${care} devices, and only ${clients.size} of ${clientsOf} do it: a person decides`;
  if (cell.server === NOT_KNOWN && servers.size > NAMED_MAX) return `what its ${servers.size} servers are is not known`;
  return null;
} // prettier-ignore

/**
 * Of kinds with one member or two, those that do the same to the same, on two days each: three of them vouch for each other as three of one
 * kind do. Servers that write their backups to one storage. Whoever is outside is met by all sorts, so it says nothing there.
 */
function vouchedFor({ cells, members }: Sorted): ReadonlySet<Cell> {
  const few = cells.filter(
    ({ client, server, port, conversations }) =>
      ADMINISTRATION.has(port) &&
      !isBuiltIn(server) &&
      server !== NOT_KNOWN &&
      client !== server &&
      (members.get(client)?.length ?? 0) < SUPPORT_MIN &&
      daysOf(conversations) >= WHOLE_DAYS_MIN,
  );
  const alike = Map.groupBy(few, ({ server, transport, port }) => `${server}\0${transport}\0${port}`);
  return new Set([...alike.values()].filter((some) => some.length >= SUPPORT_MIN).flat());
}

/** What servers are probably, all of them, is enough to ask a profile: it says no more than that somebody expects them. */
function askedOf({ client, server, transport, port, conversations }: Cell, members: Sorted["members"]) {
  const protocols = [...new Set(conversations.flatMap((it) => it.protocols))].sort();
  const kind = (group: string) => (isBuiltIn(group) || group === NOT_KNOWN ? null : (members.get(group)?.[0]?.device.kind?.value ?? null));
  const servers = new Set(conversations.map((it) => it.server));
  const probable = new Set((members.get(NOT_KNOWN) ?? []).filter(({ number }) => servers.has(number)).map(({ device }) => (device.kind !== null && device.kind.lead >= LEAD_PROBABLY ? device.kind.value : null)));
  const [only = null] = probable.size === 1 ? probable : [];
  return { client: kind(client), server: server === NOT_KNOWN ? only : server === OUTSIDE ? OUTSIDE : kind(server), transport, port, protocols };
} // prettier-ignore

function ruleOf(cell: Cell, heard: Figures, { members }: Sorted, groups: LearnedGroups, expectations: Expectations, window: number): Rule {
  const { clients, servers, days, clientsOf, serversOf, within } = heard;
  // Of who is outside those that were met are no share: nobody knows how many there are.
  const few = servers.size <= NAMED_MAX && (cell.server === OUTSIDE || servers.size / serversOf < NAMED_SHARE);
  const named = cell.server === NOT_KNOWN || (few && cell.server !== "broadcast");
  const asked = askedOf(cell, members);
  const purpose = expectations.of(asked)?.purpose ?? [...asked.protocols, ...operationsOf(cell)].join(" ");
  const times = `${clients.size} of ${clientsOf} did, on ${days} of ${window} days`;
  return {
    from: cell.client,
    to: named ? groups.named(servers, cell.server) : cell.server,
    service: serviceOf(cell),
    because: purpose === "" ? times : `${purpose}: ${times}`,
    origin: "learned",
    same: within ? "ward" : null,
    until: null,
    change: null,
  };
}

const OPERATIONS_NAMED_MAX = 4;

function operationsOf({ conversations }: Cell): readonly string[] {
  return [...new Set(conversations.flatMap((it) => it.operations))].sort().slice(0, OPERATIONS_NAMED_MAX);
}

function serviceOf({ transport, port }: Pick<Cell, "transport" | "port">): Service {
  return { transport, ports: [{ from: port, to: port }] };
}

function cellsAmong(conversations: readonly HeardConversation[], { group }: Sorted): Cell[] {
  const key = (it: HeardConversation) => [group.get(it.client), group.get(it.server), it.transport, it.port].join("\0");
  return [...Map.groupBy(conversations, key).values()].map((some) => {
    const { client, server, transport, port } = some[0]!;
    return { client: group.get(client)!, server: group.get(server)!, transport, port, conversations: some };
  });
}

function listed(cell: Cell, why: string, { members }: Sorted): NotLearned {
  const name = (number: number, group: string) => members.get(group)?.find((it) => it.number === number)?.device.name ?? "";
  const pairs = new Map(cell.conversations.map((it) => [`${it.client} ${it.server}`, it]));
  const days = daysOf(cell.conversations);
  return {
    client: cell.client,
    server: cell.server,
    service: serviceText(serviceOf(cell)),
    why,
    clients: new Set(cell.conversations.map((it) => it.client)).size,
    servers: new Set(cell.conversations.map((it) => it.server)).size,
    pairs: pairs.size,
    days,
    last: cell.conversations.reduce((last, it) => Math.max(last, it.last), 0),
    who: [...pairs.values()].slice(0, WHO_NAMED_MAX).map((it) => `${name(it.client, cell.client)} → ${name(it.server, cell.server)}`),
    protocols: askedOf(cell, members).protocols,
    likely: Math.round(days * Math.log2(1 + pairs.size) * 1000) / 1000,
  };
}

function byText(a: Rule, b: Rule): number {
  return (
    order(a.from, b.from) || order(a.to, b.to) || order(a.service.transport, b.service.transport) || (a.service.ports[0]?.from ?? 0) - (b.service.ports[0]?.from ?? 0)
  );
} // prettier-ignore
