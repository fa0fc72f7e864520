/**
 * Names that carry data to who answers for a domain. Counted for each machine, its server and each domain: a resolver asks for
 * thousands of names, but for few long ones below one domain.
 */
import type { Claimed, FindingWitness, News, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
const WINDOW_US = 60 * SECOND_US;
/** Below one domain within a minute: harm-notes 3, where the most of an innocent pair is 39 names of 398 bytes together. */
const LONG_MIN = 50;
const LONG_BYTES_MIN = 2_000;
/** Of types or with characters that machines' names do not have. */
const ODD_MIN = 20;
const DOMAINS_MAX = 16;
const SECONDS_MAX = 60;
const WITNESSES_MAX = 16;

interface Second {
  readonly at: number;
  readonly odd: boolean;
  readonly names: number;
  readonly bytes: number;
}

interface Memory {
  /** By domain, as a keyed hash; the longest quiet goes first. */
  readonly [domain: string]: { seconds: Second[]; told: boolean; witnesses: FindingWitness[] };
}

export const dnsTunnel: Watch<Memory> = {
  name: "dns-tunnel",
  title: "Names carry data out",
  family: "threat",
  severity: "high",
  harms: ["network"],
  remedy:
    "Tell the security team: a program on this machine sends data by asking for names, past every firewall. Let the name server refuse the domain; keep the machine as it is for who looks into it; where it serves patients, its ward decides how.",
  technique: ["T1071.004 DNS", "T1572 Protocol Tunneling"],
  sees: "Within a minute below one domain: 50 different long names with 2,000 bytes, or 20 of types or with characters that names of machines do not have.",
  misses: "Slow tunnels; names asked by TLS or HTTPS; domains two of which the same machine uses in turn.",
  mistaken:
    "Caches, lists of senders of spam and counters use long names, but few below one domain in a minute; reverse names are not counted.",
  tune: "Explain the finding for a program that reports so, such as a virus scanner's cloud.",
  hears: { notables: ["dnsName", "dnsOddName"] },
  subject: "pair",
  subjectsMax: 8_192,
  remember: () => ({}),
  worth: (memory) => Math.max(0, ...Object.values(memory).map(({ seconds }) => seconds.length)),
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, what, group, distinct, amount, count, witnesses } = news;
  const byDomain = memory as Record<string, Memory[string]>;
  const it = byDomain[group] ?? { seconds: [], told: false, witnesses: [] };
  delete byDomain[group];
  byDomain[group] = it;
  for (const domain of Object.keys(byDomain).slice(0, -DOMAINS_MAX)) delete byDomain[domain];
  it.seconds = it.seconds.filter((second) => at - second.at < WINDOW_US).slice(-2 * SECONDS_MAX);
  if (it.seconds.length === 0) [it.told, it.witnesses] = [false, []];
  // What was asked for again carries nothing new.
  const bytes = Math.round((amount * distinct) / count);
  it.seconds.push({ at, odd: what === "dnsOddName", names: distinct, bytes });
  it.witnesses = [...it.witnesses, ...witnesses].slice(0, WITNESSES_MAX);
  const all = totals(it.seconds);
  const odd = totals(it.seconds.filter((second) => second.odd));
  if (!(all.names >= LONG_MIN && all.bytes >= LONG_BYTES_MIN) && odd.names < ODD_MIN) return;
  const first = it.seconds[0]!.at - SECOND_US;
  const summary = `${all.names} names with ${all.bytes} bytes asked for below one domain within ${Math.round((at - first) / SECOND_US)} s, ${odd.names} of them no machine's`;
  yield {
    story: group,
    about: news.sender,
    others: [news.receiver],
    first,
    at,
    count: it.told ? distinct : all.names,
    summary,
    because: [{ at, text: summary }],
    witnesses: it.witnesses,
  };
  it.told = true;
  it.witnesses = [];
}

function totals(seconds: readonly Second[]): { readonly names: number; readonly bytes: number } {
  return seconds.reduce((total, it) => ({ names: total.names + it.names, bytes: total.bytes + it.bytes }), { names: 0, bytes: 0 });
}
