/**
 * Conversations by who talks to what: kind of client, kind of server, service. What is learned is learned of a cell, since one device
 * that does something tells of itself and three tell of their kind.
 */
import { LEAD_ASSERTED, LEAD_PROBABLY } from "../model/device.ts";
import type { PolicyTransport } from "../model/policy.ts";
import type { HeardConversation, Held, Machine, Replay } from "../model/replay.ts";
import { judgeConversation } from "./evaluate.ts";
import { isBuiltIn } from "./file.ts";
import { isMulticast } from "./membership.ts";
import { wardOf } from "../model/ward.ts";

/** Of a server whose kind is not asserted: it is named by itself. */
export const NOT_KNOWN = "not known";
/** Kinds of which no two need be alike: each of their members is a group of its own. */
const UNLIKE: ReadonlySet<string> = new Set(["server", "clinical system"]);
const FAN_OUT_MAX = 20;
const FAN_OUT_SHARE = 0.9;
/** Days of a recording from which on hearing a pair once tells anything. */
export const WEEK = 7;

export interface Cell {
  readonly client: string;
  readonly server: string;
  readonly transport: PolicyTransport;
  readonly port: number;
  readonly conversations: HeardConversation[];
}

export type Left =
  | "refused"
  | "direction guessed"
  | "client not known"
  | "client probably known"
  | "client outside"
  | "held"
  | "many first contacts";

export interface Sorted {
  /** In order. */
  readonly cells: readonly Cell[];
  /** What nothing is learned from, whoever opened it, and why. */
  readonly left: readonly { readonly why: Left; readonly conversation: HeardConversation }[];
  /** What every device needs anyway: no rule is asked for. */
  readonly ground: number;
  readonly group: ReadonlyMap<number, string>;
  readonly ward: ReadonlyMap<number, string>;
  /** Machines by the name of what they are. */
  readonly members: ReadonlyMap<string, readonly Machine[]>;
}

export function cellsOf(replay: Replay, held: readonly Held[] = []): Sorted {
  const group = groupsOf(replay.machines);
  const isHeld = holding(held);
  const byNumber = new Map(replay.machines.map((it) => [it.number, it]));
  const cells = new Map<string, Cell>();
  const left: { why: Left; conversation: HeardConversation }[] = [];
  let ground = 0;
  for (const it of replay.conversations) {
    const [client, server] = [byNumber.get(it.client)!, byNumber.get(it.server)!];
    // A frame to a group's card, and no IP: nothing that a policy is about.
    if (server.device.standing === "group" && server.worn.every(({ ip }) => ip === null)) continue;
    if (judgeConversation(NOTHING, { ...it, client: [], server: [] }).outcome === "ground") {
      ground++;
      continue;
    }
    const why = isHeld(it) ? "held" : reasonToLeave(it, client, server);
    if (why !== null) {
      left.push({ why, conversation: it });
      continue;
    }
    const key = [group.get(it.client)!, group.get(it.server)!, it.transport, String(it.port)];
    const cell = cells.get(key.join("\0"));
    if (cell !== undefined) cell.conversations.push(it);
    else cells.set(key.join("\0"), { client: key[0]!, server: key[1]!, transport: it.transport, port: it.port, conversations: [it] });
  }
  const kept = [...cells.values()].flatMap((cell) => {
    const some = replay.days.length < WEEK ? new Set<number>() : scanners(cell.conversations);
    for (const it of cell.conversations) if (some.has(it.client)) left.push({ why: "many first contacts", conversation: it });
    const conversations = cell.conversations.filter((it) => !some.has(it.client));
    return conversations.length === 0 ? [] : [{ ...cell, conversations }];
  });
  return {
    cells: kept.sort((a, b) => order(a.client, b.client) || order(a.server, b.server) || order(a.transport, b.transport) || a.port - b.port),
    left,
    ground,
    group,
    ward: new Map(replay.machines.flatMap(({ number, device }) => {
      const ward = wardOf(device.location);
      return ward === null ? [] : [[number, ward] as const];
    })),
    members: Map.groupBy(replay.machines, ({ number }) => group.get(number)!),
  }; // prettier-ignore
}

const NOTHING = { name: "", sets: [], rules: [] };
const PROBABLY = "probably";

function groupsOf(machines: readonly Machine[]): ReadonlyMap<number, string> {
  const groups = new Map<number, string>();
  const taken = new Set([NOT_KNOWN, ...machines.map(groupOf)]);
  for (const it of machines) {
    const own = groupOf(it);
    if (!UNLIKE.has(own)) {
      groups.set(it.number, own);
      continue;
    }
    let name = plainName(it.device.name);
    for (let next = 2; taken.has(name) || isBuiltIn(name); next++) name = `${plainName(it.device.name)} (${next})`;
    taken.add(name);
    groups.set(it.number, name);
  }
  return groups;
}

/** A device may call itself anything: nothing in it is taken for an arrow or a service. */
export function plainName(name: string): string {
  const plain = name
    .replace(/→|->|\breaches\b|\bon\b|"/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return plain === "" ? "a server" : plain;
}

/** A kind, a built-in group, or that it is not known. */
function groupOf({ device, worn }: Machine): string {
  if (device.standing === "outside") return "outside";
  if (device.standing === "group") return worn.some(({ ip }) => ip !== null && isMulticast(ip)) ? "multicast" : "broadcast";
  return device.kind !== null && device.kind.lead >= LEAD_ASSERTED ? device.kind.value : NOT_KNOWN;
}

function reasonToLeave(it: HeardConversation, { device }: Machine, server: Machine): Left | null {
  if (it.answered === 0 && it.refused > 0) return "refused";
  // A group sends nothing, so who opened to it is plain.
  if (it.side === "guessed" && server.device.standing !== "group") return "direction guessed";
  if (device.standing === "outside") return "client outside";
  const lead = device.kind?.lead ?? 0;
  if (lead < LEAD_PROBABLY) return "client not known";
  return lead < LEAD_ASSERTED ? `client ${PROBABLY} known` : null;
}

/** Whether a finding holds it. Where its protocol is not known it may be the one. */
export function holding(all: readonly Held[]): (it: HeardConversation) => boolean {
  const between = new Map<string, Held[]>();
  for (const it of all)
    for (const key of [it.machines.join(" "), it.machines.toReversed().join(" ")]) between.set(key, [...(between.get(key) ?? []), it]);
  return ({ client, server, protocols: spoken }) =>
    (between.get(`${client} ${server}`) ?? []).some(
      ({ protocols }) => protocols === null || spoken.length === 0 || protocols.some((it) => spoken.includes(it)),
    );
}

/** Clients that met more than 20 servers here, nearly all of them on one day only. */
function scanners(conversations: readonly HeardConversation[]): ReadonlySet<number> {
  const byClient = Map.groupBy(conversations, ({ client }) => client);
  return new Set(
    [...byClient].flatMap(([client, own]) => {
      const once = own.filter(({ days }) => countOf(days) === 1).length;
      return own.length > FAN_OUT_MAX && once >= FAN_OUT_SHARE * own.length ? [client] : [];
    }),
  );
}

export function countOf(days: bigint): number {
  let count = 0;
  for (let left = days; left > 0n; left &= left - 1n) count++;
  return count;
}

export function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
