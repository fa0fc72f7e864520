/** A report as one file of HTML: no script, no other file, prints well. Whatever a device calls itself is text and never markup. */
import { createHash } from "node:crypto";
import { NOT_AN_ALARM } from "../model/finding-words.ts";
import type { Bars, Cell, Report, ReportTable, Section } from "../model/report.ts";

/** Of a cell so many devices are named; the list at the end has all. */
const NAMED_MAX = 3;
/** Cells up to here are broken between words alone: a day, a protocol. */
const SHORT = 24;

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

function sectionOf({ id, title, lead, bars, table, empty }: Section, report: Report): string {
  const nothing = (table?.rows.length ?? 0) === 0;
  return [
    `<section id="${id}">\n<h2>${escaped(title)}</h2>`,
    ...lead.map((text) => `<p>${escaped(text)}</p>`),
    ...(bars === undefined || bars.rows.length === 0 ? [] : [barsOf(bars)]),
    ...(table === undefined || nothing ? [] : [tableOf(table, report)]),
    ...(nothing && empty !== undefined ? [`<p class="quiet">${escaped(empty)}</p>`] : []),
    "</section>",
  ].join("\n");
}

function tableOf({ columns, numbers = [], rows, beyond }: ReportTable, report: Report): string {
  const right = (at: number) => (numbers.includes(at) ? ' class="number"' : "");
  const head = columns.map((title, at) => `<th scope="col"${right(at)}>${escaped(title)}</th>`).join("");
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
function barsOf({ rows, parts }: Bars): string {
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
  return `<p class="keys">${key}</p>\n<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="The same as in the table below">${lines.join("\n")}</svg>`;
}
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
  const rows = [...names].map(([id, name]) => `<tr id="${escaped(id)}"><td>${escaped(id)}</td><td>${escaped(name)}</td><td>${escaped([...(where.get(id) ?? [])].join("; "))}</td></tr>`);
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
.short { overflow-wrap: normal; } .number { text-align: right; white-space: nowrap; } svg { display: block; width: 100%; font-size: 12px; } svg text { fill: #3f4f48; }
.part0 { fill: #9b2c0c; background: #9b2c0c; } .part1 { fill: #b67b05; background: #b67b05; } .part2 { fill: #5f86a0; background: #5f86a0; } .part3 { fill: #d2dad5; background: #d2dad5; }
.key { display: inline-block; width: 12px; height: 12px; margin-left: 10px; }
nav a { display: inline-block; line-height: 24px; }
@media print { body { background: #fff; font-size: 11px; line-height: 15px; } main { padding: 0; max-width: none; } nav { display: none; } thead { display: table-header-group; } tr, p, svg { break-inside: avoid; } h2, section > p, .keys { break-after: avoid; } a { color: inherit; } }
@page { margin: 16mm 14mm; }
`;

/** Content security policy for whoever serves one: its own style and nothing else. */
export const HTML_POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox`;
