/**
 * An archive of images is visited by the same machines for years, and sends to the same ones. A stranger who opens an association, asks, or
 * has images sent somewhere they never went, is told of at the first of them.
 */
import type { Claimed, News, Party, Severity, SignalNews, Watch } from "../model/finding.ts";
import { isStranger, meet, noFamiliar, type Familiar } from "./familiar.ts";

/** Images that a stranger has sent begin to go within so long of his asking. */
const ASKED_US = 60_000_000;
const ARCHIVES_MAX = 64;
const PEERS_MAX = 128;

interface Archive {
  visitors: Familiar;
  /** Where it sends what somebody asks it to send. */
  destinations: Familiar;
  /** A stranger who had something sent. */
  asked: { by: Party; at: number } | null;
}
interface Memory {
  [archive: string]: Archive;
}

export const imagingStranger: Watch<Memory> = {
  name: "imaging-stranger",
  title: "A stranger at the image archive",
  family: "threat",
  severity: "medium",
  harms: ["patient"],
  remedy:
    "Ask radiology and those who run the archive whether the machine named belongs there; look at what it asked for in the archive's own log. If nobody knows it, take its title and address from the archive's list of partners; images already sent cannot be called back.",
  technique: ["T1213 Data from Information Repositories", "T0811 Data from Information Repositories"],
  sees: "A DICOM association, query or retrieval by a machine that never visited this archive, and images sent on request to where they never went, once who visits it is settled: twenty visits in a row, and three times as many as it has visitors, without a new one.",
  misses: "Strangers while that is still being learned; archives reached by TLS; one who forges the address of a visitor.",
  mistaken: "A new scanner or workstation is a stranger on its first day: announce it as planned work.",
  tune: "Announce new equipment as planned work, or explain the finding with an end date; after a week a stranger belongs there.",
  hears: { notables: ["dicomAssociation", "dicomQuery", "dicomRetrieve", "dicomSubOperation"] },
  subject: "site",
  subjectsMax: 1,
  remember: () => ({}),
  notice,
};

function* notice(news: News, memory: Memory): Iterable<Claimed> {
  if (news.news !== "signal" || news.sender === null || news.receiver === null) return;
  const { at, what, sender, receiver, count } = news;
  // What is sent on request is sent by the archive: it is the client then.
  const isSent = what === "dicomSubOperation";
  const archive = archiveOf(memory, isSent ? sender.key : receiver.key);
  if (archive === null) return;
  const { visitors, destinations } = archive;
  if (isSent) {
    const asked = archive.asked !== null && at - archive.asked.at < ASKED_US ? archive.asked.by : null;
    const known = meet(destinations, receiver.key, at, PEERS_MAX, count) === "known";
    if (isStranger(visitors, receiver.key) || !known || asked !== null)
      yield claim(news, sender, [receiver, ...(asked === null ? [] : [asked])], "high", `sends images to ${named(receiver)}${asked === null ? "" : asked.key === receiver.key ? ", a stranger who asked for them" : `, which ${named(asked)} asked for, a stranger`}${known ? "" : `, where none of the ${destinations.visits - count} sendings heard before went`}`); // prettier-ignore
    return;
  }
  const isKnown =
    what === "dicomAssociation" ? meet(visitors, sender.key, at, PEERS_MAX, count) === "known" : !isStranger(visitors, sender.key);
  if (isKnown) return;
  if (what === "dicomRetrieve") archive.asked = { by: sender, at };
  const text = `${DOES[what] ?? "visited by"} ${named(sender)}, which made none of the ${visitors.visits - count} visits heard before`;
  yield claim(news, receiver, [sender], what === "dicomAssociation" ? "medium" : "high", text);
}
const DOES: Readonly<Record<string, string>> = {
  dicomAssociation: "visited by",
  dicomQuery: "asked about patients by",
  dicomRetrieve: "asked to send images by",
};

function archiveOf(memory: Memory, key: string): Archive | null {
  if (memory[key] === undefined) {
    if (Object.keys(memory).length >= ARCHIVES_MAX) return null;
    memory[key] = { visitors: noFamiliar(), destinations: noFamiliar(), asked: null };
  }
  return memory[key];
}

/** One story for an archive: visit, question and what is sent belong together. */
function claim({ at, count, witnesses }: SignalNews, about: Party, others: readonly Party[], severity: Severity, text: string): Claimed {
  return { story: about.key, about, others, severity, first: at, at, count, summary: text, because: [{ at, text }], witnesses };
}

function named({ ip, mac }: Party): string {
  return ip ?? mac ?? "nobody";
}
