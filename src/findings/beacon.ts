/**
 * A program somebody brought in calls home by the clock and asks what it should do. So do updates, cloud services and remote support: they
 * are told apart by being there from the first days, by being called by many, and by staying connected instead of calling again.
 */
import type { Claimed, ConversationNews, Known, News, Watch } from "../model/finding.ts";
import { isLearned } from "./acquaintance.ts";
import { areEven, middle } from "./pace.ts";

const SECOND_US = 1_000_000;
const MINUTE_US = 60 * SECOND_US;
const HOUR_US = 60 * MINUTE_US;
const DAY_US = 24 * HOUR_US;
/** What is nearer to each other is one call, however it was cut into batches, which are no longer (model/batch.ts). */
const QUIET_US = 10 * SECOND_US;
/** RITA scores no pair of fewer connections (activecm/rita, strobe and beacon thresholds). */
const CALLS_MIN = 20;
/** Judged: a page that is open for an hour asks as evenly. */
const HELD_US_MIN = 2 * HOUR_US;
/** Rhythms with a shake of half of the sleep, which is as much as is commonly set (Cobalt Strike's documentation of jitter), spread by a third. */
const GAP_SPREAD_MAX = 0.35;
/** "Nothing to do" is as long each time: RITA scores the spread of sizes as it does that of gaps. */
const SIZE_SPREAD_MAX = 0.2;
/** After so long without a call it begins anew. */
const PAUSE_US = 16 * HOUR_US;
/** A server is watched for its first week; then it belongs there, or was told. */
const WATCHED_US = 7 * DAY_US;
/** What more machines of the site call is a service (Hu et al., BAYWATCH, DSN 2016: local popularity). */
const CLIENTS_MAX = 3;
const KEPT = 32;
/** Names and times are others' tasks (dns-tunnel), and are asked by the clock. */
const ORDINARY: ReadonlySet<string> = new Set(["dns", "ntp", "dhcp", "stun", "snmp"]);

interface Client {
  /** When it first called, of those the rhythm is judged by, and last; the end of what was heard of it. */
  began: number;
  called: number;
  last: number;
  /** The call at hand: when it began, whether it opened a connection, and bytes to the server. */
  start: number;
  opened: boolean;
  bytes: number;
  /** Seconds between calls, and bytes of each, the last ones. */
  gaps: number[];
  sizes: number[];
  calls: number;
  told: boolean;
}
/** By client; null: a server that is none to watch. */
interface Memory {
  since: number;
  clients: Record<string, Client> | null;
}

export const beacon: Watch<Memory> = {
  name: "beacon",
  title: "A machine calls a new server outside by the clock",
  family: "threat",
  severity: "medium",
  harms: ["network"],
  remedy:
    "Tell the security team: look up whose the address is, and which program of the machine calls there. Ask whoever looks after the machine whether a program or a service was set up since. Keep the machine as it is for who looks into it; where it serves patients, its ward decides how.",
  technique: ["T1071 Application Layer Protocol", "T1573 Encrypted Channel", "T1029 Scheduled Transfer"],
  sees: `${CALLS_MIN} connections or more over two hours or longer of one machine to one address outside that nobody of the site conversed with in the first three days of listening, four of five of them evenly apart (within 35 % of the middle gap) and alike in what they bring (within 20 %), in the address's first week and while at most ${CLIENTS_MAX} machines of the site call it.`,
  misses:
    "Gaps under 10 s, which are one call; a connection that stays open, but for what feigns a browser; servers heard in the first three days, and on a recording shorter than that; programs that change addresses or sleep unevenly; by way of the site's own proxy; DNS.",
  mistaken:
    "A cloud service, a page left open or a maker's support that was set up since, and services that moved to another address, for one or few machines.",
  tune: "Explain the finding for the service, with an owner; enter the site's own networks, where they are not private ones.",
  hears: { conversations: "outward" },
  subject: "receiver",
  subjectsMax: 32_768,
  remember: () => ({ since: 0, clients: {} }),
  worth: ({ clients }) => Math.max(0, ...Object.values(clients ?? {}).map(({ calls }) => calls)),
  notice,
};

function* notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
  if (news.news !== "conversation" || memory.clients === null || news.side === "guessed") return;
  const { client, server, protocol, transport, at } = news;
  if (ORDINARY.has(protocol) || (transport !== "tcp" && transport !== "udp")) return;
  if (memory.since === 0) memory.since = known.heardSince(server) ?? news.first;
  const it = (memory.clients[client.key] ??= newClient(news));
  if (!isLearned(known, memory.since) || at - memory.since > WATCHED_US || Object.keys(memory.clients).length > CLIENTS_MAX) {
    memory.clients = null;
    return;
  }
  if (!takeCall(it, news) || !isRhythm(it)) return;
  const minutes = Math.round((it.called - it.began) / MINUTE_US);
  const summary = `${it.calls} calls to ${server.ip}, every ${Math.round(middle(it.gaps))} s or so for ${minutes < 300 ? `${minutes} min` : `${Math.round(minutes / 60)} h`}, of about ${middle(it.sizes)} bytes each`;
  const others = Object.keys(memory.clients).length - 1;
  yield {
    story: client.key,
    about: client,
    others: [server],
    first: it.began,
    at,
    count: it.told ? 1 : it.calls,
    summary,
    because: [
      { at, text: summary },
      { at, text: `Heard since ${Math.round((at - memory.since) / HOUR_US)} h, and called by ${others === 0 ? "no other machine" : others === 1 ? "one other machine" : `${others} other machines`} of the site` },
    ],
  }; // prettier-ignore
  it.told = true;
}

/** Whether a call was completed by another one's beginning. */
function takeCall(it: Client, { first, at, answered, bytesToServer }: ConversationNews): boolean {
  const isNext = first - it.last >= QUIET_US;
  const isDone = isNext && it.opened;
  if (isDone) {
    const gap = it.start - it.called;
    if (it.calls === 0 || gap > PAUSE_US) Object.assign(it, { began: it.start, gaps: [], sizes: [], calls: 0 });
    else it.gaps = [...it.gaps, Math.round(gap / SECOND_US)].slice(-KEPT);
    it.sizes = [...it.sizes, it.bytes].slice(-KEPT);
    it.called = it.start;
    it.calls++;
  }
  // What only keeps a connection alive is no call.
  if (isNext) [it.start, it.opened, it.bytes] = [first, false, 0];
  it.opened ||= answered > 0;
  it.bytes += bytesToServer;
  it.last = Math.max(it.last, at);
  return isDone;
}

function isRhythm({ gaps, sizes, called, began }: Client): boolean {
  if (gaps.length < CALLS_MIN - 1 || called - began < HELD_US_MIN) return false;
  return areEven(gaps, GAP_SPREAD_MAX) && areEven(sizes, SIZE_SPREAD_MAX);
}

function newClient({ first }: ConversationNews): Client {
  return { began: first, called: first, last: first, start: first, opened: false, bytes: 0, gaps: [], sizes: [], calls: 0, told: false };
}
