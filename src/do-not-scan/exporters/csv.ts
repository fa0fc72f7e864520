/** The whole list as a table for a spreadsheet, with those who are not exported and why: for the meeting at which it is gone through. */
import { csvLine } from "../../bytes/csv-line.ts";
import { clean } from "../../bytes/text.ts";
import type { DoNotScanLine, DoNotScanReason } from "../../model/do-not-scan.ts";
import { dayInWords, momentInWords } from "../../model/finding-words.ts";
import type { Exporter } from "./exporter.ts";

const COLUMNS: readonly (readonly [title: string, text: (line: DoNotScanLine) => string])[] = [
  ["state", ({ state }) => (state === "no address" ? "not heard, cannot be excluded by address" : state)],
  ["device", ({ device }) => device ?? ""],
  ["name", ({ name }) => name],
  ["kind", ({ kind }) => kind ?? ""],
  ["location", ({ location }) => location ?? ""],
  ["care", ({ lifeCritical, device }) => (device === null ? "" : lifeCritical)],
  ["addresses", ({ addresses }) => addresses.map(({ ip }) => ip).join(" ")],
  ["there since", ({ addresses }) => addresses.flatMap(({ since }) => (since === null ? [] : [momentInWords(since)])).join(" | ")],
  ["last confirmed", ({ confirmed }) => (confirmed === null ? "" : momentInWords(confirmed))],
  ["ends", ({ ends }) => (ends === null ? "" : dayInWords(ends))],
  ["sure", ({ sure }) => (sure ? "yes" : "probably")],
  ["reasons", ({ reasons }) => reasons.map(({ words }) => words).join(" | ")],
  ["sources", ({ reasons }) => reasons.map(sourceOf).join(" | ")],
  ["said", ({ word }) => (word === null ? "" : `${word.word === "list" ? "not to be scanned" : "may be scanned"}, ${word.who}: ${word.reason}`)], // prettier-ignore
];

export const csv: Exporter = {
  name: "csv",
  title: "the whole list as a table (CSV)",
  extension: "csv",
  mediaType: "text/csv; charset=utf-8",
  families: [4, 6],
  isWhole: true,
  use: "For a spreadsheet. Lines whose state is not listed are in no scanner's file.",
  write: ({ lines }) =>
    [COLUMNS.map(([title]) => title), ...lines.map((line) => COLUMNS.map(([, text]) => clean(text(line))))].map(csvLine).join(""),
};

function sourceOf({ by, source }: DoNotScanReason): string {
  return by === "person" ? `said by ${source}` : source;
}
