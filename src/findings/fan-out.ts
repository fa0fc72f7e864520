/**
 * One machine turns to many others it never spoke with, at the ports by which machines are steered: so does a worm, whoever moves on from a
 * machine he took, and every server that takes stock. Who answers does not matter: those who do not are found by the sweep.
 */
import type { Claimed, Known, News, Party, Watch } from "../model/finding.ts";
import { isLearned, isRule } from "./acquaintance.ts";

const SECOND_US = 1_000_000;
/** SMB, NetBIOS sessions, RPC, remote desktop, SSH, Telnet. */
const PORTS: ReadonlySet<number> = new Set([445, 139, 135, 3389, 22, 23]);
/** harm-notes 3. */
const HOSTS_MIN = 8;
const WINDOW_US = 60 * SECOND_US;
const HOSTS_MAX = 64;

interface Memory {
  /** Others it turned to in the window, by name, and when; the oldest first. */
  hosts: [key: string, at: number][];
  told: boolean;
  /** When it first did so. */
  first: number | null;
}

export const fanOut: Watch<Memory> = {
  name: "fan-out",
  title: "A machine turns to many others by ways that steer them",
  family: "threat",
  severity: "high",
  harms: ["device", "network", "patient"],
  remedy:
    "Find out whether the machine is a server that takes stock, distributes software, backs up or looks for weaknesses. If it is not, look at it first; before it leaves the network ask the ward what depends on it. Watch the machines it turned to: old ones stop when too much reaches them.",
  technique: ["T1021 Remote Services", "T1210 Exploitation of Remote Services", "T0866 Exploitation of Remote Services"],
  sees: "8 or more machines of the site within 60 s that answered one they had never conversed with, on TCP 445, 139, 135, 3389, 22 or 23.",
  misses: "Slower ones; machines that do not answer, which are a sweep; machines that were conversed with before; who did so a day ago.",
  mistaken:
    "Servers that take stock, distribute software, back up, scan; a jump host in the morning. In the first three days of listening, when everybody is new, it is only of medium severity.",
  tune: "Explain it for such servers, by their group.",
  hears: { conversations: ["smb", "dcerpc", "rdp", "ssh", "telnet", "netbios", ""] },
  subject: "sender",
  subjectsMax: 16_384,
  remember: () => ({ hosts: [], told: false, first: null }),
  worth: ({ hosts, first }) => hosts.length + (first === null ? 0 : HOSTS_MIN),
  notice,
};

function* notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
  if (news.news !== "conversation" || news.transport !== "tcp" || !PORTS.has(news.port)) return;
  const { at, first, client, server, side, answered } = news;
  // Whose direction is only guessed may be the one that was asked.
  if (answered === 0 || side === "guessed" || !server.inside || isRule(memory.first, at)) return;
  const current = memory.hosts.filter(([key, since]) => key !== server.key && at - since < WINDOW_US);
  if (current.length === 0) memory.told = false;
  const isNew = current.length === memory.hosts.length && !wereBefore(known, client, server, first);
  memory.hosts = isNew || memory.hosts.some(([key]) => key === server.key) ? [...current, [server.key, at] as [string, number]].slice(-HOSTS_MAX) : current; // prettier-ignore
  if (!isNew || memory.hosts.length < HOSTS_MIN) return;
  const began = Math.min(memory.hosts[0]![1], first);
  memory.first ??= at;
  const hosts = memory.hosts.length;
  yield {
    story: "",
    about: client,
    others: [server],
    severity: isLearned(known, at) ? "high" : "medium",
    first: began,
    at,
    count: memory.told ? 1 : hosts,
    summary: `${hosts} machines it never conversed with, within ${Math.max(1, Math.round((at - began) / SECOND_US))} s`,
    because: [{ at, text: `${server.ip ?? server.mac} on TCP ${news.port}` }],
  };
  memory.told = true;
}

/** They conversed before this conversation, in whatever it was. */
function wereBefore(known: Known, client: Party, server: Party, first: number): boolean {
  const since = known.conversedSince(client, server);
  return since !== null && first - since >= WINDOW_US;
}
