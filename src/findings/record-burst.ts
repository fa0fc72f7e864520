/** Patients merged by the dozen, or messages said again that were taken before: what a registrar does once a day, a program does in a minute. */
import type { Claimed, News, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
/** Judged: merging is a person's work of minutes; a message is said again when its answer was lost, one after the other. */
const RULES = {
  hl7Merge: { least: 10, windowUs: 60 * SECOND_US, does: "merges of patients" },
  hl7Replay: { least: 5, windowUs: 300 * SECOND_US, does: "messages said again that were accepted before" },
} as const;
type Kind = keyof typeof RULES;

interface Memory {
  seconds: Partial<Record<Kind, [at: number, count: number][]>>;
}

export const recordBurst: Watch<Memory> = {
  name: "record-burst",
  title: "The record is written to in a burst",
  family: "clinical",
  severity: "high",
  harms: ["patient"],
  remedy:
    "Have those who run the interfaces hold what the sender writes and look at it patient by patient: merged records are drawn apart by hand. Treat by the patient's wristband and paper until they say it is set right.",
  technique: ["T1565.001 Stored Data Manipulation", "T0856 Spoof Reporting Message"],
  sees: "10 merges of patients within a minute, or 5 different messages within five minutes that were said again on one connection after they had been accepted, of one sender to one receiver.",
  misses: "Replays on another connection; forged admissions and orders at the pace of a ward; HL7 inside TLS.",
  mistaken:
    "A clean-up of the index merges many at once: announce it as planned work. Senders that number all messages alike are told apart by that.",
  tune: "Announce clean-ups and resends as planned work.",
  hears: { notables: ["hl7Merge", "hl7Replay"] },
  subject: "pair",
  subjectsMax: 4_096,
  remember: () => ({ seconds: {} }),
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, count, distinct, sender, receiver, witnesses } = news;
  const kind = news.what as Kind;
  const { least, windowUs, does } = RULES[kind];
  const seconds = [
    ...(memory.seconds[kind] ?? []).filter(([then]) => at - then < windowUs),
    [at, kind === "hl7Replay" ? distinct : count] as [number, number],
  ];
  memory.seconds[kind] = seconds.slice(-windowUs / SECOND_US);
  const sum = seconds.reduce((total, [, it]) => total + it, 0);
  if (sum < least) return;
  const text = `${sum} ${does} within ${Math.round((at - seconds[0]![0]) / SECOND_US) + 1} s`;
  yield {
    story: kind,
    about: receiver,
    others: [sender],
    first: seconds[0]![0] - SECOND_US,
    at,
    count,
    summary: text,
    because: [{ at, text }],
    witnesses,
  };
}
