/** A report as one file of HTML: no script, no other file, prints well. Whatever a device calls itself is text and never markup. */
import { createHash } from "node:crypto";
import { NOT_AN_ALARM } from "../model/finding-words.ts";
import type { Bars, Cell, Line, Report, ReportTable, Section } from "../model/report.ts";

/** Of a cell so many devices are named; the list at the end has all. */
const NAMED_MAX = 3;
/** Cells up to here are broken between words alone: a day, a protocol. */
const SHORT = 24;
/** Characters. A column whose cells have more than this in the middle is prose, and gets room to be read as such. */
const PROSE = 40;

export function htmlOf(report: Report): string {
  return [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(report.title)}</title>\n<style>${STYLE}</style>\n</head>\n<body>\n<main>`,
    `<h1>${escaped(report.title)}</h1>\n<p class="quiet">${escaped(NOT_AN_ALARM)}</p>`,
    `<dl>${report.about.map(([what, text]) => `<div><dt>${escaped(what)}</dt><dd>${escaped(text)}</dd></div>`).join("")}</dl>`,
    `<nav aria-label="Sections"><ol>${report.sections.map(({ id, title }) => `<li><a href="#${id}">${escaped(title)}</a></li>`).join("")}</ol></nav>`,
    ...report.sections.map((section) => sectionOf(section, report)),
    devicesOf(report),
    "</main>\n</body>\n</html>\n",
  ].join("\n");
}

function sectionOf({ id, title, lead, bars, line, table, empty }: Section, report: Report): string {
  const nothing = (table?.rows.length ?? 0) === 0;
  return [
    `<section id="${id}">\n<h2>${escaped(title)}</h2>`,
    ...lead.map((text) => `<p>${escaped(text)}</p>`),
    ...(bars === undefined || bars.rows.length === 0 ? [] : [barsOf(bars, title)]),
    ...(line === undefined ? [] : [lineOf(line, title)]),
    ...(table === undefined || nothing ? [] : [tableOf(table, report)]),
    ...(nothing && empty !== undefined ? [`<p class="quiet">${escaped(empty)}</p>`] : []),
    "</section>",
  ].join("\n");
}

function tableOf({ columns, numbers = [], rows, beyond }: ReportTable, report: Report): string {
  const right = (at: number) => (numbers.includes(at) ? ' class="number"' : "");
  const wide = (at: number) => rows.reduce((sum, row) => sum + row[at]!.text.length, 0) > PROSE * rows.length;
  const head = columns
    .map((title, at) => `<th scope="col"${right(at) || (wide(at) ? ' class="prose"' : "")}>${escaped(title)}</th>`)
    .join("");
  const kind = (cell: Cell, at: number) => right(at) || (cell.text.length <= SHORT ? ' class="short"' : "");
  const body = rows
    .map((row) => `<tr>${row.map((cell, at) => `<td${kind(cell, at)}>${cellOf(cell, report)}</td>`).join("")}</tr>`)
    .join("\n");
  const more = beyond === 0 ? "" : `\n<p class="quiet">${beyond} more are not listed.</p>`;
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>${more}`;
}

/** A figure leads to its devices: a single one to its line in the list, several to the first and how many more there are. */
function cellOf({ text, devices = [] }: Cell, { names }: Report): string {
  const [first] = devices;
  if (first === undefined) return escaped(text);
  const named = devices.slice(0, NAMED_MAX).flatMap((id) => names.get(id) ?? []);
  const more = devices.length > named.length ? ` and ${devices.length - named.length} more` : "";
  const title = named.length === 0 ? "" : ` title="${escaped(`${named.join(", ")}${more}`)}"`;
  return `<a href="#${escaped(first)}"${title}>${escaped(text)}</a>`;
}

