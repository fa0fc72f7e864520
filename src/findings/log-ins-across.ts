/**
 * One machine is refused at one server after the other, a few times at each: whoever has a password tries where it fits, and stays under every
 * server's count.
 */
import type { Claimed, FindingWitness, Known, News, Party, Watch } from "../model/finding.ts";
import { areAcquainted, isLearned } from "./acquaintance.ts";

const SECOND_US = 1_000_000;
/** As many servers as make users a spray (judged): somebody's computer with an old password asks for two or three of its folders. */
const SERVERS_MIN = 5;
const WINDOW_US = 300 * SECOND_US;
/** Servers that hand on log-ins of many are refused now and then, and let in mostly. */
const SHARE_MIN = 0.5;
const SERVERS_MAX = 64;
const WITNESSES_MAX = 16;
/** Whose client speaks for everybody. */
const FOR_ALL: ReadonlySet<string> = new Set(["radius", "eapol"]);

interface AtServer {
  readonly server: Party;
  readonly at: number;
  readonly refused: number;
  readonly all: number;
}

interface Memory {
  /** By protocol: where it was refused, the longest ago first. */
  readonly [protocol: string]: { servers: AtServer[]; told: boolean; witnesses: FindingWitness[] };
}

export const logInsAcross: Watch<Memory> = {
  name: "log-ins-across",
  title: "A password is tried at many servers",
  family: "threat",
  severity: "high",
  harms: ["device", "network"],
  remedy:
    "Look at the machine that tries first: whose it is, and who is logged in there. Look at the servers it asked for log-ins that worked since, and change that password wherever it is used; do not lock accounts that devices use to treat patients.",
  technique: ["T1110.003 Password Spraying", "T1110.004 Credential Stuffing"],
  sees: "Log-ins of one machine refused at 5 or more servers within 5 minutes in one protocol, and at least half of all its log-ins there refused.",
  misses:
    "Fewer or slower; log-ins inside TLS; protocols that do not show what became of a log-in; a machine that converses with those servers as a rule.",
  mistaken:
    "A server that manages many machines, whose password was changed: in the first three days of listening it looks the same, later it is known there. Proxies hand on log-ins of many people, most of which are right.",
  tune: "Explain it for the machine of a penetration test, or until the password of a managing server is changed, with an end date.",
  hears: { signals: ["refusals"] },
  subject: "sender",
  subjectsMax: 8_192,
  remember: () => ({}),
  worth: (memory) => Math.max(0, ...Object.values(memory).map(({ servers }) => servers.length)),
  notice,
};

function* notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, what, group, sender, receiver, failed, count, witnesses } = news;
  if (group !== "" || failed === 0 || FOR_ALL.has(what)) return;
  // Who comes there as a rule has an old password, or mistypes.
  if (isLearned(known, at) && areAcquainted(known, sender, receiver, at, what)) return;
  const byProtocol = memory as Record<string, Memory[string]>;
  const it = (byProtocol[what] ??= { servers: [], told: false, witnesses: [] });
  const standing = it.servers.filter((other) => at - other.at < WINDOW_US);
  const before = standing.find(({ server }) => server.key === receiver.key);
  const current = standing.filter((other) => other !== before);
  if (standing.length === 0) [it.told, it.witnesses] = [false, []];
  it.servers = [...current, { server: receiver, at, refused: (before?.refused ?? 0) + failed, all: (before?.all ?? 0) + count }].slice(-SERVERS_MAX); // prettier-ignore
  it.witnesses = [...it.witnesses, ...witnesses].slice(0, WITNESSES_MAX);
  const servers = it.servers.length;
  const [refused, all] = [sum(it.servers, "refused"), sum(it.servers, "all")];
  if (servers < SERVERS_MIN || refused < SHARE_MIN * all) return;
  const first = it.servers[0]!.at - SECOND_US;
  const summary = `refused by ${what} at ${servers} servers within ${Math.round((at - first) / SECOND_US)} s, in ${refused} log-ins`;
  yield {
    story: what,
    about: sender,
    others: it.told ? [receiver] : it.servers.map(({ server }) => server),
    first,
    at,
    count: it.told ? failed : refused,
    summary,
    because: [{ at, text: `${refused} of ${all} log-ins by ${what} refused at ${servers} servers within 5 minutes` }],
    witnesses: it.witnesses,
  };
  it.told = true;
  it.witnesses = [];
}

function sum(servers: readonly AtServer[], what: "refused" | "all"): number {
  return servers.reduce((total, it) => total + it[what], 0);
}
