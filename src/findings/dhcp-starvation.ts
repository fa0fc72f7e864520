/**
 * One card asks for addresses in many names, until the server has none left for a device that comes back. Meant or not, whoever comes back
 * is without one: a host that starts many machines within it does so too.
 */
import type { Claimed, FindingWitness, News, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
/** Different clients of one card, or in one exchange, within 10 seconds: harm-notes 3. */
const CLIENTS_MIN = 10;
const WINDOW_US = 10 * SECOND_US;
/** Exchanges of one card at once; behind a router each client has one. */
const EXCHANGES_MAX = 64;
const WITNESSES_MAX = 16;

interface Memory {
  /** By the exchange they are counted apart by; the longest quiet goes first. */
  readonly [exchange: string]: { seconds: [at: number, clients: number][]; told: boolean; witnesses: FindingWitness[] };
}

export const dhcpStarvation: Watch<Memory> = {
  name: "dhcp-starvation",
  title: "One card asks for many addresses",
  family: "hazard",
  severity: "medium",
  harms: ["device", "network"],
  remedy:
    "Have the network team look at the switch port of this card. Look at the server's free addresses first: where few are left, devices that restart get none.",
  technique: ["T1499 Endpoint Denial of Service", "T0814 Denial of Service"],
  sees: "10 clients within 10 seconds that one card asks for in others' names, or that bear one number of exchange.",
  misses: "Who changes his card's address as well with each question; slower ones.",
  mistaken:
    "Relays ask for others and say so; routers pass on many clients, each with a number of its own. A wireless bridge asks for a few behind it.",
  tune: "Explain the finding for a bridge with many devices behind it.",
  hears: { notables: ["dhcpClient"] },
  subject: "sender",
  subjectsMax: 8_192,
  remember: () => ({}),
  worth: (memory) => Math.max(0, ...Object.values(memory).map(({ seconds }) => sum(seconds))),
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null) return;
  const { at, group, distinct, sender, witnesses } = news;
  const byExchange = memory as Record<string, Memory[string]>;
  const it = byExchange[group] ?? { seconds: [], told: false, witnesses: [] };
  delete byExchange[group];
  byExchange[group] = it;
  for (const exchange of Object.keys(byExchange).slice(0, -EXCHANGES_MAX)) delete byExchange[exchange];
  it.seconds = it.seconds.filter(([second]) => at - second < WINDOW_US);
  if (it.seconds.length === 0) [it.told, it.witnesses] = [false, []];
  it.seconds.push([at, distinct]);
  it.witnesses = [...it.witnesses, ...witnesses].slice(0, WITNESSES_MAX);
  const clients = sum(it.seconds);
  if (clients < CLIENTS_MIN) return;
  const first = it.seconds[0]![0] - SECOND_US;
  const summary = `${clients} clients of DHCP asked for by one card within ${Math.round((at - first) / SECOND_US)} s`;
  yield {
    story: "",
    about: sender,
    others: [],
    first,
    at,
    count: it.told ? distinct : clients,
    summary,
    because: [{ at, text: summary }],
    witnesses: it.witnesses,
  };
  it.told = true;
  it.witnesses = [];
}

function sum(seconds: readonly (readonly [at: number, clients: number])[]): number {
  return seconds.reduce((total, [, clients]) => total + clients, 0);
}
