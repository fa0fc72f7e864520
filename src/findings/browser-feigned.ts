/**
 * A program names itself a browser and asks by the clock, but asks as no browser does. A page left open asks by the clock too, a poller or
 * a pump's gateway in its own name: neither feigns. So nothing need be known of the server, nor of the days before.
 */
import type { Claimed, FindingWitness, Known, News, Watch } from "../model/finding.ts";
import { areAcquainted } from "./acquaintance.ts";
import { isEvenPace, middle } from "./pace.ts";

const SECOND_US = 1_000_000;
/** Bursts at even gaps (harm-notes 3). */
const TIMES_MIN = 10;
const WITNESSES_MAX = 16;

interface Memory {
  /** Seconds in which it asked, the last ones. */
  times: number[];
  requests: number;
  told: boolean;
  witnesses: FindingWitness[];
}

export const browserFeigned: Watch<Memory> = {
  name: "browser-feigned",
  title: "A program that feigns a browser calls by the clock",
  family: "threat",
  severity: "medium",
  harms: ["device", "network"],
  remedy:
    "Ask whoever looks after the machine which program of it calls there in a browser's name, and look up whose server that is. If nobody knows, tell the security team: somebody may steer the machine by it. Keep the machine as it is for who looks into it; where it serves patients, its ward decides how.",
  technique: ["T1071.001 Web Protocols", "T1036 Masquerading", "T1029 Scheduled Transfer"],
  sees: `${TIMES_MIN} requests by HTTP in a row, evenly 5 s or more apart (four of five gaps within 20 % of the middle one), on one connection or many, that name a browser but none of the forms, languages and encodings they take, which every browser does.`,
  misses:
    "HTTPS; programs that send all a browser does, that say what they are, or that sleep unevenly; what two did for a day or longer without being told.",
  mistaken: "A maker's agent or a script that borrows a browser's name so that no server refuses it, and polls.",
  tune: "Explain the finding for such an agent, by its server and with an owner.",
  hears: { notables: ["browserFeigned"] },
  subject: "pair",
  subjectsMax: 16_384,
  remember: () => ({ times: [], requests: 0, told: false, witnesses: [] }),
  worth: ({ times, told }) => times.length + (told ? TIMES_MIN : 0),
  notice,
};

function* notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, count, sender, receiver } = news;
  if (!memory.told && areAcquainted(known, sender, receiver, at)) return;
  memory.times = [...memory.times, at].slice(-TIMES_MIN);
  memory.requests += count;
  memory.witnesses = [...memory.witnesses, ...news.witnesses].slice(-WITNESSES_MAX);
  if (memory.times.length < TIMES_MIN || !isEvenPace(memory.times)) return;
  const gap = Math.round(middle(memory.times.slice(1).map((it, i) => it - memory.times[i]!)) / SECOND_US);
  const summary = `${memory.requests} requests in a browser's name, every ${gap} s, as no browser makes them`;
  yield {
    story: "",
    about: sender,
    others: [receiver],
    first: memory.times[0]! - SECOND_US,
    at,
    count: memory.requests,
    summary,
    because: [{ at, text: summary }],
    witnesses: memory.witnesses,
  };
  Object.assign(memory, { told: true, requests: 0, witnesses: [] });
}
