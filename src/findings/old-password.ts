/** A program that logs in by the clock and is refused for hours: its password was changed, and nobody told it. No attack, but a service that fails. */
import type { Claimed, News, Watch } from "../model/finding.ts";
import { isEvenPace, middle } from "./pace.ts";

const SECOND_US = 1_000_000;
/** Its pace is judged by so many; at half an hour between two they are six hours. */
const TIMES = 12;
const LASTS_US = 3600 * SECOND_US;
/** Twice the middle gap: one try was missed, or it was busy. */
const GAP_FACTOR_MAX = 2.5;

interface Memory {
  /** By protocol: the last refusals, since when at this pace, and how many since then. */
  readonly [protocol: string]: { times: number[]; since: number; count: number };
}

export const oldPassword: Watch<Memory> = {
  name: "old-password",
  title: "A program uses a password that is no longer right",
  family: "exposure",
  severity: "low",
  harms: ["device"],
  remedy:
    "Find out which program on that machine logs in there, and give it today's password, with whoever looks after it; until then what it should do is not done. Do not lock its account while a device that treats a patient depends on it.",
  technique: [],
  sees: "12 or more log-ins refused at an even pace for an hour, one at a time, of one machine at one server in one protocol.",
  misses: "Programs that try less often than every half hour, or at an uneven pace; what is tried inside TLS.",
  mistaken: "Somebody who guesses one user's password slowly and by the clock looks the same: look at the machine that tries.",
  tune: "Explain it until the password is changed, with an end date.",
  hears: { signals: ["refusals"] },
  subject: "pair",
  subjectsMax: 16_384,
  remember: () => ({}),
  worth: (memory) => Math.max(0, ...Object.values(memory).map(({ count }) => count)),
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null || news.group !== "") return;
  const { at, what, failed, witnesses } = news;
  const byProtocol = memory as Record<string, Memory[string]>;
  const it = (byProtocol[what] ??= { times: [], since: at, count: 0 });
  const gap = middle(it.times.slice(1).map((time, i) => time - it.times[i]!));
  const isBroken = failed > 1 || (it.times.length >= TIMES && at - it.times.at(-1)! > GAP_FACTOR_MAX * gap);
  if (isBroken) [it.times, it.since, it.count] = [[], at, 0];
  it.times = [...it.times, at].slice(-TIMES);
  it.count++;
  if (it.times.length === TIMES && !isEvenPace(it.times)) {
    // The pace, if there is one, begins with the last.
    [it.times, it.since, it.count] = [it.times.slice(1), it.times[1]!, TIMES - 1];
    return;
  }
  if (it.times.length < TIMES || at - it.since < LASTS_US) return;
  const pace = Math.round(middle(it.times.slice(1).map((time, i) => time - it.times[i]!)) / SECOND_US);
  yield {
    story: what,
    about: news.sender,
    others: [news.receiver],
    first: it.since - SECOND_US,
    at,
    count: it.count,
    summary: `${it.count} log-ins by ${what} refused within ${hours(at - it.since)}, one every ${pace} s`,
    because: [{ at: it.since, text: `Log-ins by ${what} are refused at an even pace, one every ${pace} s` }],
    witnesses,
  };
  it.count = 0;
}

function hours(us: number): string {
  return `${Math.round(us / SECOND_US / 360) / 10} hours`;
}
