/**
 * A stranger tries doors of one device. Four that do not open are few, and innocent at an office computer; where a life hangs on the
 * device, or nobody knows what it is, they are worth a look (harm-notes 2). Which it is, is known when it is shown, not when it happens.
 */
import type { Claimed, Known, News, Party, SignalNews, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
const DAY_US = 86_400 * SECOND_US;
/** As in scan.ts, in decibans: log 4 for each. */
const FAILED = 6;
const ANSWERED = 6;
const FOUND_SUM = 20;
const FOUND_FAILED = 4;
const SUM_MAX = 40;

interface Memory {
  sum: number;
  failed: number;
  since: number;
  last: number;
  untold: number;
}

export const deviceProbed: Watch<Memory> = {
  name: "device-probed",
  title: "A stranger tries several ports of a device",
  family: "hazard",
  severity: "medium",
  harms: ["device"],
  fragileOnly: true,
  saidBy: ["scan"],
  remedy:
    "Look at the device first: whether it still does its work. Then ask whose machine it is that tried, and what for; if it is meant to talk to the device, have its program set to the ports the device serves.",
  technique: ["T1046 Network Service Discovery", "T0846 Remote System Discovery"],
  sees: "4 ports of one device turned down or silent, more than answered, asked by a machine that never talked with it before. Shown where a life hangs on the device or its kind is not known, and no scan says it already.",
  misses: "Strangers that ask for open ports only; machines that talked with the device before.",
  mistaken:
    "New software of the hospital that looks for a service on several ports; a name server that had just named the device keeps it silent.",
  tune: "Explain it for the machine that may ask, with an end date; saying what the device is makes it silent where no life hangs on it.",
  hears: { signals: ["probes", "lateAnswers"] },
  subject: "pair",
  subjectsMax: 65_536,
  remember: () => ({ sum: 0, failed: 0, since: 0, last: 0, untold: 0 }),
  worth: ({ sum }) => sum,
  notice,
};

function* notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null || news.what === "named") return;
  const { at, kind, count, failed, amount, sender, receiver } = news;
  if (kind === "lateAnswers") {
    memory.sum = Math.max(0, memory.sum - (FAILED + ANSWERED) * count);
    memory.failed = Math.max(0, memory.failed - count);
    return;
  }
  if (memory.sum === 0 || at - memory.last > DAY_US) [memory.sum, memory.failed, memory.since, memory.untold] = [0, 0, at - SECOND_US, 0];
  memory.last = at;
  memory.sum = Math.min(SUM_MAX, Math.max(0, memory.sum - ANSWERED * amount) + FAILED * failed);
  memory.failed += failed;
  memory.untold += Math.max(count, failed);
  if (memory.sum < FOUND_SUM || memory.failed < FOUND_FAILED || isPeer(known, sender, receiver, memory.since)) return;
  yield claim(news, memory, sender, receiver);
}

function isPeer(known: Known, sender: Party, receiver: Party, since: number): boolean {
  const conversed = known.conversedSince(sender, receiver) ?? known.conversedSince(receiver, sender);
  return conversed !== null && conversed < since;
}

function claim({ at }: SignalNews, memory: Memory, sender: Party, receiver: Party): Claimed {
  const seconds = Math.max(1, Math.round((at - memory.since) / SECOND_US));
  const text = `${memory.failed} ports asked by a machine that never talked with it, turned down or silent, within ${seconds} s`;
  const count = memory.untold;
  memory.untold = 0;
  return { story: "", about: receiver, others: [sender], first: memory.since, at, count, summary: text, because: [{ at, text }] };
}
