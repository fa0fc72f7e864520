/**
 * Remote desktop asked for again and again, each time for as long as a log-in takes: inside TLS nobody hears that it was refused, but who gets
 * in stays, and is sent a screen.
 */
import type { Claimed, News, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
const WINDOW_US = 60 * SECOND_US;
const CONNECTIONS_MIN = 10;
/** Of bytes to the client by connection: a certificate at least, so that it is no mere look at whether the port opens; less than a desktop. */
const BYTES_MIN = 1_000;
const BYTES_MAX = 64_000;
const ENTRIES_MAX = 64;

interface Memory {
  /** What was told in the window, the oldest first. */
  told: [at: number, connections: number, bytesToClient: number][];
  found: boolean;
}

export const rdpGuessing: Watch<Memory> = {
  name: "rdp-guessing",
  title: "Passwords are tried at a remote desktop",
  family: "threat",
  severity: "high",
  harms: ["device"],
  remedy:
    "Look at the machine that tries: whose it is, and whether a program on it looks after the other one. The log of the machine it tries says which users were refused, and whether one got in. Let remote desktop be reached only from where those who look after the device work.",
  technique: ["T1110 Brute Force", "T1021.001 Remote Desktop Protocol"],
  sees: "10 connections by RDP within a minute, of one machine at one other, that brought the client from 1 to 64 kB each: more than a look at whether the port opens, less than a desktop.",
  misses: "Slower guessing; one try at each of many machines; whether one was right; RDP through a gateway inside HTTPS.",
  mistaken: "A client that loses its session and asks for it again without end.",
  tune: "Explain it for a machine that measures whether remote desktops answer.",
  hears: { conversations: ["rdp"] },
  subject: "pair",
  subjectsMax: 16_384,
  remember: () => ({ told: [], found: false }),
  worth: ({ told }) => told.length,
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "conversation" || news.side === "guessed") return;
  const { at, first, client, server, answered, bytesToClient } = news;
  const current = memory.told.filter(([before]) => at - before < WINDOW_US);
  if (current.length === 0) memory.found = false;
  memory.told = [...current, [at, answered, bytesToClient] as [number, number, number]].slice(-ENTRIES_MAX);
  const connections = memory.told.reduce((sum, [, count]) => sum + count, 0);
  const each = memory.told.reduce((sum, [, , bytes]) => sum + bytes, 0) / connections;
  if (connections < CONNECTIONS_MIN || answered === 0 || each < BYTES_MIN || each > BYTES_MAX) return;
  const began = Math.min(memory.told[0]![0], first);
  const summary = `${connections} connections by RDP within ${Math.max(1, Math.round((at - began) / SECOND_US))} s, each as short as a log-in that is refused`;
  yield {
    story: "",
    about: server,
    others: [client],
    first: began,
    at,
    count: memory.found ? answered : connections,
    summary,
    because: [{ at, text: `${Math.round(each / 1_000)} kB to the client by connection` }],
  };
  memory.found = true;
}
