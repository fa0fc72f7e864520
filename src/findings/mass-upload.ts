/** A machine sends far more to one address outside than it ever did: so leaves what was collected, images and records of patients among it. */
import type { Claimed, Known, News, Watch } from "../model/finding.ts";
import { isLearned, isRule, wasHeardLong } from "./acquaintance.ts";

const DAY_US = 24 * 3600 * 1_000_000;
const MEGABYTE = 1_000_000;
/** harm-notes 3: 50 MB to an address new to the site; judged for one that the site knows, where somebody may send a film once a month. */
const BYTES_MIN = { fresh: 50 * MEGABYTE, known: 500 * MEGABYTE } as const;
const OF_ITS_MOST = 10;
/** Addresses of one day that are told apart; those that were sent least go first. */
const SERVERS_MAX = 32;

interface Memory {
  day: number;
  /** Bytes of the day at hand, by server. */
  sent: Record<string, number>;
  /** The most that went to one server in a day before. */
  most: number;
}

export const massUpload: Watch<Memory> = {
  name: "mass-upload",
  title: "A machine sends far more outside than it ever did",
  family: "threat",
  severity: "high",
  harms: ["patient", "network"],
  remedy:
    "Tell the security team and whoever answers for data protection: look up whose the address is, and ask who works at the machine what was sent. If nobody knows, have the firewall refuse that address, and keep the machine as it is for who looks into it; what already left cannot be called back.",
  technique: ["T1048 Exfiltration Over Alternative Protocol", "T1041 Exfiltration Over C2 Channel", "T1567 Exfiltration Over Web Service"],
  sees: "More than 50 MB to one address outside within a day (UTC), by a machine heard for three days or longer, and ten times the most it sent to one address outside on any day before; 500 MB where the site heard that address a day before or earlier.",
  misses:
    "Slow and divided uploads: below 50 MB a day and address, or never ten times the usual; what is fetched from outside, by a server reachable there; the first three days of listening; by way of the site's own proxy.",
  mistaken: "A new cloud backup or image exchange on its first day, a support package for a maker, a video call of who never had one.",
  tune: "Announce migrations and new services as planned work; enter the site's own networks, where they are not private ones.",
  hears: { conversations: "outward" },
  subject: "sender",
  subjectsMax: 32_768,
  remember: () => ({ day: 0, sent: {}, most: 0 }),
  worth: ({ most }) => most,
  notice,
};

function* notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
  if (news.news !== "conversation" || news.side === "guessed") return;
  const { at, first, client, server, bytesToServer, protocol, transport, port } = news;
  const day = Math.floor(at / DAY_US);
  // A clock that goes backwards adds to the day at hand.
  if (day > memory.day) {
    memory.most = Math.max(memory.most, ...Object.values(memory.sent));
    [memory.day, memory.sent] = [day, {}];
  }
  const sent = (memory.sent[server.key] ?? 0) + bytesToServer;
  memory.sent[server.key] = sent;
  if (Object.keys(memory.sent).length > SERVERS_MAX) delete memory.sent[leastOf(memory.sent)];
  if (sent < BYTES_MIN.fresh || sent < OF_ITS_MOST * memory.most) return;
  if (!isLearned(known, at) || !wasHeardLong(known, client, memory.day * DAY_US)) return;
  const isKnown = isRule(known.heardSince(server), at);
  if (isKnown && sent < BYTES_MIN.known) return;
  const summary = `${megabytes(sent)} sent to ${server.ip} within the day; the most before was ${megabytes(memory.most)} to one address outside`;
  yield {
    story: server.key,
    about: client,
    others: [server],
    first,
    at,
    count: Math.max(1, Math.round(bytesToServer / MEGABYTE)),
    summary,
    because: [
      { at, text: summary },
      { at, text: `By ${protocol === "" ? `${transport.toUpperCase()} ${port}` : protocol}, to an address ${isKnown ? "that was heard before" : "nobody of the site conversed with a day ago"}` },
    ],
  }; // prettier-ignore
}

function leastOf(sent: Readonly<Record<string, number>>): string {
  return Object.entries(sent).reduce((least, it) => (it[1] < least[1] ? it : least))[0];
}

function megabytes(bytes: number): string {
  return bytes < MEGABYTE / 10
    ? "less than 0.1 MB"
    : `${bytes < 10 * MEGABYTE ? (bytes / MEGABYTE).toFixed(1) : Math.round(bytes / MEGABYTE)} MB`;
}
