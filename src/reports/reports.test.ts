/** Reports: their numbers are those of the API, the same inputs give the same bytes, and what a device calls itself stays text. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { csvRecords } from "../bytes/csv.ts";
import { clauses } from "../knowledge/frameworks.ts";
import type { Report, ReportFor } from "../model/report.ts";
import { csvOf, htmlOf, reportFrom } from "../reporting.ts";
import { day, life, livesOf } from "../testing/lives.ts";
import { Ward, wardDevices } from "../testing/ward.ts";

const data = mkdtempSync(join(tmpdir(), "auscult-reports-"));
after(() => rmSync(data, { recursive: true }));
const MARKUP = `<script>alert(1)</script>"&'`;

function ward(): Ward {
  return new Ward(data, wardDevices().map((it, at) => (at === 0 ? { ...it, name: MARKUP } : it)));
} // prettier-ignore

const made = (audience: ReportFor, sample: { count: number; seed: number } | null = null, of = ward()) =>
  reportFrom(of.recording()!, data, { audience, days: null, sample });
const section = (report: Report, id: string) => report.sections.find((it) => it.id === id)!;

test("every number of a section is the API's, and leads to as many devices as it says", async () => {
  const reader = ward().recording()!;
  const report = await made("security");
  const { devices } = await reader.fleet();
  const risks = await reader.risks({ walls: [], ownRanges: [], offset: 0, limit: 1_000 });
  const { rows } = await reader.weaknesses({ dismissed: false, offset: 0, limit: 1_000 });
  const cells = (id: string, column: number) => section(report, id).table!.rows.map((row) => row[column]!);

  const all = cells("inventory", 6);
  assert.equal(all.reduce((sum, it) => sum + Number(it.text), 0), devices.length); // prettier-ignore
  const bands = [1, 2, 3, 4].map((column) => cells("risk", column).reduce((sum, it) => sum + Number(it.text), 0));
  assert.deepEqual(bands, [risks.byBand.critical, risks.byBand.high, risks.byBand.medium, risks.byBand.low]);
  assert.deepEqual(
    cells("weaknesses", 0).map((it, at) => [it.text, cells("weaknesses", 3)[at]!.text, cells("weaknesses", 4)[at]!.text]).toSorted(),
    rows.map((it) => [it.name, String(it.affected), String(it.possible)]).toSorted(),
  ); // prettier-ignore
  for (const column of [3, 4]) for (const it of cells("weaknesses", column)) assert.equal(it.devices!.length, Number(it.text));
});

test("each number of every section is the API's: today, reach, life, ends of support, findings, what was heard", async () => {
  const of = ward();
  of.keptOut = [{ day: "2026-11-20", place: "CISA KEV", source: "CISA KEV", why: "expected at least 1334 records, got 700" }];
  const reader = of.recording()!;
  const walls = { walls: [], ownRanges: [] };
  const [today, { events, support }, findings, coverage, risks] = await Promise.all([
    reader.today({ ...walls, hours: null }),
    reader.lifecycle("kind"),
    reader.findings({ states: ["new", "acknowledged"], offset: 0, limit: 1_000 }),
    reader.coverage(),
    reader.risks({ ...walls, offset: 0, limit: 1_000 }),
  ]);
  for (const audience of ["biomed", "security", "auditor"] as const) {
    const report = await made(audience, null, of);
    const rows = (id: string) => report.sections.find((it) => it.id === id)?.table?.rows.map((row) => row.map(({ text }) => text));
    const same = (id: string, columns: readonly number[], expected: readonly (readonly string[])[]) => {
      const own = rows(id);
      if (own !== undefined) assert.deepEqual(own.map((row) => columns.map((it) => row[it]!)), expected, `${audience}, ${id}`);
    };
    same("today", [2, 3, 4], today.sentences.map((it) => [it.text.map(({ text }) => text).join(""), it.why, it.do]));
    same("lifecycle", [1], [events.came, events.silent, events.moved, events.idle, events.retiredHeard].map(({ total }) => [String(total)]));
    same("support", [0, 2, 4], support.map(({ what, last, devices }) => [what, last, String(devices.total)]));
    same("findings", [0, 1], findings.rows.map(({ id, severity }) => [id, severity]));
    same("unheard", [0, 3, 4], coverage.inputs.map(({ name, frames, drops }) => [name, String(frames), String(drops)]));
    assert.equal(report.about.find(([what]) => what === "Newer knowledge")![1], today.keptOut[0]);
    const worst = report.sections.find(({ id }) => id === "risk")!.table!.rows;
    for (const row of worst) assert.equal(row[6]!.text, String(risks.rows.find(({ device }) => device === row[5]!.devices![0])!.total));
    for (const { id, table } of report.sections)
      for (const row of table?.rows ?? [])
        for (const { text, devices } of row)
          if (devices !== undefined && devices.length !== 1 && /^\d+$/.test(text)) assert.equal(Number(text), devices.length, `${audience}, ${id}: ${text}`);
  }
}); // prettier-ignore

test("a spreadsheet of it has each number that the page has", async () => {
  for (const audience of ["biomed", "security", "auditor"] as const) {
    const report = await made(audience);
    const cells = csvRecords(csvOf(report), ",");
    for (const { id, table } of report.sections)
      for (const row of table?.rows ?? [])
        assert.ok(cells.some(([of, ...rest]) => of === id && row.every(({ text }, at) => rest[at] === text || rest[at] === `'${text}`)), `${audience}, ${id}: ${row.map(({ text }) => text).join()}`);
    const html = htmlOf(report);
    for (const { id, table } of report.sections)
      assert.equal(new RegExp(`<section id="${id}">[^]*?</section>`).exec(html)![0].split("<tr>").length - 1, table === undefined || table.rows.length === 0 ? 0 : table.rows.length + 1, id);
  }
}); // prettier-ignore

test("pictures have a table of the same figures, which are the API's: growth and forecast, how long heard, reach, a month ago", async () => {
  const of = ward();
  of.lives = livesOf(Array.from({ length: 120 }, (_, n) => life(`d${n}`, { first: day(n * 5), last: day(700) })), day(0), day(700));
  const fleet = { ...of.fleet(), from: day(0) };
  of.fleet = () => ({ ...fleet, devices: fleet.devices.map((it, at) => (at < 2 ? { ...it, first: fleet.to! - 4 * 365.25 * 86_400e6 } : it)) });
  const reader = of.recording()!;
  const report = await made("biomed", null, of);
  const { growth } = await reader.lifecycle("kind");
  const { rows } = await reader.risks({ walls: [], ownRanges: [], offset: 0, limit: 1_000 });
  const texts = (id: string, column: number) => section(report, id).table!.rows.map((row) => row[column]!.text);

  assert.deepEqual(texts("growth", 1), [...growth.all.months.map(({ count }) => count), ...growth.all.ahead!.map(({ likely }) => Math.round(likely))].map(String));
  const html = htmlOf(report);
  assert.equal(html.split("<circle").length - 1, growth.all.months.length, "a dot for each month");
  for (const title of ["Devices heard, month by month", "How long they have been heard", "Risk by ward"])
    assert.ok(html.includes(`role="img" aria-label="${title}: the same as in the table below"`), title);
  assert.deepEqual(section(report, "ages").table!.rows.find(([age]) => age!.text === "3 to 5 years")!.at(-1)!.devices, fleet.devices.slice(0, 2).map(({ id }) => id));
  assert.equal(texts("ages", 6).reduce((sum, it) => sum + Number(it), 0), fleet.devices.length);
  const reaching = rows.filter((it) => it.reach !== null && it.reach.from + it.reach.to > 0);
  assert.deepEqual(texts("reach", 0).toSorted(), reaching.map(({ name }) => name).toSorted());
  for (const row of section(report, "reach").table!.rows)
    assert.equal(row[2]!.text, String(rows.find(({ device }) => device === row[0]!.devices![0])!.reach!.from));
  const told = new Map(section(report, "trend").table!.rows.map(([what, then, now]) => [what!.text, [then!.text, now!.text]]));
  assert.deepEqual(told.get("Devices heard at all"), ["2", String(fleet.devices.length)]);
  assert.deepEqual(told.get("Devices heard in the month"), growth.all.months.slice(-2).map(({ count }) => String(count)));
  assert.equal(told.get("Findings nobody is done with")![1], String((await reader.findings({ states: ["new", "acknowledged"], offset: 0, limit: 1_000 })).matching));
  assert.equal(told.get("Devices at high or critical risk")![0], "not kept");
}); // prettier-ignore

test("where sums of a month ago were kept, then and now stand side by side, as the API has them", async () => {
  const of = ward();
  const fleet = { ...of.fleet(), from: day(0) };
  of.fleet = () => fleet;
  const reader = of.recording()!;
  const now = (await reader.trend({ walls: [], ownRanges: [] }))!.now;
  const [whole, ...parts] = now.sums;
  const before = { ...whole!, devices: 7, patient: 700, high: 3, exposed: 4, affected: 1 };
  of.monthAgo = { before: { at: now.at - 28 * 86_400e6, sums: [before, ...parts.filter(({ part }) => part === "kind"), { ...before, part: "ward", name: "Ward gone" }] }, since: 1 };
  const told = new Map(section(await made("security", null, of), "trend").table!.rows.map(([what, then, nowIs]) => [what!.text, [then!.text, nowIs!.text]]));
  const { byBand } = await reader.risks({ walls: [], ownRanges: [], offset: 0, limit: 1 });
  assert.deepEqual(told.get("Devices at high or critical risk"), ["3", String(byBand.critical + byBand.high)]);
  assert.deepEqual(told.get("Devices with an exposure"), ["4", String(whole!.exposed)]);
  assert.deepEqual(told.get("Devices affected by a published vulnerability"), ["1", String(whole!.affected)]);
  assert.deepEqual(told.get("Points of risk to the patient, all devices"), ["700", String(whole!.patient)]);
  assert.deepEqual(told.get("Points of risk, Ward gone"), [String(700 + whole!.device + whole!.network), "0"]);
  const { trend } = await reader.today({ walls: [], ownRanges: [], hours: null });
  assert.match(trend, /^On \d{4}-\d\d-\d\d: 3 of 7 devices at high or critical risk, now \d+ of \d+; points of risk for each device [\d.]+, now [\d.]+\.$/u);
}); // prettier-ignore

test("of a week of listening nothing is told of a month ago, and no picture is drawn of one month", async () => {
  const report = await made("biomed");
  const { table, empty } = section(report, "trend");
  assert.equal(table, undefined);
  assert.match(empty!, /^No figures before \d{4}-\d\d-\d\d: nothing was heard until then\.$/u);
  assert.doesNotMatch(htmlOf(report), /<circle/u);
});

test("the same recording gives the same bytes, another seed draws others, and the digest tells inputs apart", async () => {
  const digest = (report: Report) => report.about.at(-1)![1];
  const drawn = (report: Report) => new Set(section(report, "sample").table!.rows.flatMap(([it]) => it!.devices!));
  const [first, again, other] = [await made("auditor", { count: 3, seed: 7 }), await made("auditor", { count: 3, seed: 7 }), await made("auditor", { count: 3, seed: 8 })];
  assert.equal(htmlOf(first), htmlOf(again));
  assert.equal(csvOf(first), csvOf(again));
  assert.equal(drawn(first).size, 3);
  assert.notDeepEqual(drawn(first), drawn(other));
  assert.notEqual(digest(first), digest(other));
}); // prettier-ignore

test("one file: no script, nothing fetched, each link leads to a place in it, and a name is never markup", async () => {
  for (const audience of ["biomed", "security", "auditor"] as const) {
    const html = htmlOf(await made(audience, { count: 5, seed: 1 }));
    assert.ok(!html.includes("<script"), audience);
    assert.doesNotMatch(html, /\b(?:src|href)="(?!#)/u);
    assert.ok(html.includes("&#60;script&#62;alert(1)"), "the name is there, as text");
    const places = new Set([...html.matchAll(/\bid="([^"]*)"/gu)].map(([, id]) => id));
    for (const [, to] of html.matchAll(/href="#([^"]*)"/gu)) assert.ok(places.has(to), `${audience}: ${to} is nowhere`);
    assert.ok(html.includes("not a medical device and not an alarm"));
  }
});

test("a column of sentences has room to be read, one of words and numbers none it does not need", async () => {
  const html = htmlOf(await made("auditor", { count: 5, seed: 1 }));
  for (const title of ["The careful step", "Because"]) assert.match(html, new RegExp(`<th scope="col" class="prose">${title}</th>`));
  for (const title of ["Weakness", "What is claimed", "By"]) assert.match(html, new RegExp(`<th scope="col">${title}</th>`));
});

test("a formula that a device calls itself is harmless in a spreadsheet, and each row has its section", async () => {
  const of = new Ward(data, wardDevices().map((it, at) => (at === 0 ? { ...it, name: "=1+1" } : it))); // prettier-ignore
  const rows = csvRecords(csvOf(await made("auditor", { count: 50, seed: 1 }, of)), ",");
  assert.ok(rows.some(([id, name]) => id === "sample" && name === "'=1+1"));
  assert.ok(!rows.flat().some((cell) => cell.startsWith("=")));
});

test("what is only proposed is marked so, and every clause names its source", () => {
  const all = clauses();
  assert.ok(all.length >= 15);
  for (const { source, status, framework } of all) {
    assert.ok(source.length > 5);
    assert.equal(status === "proposed", framework.endsWith("proposed"), framework);
  }
});
