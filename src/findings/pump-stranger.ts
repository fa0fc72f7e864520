/**
 * Pumps are programmed by one or a few machines, by way of one or a few gateways. Who else does it, and who reaches past the gateway, is
 * known without any number. A record system that failed over is one that the gateway itself calls: it was told so by its own people.
 */
import type { Claimed, Known, News, Party, Watch } from "../model/finding.ts";

/** So many orders are learned from. */
const ORDERS_MIN = 20;
const SOURCES_MAX = 256;
const RECEIVERS_MAX = 1_024;

interface Memory {
  orders: number;
  /** By who sent them, and by who took them. */
  sources: string[];
  receivers: string[];
}

export const pumpStranger: Watch<Memory> = {
  name: "pump-stranger",
  title: "A stranger programs a pump",
  family: "clinical",
  severity: "critical",
  harms: ["patient"],
  remedy:
    "Have a nurse look at the pump first: compare drug, rate and volume on its display with the order, and let the ward decide. Then ask those who run the record system whether they use this machine; if nobody knows it, have the network team find its switch port.",
  technique: ["T0855 Unauthorized Command Message", "T0848 Rogue Master"],
  sees: "An order to a pump (IHE PCD-03) by a machine that never programmed one here, or to an address where none was programmed before, once 20 orders were heard; unless the one that takes the order is known to call its sender by itself.",
  misses: "A stranger among the first 20 orders. One who forges the address of the record system. Programming in unpublished protocols.",
  mistaken: "A record system at a new address is one the gateway calls, for answers and results. A new gateway calls the record system.",
  tune: "Announce a new record system or gateway as planned work, or explain the finding.",
  hears: { programs: true },
  subject: "site",
  subjectsMax: 1,
  remember: () => ({ orders: 0, sources: [], receivers: [] }),
  notice,
};

function* notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
  if (news.news !== "program" || news.dose.said !== "order") return;
  const { at, sender, receiver, pump, witnesses } = news;
  const isLearning = memory.orders++ < ORDERS_MIN;
  const isSource = memory.sources.includes(sender.key);
  const isReceiver = memory.receivers.includes(receiver.key);
  if (isSource && isReceiver) return;
  if (isLearning || known.conversedSince(receiver, sender, "hl7") !== null) {
    if (!isSource && memory.sources.length < SOURCES_MAX) memory.sources.push(sender.key);
    if (!isReceiver && memory.receivers.length < RECEIVERS_MAX) memory.receivers.push(receiver.key);
    return;
  }
  const text = isSource
    ? `programmed at ${named(receiver)}, where no pump was programmed before, in ${memory.orders - 1} orders heard`
    : `programmed by ${named(sender)}, which sent none of the ${memory.orders - 1} orders heard before`;
  yield {
    story: isSource ? receiver.key : sender.key,
    about: pump,
    others: [isSource ? receiver : sender],
    first: at,
    at,
    count: 1,
    summary: text,
    because: [{ at, text: `${pump.child === null ? named(pump) : `pump ${pump.child}`} ${text}` }],
    witnesses,
  };
}

function named({ ip, mac }: Party): string {
  return ip ?? mac ?? "nobody";
}
