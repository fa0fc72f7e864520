/**
 * More broadcasts or multicasts on a segment than devices can be asked to hear: every one interrupts every machine there, and old ones
 * stop. A sweep is a second of them and no storm; so it must last.
 */
import { tolerance } from "../knowledge/hazards.ts";
import type { Claimed, News, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;

interface Memory {
  /** By kind: seconds in a row that were too many, since when, frames in them, and the last of them. */
  readonly [kind: string]: { seconds: number; since: number; frames: number; last: number };
}

export const segmentStorm: Watch<Memory> = {
  name: "segment-storm",
  title: "A storm of broadcasts or multicasts",
  family: "hazard",
  severity: "high",
  harms: ["device", "network"],
  remedy:
    "Find the switch port it enters by (a loop, a failing card, software gone wrong) with the network team, and limit broadcasts there; leave clinical devices connected.",
  technique: ["T1498 Network Denial of Service", "T0814 Denial of Service"],
  sees: "500 broadcasts or 1,000 multicasts a second on one segment, for 5 seconds in a row, or what the site says instead.",
  misses: "Storms on segments no mirror hears; video sent to groups as unicast.",
  mistaken:
    "A sweep lasts a second. Cameras and imaging at start-up reach some tens a second. Video by multicast may be so on purpose: explain it with an end date.",
  tune: "Explain the finding for a segment that carries video, or say what the site's segments bear in knowledge/hazards.json (auscult tolerances).",
  hears: { signals: ["broadcast", "multicast"] },
  subject: "segment",
  subjectsMax: 4_096,
  remember: () => ({}),
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "signal" || (news.kind !== "broadcast" && news.kind !== "multicast")) return;
  const { kind, at, count, segment, distinct } = news;
  const { warn, seconds, alarm, why } = tolerance(kind);
  if (count < warn) return;
  const runs = memory as Record<string, Memory[string]>;
  let run = runs[kind];
  if (run === undefined || at - run.last > SECOND_US) runs[kind] = run = { seconds: 0, since: at - SECOND_US, frames: 0, last: at };
  run.seconds++;
  run.frames += count;
  run.last = at;
  if (run.seconds < seconds && (alarm === null || count < alarm)) return;
  const frames = run.frames;
  run.frames = 0;
  yield {
    story: kind,
    about: null,
    others: [],
    first: run.since,
    at,
    count: frames,
    summary: `${count} ${kind}s a second on ${segment}, for ${run.seconds} seconds`,
    because: [
      { at, text: `${count} ${kind}s of ${distinct} senders in one second on ${segment}` },
      { at, text: `${warn} are borne for ${seconds} s: ${why}` },
    ],
  };
}
