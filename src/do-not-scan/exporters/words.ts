/** A line of the list in words that fit behind a comment sign, whatever a device calls itself. */
import { clean } from "../../bytes/text.ts";
import type { DoNotScanLine } from "../../model/do-not-scan.ts";
import { dayInWords } from "../../model/finding-words.ts";

/** Some programs read lines of a thousand characters; its days stand behind it. */
const REASON_LENGTH_MAX = 240;

/** "d12 ICU pump 7: it is an infusion pump: …; last heard 2026-11-23; until 2027-02-21". In one line without control characters. */
export function commentOf({ device, name, reasons, confirmed, ends }: DoNotScanLine): string {
  const [first] = reasons;
  const why = first === undefined ? "" : first.by === "person" ? `${first.words} (${first.source})` : first.words;
  const heard = confirmed === null ? "" : device === null ? `said ${dayInWords(confirmed)}` : `last heard ${dayInWords(confirmed)}`;
  const until = ends === null ? "" : `until ${dayInWords(ends)}`;
  return [cut(`${named({ device, name })}: ${why}`, REASON_LENGTH_MAX), heard, until].filter((it) => it !== "").join("; ");
}

export function named({ device, name }: Pick<DoNotScanLine, "device" | "name">): string {
  return device === null ? "by a person" : `${device} ${clean(name)}`;
}

export function cut(text: string, lengthMax: number): string {
  const plain = clean(text).replace(/\s+/g, " ");
  return plain.length > lengthMax ? `${plain.slice(0, lengthMax - 1).toWellFormed()}…` : plain;
}
