/**
 * A router nobody heard before: of IPv6 every machine of the segment believes it at once, also where nobody uses IPv6; one that stands in for
 * the segment's router (HSRP, VRRP) may take its place.
 */
import type { Claimed, News, Watch } from "../model/finding.ts";
import { stillStands } from "./acquaintance.ts";

const SECOND_US = 1_000_000;
/** Within it all routers of a segment are learned: they announce themselves every half hour at least (RFC 4861 section 6.2.1). */
const LEARNING_US = 24 * 3600 * SECOND_US;
/** Of one segment. */
const ROUTERS_MAX = 64;
const WITNESSES_MAX = 16;

interface Memory {
  /** Known ones and strangers, by address, and as what they speak. */
  readonly routers: Record<string, "known" | "stranger">;
  /** Among routers that stand in for each other: since when they are heard, and when a known one spoke last. */
  gateways?: { since: number; last: number };
}

export const rogueRouter: Watch<Memory> = {
  name: "rogue-router",
  title: "A strange router",
  family: "threat",
  severity: "high",
  harms: ["device", "network", "patient"],
  remedy:
    "Find the switch port of this machine: often a computer that shares its connection, or a small router somebody plugged in. Have that port closed or its sharing switched off; devices forget it by themselves within half an hour.",
  technique: ["T1557 Adversary-in-the-Middle", "T0830 Adversary-in-the-Middle"],
  sees: "From the second day of listening on: an announcement as a router for IPv6, or a word among routers that stand in for each other (HSRP, VRRP) where others do, by a machine that was not heard to say so on this segment before.",
  misses: "A stranger of the first day; who speaks in the name of a known router.",
  mistaken:
    "A new router of the hospital's own, a pair of servers that begins to share an address (VRRP), and a computer that shares its connection, which is worth a look.",
  tune: "Announce new routers as planned work, or explain the finding. RA guard on the switches, and a secret among routers, end the danger.",
  hears: { notables: ["routerAnnounced", "gatewaySpoke"] },
  subject: "segment",
  subjectsMax: 4_096,
  remember: () => ({ routers: {} }),
  *notice(news: News, memory: Memory, { since }): Iterable<Claimed> {
    const { routers } = memory;
    if (news.news !== "signal" || news.sender === null) return;
    const { at, what, sender, count, segment, witnesses } = news;
    const isGateway = what === "gatewaySpoke";
    const name = isGateway ? `gateway ${sender.key}` : sender.key;
    if (isGateway && !stillStands(memory.gateways?.last, at)) memory.gateways = { since: at, last: at };
    const learnedFrom = isGateway ? memory.gateways!.since : since;
    const known = routers[name] ?? (at - learnedFrom < LEARNING_US ? "known" : "stranger");
    if (routers[name] !== undefined || Object.keys(routers).length < ROUTERS_MAX) routers[name] = known;
    if (known === "known") {
      if (isGateway) memory.gateways!.last = at;
      return;
    }
    const summary = isGateway
      ? `speaks among routers that stand in for each other (HSRP, VRRP) on ${segment}, where it never did`
      : `announces itself as a router for IPv6 on ${segment}, where it never did`;
    yield { story: sender.key, about: sender, others: [], first: at - SECOND_US, at, count, summary, because: [{ at, text: summary }], witnesses: witnesses.slice(0, WITNESSES_MAX) }; // prettier-ignore
  },
};
