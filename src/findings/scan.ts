/**
 * Somebody looks who is there and what is open. Each first contact that fails speaks for it, each that is answered against it (Jung et
 * al., Fast Portscan Detection Using Sequential Hypothesis Testing, 2004), in whole decibans, so that sums of seconds are as good as
 * single packets. Counted by endpoint, so one walk covers many ports of one machine and one port of many. Beside it what needs no
 * failure: many asked at once of which none answered yet, and many echoes.
 */
import type { Claimed, FindingWitness, Known, News, Party, SignalNews, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
const DAY_US = 86_400 * SECOND_US;
/** A scan's first contact fails in 80 %, anybody else's in 20 % (harm-notes 2): the odds change by log 4, 6 decibans. */
const FAILED = 6;
const ANSWERED = 6;
/** Nothing but a tool that asks sends a segment without SYN, ACK and RST, or with SYN and FIN (RFC 9293 section 3.10.7): it counts twice. */
const ODD = 12;
/** Who routes and who serves addresses is known after about so long; until then neighbors that do not answer tell nothing, but many at once do. */
const ROLES_US = 60 * SECOND_US;
const FOUND_SUM = 30;
const FOUND_FAILED = 5;
/** Beyond it more failures change nothing; so long answers alone end the walk. */
const SUM_MAX = 60;
/** Not answered in two following seconds, and half of all asked: found without waiting for silence. */
const BURST = 10;
const BURST_SHARE = 0.5;
/** Different machines asked by echo within 10 s, whatever they answer. */
const SWEEP = 10;
const SWEEP_US = 10 * SECOND_US;
/** Different machines of the site asked by UDP within 10 s that said nothing, and so many times those that answered: of one or two that is syslog or a call, of many it is somebody who looks (judged). */
const MUTE = 20;
const MUTE_TIMES = 4;
/** A story goes on so long after its last probe (findings/stories.ts). */
const QUIET_US = 15 * 60 * SECOND_US;
/** Rounds of a poller: the same machines, the same gaps, answered (harm-notes 2). */
const ROUNDS = 3;
const ROUND_ENDS_US = 10 * SECOND_US;
const ALIKE = 0.2;
/** New endpoints of a known poller beyond which it is looked at again. */
const POLLER_NEW = 10;
const RECEIVERS_MAX = 64;
const WITNESSES_MAX = 16;

const WORDS: Readonly<Record<string, string>> = {
  tcp: "TCP",
  odd: "TCP with flags of no connection",
  ack: "TCP acknowledgments of nothing",
  udp: "UDP",
  sctp: "SCTP",
  ip: "other protocols over IP",
  echo: "echo",
  arp: "ARP",
  nd: "neighbor discovery",
};
/** Silence of a datagram is nothing. */
const SILENCE_COUNTS: ReadonlySet<string> = new Set(["tcp", "odd", "ack", "sctp", "echo", "arp", "nd"]);
const NEIGHBORLY: ReadonlySet<string> = new Set(["arp", "nd"]);
/** What a DHCP server asks before it offers an address (RFC 2131 section 2.2). */
const BEFORE_OFFER: ReadonlySet<string> = new Set(["echo", "arp", "nd"]);

interface Round {
  readonly at: number;
  last: number;
  asked: number;
  fresh: number;
}

interface Memory {
  /** In decibans; and of neighbors looked for, of which an answer tells only that somebody is there. */
  sum: number;
  neighbors: number;
  failed: number;
  /** Since the walk left zero: begin, endpoints asked, by way, and whom. */
  since: number;
  asked: number;
  ways: Record<string, number>;
  receivers: Party[];
  receiversBeyond: boolean;
  lastFailed: number;
  /** The last second, and the one before: asked and not answered. */
  second: { at: number; asked: number; open: number; askedBefore: number; openBefore: number };
  echoes: [at: number, machines: number][];
  /** By UDP: machines that said nothing, and that answered. */
  datagrams?: [at: number, mute: number, answered: number][];
  found: number;
  /** Asked since the last claim. */
  untold: number;
  witnesses: FindingWitness[];
  /** It gives out addresses. */
  servesDhcp: boolean;
  rounds: Round[];
  poller: boolean;
  newOfPoller: number;
}

export const scan: Watch<Memory> = {
  name: "scan",
  title: "A scan or sweep",
  family: "hazard",
  severity: "medium",
  harms: ["device", "network"],
  othersAreHit: true,
  saidBy: ["outside-knocks"],
  remedy:
    "Find whose machine it is that scans and ask for a pause; clinical devices may stop or restart by it, so look at those it reached. If it is the hospital's own scanner, give it the do-not-scan list (auscult do-not-scan export, or the page Do not scan) and explain the finding with owner and end date.",
  technique: ["T1046 Network Service Discovery", "T1018 Remote System Discovery", "T0846 Remote System Discovery"],
  sees: "First contacts by TCP, UDP, SCTP, echo, ARP, neighbor discovery and odd flags, IPv4 and IPv6: 5 more that fail than are answered, however slow; 10 in two seconds that are not answered; echoes to 10 machines within 10 seconds; datagrams to 20 machines of the site within 10 seconds that say nothing.",
  misses:
    "Scans of which most targets answer, as of a few known open ports; probes from many sources, each of which asks little; UDP to a few machines that nobody turns down.",
  mistaken:
    "Machines a name server had just named, a router looking for others' neighbors and a DHCP server that checks an address before it offers it do not count. A poller's first round is a sweep: from its third of the same machines at even gaps it is known as one.",
  tune: "Explain it for the hospital's own scanner, with its planned hours.",
  hears: { signals: ["contacts", "probes", "lateAnswers", "recontacts"], attributes: ["service"] },
  subject: "sender",
  subjectsMax: 65_536,
  remember: () => ({
    sum: 0, neighbors: 0, failed: 0, since: 0, asked: 0, ways: {}, receivers: [], receiversBeyond: false, lastFailed: 0,
    second: { at: 0, asked: 0, open: 0, askedBefore: 0, openBefore: 0 }, echoes: [], found: 0, untold: 0, witnesses: [],
    servesDhcp: false, rounds: [], poller: false, newOfPoller: 0,
  }), // prettier-ignore
  worth: ({ sum, neighbors, found, poller, servesDhcp }) =>
    sum + neighbors + (found > 0 ? SUM_MAX : 0) + (poller || servesDhcp ? FOUND_SUM : 0),
  notice,
};

function* notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
  if (news.news === "observation") {
    if (news.value === "dhcp") memory.servesDhcp = true;
    return;
  }
  if (news.news !== "signal" || news.sender === null || news.what === "named" || news.what === "gateway") return;
  switch (news.kind) {
    case "lateAnswers":
      // Told of the sender alone, and of each receiver: counted once.
      if (news.receiver === null) takeBack(memory, news);
      return;
    case "probes":
      return remember(memory, news);
    case "recontacts":
      yield* rounds(memory, news);
      return;
    case "contacts":
      yield* contacts(memory, news, news.sender, known);
  }
}

