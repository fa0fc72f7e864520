/** A recording as a policy is replayed against it: conversations summed by device, service and day, and what each device wore. */
import { createHash } from "node:crypto";
import { SIDES } from "../../model/batch.ts";
import type { SideKnown } from "../../model/batch.ts";
import { POLICY_TRANSPORTS } from "../../model/policy.ts";
import type { HeardAttempt, HeardConversation, Machine, Replay, Worn } from "../../model/replay.ts";
import { DAY_US } from "../calendar.ts";
import type { Store } from "../reader.ts";
import { coverageOf } from "./coverage.ts";
import { endOf } from "./days.ts";
import { summariesOf } from "./device.ts";

const DEVICES_AT_ONCE = 1_000;
/** Days that a row tells apart. */
const DAYS = 64;

/** Days as numbers since 1970, both included; conversations of no day between them are left out. */
export interface ReplayWindow {
  readonly from?: number;
  readonly to?: number;
}

export function replayOf(store: Store, recording: string, { from = 0, to = Number.MAX_SAFE_INTEGER }: ReplayWindow = {}): Replay {
  return store.snapshot(() => {
    const coverage = coverageOf(store, recording);
    const end = endOf(store) ?? 0;
    const lastDay = Math.min(to, Math.floor(end / DAY_US));
    const conversations = conversationsBetween(store, from, lastDay);
    const days = daysOf(conversations, lastDay);
    const wholly = to >= Math.floor(end / DAY_US);
    return {
      from: Math.max(coverage.from ?? end, (days[0] ?? lastDay) * DAY_US),
      to: wholly ? end : (lastDay + 1) * DAY_US - 1,
      days,
      machines: machinesOf(store),
      conversations,
      attempts: attemptsBetween(store, from * DAY_US, (lastDay + 1) * DAY_US),
      coverage,
      identity: identityOf(store),
    };
  });
}

/** What stands in a frame while its sender has no address: it is nobody's, and a rule for it would be one for whoever asks for an address. */
const NOT_WORN = "'0.0.0.0', '::'";

/** All of them with what they wore, by number. */
export function machinesOf(store: Store): Machine[] {
  const worn = new Map<number, Worn[]>();
  const rows = store.iterate<Worn & { readonly device: number }>(
    `SELECT device, mac, ip, first, last FROM device_endpoint JOIN endpoint ON number = endpoint
     WHERE (mac IS NOT NULL OR ip IS NOT NULL) AND (ip IS NULL OR ip NOT IN (${NOT_WORN})) ORDER BY device, last DESC, number`,
  );
  for (const { device, ...it } of rows) {
    const list = worn.get(device);
    if (list === undefined) worn.set(device, [it]);
    else list.push(it);
  }
  const numbers = store.all<{ id: number }>("SELECT id FROM device ORDER BY id").map(({ id }) => id);
  const machines: Machine[] = [];
  for (let at = 0; at < numbers.length; at += DEVICES_AT_ONCE)
    for (const device of summariesOf(store, numbers.slice(at, at + DEVICES_AT_ONCE))) {
      const number = Number(device.id.slice(1));
      machines.push({ number, device, worn: worn.get(number) ?? [] });
    }
  return machines;
}

interface Row {
  readonly client: number;
  readonly server: number;
  readonly transport: string;
  readonly port: number;
  readonly protocol: string;
  readonly operations: string;
  readonly ip: string | null;
  readonly answered: number;
  readonly refused: number;
  readonly there: number;
  readonly back: number;
  readonly first: number;
  readonly last: number;
  readonly side: SideKnown;
  readonly days_low: number;
  readonly days_high: number;
}

const ROWS = `
  SELECT a.device AS client, b.device AS server, transport, port, protocol, operations, endpoint.ip AS ip, answered, refused,
    packets_to_server AS there, packets_to_client AS back, conversation.first, conversation.last, side, conversation.days_low, conversation.days_high
  FROM conversation JOIN device_endpoint a ON a.endpoint = client JOIN device_endpoint b ON b.endpoint = server
    JOIN endpoint ON endpoint.number = server`;

const ATTEMPTS = `
  SELECT a.device AS client, b.device AS server, transport, endpoint.ip AS ip, count, ports, attempt.first, attempt.last
  FROM attempt JOIN device_endpoint a ON a.endpoint = client JOIN device_endpoint b ON b.endpoint = server JOIN endpoint ON endpoint.number = server
  WHERE attempt.last >= ? AND attempt.first < ? ORDER BY 1, 2, 3, attempt.client, attempt.server`;

