/** One machine programs many pumps within a minute. Rounds do that at their hours, and a patient who is moved takes six pumps along: so only far more than ever before, or by one that is new. */
import type { Claimed, FindingWitness, Known, News, Party, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
const WINDOW_US = 60 * SECOND_US;
/** Harm-notes 7, of one that is new here. */
const PUMPS_MIN = 5;
/** Of one that is known: above a patient's six pumps and a ward's round, and twice its own most. */
const PUMPS_KNOWN_MIN = 10;
const OF_ITS_MOST = 2;
/** What a machine ever did at most is known after so many orders. */
const ORDERS_MIN = 200;
/** A recording that just began knows nobody. */
const LEARNS_US = 24 * 3600 * SECOND_US;
const RECENT_MAX = 256;
const OTHERS_MAX = 64;

interface Memory {
  orders: number;
  since: number;
  most: number;
  recent: [at: number, pump: string, party: Party][];
}

export const pumpsInARow: Watch<Memory> = {
  name: "pumps-in-a-row",
  title: "Many pumps are programmed at once",
  family: "clinical",
  severity: "critical",
  harms: ["patient"],
  remedy:
    "Have nurses look at the pumps named first: compare drug, rate and volume on each display with its order. Then ask those who run the record system what it does, before anything of it is stopped: wards chart by it.",
  technique: ["T0855 Unauthorized Command Message"],
  sees: "Orders for 5 different pumps within 60 seconds by a machine not heard to program any before that day; for 10 and more than twice as many as it ever did, by one of which 200 orders are known.",
  misses: "Pumps programmed one after the other at leisure; everything on a recording's first day by who is new.",
  mistaken: "Rounds, and a patient moved with all his pumps.",
  tune: "Announce a change of all programs as planned work.",
  hears: { programs: true },
  subject: "sender",
  subjectsMax: 1_024,
  remember: () => ({ orders: 0, since: 0, most: 0, recent: [] }),
  worth: ({ orders }) => orders,
  notice,
};

function* notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
  if (news.news !== "program" || news.dose.said !== "order") return;
  const { at, pump, sender, witnesses } = news;
  if (memory.orders++ === 0) memory.since = at;
  memory.recent = [...memory.recent.filter(([then]) => at - then < WINDOW_US), [at, pump.key, pump] as Memory["recent"][number]].slice(
    -RECENT_MAX,
  );
  const pumps = new Map(memory.recent.map(([, key, party]) => [key, party]));
  const isNew = memory.since - known.since > LEARNS_US && at - memory.since < LEARNS_US;
  const isFar = memory.orders > ORDERS_MIN && pumps.size >= PUMPS_KNOWN_MIN && pumps.size > OF_ITS_MOST * memory.most;
  if ((isNew && pumps.size >= PUMPS_MIN) || isFar) yield claimed(at, memory, [...pumps.values()], sender, witnesses);
  else memory.most = Math.max(memory.most, pumps.size);
}

function claimed(
  at: number,
  { most, recent }: Memory,
  pumps: readonly Party[],
  sender: Party,
  witnesses: readonly FindingWitness[],
): Claimed {
  const seconds = Math.round((at - recent[0]![0]) / SECOND_US);
  const text = `${pumps.length} pumps programmed within ${seconds} s; the most before was ${most} in a minute`;
  return {
    story: "",
    about: sender,
    others: pumps.slice(0, OTHERS_MAX),
    first: recent[0]![0],
    at,
    count: 1,
    summary: text,
    because: [{ at, text }],
    witnesses,
  };
}
