/**
 * A router nobody heard before: of IPv6 every machine of the segment believes it at once, also where nobody uses IPv6; one that stands in for
 * the segment's router (HSRP, VRRP) may take its place.
 */
import type { Claimed, Known, News, Party, SignalNews, Watch } from "../model/finding.ts";
import { stillStands } from "./acquaintance.ts";

const SECOND_US = 1_000_000;
/** Within it all routers of a segment are learned: they announce themselves every half hour at least (RFC 4861 section 6.2.1). */
const LEARNING_US = 24 * 3600 * SECOND_US;
/** Of one segment. */
const ROUTERS_MAX = 64;
const NETWORKS_MAX = 64;
const WITNESSES_MAX = 16;
const FLOOD = "flood";

/** Who is heard for longer than any router keeps silent (RFC 4861 section 6.2.1), and then says that it is one, was none. */
const WAS_NONE_US = 35 * 60 * SECOND_US;
/** In turns with its own announcements, within so long. */
const DENIED_MIN = 3;
const DENIED_US = 600 * SECOND_US;
/** New ones so near to each other are one flood; on the first day all of a segment's own are new. */
const TOGETHER_US = 10 * SECOND_US;
const TOGETHER_MIN = { learning: 8, learned: 3 } as const;

interface Memory {
  /** Known ones and strangers, by address, and as what they speak; `odd`: of the first day, with other networks than those before it, heard once. */
  readonly routers: Record<string, "known" | "odd" | "stranger">;
  /** Networks that known ones name, keyed hashes, and when they were named last. */
  networks?: Record<string, number>;
  /** New ones one after the other: when the last came, and how many. */
  together?: { last: number; count: number };
  /** Who says that it is a router no longer, after it said that it is one: how often, since when, and what it said last. */
  ended?: Record<string, { since: number; times: number; isRouter: boolean }>;
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
  sees: "From the second day of listening on: an announcement as a router for IPv6, or a word among routers that stand in for each other (HSRP, VRRP) where others do, by a machine that was not heard to say so on this segment before. From the first day on: the second announcement for IPv6 with other networks than those of routers heard before it; the first of a machine that was heard for 35 minutes and was none; and 8 new ones within seconds of each other (3 from the second day on), which are one flood. And a router that is said to be none three times within 10 minutes, while it says that it is one.",
  misses:
    "A stranger of the first day that is alone, or names the same networks; who speaks in the name of a known router and says what that says.",
  mistaken:
    "A new router of the hospital's own, a pair of servers that begins to share an address (VRRP), two of the hospital's own that give networks of different providers, and a computer that shares its connection, which is worth a look.",
  tune: "Announce new routers as planned work, or explain the finding. RA guard on the switches, and a secret among routers, end the danger.",
  hears: { notables: ["routerAnnounced", "routerEnded", "gatewaySpoke"] },
  subject: "segment",
  subjectsMax: 4_096,
  remember: () => ({ routers: {} }),
  *notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
    if (news.news !== "signal" || news.sender === null) return;
    const told = toldOf(news, news.sender, memory, known);
    if (told === null) return;
    const { at, sender, count, witnesses } = news;
    const about = told.isFlood ? null : sender;
    yield { story: about === null ? FLOOD : sender.key, about, others: [], first: at - SECOND_US, at, count, summary: told.summary, because: [{ at, text: told.summary }], witnesses: witnesses.slice(0, WITNESSES_MAX) }; // prettier-ignore
  },
};

interface Told {
  readonly summary: string;
  readonly isFlood?: true;
}

function toldOf(news: SignalNews, sender: Party, memory: Memory, known: Known): Told | null {
  if (news.what === "gatewaySpoke") return asGateway(news, sender, memory);
  const isDenied = isDeniedAgain(news, sender, memory);
  if (news.what === "routerAnnounced") return asRouter(news, sender, memory, known);
  return isDenied ? { summary: `is said to be no router any more for IPv6 on ${news.segment}, again and again, while it says that it is one` } : null; // prettier-ignore
}

/** A router that ends says so at last, and one whose settings change once or twice: not in turns. */
function isDeniedAgain({ at, what }: SignalNews, sender: Party, memory: Memory): boolean {
  const isRouter = what === "routerAnnounced";
  const all = (memory.ended ??= {});
  const known = all[sender.key];
  const it = known !== undefined && at - known.since < DENIED_US ? known : { since: at, times: 0, isRouter };
  if (it.isRouter && !isRouter) it.times++;
  it.isRouter = isRouter;
  if (known !== undefined || Object.keys(all).length < ROUTERS_MAX) all[sender.key] = it;
  return !isRouter && it.times >= DENIED_MIN;
}

function asGateway({ at, segment }: SignalNews, sender: Party, memory: Memory): Told | null {
  if (!stillStands(memory.gateways?.last, at)) memory.gateways = { since: at, last: at };
  const standing = standingOf(memory, `gateway ${sender.key}`, at - memory.gateways!.since < LEARNING_US ? "known" : "stranger");
  if (standing !== "known")
    return { summary: `speaks among routers that stand in for each other (HSRP, VRRP) on ${segment}, where it never did` };
  memory.gateways!.last = at;
  return null;
}

function asRouter({ at, segment, group }: SignalNews, sender: Party, memory: Memory, known: Known): Told | null {
  const isLearning = at - known.since < LEARNING_US;
  const before = memory.routers[sender.key];
  if (before === undefined) {
    const together = memory.together !== undefined && at - memory.together.last < TOGETHER_US ? memory.together.count : 0;
    memory.together = { last: at, count: together + 1 };
  }
  const isFlood = (memory.together?.count ?? 0) >= TOGETHER_MIN[isLearning ? "learning" : "learned"] && before !== "known";
  const networks = Object.entries((memory.networks ??= {})).filter(([, last]) => stillStands(last, at));
  const isOdd = group !== "" && networks.length > 0 && !networks.some(([named]) => named === group);
  const wasNone = at - (known.heardSince(sender) ?? at) >= WAS_NONE_US;
  const standing = standingOf(memory, sender.key, !isLearning || wasNone ? "stranger" : isOdd ? "odd" : "known");
  if (standing === "known" && group !== "") name(memory.networks, group, at);
  if (standing === "known" || (before === undefined && standing === "odd" && !isFlood)) return null;
  if (isFlood) return { summary: `${memory.together!.count} machines announce themselves as routers for IPv6 on ${segment}, none of which did before`, isFlood }; // prettier-ignore
  return standing === "odd"
    ? { summary: `announces itself as a router for IPv6 on ${segment}, with other networks than the routers before it` }
    : { summary: `announces itself as a router for IPv6 on ${segment}, where it never did` };
}

/** As it was judged when it was first heard; what there is no room for is judged each time. */
function standingOf({ routers }: Memory, name: string, now: Memory["routers"][string]): Memory["routers"][string] {
  const standing = routers[name] ?? now;
  if (routers[name] !== undefined || Object.keys(routers).length < ROUTERS_MAX) routers[name] = standing;
  return standing;
}

/** The longest not named goes first. */
function name(networks: Record<string, number>, group: string, at: number): void {
  delete networks[group];
  networks[group] = at;
  for (const key of Object.keys(networks).slice(0, -NETWORKS_MAX)) delete networks[key];
}
