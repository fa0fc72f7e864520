/** Questions and retrievals at an archive by the hundred: somebody collects patients. Night jobs do that too, at their hour and as many as ever. */
import type { Claimed, Known, News, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
const MINUTE_US = 60 * SECOND_US;
const DAY_US = 24 * 60 * MINUTE_US;
/** Judged: a person at a workstation asks a few times a minute, a worklist once. */
const A_MINUTE_MIN = { dicomQuery: 30, dicomRetrieve: 20 } as const;
const OF_ITS_MOST = 5;
type Kind = keyof typeof A_MINUTE_MIN;

interface Memory {
  since: number;
  /** By kind: the minute at hand, how many in it, and the most in one before. */
  counts: Partial<Record<Kind, { minute: number; count: number; most: number }>>;
}

export const imagingBulk: Watch<Memory> = {
  name: "imaging-bulk",
  title: "Images or patients are asked for in bulk",
  family: "threat",
  severity: "high",
  harms: ["patient"],
  remedy:
    "Ask radiology whether the machine named collects for a study, a migration or a report; look at its questions in the archive's own log before anything is stopped.",
  technique: ["T1213 Data from Information Repositories", "T1119 Automated Collection"],
  sees: "30 C-FIND or 20 C-MOVE, C-GET or DICOMweb retrievals in one minute of one machine at one archive, and five times the most it ever did, after the pair was heard for a day; or by a pair that is new while the site is heard for longer than a day.",
  misses: "Collecting at a gentle pace; everything on a recording's first day; one C-MOVE that asks for many studies.",
  mistaken: "Prefetching before the morning is as large every day, and so its own measure.",
  tune: "Announce a migration as planned work.",
  hears: { notables: ["dicomQuery", "dicomRetrieve"] },
  subject: "pair",
  subjectsMax: 4_096,
  remember: () => ({ since: 0, counts: {} }),
  notice,
};

function* notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, count, sender, receiver, witnesses } = news;
  const kind = news.what as Kind;
  if (memory.since === 0) memory.since = at;
  const it = (memory.counts[kind] ??= { minute: 0, count: 0, most: 0 });
  const minute = Math.floor(at / MINUTE_US);
  if (minute !== it.minute) [it.most, it.minute, it.count] = [Math.max(it.most, it.count), minute, 0];
  it.count += count;
  const isHeardLong = at - memory.since > DAY_US;
  const isNew = !isHeardLong && memory.since - known.since > DAY_US;
  if (it.count < A_MINUTE_MIN[kind] || (isHeardLong && it.count <= OF_ITS_MOST * it.most) || (!isHeardLong && !isNew)) return;
  const text = `${it.count} ${kind === "dicomQuery" ? "questions" : "retrievals"} within a minute; the most before was ${it.most}`;
  yield {
    story: kind,
    about: receiver,
    others: [sender],
    first: minute * MINUTE_US,
    at,
    count,
    summary: text,
    because: [{ at, text }],
    witnesses,
  };
}
