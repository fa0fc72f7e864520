/**
 * Somebody takes a neighbor's address: others send to him what is for the neighbor, he reads it and passes it on. ARP and neighbor discovery
 * believe any answer, asked for or not. Honest changes of an address are announced, or answered when asked (flows/claims.ts tells them apart).
 */
import type { Claimed, FindingWitness, News, Watch } from "../model/finding.ts";
import { counted } from "../bytes/thousands.ts";

const SECOND_US = 1_000_000;
/** Answers that contradict another card's claim, within 5 minutes: harm-notes 3. Where a running conversation changed its way, that is enough. */
const TAKEN_MIN = 2;
const WINDOW_US = 300 * SECOND_US;
const SECONDS_MAX = 300;
const WITNESSES_MAX = 16;

interface Memory {
  /** Of this address, oldest first. */
  seconds: { readonly at: number; readonly taken: number; readonly packets: number }[];
  told: boolean;
  witnesses: FindingWitness[];
}

export const arpSpoofing: Watch<Memory> = {
  name: "arp-spoofing",
  title: "An address is taken over by another card",
  family: "threat",
  severity: "high",
  harms: ["device", "network", "patient"],
  remedy:
    "Find the switch port of the card that answers and ask who put it there; have the network team isolate that port, not the devices it speaks for. What crossed meanwhile may have been read or changed: compare orders and results of that time at the bedside.",
  technique: ["T1557.002 ARP Cache Poisoning", "T0830 Adversary-in-the-Middle"],
  sees: "2 answers of ARP within 5 minutes that nobody asked for, by a card that speaks for another address too, for an address another card still claims; or announcements of it that go on for longer than any take-over; or one unasked answer after which packets of a running conversation come from that card. By IPv6: 2 advertisements that override what others know, where the other card gave another answer to the same question; or such as nobody asked for, 3 or more where the address's owner goes on to speak, 8 in 12 seconds where it does not.",
  misses: "One who answers only when asked, or by questions of his own; who never speaks for another address; segments no mirror hears.",
  mistaken:
    "Redundant routers (VRRP, HSRP), fail-over and moved machines announce an address a few times; bonds and second cards answer when asked; DHCP gives it to another. A few bonds tell their neighbors unasked, but speak for no other address.",
  tune: "Explain the finding for a test, with an end date. Dynamic ARP inspection on the switches ends the danger.",
  hears: { notables: ["addressTaken", "routeTaken"] },
  subject: "receiver",
  subjectsMax: 8_192,
  remember: () => ({ seconds: [], told: false, witnesses: [] }),
  worth: ({ seconds }) => seconds.length,
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, what, count, sender, receiver, witnesses } = news;
  memory.seconds = memory.seconds.filter((it) => at - it.at < WINDOW_US).slice(-SECONDS_MAX);
  if (memory.seconds.length === 0) [memory.told, memory.witnesses] = [false, []];
  memory.seconds.push(what === "addressTaken" ? { at, taken: count, packets: 0 } : { at, taken: 0, packets: count });
  memory.witnesses = [...memory.witnesses, ...witnesses].slice(0, WITNESSES_MAX);
  const taken = memory.seconds.reduce((sum, it) => sum + it.taken, 0);
  const packets = memory.seconds.reduce((sum, it) => sum + it.packets, 0);
  if (taken < TAKEN_MIN && packets === 0) return;
  const first = memory.seconds[0]!.at - SECOND_US;
  const seconds = Math.round((at - first) / SECOND_US);
  const because = [
    ...(taken > 0
      ? [
          `${taken} claims ${receiver.ip?.includes(":") === true ? "" : "nobody asked for "}that ${receiver.ip} is at ${sender.mac}, against another card's claim, within ${seconds} s`,
        ]
      : []),
    ...(packets > 0
      ? [
          `${counted(packets, "packet")} of running conversations from ${sender.mac}, which came from another card before this one answered unasked for ${receiver.ip}`,
        ]
      : []),
  ];
  yield {
    story: "",
    about: receiver,
    others: [sender],
    first,
    at,
    count: memory.told ? count : taken + packets,
    summary: because[0]!,
    because: because.map((text) => ({ at, text })),
    witnesses: memory.witnesses,
  };
  memory.told = true;
  memory.witnesses = [];
}
