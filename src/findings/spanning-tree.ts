/**
 * The spanning tree has another root, or does not come to rest. Whoever becomes its root has what crosses the segment go by him; and while a
 * tree changes, switches forget who is where and send everything everywhere, which fragile devices bear badly.
 */
import type { Claimed, News, SignalNews, Watch } from "../model/finding.ts";
import { stillStands } from "./acquaintance.ts";

const SECOND_US = 1_000_000;
/** Within it the roots of all trees a segment's mirror hears are learned. */
const LEARNING_US = 24 * 3600 * SECOND_US;
const ROOTS_MAX = 64;
/** One change is told of for 35 s at most by default (802.1D: largest age and delay): four of five minutes are many of them. */
const SLOT_US = 10 * SECOND_US;
const SLOTS = 30;
const RESTLESS_SLOTS = 24;

interface Memory {
  /** Keyed hashes of roots: since the first day, or new. */
  readonly roots: Record<string, "known" | "stranger">;
  /** When a known one was named last. */
  namedAt?: number;
  /** Numbers of the slots in which changes were told, the oldest first. */
  slots: number[];
}

export const spanningTree: Watch<Memory> = {
  name: "spanning-tree",
  title: "The spanning tree changed its root, or does not rest",
  family: "hazard",
  severity: "high",
  harms: ["device", "network"],
  remedy:
    "Ask the network team whether they work on the switches. If not, have them look up which bridge is the root now and at which port it is: a small switch or a computer there is to be taken off, and the port guarded (root guard, BPDU guard). Where the tree does not rest, find the port that goes up and down.",
  technique: ["T1557 Adversary-in-the-Middle", "T1498 Network Denial of Service", "T0814 Denial of Service"],
  sees: "From the second day of listening on: a root of the spanning tree that no bridge of the segment named before, while another is. And changes told in four of five minutes (medium).",
  misses: "A root of the first day; trees of single VLANs in Cisco's own format; who takes part without becoming the root.",
  mistaken: "A new switch in the center, and work on it; many computers that start at ports not told that they are at the edge.",
  tune: "Announce work on the switches as planned work.",
  hears: { notables: ["treeRoot", "treeChanged"] },
  subject: "segment",
  subjectsMax: 4_096,
  remember: () => ({ roots: {}, slots: [] }),
  worth: ({ roots }) => Object.keys(roots).length,
  *notice(news: News, memory: Memory, { since }): Iterable<Claimed> {
    if (news.news !== "signal" || news.sender === null) return;
    const said = news.what === "treeRoot" ? anotherRoot(news, memory, since) : unrest(news, memory);
    if (said === null) return;
    const { at, sender, count, witnesses } = news;
    yield { ...said, about: sender, others: [], first: at - SECOND_US, at, count, because: [{ at, text: said.summary }], witnesses };
  },
};

type Said = Pick<Claimed, "story" | "summary" | "severity">;

function anotherRoot({ at, group, segment }: SignalNews, memory: Memory, since: number): Said | null {
  const { roots, namedAt } = memory;
  const isRoom = roots[group] !== undefined || Object.keys(roots).length < ROOTS_MAX;
  const isAnother = namedAt !== undefined && !stillStands(namedAt, at);
  const known = roots[group] ?? (at - since < LEARNING_US || isAnother ? "known" : "stranger");
  if (isRoom) roots[group] = known;
  if (known === "known") memory.namedAt = at;
  return known === "known"
    ? null
    : { story: `root ${group}`, summary: `names another root of the spanning tree than any before on ${segment}` };
}

function unrest({ at, segment }: SignalNews, memory: Memory): Said | null {
  const slot = Math.floor(at / SLOT_US);
  if (!memory.slots.includes(slot)) memory.slots = [...memory.slots.filter((it) => slot - it < SLOTS), slot].slice(-SLOTS);
  if (memory.slots.length < RESTLESS_SLOTS) return null;
  return { story: "unrest", severity: "medium", summary: `tells of changes of the spanning tree in ${Math.round((memory.slots.length * SLOT_US) / SECOND_US)} of ${(SLOTS * SLOT_US) / SECOND_US} s on ${segment}` }; // prettier-ignore
}
