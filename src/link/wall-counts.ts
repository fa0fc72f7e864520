/** Reads what the kernel counted and remembers at our wall, and says it in the policy's words. */
import type { PolicyTransport } from "../model/policy.ts";
import { COUNTERS_SCHEMA, type Denied, type GroupCount, type Opening, type RuleCount, type WallCounts } from "../model/wall.ts";
import { memoryOf, REMEMBERED_HOURS, REMEMBERED_MAX } from "../policies/exporters/nftables-names.ts";
import type { Counted, Firewall } from "./firewall.ts";
import type { Change, WallChanges } from "./wall-change.ts";
import type { WallMeaning } from "./wall-meaning.ts";

/** Null where the change was put up before its meaning was kept. `now`: milliseconds since 1970. */
export function wallCounts(firewall: Firewall, changes: WallChanges, change: Change, openings: readonly Opening[], now: number): WallCounts | null {
  const meaning = changes.meaningOf(change);
  if (meaning === null) return null;
  const counted = new Map(firewall.counters(change.letter).map((it) => [it.comment, it]));
  const packets = (comment: string) => counted.get(comment)?.packets ?? 0;
  const stopped = rememberedAs("stopped", firewall, change.letter, now);
  const watched = rememberedAs("noted", firewall, change.letter, now);
  return {
    schema: COUNTERS_SCHEMA,
    on: firewall.family === "bridge" ? "bridge" : "router",
    policy: change.policy,
    mark: change.mark,
    at: now * 1_000,
    since: Math.floor(Math.max(changes.countsSince(change, now), now - REMEMBERED_HOURS * 3_600_000)) * 1_000,
    waits: firewall.standing()?.isGated === true,
    rules: ruleCounts(meaning, counted),
    denied: groupCounts(meaning, packets),
    totals: { stopped: packets("denied"), watched: packets("denied, monitored"), spared: packets("denied, spared"), opened: packets("denied, opened") },
    stopped: stopped.denied,
    watched: watched.denied,
    full: stopped.full || watched.full,
    openings,
  };
} // prettier-ignore

/** `name`: of the memory. Latest first. */
export function rememberedAs(name: "stopped" | "noted" | "used", firewall: Firewall, letter: string, now: number) {
  const all: Denied[] = [];
  let full = false;
  for (const family of [4, 6] as const) {
    const read = (kind: "ports" | "pairs") => firewall.remembered(`${memoryOf(name, kind, family)}_${letter}`);
    const [ports, pairs] = [read("ports"), read("pairs")];
    full ||= ports.length >= REMEMBERED_MAX || pairs.length >= REMEMBERED_MAX;
    const begun = new Set(
      ports.flatMap(({ of: [client, server, protocol] }) => [`${client} ${server} ${protocol}`, `${server} ${client} ${protocol}`]),
    );
    for (const { of, timeout, expires, packets } of [...ports, ...pairs]) {
      const [client, server, protocol, port] = of;
      // What was begun stands there already, with the port; what comes back of it is its answer.
      if (port === undefined && begun.has(`${client} ${server} ${protocol}`)) continue;
      const transport = TRANSPORTS[Number(protocol)] ?? "ip";
      all.push({
        client: client!,
        server: server!,
        transport,
        port: port !== undefined ? Number(port) : transport === "ip" ? Number(protocol) : null,
        packets,
        last: Math.floor(now - (timeout - expires) * 1_000) * 1_000,
      });
    }
  }
  return { denied: all.sort((a, b) => b.last - a.last || (a.client + a.server < b.client + b.server ? -1 : 1)), full };
}

const TRANSPORTS: Readonly<Record<number, PolicyTransport>> = { 1: "icmp", 6: "tcp", 17: "udp", 58: "icmp", 132: "sctp" };

function ruleCounts({ rules }: WallMeaning, counted: ReadonlyMap<string, Counted>): readonly RuleCount[] {
  const sums = new Map<string, { -readonly [Key in keyof RuleCount]: RuleCount[Key] }>();
  for (const { comment, answers, from, to, service } of rules) {
    const key = JSON.stringify([from, to, service]);
    const sum = sums.get(key) ?? { from, to, service, packets: 0, bytes: 0, answers: 0 };
    const { packets, bytes } = counted.get(comment) ?? { packets: 0, bytes: 0 };
    sum.packets += packets;
    sum.bytes += bytes;
    if (answers) sum.answers += packets;
    sums.set(key, sum);
  }
  return [...sums.values()];
}

function groupCounts({ denied }: WallMeaning, packets: (comment: string) => number): readonly GroupCount[] {
  return [...Map.groupBy(denied, ({ group }) => group)].map(([group, both]) => {
    const of = (end: "from" | "to") => both.filter((it) => it.end === end).reduce((sum, { comment }) => sum + packets(comment), 0);
    return { group, from: of("from"), to: of("to") };
  });
}