/** Bars side by side, each part in its own shade and with its count in words below: print it gray and nothing is lost. */
function barsOf({ rows, parts }: Bars, title: string): string {
  const most = Math.max(1, ...rows.map((row) => row.parts.reduce((sum, it) => sum + it, 0)));
  const height = rows.length * ROW;
  const lines = rows.map(({ label, parts: counts }, row) => {
    let x = LEFT;
    const drawn = counts.map((count, part) => {
      const width = (count / most) * (WIDTH - LEFT - 40);
      const rect = `<rect class="part${part}" x="${round(x)}" y="${row * ROW + 4}" width="${round(width)}" height="${ROW - 8}"/>`;
      x += width;
      return count === 0 ? "" : rect;
    });
    const sum = counts.reduce((all, it) => all + it, 0);
    return `<text x="${LEFT - 8}" y="${row * ROW + 16}" text-anchor="end">${escaped(label.slice(0, LABEL_MAX))}</text>${drawn.join("")}<text x="${round(x + 6)}" y="${row * ROW + 16}">${sum}</text>`;
  });
  const key = parts.map((part, at) => `<span class="key part${at}"></span> ${escaped(part)}`).join(" ");
  return `<p class="keys">${key}</p>\n<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}: the same as in the table below">${lines.join("\n")}</svg>`;
}

/** Ink for what was counted, dashed with its band for what is foretold; the ends are labeled, the table has the rest. */
function lineOf({ counted, ahead }: Line, title: string): string {
  const all = [...counted.map(({ value }) => ({ low: value, high: value })), ...ahead];
  const [least, most] = [Math.min(...all.map(({ low }) => low)), Math.max(...all.map(({ high }) => high))];
  const x = (at: number) => round(SIDE + (at / Math.max(1, all.length - 1)) * (WIDTH - 2 * SIDE));
  const y = (value: number) => round(HIGH - FOOT - ((value - least) / Math.max(1, most - least)) * (HIGH - FOOT - TOP));
  const path = (points: readonly (readonly [number, number])[]) => `M${points.map((it) => it.join(" ")).join("L")}`;
  const dots = counted.map(({ value }, at) => [x(at), y(value)] as const);
  const now = dots.at(-1)!;
  const place = (step: number) => x(counted.length + step);
  const band = [now, ...ahead.map(({ high }, step) => [place(step), y(high)] as const), ...ahead.map(({ low }, step) => [place(step), y(low)] as const).toReversed()];
  const label = (at: number, height: number, words: string | number, anchor: string) => `<text x="${at}" y="${height}" text-anchor="${anchor}">${escaped(String(words))}</text>`;
  const last = ahead.at(-1);
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HIGH}" role="img" aria-label="${escaped(title)}: the same as in the table below">`,
    ...(last === undefined
      ? []
      : [
          `<path class="band" d="${path(band)}z"/><path class="ahead" d="${path([now, ...ahead.map(({ value }, step) => [place(step), y(value)] as const)])}"/>`,
          label(place(ahead.length - 1) + 6, y(last.value) + 4, last.value, "start"),
          label(place(ahead.length - 1), HIGH - 6, last.label, "end"),
        ]),
    `<path class="counted" d="${path(dots)}"/>${dots.map(([at, height]) => `<circle cx="${at}" cy="${height}" r="3"/>`).join("")}`,
    label(dots[0]![0] - 6, dots[0]![1] + 4, counted[0]!.value, "end"),
    label(now[0], now[1] - 8, counted.at(-1)!.value, "end"),
    label(dots[0]![0], HIGH - 6, counted[0]!.label, "start"),
    label(now[0], HIGH - 6, counted.at(-1)!.label, "middle"),
    "</svg>",
  ].join("\n");
} // prettier-ignore
const HIGH = 220;
const SIDE = 60;
const FOOT = 26;
const TOP = 18;

const WIDTH = 900;
const LEFT = 260;
const ROW = 24;
const LABEL_MAX = 40;

