/** Whoever takes admissions, orders or results by HL7 takes them from the same few senders: MLLP asks for no password, so the pair is the lock. */
import type { Claimed, Known, News, Party, Watch } from "../model/finding.ts";
import { meet, noFamiliar, type Familiar } from "./familiar.ts";

const PEERS_MAX = 256;
/** What only answers, asks nothing of anybody; orders to pumps have a watch of their own. */
const WRITES = /^(?:ADT|OR[MRU]|OM[A-Z]|OUL|RDE|RAS|RDS|MDM|MFN|SIU|BAR|DFT|VXU|LOCAL)/;

export const recordStranger: Watch<Familiar> = {
  name: "record-stranger",
  title: "A stranger writes to the record",
  family: "clinical",
  severity: "high",
  harms: ["patient"],
  remedy:
    "Ask those who run the interfaces whether the sender is theirs; have them look at what it wrote, patient by patient, and set it right in the record. Stop its messages at the interface, not at the network: others use the same way.",
  technique: ["T0855 Unauthorized Command Message", "T1565.001 Stored Data Manipulation"],
  sees: "HL7 messages that write (admissions, orders, results, documents, master files) by a machine that never sent any to this receiver, once its senders are settled: twenty conversations in a row, and three times as many as it has senders, without a new one.",
  misses: "Strangers while that is still being learned; HL7 inside TLS; one who forges the address of a sender.",
  mistaken: "A new interface, or an engine at a new address: announce it as planned work.",
  tune: "Announce new interfaces as planned work; after a week a stranger belongs there.",
  hears: { conversations: ["hl7"] },
  subject: "receiver",
  subjectsMax: 4_096,
  remember: noFamiliar,
  worth: ({ visits }) => visits,
  notice,
};

function* notice(news: News, memory: Familiar, known: Known): Iterable<Claimed> {
  if (news.news !== "conversation" || news.side === "guessed") return;
  const { at, first, client, server, operations } = news;
  const writes = operations.filter((it) => WRITES.test(it));
  if (writes.length === 0 || meet(memory, client.key, at, PEERS_MAX) === "known") return;
  // Whom the receiver itself calls it was told of by its own people: a system that failed over.
  if (known.conversedSince(server, client, "hl7") !== null) return;
  const text = `${writes.slice(0, 4).join(", ")} by ${named(client)}, which sent none in ${memory.visits - 1} conversations heard before`;
  yield { story: client.key, about: server, others: [client], first, at, count: 1, summary: text, because: [{ at, text }] };
}

function named({ ip, mac }: Party): string {
  return ip ?? mac ?? "nobody";
}
