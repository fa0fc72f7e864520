/**
 * A machine outside asks machines inside for connections they do not answer: where such packets come in at all, a firewall stands open.
 * How slowly does not matter, nor at which port, since nobody outside has work there; whoever has, is answered.
 */
import type { Claimed, FindingWitness, Known, News, Party, SignalNews, Watch } from "../model/finding.ts";
import { wasHeardLong } from "./acquaintance.ts";

const SECOND_US = 1_000_000;
const DAY_US = 86_400 * SECOND_US;
/** As for a scan (harm-notes 2): so many that fail are no slip of a hand. */
const HOSTS_MIN = 5;
const HOSTS_MAX = 64;
const WITNESSES_MAX = 16;

interface Memory {
  /** Those that did not answer within the day, and when they were asked last; the oldest first. */
  hosts: [host: Party, at: number][];
  /** Others that did. */
  answered: string[];
  /** Of the first, those not told yet. */
  fresh: Party[];
  witnesses: FindingWitness[];
  told: boolean;
}

export const outsideKnocks: Watch<Memory> = {
  name: "outside-knocks",
  title: "A machine outside looks for ways into the site",
  family: "threat",
  severity: "medium",
  harms: ["device", "network"],
  othersAreHit: true,
  remedy:
    "Have the network team close the way by which these packets come in: nobody outside needs it. Look whether one of the machines it tried answers, first at those patients depend on; if one did, look at that machine before it is taken off the network, and ask its ward what depends on it.",
  technique: ["T1595.001 Scanning IP Blocks", "T1210 Exploitation of Remote Services", "T0866 Exploitation of Remote Services"],
  sees: `${HOSTS_MIN} machines of the site within a day that one address outside asks for a connection by TCP in vain, and more than those that answer it.`,
  misses:
    "Ways other than TCP, and many ports of few machines, which are a scan; many addresses outside of which each tries few; what the firewall in front of the mirror refuses.",
  mistaken:
    "Machines of the site with public addresses that push software to others that are switched off; one that was heard for three days is taken for such.",
  tune: "Enter the site's own networks, where they are not private ones.",
  hears: { signals: ["probes", "lateAnswers", "contacts"] },
  subject: "sender",
  subjectsMax: 16_384,
  remember: () => ({ hosts: [], answered: [], fresh: [], witnesses: [], told: false }),
  worth: ({ hosts }) => hosts.length,
  notice,
};

function* notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
  if (news.news !== "signal" || news.what !== "tcp" || news.sender === null || news.sender.inside) return;
  if (!memory.told && wasHeardLong(known, news.sender, news.at)) return;
  if (news.receiver !== null) take(memory, news, news.receiver);
  // Told of each receiver first, then of the sender with the frames.
  else if (news.kind === "contacts") yield* claim(memory, news, news.sender);
}

function take(memory: Memory, { at, kind, failed }: SignalNews, receiver: Party): void {
  if (!receiver.inside) return;
  const isFailed = kind === "probes" && failed > 0;
  const isNew = memory.hosts.every(([{ key }]) => key !== receiver.key);
  const others = memory.hosts.filter(([{ key }, since]) => key !== receiver.key && at - since < DAY_US);
  if (others.length === 0) memory.told = false;
  memory.hosts = isFailed ? [...others, [receiver, at] as [Party, number]].slice(-HOSTS_MAX) : others;
  if (!isFailed) memory.answered = [...new Set([...memory.answered, receiver.key])].slice(-HOSTS_MAX);
  else if (isNew) memory.fresh = [...memory.fresh, receiver].slice(-HOSTS_MAX);
}

function* claim(memory: Memory, news: SignalNews, sender: Party): Iterable<Claimed> {
  const { at } = news;
  memory.witnesses = [...memory.witnesses, ...news.witnesses].slice(-WITNESSES_MAX);
  const hosts = memory.hosts.length;
  if (memory.fresh.length === 0 || hosts < HOSTS_MIN || memory.answered.length >= hosts) return;
  const others = memory.told ? memory.fresh : memory.hosts.map(([host]) => host);
  const summary = `${hosts} machines of the site asked for connections that none of them answered`;
  yield {
    story: "",
    about: sender,
    others,
    first: memory.hosts[0]![1] - SECOND_US,
    at,
    count: others.length,
    summary,
    because: [{ at, text: summary }],
    witnesses: memory.witnesses,
  };
  Object.assign(memory, { told: true, fresh: [], witnesses: [] });
}