/** Each device that any figure counts, with the figures that do. */
function devicesOf({ sections, names }: Report): string {
  const where = new Map<string, Set<string>>();
  for (const { title, table } of sections)
    for (const row of table?.rows ?? [])
      for (const { devices = [] } of row)
        for (const id of devices) {
          const known = where.get(id);
          if (known === undefined) where.set(id, new Set([title]));
          else known.add(title);
        }
  const rows = [...names].map(([id, name]) => `<tr id="${escaped(id)}"><td class="whole">${escaped(id)}</td><td>${escaped(name)}</td><td>${escaped([...(where.get(id) ?? [])].join("; "))}</td></tr>`);
  if (rows.length === 0) return "";
  return `<section id="devices">\n<h2>The devices counted above</h2>\n<table>\n<thead><tr><th scope="col">Id</th><th scope="col">Device</th><th scope="col">Counted in</th></tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table>\n</section>`;
} // prettier-ignore

export function escaped(text: string): string {
  return text.replace(/[&<>"']/gu, (it) => `&#${it.charCodeAt(0)};`);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

export const STYLE = `
:root { color-scheme: light; }
body { margin: 0; background: #ecf0ed; color: #14231e; font: 400 14px/20px "Atkinson Hyperlegible Next", system-ui, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1080px; margin: 0 auto; padding: 24px; }
h1 { font-size: 24px; line-height: 30px; margin: 0 0 8px; } h2 { font-size: 18px; line-height: 24px; margin: 28px 0 6px; }
p { margin: 4px 0; max-width: 90ch; } .quiet { color: #55645d; } a { color: #4a2d9c; }
dl { margin: 16px 0; } dl > div { display: flex; gap: 12px; } dt { flex: 0 0 170px; color: #55645d; } dd { margin: 0; overflow-wrap: anywhere; }
table { width: 100%; margin: 10px 0; border-collapse: collapse; background: #fbfcfb; }
th { text-align: left; border-bottom: 1.5px solid #55645d; padding: 6px 10px; font-weight: 640; } td { border-bottom: 1px solid #d2dad5; padding: 6px 10px; vertical-align: top; overflow-wrap: anywhere; }
.short { overflow-wrap: normal; } .number { text-align: right; white-space: nowrap; } .whole { white-space: nowrap; } svg { display: block; width: 100%; font-size: 12px; } svg text { fill: #3f4f48; }
.part0 { fill: #9b2c0c; background: #9b2c0c; } .part1 { fill: #b67b05; background: #b67b05; } .part2 { fill: #5f86a0; background: #5f86a0; } .part3 { fill: #d2dad5; background: #d2dad5; } .part4 { fill: #55645d; background: #55645d; }
.counted { fill: none; stroke: #14231e; } circle { fill: #14231e; } .ahead { fill: none; stroke: #4a2d9c; stroke-dasharray: 5 4; } .band { fill: #ebe7f8; }
.key { display: inline-block; width: 12px; height: 12px; margin-left: 10px; }
nav a { display: inline-block; line-height: 24px; }
@media screen and (prefers-color-scheme: dark) {
:root { color-scheme: dark; } body { background: #0d1513; color: #e7eeea; } table { background: #141e1b; } td { border-color: #2b3a35; } .quiet, dt { color: #9daca5; } a { color: #bcabf8; } svg text { fill: #bcc9c3; }
.part0 { fill: #f79c78; background: #f79c78; } .part1 { fill: #d39a1e; background: #d39a1e; } .part2 { fill: #6e9ab8; background: #6e9ab8; } .part3 { fill: #2b3a35; background: #2b3a35; } .part4 { fill: #9daca5; background: #9daca5; }
.counted { stroke: #e7eeea; } circle { fill: #e7eeea; } .ahead { stroke: #bcabf8; } .band { fill: #2a2448; }
}
@media print { body { background: #fff; font-size: 11px; line-height: 15px; } main { padding: 0; max-width: none; } nav { display: none; } thead { display: table-header-group; } tr, p, svg { break-inside: avoid; } h2, section > p, .keys { break-after: avoid; } a { color: inherit; } }
@media print, (min-width: 700px) { .prose { min-width: 20em; } }
@page { margin: 16mm 14mm; }
`;

/** Content security policy for whoever serves one: its own style and nothing else. */
export const HTML_POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox`;
