/** A FHIR server is asked for everything it has, of all patients or of a group: one request, and the record leaves. */
import type { Claimed, News, Watch } from "../model/finding.ts";

const DAY_US = 24 * 3600 * 1_000_000;
interface Memory {
  first: number;
}

export const recordExport: Watch<Memory> = {
  name: "record-export",
  title: "The whole record is asked for",
  family: "threat",
  severity: "medium",
  harms: ["patient"],
  remedy:
    "Ask those who run the record's interfaces whether this export is theirs (analysis, a registry, a migration); the server's own log says who signed in, and can withdraw what is not fetched yet.",
  technique: ["T1213 Data from Information Repositories"],
  sees: "A FHIR bulk export ($export) by a machine that never asked this server for one, after the site was heard for a day.",
  misses: "Exports inside TLS, which is where most are; page after page of ordinary searches.",
  mistaken: "A nightly export is told of once.",
  tune: "Explain it for machines that are to export.",
  hears: { notables: ["fhirExport"] },
  subject: "pair",
  subjectsMax: 1_024,
  remember: () => ({ first: 0 }),
  *notice(news: News, memory: Memory, known): Iterable<Claimed> {
    if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
    const { at, count, sender, receiver, witnesses } = news;
    if (memory.first === 0) memory.first = at;
    if (memory.first - known.since < DAY_US || at - memory.first > DAY_US) return;
    const text = "asked for a bulk export for the first time";
    yield { story: "", about: receiver, others: [sender], first: at, at, count, summary: text, because: [{ at, text }], witnesses };
  },
};
