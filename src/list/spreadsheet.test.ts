import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { csvRecords } from "../bytes/csv.ts";
import { held, linesOf, type DeviceSketch } from "../testing/listed.ts";
import { isRewritten } from "./spreadsheet.ts";

const FIXTURES = join(import.meta.dirname, "..", "..", "fixtures", "lists");
const bytesOf = (name: string) => readFileSync(join(FIXTURES, name));

/** Those of our own table, as it was before anybody opened it. */
const devices = csvRecords(bytesOf("ours.csv").toString("utf8").slice(1), ",")
  .slice(1)
  .filter((record) => record.length > 1)
  .map(([id = "", name = "", controlNumber = "", owner = "", location = ""]): DeviceSketch => {
    const plain = (text: string) => text.replace(/^'(?=[=+\-@])/, "").replace("\n", " ");
    return { id, name, ...(controlNumber === "" ? {} : { controlNumber: plain(controlNumber) }), ...(owner === "" ? {} : { owner: plain(owner), location: plain(location) }) }; // prettier-ignore
  });
const planOf = (name: string) => held(bytesOf(name), devices);
const changed = (name: string) => planOf(name).rows.filter(({ state, changes }) => state !== "matched" || changes.length > 0);

test("our own table, as we wrote it, changes nothing", () => {
  assert.equal(devices.length, 50);
  assert.deepEqual(changed("ours.csv"), []);
  assert.ok(planOf("ours.csv").rows.every(({ notes }) => notes.length === 0));
});

for (const name of readdirSync(FIXTURES).filter((it) => it.endsWith(".csv") && it !== "ours.csv" && it !== "edited.csv"))
  test(`what LibreOffice made of it by itself is no change of a person's: ${name}`, () => {
    assert.equal(planOf(name).rows.length, devices.length);
    assert.deepEqual(linesOf({ ...planOf(name), rows: changed(name) }), []);
  });

test("a cell that a person changed in LibreOffice says from what to what, and is the only one", () => {
  assert.deepEqual(linesOf({ ...planOf("edited.csv"), rows: changed("edited.csv") }), [
    '51 matched d50; controlNumber "Biomed" → "Radiology"',
  ]);
});

test("what a spreadsheet wrote is told, unless it took zeros alone", () => {
  const lines = linesOf(planOf("saved.csv"));
  assert.equal(lines[0], "2 matched d1");
  assert.match(lines[2]!, /^4 matched d3; Last heard at: a spreadsheet wrote "100000" for "1E5"; not taken; Control number/);
});

test("UTF-8 that was opened as Windows-1252 is read all the same, beside what was typed afterwards", () => {
  const mistaken = Buffer.from("Id,Device,Owner\nd1,ICU-1,KÃ¶ln\nd2,ICU-2,MÃ¼nchen & Köln\n".replace("Id", "ï»¿Id"));
  const sketches = [{ id: "d1", name: "ICU-1", owner: "Köln" }, { id: "d2", name: "ICU-2", owner: "Bonn" }]; // prettier-ignore
  assert.deepEqual(linesOf(held(mistaken, sketches)), ["2 matched d1", '3 matched d2; owner "Bonn" → "München & Köln"']);
  assert.match(planOf("mistaken.csv").encoding, /^UTF-16, after UTF-8 was taken for Windows-1252$/);
  // Without our mark in front nobody knows that anything was mistaken.
  assert.match(linesOf(held("Id,Device,Owner\nd1,ICU-1,KÃ¶ln\n", sketches))[0]!, /owner "Köln" → "KÃ¶ln"/);
});

test("what a person changed is not taken for a spreadsheet's doing", () => {
  for (const [from, text] of [
    ["1E5", "100001"],
    ["3.10", "3.11"],
    ["5.4", "5"],
    ["123456789012345678", "1.23556789012346E+17"],
    ["9007199254740993", "9007199254740994"],
    ["1/2", "01/03/2026"],
    ["1/2", "1/2/3"],
    ["12-05", "12-06"],
    ["10:30", "10:31:00"],
    ["Mar 5", "Apr 5"],
    ["Ward 3", "Ward 3 North"],
    ["TRUE", "FALSE"],
    ["5%", "5"],
    ["", "0"],
    ["ICU", "icu"],
  ] as const)
    assert.equal(isRewritten(from, text), false, `${from} → ${text}`);
});

test("what Excel writes is known too: six digits in a narrow cell, dates by its country", () => {
  for (const [from, text] of [
    ["123456789012", "1.23457E+11"],
    ["123456789012", "1,23457E+11"],
    ["12-05", "05. Dez"],
    ["12-05", "05-Dec"],
    ["SEPT1", "01-Sep"],
    ["MARCH1", "1-Mar"],
    ["2024-05-01", "01.05.2024"],
    ["2024-05-01", "5/1/24"],
    ["true", "WAHR"],
    ["5%", "0.05"],
  ] as const)
    assert.equal(isRewritten(from, text), true, `${from} → ${text}`);
});