/** Of these only the first and the last time are kept: one that reaches out of the window is told with what it was. */
function attemptsBetween(store: Store, from: number, to: number): HeardAttempt[] {
  const rows = store.all<Omit<HeardAttempt, "ports" | "family"> & { readonly ip: string | null; readonly ports: string }>(ATTEMPTS, from, Math.min(to, Number.MAX_SAFE_INTEGER));
  return rows.map(({ ip, ports, ...it }) => ({ ...it, family: familyOf(ip), ports: JSON.parse(ports) as number[] }));
} // prettier-ignore

function familyOf(ip: string | null): 4 | 6 | null {
  return ip === null ? null : ip.includes(":") ? 6 : 4;
}

type Summed = { -readonly [Key in keyof HeardConversation]: HeardConversation[Key] };

/** What two sensors heard is joined as what two endpoints did: of counts the larger holds, since they may be the same. */
function conversationsBetween(store: Store, from: number, to: number): HeardConversation[] {
  const all = new Map<string, Summed>();
  const answered = new Set<string>();
  for (const row of store.iterate<Row>(ROWS)) {
    const days = daysWithin(row, from, to);
    const transport = POLICY_TRANSPORTS.find((it) => it === row.transport);
    // With itself no wall parts it.
    if (days === 0n || transport === undefined || row.client === row.server) continue;
    const key = `${row.client} ${row.server} ${transport} ${row.port}`;
    const known = all.get(key);
    if (row.back > 0) answered.add(key);
    const own: Summed = {
      client: row.client,
      server: row.server,
      transport,
      port: row.port,
      protocols: row.protocol === "" ? [] : [row.protocol],
      operations: row.operations === "" ? [] : row.operations.split(" "),
      family: familyOf(row.ip),
      answered: row.answered,
      refused: row.refused,
      packets: row.there + row.back,
      first: row.first,
      last: Math.min(row.last, newestDay(days, to) * DAY_US + DAY_US - 1),
      answeredLast: row.answered > 0 ? row.last : 0,
      refusedLast: row.answered === 0 && row.refused > 0 ? row.last : 0,
      side: row.side,
      days,
    };
    if (known === undefined) all.set(key, own);
    else join(known, own);
  }
  // Datagrams that only ever went one way went to this port, whatever was guessed of who began: a log has no answers.
  for (const [key, it] of all) if (it.transport === "udp" && it.side === "guessed" && !answered.has(key)) it.side = "port";
  return [...all.values()].sort((a, b) => a.client - b.client || a.server - b.server || order(a.transport, b.transport) || a.port - b.port);
}

function join(into: Summed, it: Summed): void {
  into.protocols = union(into.protocols, it.protocols);
  into.operations = union(into.operations, it.operations);
  into.family ??= it.family;
  into.answered = Math.max(into.answered, it.answered);
  into.refused = Math.max(into.refused, it.refused);
  into.packets = Math.max(into.packets, it.packets);
  into.first = Math.min(into.first, it.first);
  into.last = Math.max(into.last, it.last);
  into.answeredLast = Math.max(into.answeredLast, it.answeredLast);
  into.refusedLast = Math.max(into.refusedLast, it.refusedLast);
  if (SIDES.indexOf(it.side) < SIDES.indexOf(into.side)) into.side = it.side;
  into.days |= it.days;
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return b.every((it) => a.includes(it)) ? a : [...new Set([...a, ...b])].sort();
}

/** Of the 64 days up to the window's last. */
function daysWithin({ last, days_low, days_high }: Row, from: number, to: number): bigint {
  const own = (BigInt(days_high) << 32n) | BigInt(days_low);
  const ago = to - Math.floor(last / DAY_US);
  const shifted = ago >= 0 ? own << BigInt(Math.min(ago, DAYS)) : own >> BigInt(Math.min(-ago, DAYS));
  const width = BigInt(Math.max(0, Math.min(DAYS, to - from + 1)));
  return shifted & ((1n << width) - 1n);
}

function newestDay(days: bigint, to: number): number {
  let ago = 0;
  while (((days >> BigInt(ago)) & 1n) === 0n) ago++;
  return to - ago;
}

function daysOf(conversations: readonly HeardConversation[], lastDay: number): number[] {
  let all = 0n;
  for (const { days } of conversations) all |= days;
  const days: number[] = [];
  for (let ago = DAYS - 1; ago >= 0; ago--) if (((all >> BigInt(ago)) & 1n) === 1n) days.push(lastDay - ago);
  return days;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By what was read and what was said, not by where it lies. */
function identityOf(store: Store): string {
  const runs = store.all("SELECT run, sequence, beyond, missing, state FROM run ORDER BY run");
  return createHash("sha256").update(JSON.stringify([runs, store.about("change_head") ?? ""])).digest("hex"); // prettier-ignore
}
