/** A recall's list as a page to print and tick off by hand, ward by ward, and as CSV. Whatever a device calls itself is text. */
import { csvLine } from "../bytes/csv-line.ts";
import type { TickedEntry, TickList } from "../model/recall.ts";
import { escaped, STYLE } from "./html.ts";

/** A box to tick, or who ticked it. */
const BOX = "☐";
const COLUMNS = ["Tick", "Device", "What it is", "Last place", "Last heard", "State", "Found by", "On", "Note"];

export function tickSheet(list: TickList): string {
  const { number, title, words, who, at, recording, question, wards } = list;
  const asked = Object.entries(question).flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]));
  return [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title>\n<style>${STYLE}</style>\n</head>\n<body>\n<main>`,
    `<h1>${escaped(title)}: ${words}</h1>`,
    `<p class="quiet">Recall ${number}, begun by ${escaped(who)} on ${day(at)} of recording ${escaped(recording)}: ${escaped(asked.join(", "))}.</p>`,
    ...wards.map(({ ward, words: of, entries }) => wardOf(ward ?? "Place not known", of, entries)),
    "</main>\n</body>\n</html>\n",
  ].join("\n");
}

function wardOf(ward: string, words: string, entries: readonly TickedEntry[]): string {
  const head = COLUMNS.map((it) => `<th scope="col">${it}</th>`).join("");
  const rows = entries.map((it) => `<tr>${cellsOf(it).map((text) => `<td>${escaped(text)}</td>`).join("")}</tr>`); // prettier-ignore
  return `<section>\n<h2>${escaped(ward)}: ${words}</h2>\n<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table>\n</section>`;
}

function cellsOf({ id, name, what, place, last, state, missing, tick }: TickedEntry): string[] {
  return [
    tick === null ? BOX : tick.word!,
    name === id ? name : `${name} (${id})`,
    what,
    place ?? "not known",
    last === null ? "never" : day(last),
    missing === "" ? state : `${state}: ${missing}`,
    tick?.who ?? "",
    tick === null ? "" : day(tick.at),
    tick?.note ?? "",
  ];
}

export function tickCsv({ title, words, wards }: TickList): string {
  return [
    csvLine(["Recall", title, words]),
    csvLine(["Ward", ...COLUMNS]),
    ...wards.flatMap(({ ward, entries }) => entries.map((it) => csvLine([ward ?? "", ...cellsOf(it)]))),
  ].join("");
}

function day(at: number): string {
  return new Date(at / 1_000).toISOString().slice(0, 10);
}
