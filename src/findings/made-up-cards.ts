/**
 * Very many cards nobody heard before, all at once: somebody makes them up until the switch has no room to remember which port a card is at,
 * and hands every frame to every port, where he reads it.
 */
import { thousands } from "../bytes/thousands.ts";
import type { Claimed, News, Watch } from "../model/finding.ts";

const SECOND_US = 1_000_000;
/**
 * Makers' prefixes of cards in one second. Who draws addresses by chance hits nearly as many as there are cards; a thousand devices that are
 * heard at once, as when listening begins, are of some hundred makers at most, and many of one.
 */
const PREFIXES_MIN = 200;
const PREFIXES_SHARE = 0.8;
/** The sensor tells no more of them apart in one second. */
const PREFIXES_APART_MAX = 1_024;

interface Memory {
  /** Seconds of it in a row begin and end. */
  since: number;
  last: number;
}

export const madeUpCards: Watch<Memory> = {
  name: "made-up-cards",
  title: "A flood of made-up cards",
  family: "threat",
  severity: "high",
  harms: ["network", "device"],
  remedy:
    "Find the switch port at which these cards appear, in the switch's own table, and have the network team close that port alone. Until then whoever is at it may read what neighbors say; and the switch may be slow for every device on it, so look at those first.",
  technique: ["T1040 Network Sniffing", "T1498 Network Denial of Service"],
  sees: "On one segment, in one second, cards never heard before whose addresses begin with 200 or more different makers' prefixes, four for five cards: addresses drawn by chance.",
  misses:
    "Fewer at a time; addresses made up below one prefix, or said to be made up (as telephones do); segments no mirror hears. Which port they come from only the switch knows.",
  mistaken: "When listening begins everybody is new, but many cards are of one maker.",
  tune: "Limit how many cards a switch port may have (port security): that ends the danger.",
  hears: { signals: ["newCards"] },
  subject: "segment",
  subjectsMax: 4_096,
  remember: () => ({ since: 0, last: 0 }),
  *notice(news: News, memory: Memory): Iterable<Claimed> {
    if (news.news !== "signal") return;
    const { at, count, distinct: prefixes, failed: cards, segment } = news;
    if (prefixes < PREFIXES_MIN || prefixes < PREFIXES_SHARE * Math.min(cards, PREFIXES_APART_MAX)) return;
    if (at - memory.last > SECOND_US) memory.since = at - SECOND_US;
    memory.last = at;
    const summary = `${thousands(count)} senders in one second on ${segment} that were never heard before`;
    const few = prefixes < PREFIXES_APART_MAX ? "" : "more than ";
    yield {
      story: "",
      about: null,
      others: [],
      first: memory.since,
      at,
      count,
      summary,
      because: [
        { at, text: summary },
        { at, text: `${thousands(cards)} of them with addresses of ${few}${thousands(prefixes)} makers' prefixes` },
      ],
    };
  },
};
