/** Few tries for each of many users: who sprays passwords stays under every lock-out. The sensor tells users apart; who they are it does not say. */
import type { Claimed, FindingWitness, News, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
/** harm-notes 3: different users within 5 minutes, at most two tries each. */
const USERS_MIN = 5;
const TRIES_MAX = 2;
const WINDOW_SECONDS = 300;
/** Terminal servers and gateways log in whole shifts, a few of whom mistype: of those most are let in. */
const SHARE_MIN = 0.5;
const WITNESSES_MAX = 16;

type Second = [at: number, users: number, refused: number, all: number];

interface Memory {
  readonly [protocol: string]: { seconds: Second[]; told: boolean; witnesses: FindingWitness[] };
}

export const passwordSpraying: Watch<Memory> = {
  name: "password-spraying",
  title: "One password is tried for many users",
  family: "threat",
  severity: "high",
  harms: ["device", "network"],
  remedy:
    "Look at the machine that tries first: whose it is, and who is logged in there. Have the domain's team look for users whose log-in worked from it, and change those passwords; do not lock accounts that devices use to treat patients.",
  technique: ["T1110.003 Password Spraying", "T1087.002 Domain Account"],
  sees: "5 or more different users refused or not known within 5 minutes, of one machine at one server, at most 2 tries each, and at least half of all its log-ins there refused.",
  misses:
    "Users tried slower than 5 in 5 minutes, from several machines, inside TLS, or in protocols that do not show who wants in (VNC, SSH, SNMP).",
  mistaken:
    "Terminal servers and gateways, by which many log in and most are let in. A test suite tries the same few users again and again.",
  tune: "Explain it for the machine of a penetration test, with an end date.",
  hears: { signals: ["refusals"] },
  subject: "pair",
  subjectsMax: 16_384,
  remember: () => ({}),
  worth: (memory) => Math.max(0, ...Object.values(memory).map(({ seconds }) => total(seconds, 1))),
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, what, group, distinct, failed, count, sender, receiver, witnesses } = news;
  if (group !== "" && group !== "user") return;
  const byProtocol = memory as Record<string, Memory[string]>;
  const it = (byProtocol[what] ??= { seconds: [], told: false, witnesses: [] });
  const current = it.seconds.filter(([second]) => at - second < WINDOW_SECONDS * SECOND_US);
  if (current.length === 0) [it.told, it.witnesses] = [false, []];
  current.push([at, distinct, failed, count]);
  it.seconds = current.slice(-2 * WINDOW_SECONDS);
  it.witnesses = [...it.witnesses, ...witnesses].slice(0, WITNESSES_MAX);
  const [users, refused, all] = [total(it.seconds, 1), total(it.seconds, 2), total(it.seconds, 3)];
  if (users < USERS_MIN || refused > TRIES_MAX * users || refused < SHARE_MIN * all) return;
  const first = it.seconds[0]![0] - SECOND_US;
  yield {
    story: what,
    about: receiver,
    others: [sender],
    first,
    at,
    count: it.told ? failed : refused,
    summary: `${users} different users refused or unknown by ${what} within ${Math.round((at - first) / SECOND_US)} s, in ${refused} tries`,
    because: [{ at, text: `${users} different users in ${refused} refusals of ${what}, of ${all} log-ins` }],
    witnesses: it.witnesses,
  };
  it.told = true;
  it.witnesses = [];
}

function total(seconds: readonly Second[], place: 1 | 2 | 3): number {
  return seconds.reduce((sum, it) => sum + it[place], 0);
}
