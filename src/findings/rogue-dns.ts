/** A machine of the site begins to answer for names: whoever believes it goes where it says. */
import type { Claimed, Known, News, Watch } from "../model/finding.ts";
import { areAcquainted, isLearned, isRule } from "./acquaintance.ts";

interface Memory {
  /** When it was first heard to answer. */
  since: number | null;
  /** It did so before it was known who does. */
  belongs: boolean;
}

export const rogueDns: Watch<Memory> = {
  name: "rogue-dns",
  title: "A strange name server",
  family: "threat",
  severity: "medium",
  harms: ["device", "network"],
  remedy:
    "Ask those who run the network whether this machine is to answer for names. If nobody knows it, look at who asks it: who gave them its address (DHCP, a router, settings changed by hand), and have that set right before it is parted from the network.",
  technique: ["T1557 Adversary-in-the-Middle", "T1584.002 DNS Server"],
  sees: "After three days of listening: a machine of the site's own networks that answers DNS and was not heard to do so a day ago, to one that was heard then.",
  misses:
    "Everything in the first three days; strange servers outside; one that answers from the address of a known server; DNS inside TLS.",
  mistaken: "A new name server, and a computer or telephone that shares its connection, which is worth a look.",
  tune: "Announce new name servers as planned work.",
  hears: { conversations: ["dns"] },
  subject: "receiver",
  subjectsMax: 4_096,
  remember: () => ({ since: null, belongs: false }),
  worth: ({ belongs }) => (belongs ? 1 : 0),
  notice,
};

function* notice(news: News, memory: Memory, known: Known): Iterable<Claimed> {
  if (news.news !== "conversation" || news.answered === 0 || news.side === "guessed" || !news.server.inside) return;
  const { at, first, client, server, answered } = news;
  memory.since ??= first;
  memory.belongs ||= !isLearned(known, memory.since) || areAcquainted(known, client, server, at, "dns");
  // Whom nobody asks but machines that are as new belongs to a network that is heard only now.
  if (memory.belongs || isRule(memory.since, at) || !isRule(known.heardSince(client), at)) return;
  const summary = "answers for names (DNS), which it was not heard to do before";
  yield {
    story: "",
    about: server,
    others: [client],
    first: memory.since,
    at,
    count: answered,
    summary,
    because: [{ at, text: `${answered} answers to ${client.ip ?? client.mac}` }],
  };
}
