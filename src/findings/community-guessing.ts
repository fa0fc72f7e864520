/** SNMP asked with one community after the other: they are its passwords, and a wrong one is answered by silence. */
import type { Claimed, FindingWitness, News, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
/** harm-notes 3: one manager has two. */
const COMMUNITIES_MIN = 5;
const WINDOW_SECONDS = 60;
const WITNESSES_MAX = 16;

interface Memory {
  seconds: [at: number, communities: number][];
  told: boolean;
  witnesses: FindingWitness[];
}

export const communityGuessing: Watch<Memory> = {
  name: "community-guessing",
  title: "SNMP communities are tried",
  family: "threat",
  severity: "high",
  harms: ["device"],
  remedy:
    "Find out whose machine it is that asks, and whether it is the hospital's own scanner. Have the device's communities changed from those it came with, by its maker's instructions, and writing by SNMP turned off where nobody needs it.",
  technique: ["T1110.001 Password Guessing", "T1602.001 SNMP (MIB Dump)"],
  sees: "5 or more different communities within 60 s, from one machine to one other, in SNMP 1 or 2c.",
  misses: "Fewer in that time; version 3; what no mirror hears.",
  mistaken: "Managers that try two or three. Switches asked for each VLAN's own table are asked with one.",
  tune: "Give the manager one community, or explain the hospital's own scanner.",
  hears: { notables: ["communityTried"] },
  subject: "pair",
  subjectsMax: 16_384,
  remember: () => ({ seconds: [], told: false, witnesses: [] }),
  worth: ({ seconds }) => seconds.length,
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, distinct } = news;
  const current = memory.seconds.filter(([second]) => at - second < WINDOW_SECONDS * SECOND_US);
  if (current.length === 0) [memory.told, memory.witnesses] = [false, []];
  current.push([at, distinct]);
  memory.seconds = current;
  memory.witnesses = [...memory.witnesses, ...news.witnesses].slice(0, WITNESSES_MAX);
  const communities = current.reduce((sum, [, count]) => sum + count, 0);
  if (communities < COMMUNITIES_MIN) return;
  const first = current[0]![0] - SECOND_US;
  yield {
    story: "",
    about: news.receiver,
    others: [news.sender],
    first,
    at,
    count: memory.told ? distinct : communities,
    summary: `${communities} different SNMP communities tried within ${Math.round((at - first) / SECOND_US)} s`,
    because: [{ at, text: `${communities} different communities in questions by SNMP within a minute` }],
    witnesses: memory.witnesses,
  };
  memory.told = true;
  memory.witnesses = [];
}
