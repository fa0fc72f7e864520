/** Very many who never came before ask one machine and none of them goes on: senders that are forged, or a flood from everywhere. */
import type { Claimed, News, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
/** Strangers unanswered in one second: a scan is of one sender, and a large ward that starts anew is answered (judged, no measurement). */
const SENDERS_MIN = 100;
const LASTS_SECONDS = 2;

interface Memory {
  seconds: number;
  since: number;
  last: number;
  asked: number;
  /** The most in one second: over several the same may come again. */
  senders: number;
}

export const forgedSenders: Watch<Memory> = {
  name: "forged-senders",
  title: "A flood from very many senders",
  family: "hazard",
  severity: "high",
  harms: ["device", "network"],
  remedy:
    "Look at the device first: whether it still does its work. Senders may be forged: find the switch port the flood enters by with the network team, and limit it there.",
  technique: ["T1498.001 Direct Network Flood", "T0814 Denial of Service"],
  sees: "100 senders in one second that never asked this receiver before and are not answered, for 2 seconds in a row.",
  misses:
    "Forged senders whom the receiver answers: they show as load of a device. Beyond 16,384 senders, pairs and receivers in one second only a lower bound is counted.",
  mistaken: "A server that is down while many look for it anew: its clients asked before, unless Auscult has only just begun to listen.",
  tune: "Explain it for a load test with its hours.",
  hears: { signals: ["contacted"] },
  subject: "receiver",
  subjectsMax: 4_096,
  remember: () => ({ seconds: 0, since: 0, last: 0, asked: 0, senders: 0 }),
  worth: ({ seconds }) => seconds,
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "signal" || news.receiver === null) return;
  const { at, count, distinct, amount, receiver } = news;
  if (Math.min(distinct, count - amount) < SENDERS_MIN) return;
  if (at - memory.last > SECOND_US) [memory.seconds, memory.since, memory.asked, memory.senders] = [0, at - SECOND_US, 0, 0];
  memory.seconds++;
  memory.last = at;
  memory.asked += count;
  memory.senders = Math.max(memory.senders, distinct);
  if (memory.seconds < LASTS_SECONDS) return;
  const text = `asked by at least ${memory.senders} senders that never came before, in one second, and not answered`;
  const { asked, since } = memory;
  memory.asked = 0;
  yield { story: "", about: receiver, others: [], first: since, at, count: asked, summary: text, because: [{ at, text }] };
}