function* contacts(memory: Memory, news: SignalNews, sender: Party, known: Known): Iterable<Claimed> {
  const { at, what, count, distinct, amount, witnesses } = news;
  if (memory.servesDhcp && BEFORE_OFFER.has(what)) return;
  if (count > 0) round(memory, at, count, count);
  if (memory.poller) {
    memory.newOfPoller += count;
    if (memory.newOfPoller <= POLLER_NEW) return;
    memory.poller = false;
  }
  const isNeighborly = NEIGHBORLY.has(what);
  const failed = isNeighborly && at - known.since < ROLES_US ? 0 : news.failed;
  const walk = isNeighborly ? "neighbors" : "sum";
  memory[walk] = Math.max(0, memory[walk] - ANSWERED * amount);
  beginAtZero(memory, at);
  memory[walk] = Math.min(SUM_MAX, memory[walk] + (what === "odd" ? ODD : FAILED) * failed);
  memory.failed += failed;
  if (failed > 0) memory.lastFailed = at;
  memory.asked += count;
  memory.untold += count;
  memory.ways[what] = (memory.ways[what] ?? 0) + Math.max(count, failed);
  memory.witnesses = [...memory.witnesses, ...witnesses].slice(0, WITNESSES_MAX);

  const isBurst = burst(memory.second, at, SILENCE_COUNTS.has(what) ? count : 0, SILENCE_COUNTS.has(what) ? distinct : 0);
  if (what === "echo") memory.echoes.push([at, count]);
  memory.echoes = memory.echoes.filter(([second]) => at - second < SWEEP_US);
  const swept = memory.echoes.reduce((sum, [, machines]) => sum + machines, 0);
  const asked = memory.datagrams?.filter(([second]) => at - second < SWEEP_US) ?? [];
  const mute = what === "udp" ? asked.reduce((sum, it) => sum + it[1], 0) : 0;
  const isMute = mute >= MUTE && mute >= MUTE_TIMES * asked.reduce((sum, it) => sum + it[2], 0);
  const walked = memory.sum + memory.neighbors >= FOUND_SUM && memory.failed >= FOUND_FAILED;
  const goesOn = memory.found > 0 && at - memory.found <= QUIET_US && count + failed > 0 && memory.sum + memory.neighbors > 0;
  if (!walked && !isBurst && swept < SWEEP && !isMute && !goesOn) return;
  yield claim(memory, at, sender, walked ? "walk" : isBurst ? "burst" : isMute ? "mute" : "sweep", isMute ? mute : swept);
}

