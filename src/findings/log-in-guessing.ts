/**
 * Log-ins refused again and again: somebody tries passwords. Only refusals after credentials were offered are counted; a first 401, or
 * Kerberos asking for pre-authentication, is how those protocols begin.
 */
import type { Claimed, FindingWitness, News, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
/** Of one machine at one server, in one protocol: harm-notes 3; typing errors are 3 at most, the most of an innocent capture is 1. */
const REFUSALS_MIN = 10;
const WINDOW_SECONDS = 300;
const WITNESSES_MAX = 16;

interface Memory {
  /** By protocol: seconds with refusals in the window, oldest first. */
  readonly [protocol: string]: { seconds: [at: number, refused: number][]; told: boolean; witnesses: FindingWitness[] };
}

export const logInGuessing: Watch<Memory> = {
  name: "log-in-guessing",
  title: "Passwords are tried",
  family: "threat",
  severity: "high",
  harms: ["device"],
  remedy:
    "Look at the machine that tries before the one it tries: whose it is, who is logged in there, whether a program uses an old password. Change the password of the device with its maker's instructions; do not lock the account of a device that treats a patient.",
  technique: ["T1110 Brute Force"],
  sees: "10 log-ins refused within 5 minutes, of one machine at one server in one protocol.",
  misses: "Guessing in encrypted protocols that do not show a refusal; fewer tries than 10 in 5 minutes; one try at each of many servers.",
  mistaken: "A program with an old password tries for hours at an even pace. Typing errors are three or four.",
  tune: "Explain it for a program whose password is being changed, with an end date.",
  hears: { signals: ["refusals"] },
  subject: "pair",
  subjectsMax: 16_384,
  remember: () => ({}),
  worth: (memory) => Math.max(0, ...Object.values(memory).map(({ seconds }) => sum(seconds))),
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, what, failed, witnesses } = news;
  const byProtocol = memory as Record<string, Memory[string]>;
  const it = (byProtocol[what] ??= { seconds: [], told: false, witnesses: [] });
  const current = it.seconds.filter(([second]) => at - second < WINDOW_SECONDS * SECOND_US);
  if (current.length === 0) [it.told, it.witnesses] = [false, []];
  current.push([at, failed]);
  it.seconds = current.slice(-WINDOW_SECONDS);
  it.witnesses = [...it.witnesses, ...witnesses].slice(0, WITNESSES_MAX);
  const refused = sum(it.seconds);
  if (refused < REFUSALS_MIN) return;
  const first = it.seconds[0]![0] - SECOND_US;
  yield {
    story: what,
    about: news.receiver,
    others: [news.sender],
    first,
    at,
    count: it.told ? failed : refused,
    summary: `${refused} log-ins by ${what} refused within ${Math.round((at - first) / SECOND_US)} s`,
    because: [{ at, text: `${refused} refusals of ${what} within 5 minutes` }],
    witnesses: it.witnesses,
  };
  it.told = true;
  it.witnesses = [];
}

function sum(seconds: readonly (readonly [at: number, refused: number])[]): number {
  return seconds.reduce((total, [, refused]) => total + refused, 0);
}
