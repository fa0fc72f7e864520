/** Three or more of those who report to a central station fall silent within a minute, while others of it go on: it is not the mirror, and one going quiet is ordinary. */
import type { Claimed, News, Party, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
const MINUTE_US = 60 * SECOND_US;
const LOST_MIN = 3;
/** Told of in so many batches before, without a gap as long as half a minute: it reports all the time. */
const STEADY_MIN = 30;
const GAP_US = 30 * SECOND_US;
const CLIENTS_MAX = 256;

interface Client {
  party: Party;
  last: number;
  steady: number;
}
interface Memory {
  clients: Record<string, Client>;
}

export const monitorsLost: Watch<Memory> = {
  name: "monitors-lost",
  title: "Several monitors are lost to their central station",
  family: "clinical",
  severity: "high",
  harms: ["patient"],
  remedy:
    "Have the ward look at the beds named first: alarms sound at the bedside, and nobody at the central station sees them until it is mended. Then look at the switch or access point they share, and whether somebody works there.",
  technique: ["T0813 Denial of Control", "T0815 Denial of View"],
  sees: "Three or more machines that report to one central station all the time, silent for a minute and since the same minute, while others go on reporting to it.",
  misses: "A whole ward silent at once: then the mirror may be, and coverage says so. Monitors whose protocol is not known.",
  mistaken: "One bed's transport, a central station that restarts.",
  tune: "Announce work on switches of the ward as planned work.",
  hears: { conversations: ["hl7", "intellivue", "unity", "medibus"] },
  subject: "receiver",
  subjectsMax: 1_024,
  remember: () => ({ clients: {} }),
  worth: ({ clients }) => Object.keys(clients).length,
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "conversation" || !news.client.inside) return;
  const { at, client, server } = news;
  const it = memory.clients[client.key];
  const goesOn = it !== undefined && at - it.last < GAP_US;
  if (it === undefined && Object.keys(memory.clients).length >= CLIENTS_MAX) return;
  memory.clients[client.key] = { party: client, last: Math.max(at, it?.last ?? 0), steady: goesOn ? it.steady + 1 : 1 };
  // Who comes back after a gap of the mirror's own finds everybody silent: only one that went on may say who did not.
  if (!goesOn || it.steady < STEADY_MIN) return;
  const silent = Object.entries(memory.clients).filter(([, other]) => other.steady >= STEADY_MIN && at - other.last >= MINUTE_US);
  const latest = Math.max(...silent.map(([, { last }]) => last));
  const lost = silent.filter(([, { last }]) => latest - last < MINUTE_US);
  for (const [key] of silent) memory.clients[key]!.steady = 0;
  if (lost.length < LOST_MIN) return;
  const first = Math.min(...lost.map(([, { last }]) => last));
  const text = `${lost.length} of ${Object.keys(memory.clients).length} machines that report to it fell silent within ${Math.max(1, Math.round((latest - first) / SECOND_US))} s`;
  yield {
    story: "",
    about: server,
    others: lost.map(([, { party }]) => party),
    first,
    at,
    count: lost.length,
    summary: text,
    because: [{ at, text }],
  };
}