function claim(memory: Memory, at: number, sender: Party, by: "walk" | "burst" | "sweep" | "mute", machines: number): Claimed {
  memory.found = at;
  const seconds = Math.max(1, Math.round((at - memory.since) / SECOND_US));
  const ways = Object.entries(memory.ways).sort((a, b) => b[1] - a[1]).map(([way]) => WORDS[way] ?? way); // prettier-ignore
  const many = memory.receiversBeyond ? `more than ${RECEIVERS_MAX}` : String(memory.receivers.length);
  const whom =
    memory.receivers.length === 0 || isOfNeighbors(memory) ? "" : ` of ${many} ${memory.receivers.length === 1 ? "machine" : "machines"}`;
  const asked = Math.max(memory.asked, memory.failed);
  const reason =
    by === "walk"
      ? `${memory.failed} of them turned down or silent`
      : by === "burst"
        ? `${memory.second.open + memory.second.openBefore} not answered within two seconds`
        : by === "mute"
          ? `${machines} machines asked by UDP within 10 s that said nothing`
          : `${machines} machines asked by echo within 10 s`;
  const text = `${asked} endpoints${whom} asked first by ${ways.join(", ")} within ${seconds} s: ${reason}`;
  const [only] = memory.receivers;
  const isOne = only !== undefined && memory.receivers.length === 1 && !isOfNeighbors(memory);
  const untold = memory.untold;
  const witnesses = memory.witnesses;
  memory.untold = 0;
  memory.witnesses = [];
  return {
    story: "",
    about: isOne ? only : sender,
    others: isOne ? [sender] : memory.receivers,
    first: memory.since,
    at,
    count: untold,
    summary: text,
    because: [{ at, text }],
    witnesses,
  };
}

/** Most of whom it asked for are no machines yet: what it asked of one of them beside is not what it is about. */
function isOfNeighbors({ ways }: Memory): boolean {
  const all = Object.values(ways).reduce((sum, asked) => sum + asked, 0);
  return 2 * [...NEIGHBORLY].reduce((sum, way) => sum + (ways[way] ?? 0), 0) > all;
}

