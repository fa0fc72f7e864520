/**
 * Somebody answers his neighbors for names that are not his: they then log in at him. A machine answers for its own name, a server for
 * two or three; nobody is called wpad.
 */
import type { Claimed, FindingWitness, News, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
/** Different names one machine answers for: harm-notes 3 has hosts answer for one, with domain and browser for three at most; those two are not counted here. */
const NAMES_MIN = 3;
const WINDOW_US = 300 * SECOND_US;
const SECONDS_MAX = 300;
const WITNESSES_MAX = 16;

interface Memory {
  seconds: { readonly at: number; readonly names: number; readonly proxy: boolean }[];
  told: boolean;
  witnesses: FindingWitness[];
}

export const namePoisoning: Watch<Memory> = {
  name: "name-poisoning",
  title: "A machine answers for names that are not its own",
  family: "threat",
  severity: "high",
  harms: ["network"],
  remedy:
    "Find who is at this machine: an intruder's tool, or the hospital's own security test. Change the passwords of those who logged in at it meanwhile. Have LLMNR, NetBIOS names and automatic proxies switched off where Windows is managed.",
  technique: ["T1557.001 LLMNR/NBT-NS Poisoning and SMB Relay"],
  sees: "By LLMNR or NetBIOS: answers for 3 different names within 5 minutes by one machine, or one for wpad or isatap.",
  misses: "Who answers for one or two names only; answers between two machines no mirror hears; mDNS and DHCPv6.",
  mistaken:
    "Name servers (WINS) say that they are and are not counted; groups and browsers neither. A file server with several names is: explain it.",
  tune: "Explain the finding for a server with several names, or for a test, with an end date.",
  hears: { notables: ["nameAnswered", "proxyAnswered"] },
  subject: "sender",
  subjectsMax: 8_192,
  remember: () => ({ seconds: [], told: false, witnesses: [] }),
  worth: ({ seconds }) => seconds.length,
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null) return;
  const { at, what, count, distinct, sender, receiver, witnesses } = news;
  memory.seconds = memory.seconds.filter((it) => at - it.at < WINDOW_US).slice(-SECONDS_MAX);
  if (memory.seconds.length === 0) [memory.told, memory.witnesses] = [false, []];
  memory.seconds.push({ at, names: distinct, proxy: what === "proxyAnswered" });
  memory.witnesses = [...memory.witnesses, ...witnesses].slice(0, WITNESSES_MAX);
  const names = memory.seconds.reduce((sum, it) => sum + it.names, 0);
  const proxies = memory.seconds.filter((it) => it.proxy).length;
  if (proxies === 0 && names < NAMES_MIN) return;
  const first = memory.seconds[0]!.at - SECOND_US;
  const within = `within ${Math.round((at - first) / SECOND_US)} s`;
  const summary =
    proxies > 0
      ? `answers neighbors that look for a proxy or a tunnel (wpad, isatap) ${within}`
      : `answers neighbors for ${names} names ${within}`;
  yield {
    story: "",
    about: sender,
    others: receiver === null ? [] : [receiver],
    first,
    at,
    count: memory.told ? count : memory.seconds.length,
    summary,
    because: [{ at, text: summary }],
    witnesses: memory.witnesses,
  };
  memory.told = true;
  memory.witnesses = [];
}
