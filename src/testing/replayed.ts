/** What was heard, written down in a line each, so that policies are tried without a store. */
import type { CareClass, DeviceSummary, Standing, Stated } from "../model/device.ts";
import type { PolicyTransport } from "../model/policy.ts";
import type { HeardConversation, Machine, Replay } from "../model/replay.ts";

const DAY_US = 86_400_000_000;
/** Monday 5 January 2026. */
const FIRST_DAY = Date.UTC(2026, 0, 5) / 86_400_000;

export interface MachineSketch {
  readonly name: string;
  /** Its kind; with "probably" before it, only probably. */
  readonly kind?: string;
  /** "Maker|model"; with "probably" before it, only probably. */
  readonly model?: string;
  readonly care?: CareClass;
  readonly ward?: string;
  readonly ip?: string;
  readonly mac?: string;
  readonly standing?: Standing;
}

/** Talk as "client → server tcp 443: 1-5, 8", then protocol and side if need be; days are counted from 1. */
export interface TalkSketch {
  readonly talk: string;
  readonly protocol?: string;
  readonly operations?: readonly string[];
  readonly side?: HeardConversation["side"];
  readonly answered?: number;
  readonly refused?: number;
}

/** Attempts stand as talk does: what was tried and nobody answered. */
export function replayed(
  days: number,
  sketches: readonly MachineSketch[],
  talks: readonly (string | TalkSketch)[],
  tried: readonly string[] = [],
): Replay {
  const to = (FIRST_DAY + days) * DAY_US - 1;
  const machines = sketches.map((it, place) => machineOf(it, place + 1, to));
  const numberOf = new Map(machines.map(({ number, device }) => [device.name, number]));
  const conversations = talks
    .map((it) => conversationOf(typeof it === "string" ? { talk: it } : it, days, numberOf))
    .sort(
      (a, b) =>
        a.client - b.client ||
        a.server - b.server ||
        (a.transport < b.transport ? -1 : a.transport > b.transport ? 1 : 0) ||
        a.port - b.port,
    );
  const heard = conversations.reduce((all, it) => all | it.days, 0n);
  return {
    from: FIRST_DAY * DAY_US,
    to,
    days: Array.from({ length: days }, (_, at) => FIRST_DAY + at).filter((_, at) => (heard >> BigInt(days - 1 - at)) & 1n),
    machines,
    conversations,
    attempts: tried.map((talk) => {
      const { client, server, transport, family, port, first, last } = conversationOf({ talk }, days, numberOf);
      return { client, server, transport, family, ports: [port], count: 3, first, last };
    }),
    identity: "0".repeat(64),
    coverage: {
      recording: "sketch", frames: 1, bytes: 1, malformed: 0, gaps: 0, duplicates: 0, drops: 0, from: FIRST_DAY * DAY_US, to,
      devices: machines.length, conversations: conversations.length, inputs: [], limits: {}, unheard: {}, notes: [],
    },
  }; // prettier-ignore
}

const TALK = /^(.+) (tcp|udp|sctp|icmp|ip) (\d+): (.+)$/;

function conversationOf(it: TalkSketch, days: number, numberOf: ReadonlyMap<string, number>): HeardConversation {
  const [, ends = "", transport, port, when = ""] = TALK.exec(it.talk) ?? [];
  // Where a name has an arrow in it, the one that parts two names counts.
  const parts = ends.split(" → ");
  const [a, b] = parts.flatMap((_, at) => {
    const [client, server] = [numberOf.get(parts.slice(0, at).join(" → ")), numberOf.get(parts.slice(at).join(" → "))];
    return client === undefined || server === undefined ? [] : [client, server];
  });
  if (a === undefined || b === undefined)
    throw new Error(`expected "client → server tcp 443: 1-5" of machines that are there, got "${it.talk}"`);
  const on = when.split(",").flatMap((part) => {
    const [first = 0, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
  const atDay = (day: number) => (FIRST_DAY + day - 1) * DAY_US + DAY_US / 2;
  return {
    client: a,
    server: b,
    transport: transport as PolicyTransport,
    port: Number(port),
    protocols: it.protocol === undefined ? [] : [it.protocol],
    operations: it.operations ?? [],
    family: 4,
    answered: it.answered ?? 1,
    refused: it.refused ?? 0,
    packets: 10 * on.length,
    first: atDay(Math.min(...on)),
    last: atDay(Math.max(...on)),
    answeredLast: (it.answered ?? 1) > 0 ? atDay(Math.max(...on)) : 0,
    refusedLast: (it.answered ?? 1) === 0 && (it.refused ?? 0) > 0 ? atDay(Math.max(...on)) : 0,
    side: it.side ?? "handshake",
    days: on.reduce((bits, day) => bits | (1n << BigInt(days - day)), 0n),
  };
}

function machineOf(
  { name, kind, model, care = "other", ward, ip, mac, standing = "device" }: MachineSketch,
  number: number,
  last: number,
): Machine {
  const probably = kind?.startsWith("probably ") === true;
  const address = ip ?? `10.0.${number >> 8}.${number & 255}`;
  const card = mac ?? `02:00:00:00:${(number >> 8).toString(16).padStart(2, "0")}:${(number & 255).toString(16).padStart(2, "0")}`;
  const device: DeviceSummary = {
    id: `d${number}`, name, names: [stated(name, 20)],
    kind: kind === undefined ? null : stated(kind.replace("probably ", ""), probably ? 10 : 24),
    ...modelOf(model), serial: null, udi: null, software: null, os: null,
    location: ward === undefined ? null : stated(`building Main, floor 1, room ${ward} bed ${number}`, 20),
    controlNumber: null, owner: null, status: null, lifeCritical: care, macs: [card], ips: [address], standing,
    first: 0, last, frames: 1, bytes: 1, days: [1, 0], services: 0, peers: 0,
  }; // prettier-ignore
  return { number, device, worn: [{ mac: standing === "outside" ? null : card, ip: address, first: 0, last }] };
}

function modelOf(model: string | undefined): Pick<DeviceSummary, "maker" | "model"> {
  if (model === undefined) return { maker: null, model: null };
  const [maker = "", name = ""] = model.replace("probably ", "").split("|");
  return { maker: stated(maker, 24), model: stated(name, model.startsWith("probably ") ? 10 : 24) };
}

function stated(value: string, lead: number): Stated {
  return { value, lead, confidence: lead >= 20 ? 0.99 : 0.9 };
}
