/** More asked of one device than a fragile one can be expected to bear: a flood of echoes, of connections, or of packets nobody answers. */
import { tolerance } from "../knowledge/hazards.ts";
import type { Claimed, News, Watch } from "../model/finding.ts";
import { LOADS, type Load } from "../model/signal.ts";

const SECOND_US = 1_000_000;
const WORDS: Readonly<Record<Load, string>> = {
  echo: "echoes",
  syn: "connections asked for",
  stranger: "packets nobody answered",
};

interface Memory {
  /** By load: seconds in a row above the tolerance, since when, the last of them, and packets in them. */
  readonly [load: string]: { seconds: number; since: number; last: number; packets: number };
}

export const deviceLoad: Watch<Memory> = {
  name: "device-load",
  title: "A device is asked more than it may bear",
  family: "hazard",
  severity: "medium",
  harms: ["device", "patient"],
  fragileOnly: true,
  saidBy: ["scan", "forged-senders", "log-in-guessing", "connections-held"],
  remedy:
    "Look at the device first: whether it still does its work. Then find who sends: where one sends most of it, the finding names him; else by the conversations and attempts of the device. Have that stopped or limited at its switch port.",
  technique: ["T1498 Network Denial of Service", "T1499 Endpoint Denial of Service", "T0814 Denial of Service"],
  sees: "Echoes, connections asked for, or packets nobody answers, at one device, more in a second than knowledge/hazards.tsv allows. Shown where a life hangs on the device or its kind is not known, and no scan, flood of forged senders, passwords tried or connections held say it already.",
  misses: "Floods in one flow of datagrams, which look like video; load of conversations that are answered.",
  mistaken: "A server whose kind is not known yet may be asked for many connections: saying what it is makes it silent.",
  tune: "Say what the device is; explain it for a test with its hours; say what the site's devices bear in knowledge/hazards.json (auscult tolerances).",
  hears: { signals: ["load"] },
  subject: "receiver",
  subjectsMax: 16_384,
  remember: () => ({}),
  worth: (memory) => Math.max(0, ...Object.values(memory).map(({ seconds }) => seconds)),
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "signal" || news.receiver === null) return;
  const { at, count, what, receiver, sender } = news;
  const load = LOADS.find((it) => it === what);
  if (load === undefined) return;
  const { warn, seconds, alarm, why } = tolerance(load);
  if (count < warn) return;
  const runs = memory as Record<string, Memory[string]>;
  let run = runs[load];
  if (run === undefined || at - run.last > SECOND_US) runs[load] = run = { seconds: 0, since: at - SECOND_US, last: at, packets: 0 };
  run.seconds++;
  run.last = at;
  run.packets += count;
  if (run.seconds < seconds && (alarm === null || count < alarm)) return;
  const { packets } = run;
  run.packets = 0;
  const text = `${count} ${WORDS[load]} in one second, where ${alarm === null || count < alarm ? warn : alarm} are borne`;
  yield {
    story: load,
    about: receiver,
    others: sender === null ? [] : [sender],
    ...(alarm === null || count < alarm ? {} : { severity: "high" as const }),
    first: run.since,
    at,
    count: packets,
    summary: text,
    because: [
      { at, text },
      { at, text: `Tolerance: ${why}` },
    ],
  };
}
