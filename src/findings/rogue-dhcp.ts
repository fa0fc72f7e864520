/**
 * A server of DHCP nobody knows gives other routers or name servers than the known one: whoever believes it sends everything to a
 * stranger. The second server of a pair gives the same.
 */
import type { Claimed, Known, Party, SignalNews, Watch } from "../model/finding.ts";
import { stillStands } from "./acquaintance.ts";

const SECOND_US = 1_000_000;
/** Within it every server of a network nobody gave addresses in before is taken for the network's own. */
const LEARNING_US = 24 * 3600 * SECOND_US;
/** So long it is compared: of two answers to one question the stranger's may be the first. */
const COMPARED_US = 600 * SECOND_US;
/** Of one segment. */
const SERVERS_MAX = 64;
const OPTIONS_MAX = 32;
const WITNESSES_MAX = 16;

interface Server {
  /** Keyed hashes of what it gives. */
  networks: string[];
  options: string[];
  /** Found to be a stranger; what it gives is nobody's measure. */
  stranger: boolean;
  /** When it gave first, and last. */
  first: number;
  last: number;
}

interface Memory {
  /** By address, on this segment. */
  readonly servers: Record<string, Server>;
  /** Of IPv6, by address: what name servers they give, keyed hashes. */
  servers6?: Record<string, Pick<Server, "options" | "stranger" | "last">>;
}

export const rogueDhcp: Watch<Memory> = {
  name: "rogue-dhcp",
  title: "A strange server gives addresses",
  family: "threat",
  severity: "high",
  harms: ["device", "network", "patient"],
  remedy:
    "Find the switch port of this server: often a small router somebody plugged in, a telephone that shares its network, else an intruder. Have that port closed, not those of devices it gave addresses to; these take up their own again when their lease is renewed or they are restarted, when their ward agrees.",
  technique: ["T1557.003 DHCP Spoofing", "T0830 Adversary-in-the-Middle"],
  sees: "An address offered or given, without a relay, by a server never heard before, with other routers or name servers than a known server of the segment gives: in a network of a known server at once, in another from the second day on where a known server gave addresses within two. And then a client that chooses a server never heard. Of IPv6: on the first day one that gives other name servers than the one before it, and later any that is new to a client heard for a day, whether a server was there before or not.",
  misses:
    "A strange server of IPv4 on a segment where none was heard before; one that gives all that the known one gives; answers no mirror hears, which the client's choice shows later.",
  mistaken:
    "The second of a pair gives the same. Relays and servers for start-up alone (PXE) are not counted. A server put in place of another with other routers is told once: explain it.",
  tune: "Explain the finding for a new server. DHCP snooping on the switches ends the danger.",
  hears: { notables: ["dhcpNetwork", "dhcpOptions", "dhcpServerChosen", "dhcp6Options"] },
  subject: "segment",
  subjectsMax: 4_096,
  remember: () => ({ servers: {} }),
  notice: (news, memory, known) =>
    news.news !== "signal" ? [] : news.what === "dhcp6Options" ? notice6(news, memory, known) : notice(news, memory, known.since),
};

/** Windows asks for a server of IPv6 wherever it is, and believes any: so the first of a segment is no less strange than the second. */
function* notice6(news: SignalNews, memory: Memory, known: Known): Iterable<Claimed> {
  const { at, group, sender: server, receiver: client } = news;
  if (server === null || client === null) return;
  const servers = (memory.servers6 ??= {});
  const others = Object.entries(servers).filter(([key, it]) => key !== server.key && !it.stranger && stillStands(it.last, at));
  const isNewToClient = at - known.since >= LEARNING_US && at - (known.heardSince(client) ?? at) >= LEARNING_US;
  const isOdd = others.length > 0 && !others.some(([, it]) => it.options.includes(group));
  const it = servers[server.key] ?? { options: [], stranger: isNewToClient || isOdd, last: at };
  it.last = at;
  remember(it.options, group);
  if (servers[server.key] !== undefined || Object.keys(servers).length < SERVERS_MAX) servers[server.key] = it;
  if (!it.stranger) return;
  const what = isOdd ? `name servers by IPv6, other ones than ${namesOf(others)}` : "name servers by IPv6, where no such server was";
  yield claimed(news, server, null, `${server.ip ?? server.mac} gives ${what}`);
}

function* notice(news: SignalNews, memory: Memory, since: number): Iterable<Claimed> {
  const { at, what, group, receiver, sender } = news;
  if (receiver === null) return;
  const { servers } = memory;
  const known = servers[receiver.key];
  const others = Object.entries(servers).filter(([key, it]) => key !== receiver.key && !it.stranger);
  const isServed = others.some(([, it]) => stillStands(it.last, at));
  const isLearning = at - since < LEARNING_US;
  if (what === "dhcpServerChosen") {
    if (known === undefined && isServed && !isLearning)
      yield claimed(news, receiver, sender, "a client chose a server of DHCP never heard to answer");
    return;
  }
  const server = known ?? { networks: [], options: [], stranger: false, first: at, last: at };
  server.last = at;
  if (known === undefined && Object.keys(servers).length < SERVERS_MAX) servers[receiver.key] = server;
  if (what === "dhcpNetwork") return remember(server.networks, group);
  // Told after the network of the same answer, once for each server and second.
  // What a server gave before another came is its own; and one of which nothing is known yet is nobody's measure.
  const compared = server.options.includes(group) ? [] : others.filter(([, it]) => it.options.length > 0);
  if (at - server.first <= COMPARED_US && compared.length > 0 && !compared.some(([, it]) => it.options.includes(group))) {
    const isSameNetwork = others.some(([, it]) => it.networks.some((network) => server.networks.includes(network)));
    server.stranger ||= isSameNetwork || (isServed && !isLearning);
  }
  remember(server.options, group);
  if (server.stranger)
    yield claimed(
      news,
      receiver,
      sender,
      `${receiver.ip ?? receiver.mac} gives addresses with other routers or name servers than ${namesOf(others)}`,
    );
}

function claimed({ at, count, witnesses }: SignalNews, server: Party, sender: Party | null, summary: string): Claimed {
  const others = sender === null || sender.key === server.key ? [] : [sender];
  return { story: server.key, about: server, others, first: at - SECOND_US, at, count, summary, because: [{ at, text: summary }], witnesses: witnesses.slice(0, WITNESSES_MAX) }; // prettier-ignore
}

/** Without the space they lie in. */
function namesOf(servers: readonly (readonly [key: string, server: unknown])[]): string {
  const names = servers.map(([key]) => key.slice(key.indexOf("/") + 1));
  return names.length === 1 ? names[0]! : `${names.length} known servers`;
}

function remember(list: string[], it: string): void {
  if (!list.includes(it) && list.length < OPTIONS_MAX) list.push(it);
}
