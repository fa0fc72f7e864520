/** Somebody asks machine after machine for a remote administration that was broken for decades. One who asks his own Solaris is none. */
import type { Claimed, FindingWitness, News, Party, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
/** Different machines asked by one: harm-notes 4, where the fifth is asked within 7 minutes. */
const ASKED_MIN = 5;
const WINDOW_US = 600 * SECOND_US;
const ASKED_MAX = 64;
const WITNESSES_MAX = 16;

interface Memory {
  asked: { readonly key: string; readonly party: Party; at: number }[];
  witnesses: FindingWitness[];
}

export const rpcAdminSought: Watch<Memory> = {
  name: "rpc-admin-sought",
  title: "Remote administration is sought on many machines",
  family: "threat",
  severity: "high",
  harms: ["device"],
  remedy:
    "Look at the machine that asks: an intruder, or a security scan nobody announced. Have the port mapper of the machines asked reachable for known machines only.",
  technique: ["T1046 Network Service Discovery", "T1210 Exploitation of Remote Services"],
  sees: "5 machines asked within 10 minutes, by one, for Solaris' remote administration (sadmind) at their port mappers.",
  misses: "Slower search; other programs of RPC, which are ordinary.",
  mistaken: "Solaris' own administration asks few machines, always the same.",
  tune: "Announce security scans, or explain the finding for the scanner, with an end date.",
  hears: { notables: ["rpcAdminSought"] },
  subject: "sender",
  subjectsMax: 4_096,
  remember: () => ({ asked: [], witnesses: [] }),
  worth: ({ asked }) => asked.length,
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, receiver, count, witnesses } = news;
  memory.asked = memory.asked.filter((it) => at - it.at < WINDOW_US && it.key !== receiver.key).slice(1 - ASKED_MAX);
  if (memory.asked.length === 0) memory.witnesses = [];
  memory.asked.push({ key: receiver.key, party: receiver, at });
  memory.witnesses = [...memory.witnesses, ...witnesses].slice(-WITNESSES_MAX);
  if (memory.asked.length < ASKED_MIN) return;
  const first = Math.min(...memory.asked.map((it) => it.at)) - SECOND_US;
  const summary = `${memory.asked.length} machines asked for remote administration (sadmind) within ${Math.round((at - first) / SECOND_US)} s`;
  yield {
    story: "",
    about: news.sender,
    others: memory.asked.map((it) => it.party),
    first,
    at,
    count,
    summary,
    because: [{ at, text: summary }],
    witnesses: memory.witnesses,
  };
}
