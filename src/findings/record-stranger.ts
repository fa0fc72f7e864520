/** Whoever takes admissions, orders or results by HL7 takes them from the same few senders: MLLP asks for no password, so the pair is the lock. */
import type { Claimed, Known, News, Party, Watch } from "../model/finding.ts";
import { meet, noFamiliar, type Familiar } from "./familiar.ts";
import { areItsSiblingsDoing, rememberDoing, type Fleets } from "./siblings.ts";

const PEERS_MAX = 256;
/** What only answers, asks nothing of anybody; orders to pumps have a watch of their own. */
const WRITES = /^(?:ADT|OR[MRU]|OM[A-Z]|OUL|RDE|RAS|RDS|MDM|MFN|SIU|BAR|DFT|VXU|LOCAL)/;
/** Alarms on their way to whoever is called, and how they fared (IHE PCD-04, PCD-05): they call a nurse, and stand in nobody's record. */
const ALARM = /^OR[UA]\^R4[0-2]/;

/** Results, which every analyzer and monitor sends: that one begins to on the first day a site is heard is mostly its work. */
const RESULT = /^(?:ORU|OUL)/;
const DAY_US = 24 * 3_600 * 1_000_000;

interface Memory extends Familiar {
  fleets?: Fleets;
}

export const recordStranger: Watch<Memory> = {
  name: "record-stranger",
  title: "A stranger writes to the record",
  family: "clinical",
  severity: "high",
  harms: ["patient"],
  remedy:
    "Ask those who run the interfaces whether the sender is theirs; have them look at what it wrote, patient by patient, and set it right in the record. Stop its messages at the interface, not at the network: others use the same way.",
  technique: ["T0855 Unauthorized Command Message", "T1565.001 Stored Data Manipulation"],
  sees: "HL7 messages that write (admissions, orders, results, documents, master files) by a machine that never sent any to this receiver, once its senders are settled: twenty conversations in a row, and three times as many as it has senders, without a new one.",
  misses:
    "Strangers while that is still being learned; alarms, which are no record; HL7 inside TLS; one who forges the address of a sender, or speaks as two others do whose cards are of the same maker, and their addresses beside its own.",
  mistaken:
    "A new interface, or an engine at a new address: announce it as planned work. A machine that sends rarely, where no two of its fleet sent before it: on the first day results count as medium.",
  tune: "Announce new interfaces as planned work; after a week a stranger belongs there.",
  hears: { conversations: ["hl7"] },
  subject: "receiver",
  subjectsMax: 4_096,
  remember: noFamiliar,
  worth: ({ visits }) => visits,
  notice,
};

function* notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
  if (news.news !== "conversation" || news.side === "guessed") return;
  const { at, first, client, server, operations } = news;
  const writes = operations.filter((it) => WRITES.test(it) && !ALARM.test(it));
  if (writes.length === 0) return;
  const fleets = (memory.fleets ??= {});
  const isStranger = meet(memory, client.key, at, PEERS_MAX) === "stranger" && !areItsSiblingsDoing(fleets, client, writes);
  if (!isStranger) return rememberDoing(fleets, client, writes);
  // Whom the receiver itself calls it was told of by its own people: a system that failed over.
  if (known.conversedSince(server, client, "hl7") !== null) return;
  const text = `${writes.slice(0, 4).join(", ")} by ${named(client)}, which sent none in ${memory.visits - 1} conversations heard before`;
  const mayBeItsWork = at - known.since < DAY_US && writes.every((it) => RESULT.test(it));
  const severity = mayBeItsWork ? { severity: "medium" as const } : {};
  yield { story: client.key, about: server, others: [client], ...severity, first, at, count: 1, summary: text, because: [{ at, text }] };
}

function named({ ip, mac }: Party): string {
  return ip ?? mac ?? "nobody";
}
