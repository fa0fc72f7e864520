/** The list that is printed: a box for each that is left, who found the others, and hostile names as text. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TickList } from "../model/recall.ts";
import { tickCsv, tickSheet } from "./tick-sheet.ts";

const AT = Date.UTC(2026, 10, 28) * 1_000;
const entry = { id: "d1", state: "heard", name: "<b>pump</b>", what: "VT-4, SN1", missing: "", ward: "ICU", place: "ICU bed 7", last: AT, tick: null } as const; // prettier-ignore
const counts = { all: 2, found: 1, notMeant: 0, left: 1, words: "1 of 2 found, 1 left" };
const list: TickList = {
  ...counts,
  number: 3,
  title: "Hose of VT-4",
  recording: "ward",
  question: { model: "VT-4" },
  who: "lind",
  at: AT,
  closed: null,
  wards: [
    {
      ...counts,
      ward: "ICU",
      entries: [entry, { ...entry, id: "row 4", name: "=cmd()", last: null, state: "listed only", tick: { entry: "row 4", word: "found", who: "berg", at: AT, note: "in the store" } }], // prettier-ignore
    },
  ],
};

test("a box for who is left and a name and a day for who is found; what a device calls itself is text", () => {
  const page = tickSheet(list);
  assert.match(page, /<h1>Hose of VT-4: 1 of 2 found, 1 left<\/h1>/u);
  assert.equal(page.split("<td>☐</td>").length, 2);
  assert.match(page, /<td>found<\/td>.*<td>berg<\/td><td>2026-11-28<\/td><td>in the store<\/td>/u);
  assert.doesNotMatch(page, /<b>pump|<script/u);
});

test("the same as CSV, ward by ward, and no cell that a spreadsheet would run", () => {
  const lines = tickCsv(list).trimEnd().split(/\r?\n/u);
  assert.equal(lines.length, 4);
  assert.match(lines[2]!, /^ICU,☐,/u);
  assert.doesNotMatch(lines[3]!, /,"?=cmd/u);
});
