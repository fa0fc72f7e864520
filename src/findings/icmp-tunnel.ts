/**
 * Pings that carry something: a ping program numbers its pings one after the other, and is sent back what it sent. A tunnel fills
 * them with what it has to say. The same number again with the same content is a mirror's copy, or a ping sent twice.
 */
import type { Claimed, FindingWitness, News, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
/** Pings of more than 64 bytes that came again under one id and number, or carried something else than the other of that number: harm-notes 3. */
const ODD_MIN = 2;
const WINDOW_US = 300 * SECOND_US;
const SECONDS_MAX = 300;
const WITNESSES_MAX = 16;

interface Memory {
  /** Seconds with large pings, oldest first: how many, of how many numbers, and carrying how many different things. */
  seconds: { readonly at: number; pings: number; numbers: number; contents: number; bytes: number }[];
  told: boolean;
  witnesses: FindingWitness[];
}

export const icmpTunnel: Watch<Memory> = {
  name: "icmp-tunnel",
  title: "Pings carry messages",
  family: "threat",
  severity: "high",
  harms: ["network"],
  remedy:
    "Tell the security team: a program on one of the two machines talks by ping, so that nobody looks. Keep the machine as it is for who looks into it; where it serves patients, its ward decides how.",
  technique: ["T1095 Non-Application Layer Protocol", "T1572 Protocol Tunneling"],
  sees: "2 pings of more than 64 bytes within 5 minutes, between the same two, that bear a number already used, or carry something else under the same number than question or answer did.",
  misses: "Tunnels that count their pings and answer with what was sent; pings cut by the capture.",
  mistaken: "Tests of the largest packet and monitoring send large pings, numbered one after the other, and get back what they sent.",
  tune: "Explain the finding for a monitoring program that numbers all its pings alike.",
  hears: { notables: ["largeEcho", "largeEchoData"] },
  subject: "pair",
  subjectsMax: 8_192,
  remember: () => ({ seconds: [], told: false, witnesses: [] }),
  worth: ({ seconds }) => seconds.length,
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, what, count, distinct, amount, witnesses } = news;
  memory.seconds = memory.seconds.filter((it) => at - it.at < WINDOW_US).slice(-SECONDS_MAX);
  if (memory.seconds.length === 0) [memory.told, memory.witnesses] = [false, []];
  let second = memory.seconds.at(-1);
  if (second?.at !== at) memory.seconds.push((second = { at, pings: 0, numbers: 0, contents: 0, bytes: 0 }));
  if (what === "largeEcho") {
    second.pings += count;
    second.numbers += distinct;
    second.bytes += amount;
    memory.witnesses = [...memory.witnesses, ...witnesses].slice(0, WITNESSES_MAX);
    return;
  }
  // Told after the numbers of the same second.
  second.contents += distinct;
  const pings = sum(memory, "pings");
  const odd = Math.max(sum(memory, "contents") - sum(memory, "numbers"), 0);
  if (odd < ODD_MIN) return;
  const first = memory.seconds[0]!.at - SECOND_US;
  const summary = `${pings} pings with ${sum(memory, "bytes")} bytes within ${Math.round((at - first) / SECOND_US)} s, ${odd} of them not what was sent under their number`;
  yield {
    story: "",
    about: news.receiver,
    others: [news.sender],
    first,
    at,
    count: memory.told ? second.pings : pings,
    summary,
    because: [{ at, text: summary }],
    witnesses: memory.witnesses,
  };
  memory.told = true;
  memory.witnesses = [];
}

function sum({ seconds }: Memory, of: "pings" | "numbers" | "contents" | "bytes"): number {
  return seconds.reduce((total, it) => total + it[of], 0);
}