/** The walk is at zero, and was in the second before: what follows is another. */
function beginAtZero(memory: Memory, at: number): void {
  if (at - memory.lastFailed > DAY_US) memory.sum = memory.neighbors = 0;
  const isAtZero = memory.sum + memory.neighbors === 0 && at - memory.second.at > SECOND_US && at - memory.found > QUIET_US;
  if (isAtZero && memory.since !== at - SECOND_US) begin(memory, at);
}

function begin(memory: Memory, at: number): void {
  memory.sum = memory.neighbors = memory.failed = memory.asked = memory.untold = 0;
  memory.since = at - SECOND_US;
  memory.ways = {};
  memory.receivers = [];
  memory.receiversBeyond = false;
  memory.witnesses = [];
}

function takeBack(memory: Memory, { what, count }: SignalNews): void {
  const walk = NEIGHBORLY.has(what) ? "neighbors" : "sum";
  memory[walk] = Math.max(0, memory[walk] - (FAILED + ANSWERED) * count);
  memory.failed = Math.max(0, memory.failed - count);
}

/** Whom it asked is told before how much it asked in all. */
function remember(memory: Memory, { at, what, receiver, amount }: SignalNews): void {
  beginAtZero(memory, at);
  if (what === "udp" && receiver?.inside === true) {
    const [last] = (memory.datagrams = (memory.datagrams ?? []).filter(([second]) => at - second < SWEEP_US)).slice(-1);
    const second = last?.[0] === at ? last : ([at, 0, 0] as [number, number, number]);
    if (second !== last) memory.datagrams.push(second);
    second[amount > 0 ? 2 : 1]++;
  }
  if (receiver === null || memory.receivers.some(({ key }) => key === receiver.key)) return;
  if (memory.receivers.length < RECEIVERS_MAX) memory.receivers.push(receiver);
  else memory.receiversBeyond = true;
}

/** Adds to the second; whether this and the one before it are a burst. */
function burst(second: Memory["second"], at: number, asked: number, open: number): boolean {
  if (at !== second.at) {
    const follows = at - second.at <= SECOND_US;
    second.askedBefore = follows ? second.asked : 0;
    second.openBefore = follows ? second.open : 0;
    second.at = at;
    second.asked = second.open = 0;
  }
  second.asked += asked;
  second.open += open;
  const all = second.open + second.openBefore;
  return all >= BURST && all >= BURST_SHARE * (second.asked + second.askedBefore);
}

function round(memory: Memory, at: number, asked: number, fresh: number): void {
  const last = memory.rounds.at(-1);
  if (last !== undefined && at - last.last <= ROUND_ENDS_US) {
    last.last = at;
    last.asked += asked;
    last.fresh += fresh;
    return;
  }
  memory.rounds = [...memory.rounds, { at, last: at, asked, fresh }].slice(-ROUNDS);
}

/** Asked again: a round of a poller, perhaps. */
function* rounds(memory: Memory, { at, sender, distinct }: SignalNews): Iterable<Claimed> {
  round(memory, at, distinct, 0);
  const all = memory.rounds;
  if (memory.poller || all.length < ROUNDS || memory.failed > ALIKE * Math.max(1, all[0]!.asked)) return;
  const gaps = all.slice(1).map((it, i) => it.at - all[i]!.at);
  const isEven = Math.max(...gaps) <= (1 + ALIKE) * Math.min(...gaps);
  const isSame = all.slice(1).every((it, i) => it.fresh <= ALIKE * it.asked && it.asked >= (1 - ALIKE) * all[i]!.asked);
  if (!isEven || !isSame) return;
  memory.poller = true;
  memory.newOfPoller = 0;
  memory.sum = memory.neighbors = 0;
  if (memory.found === 0 || at - memory.found > DAY_US) return;
  const text = `asks the same ${distinct} again every ${Math.round(gaps[0]! / SECOND_US)} s, and they answer: a poller, counted as load from here on`;
  yield { story: "", about: sender, others: [], first: at - SECOND_US, at, count: 0, summary: text, because: [{ at, text }] };
}
