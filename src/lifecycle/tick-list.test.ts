/** What is found of a recall, what is left, and what closes it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecallBegun, RecallTick } from "../model/recall.ts";
import { day, life, livesOf } from "../testing/lives.ts";
import { recallOf } from "./recall.ts";
import { tickListOf } from "./tick-list.ts";

const place = (value: string, last: number) => ({ value, first: day(0), last: day(last) });
const devices = [
  life("d1", { model: "VT-4", serial: "SN1", location: "ICU 3 bed 7", places: [place("ICU 3 bed 7", 3), place("Ward 2 bed 1", 90)] }),
  life("d2", { model: "VT-4", location: "ICU 3 bed 2" }),
  life("d3", { model: "VT-5", serial: "SN2" }),
];
const listed = [{ row: 4, cells: { model: "VT-4", serial: "SN1", location: "Store" } }];
const begun: RecallBegun = {
  number: 1,
  title: "VT-4 hose",
  recording: "ward",
  question: { model: "VT-4", serials: "SN1" },
  who: "lind",
  at: day(100),
  entries: recallOf(livesOf(devices), { model: "VT-4", serials: "SN1" }, listed).entries,
};
const tick = (entry: string, word: RecallTick["word"], at = 101): RecallTick => ({ entry, word, who: "berg", at: day(at), note: "" });
const words = (...ticks: RecallTick[]) => tickListOf(begun, ticks).words;

test("whom it means, of whom nobody can tell and who is only listed stand by ward, with the last place", () => {
  const { wards, words: count, closed } = tickListOf(begun, []);
  assert.deepEqual(
    wards.map(({ ward, entries }) => [ward, entries.map((it) => [it.id, it.state, it.place, it.missing])]),
    [
      ["ICU 3", [["d2", "cannot tell", "ICU 3 bed 2", "serial number not heard"]]],
      ["Store", [["row 4", "listed only", "Store", ""]]],
      ["Ward 2", [["d1", "heard", "Ward 2 bed 1", ""]]],
    ],
  );
  assert.deepEqual([count, closed], ["0 of 3 found, 3 left", null]);
});

test("each tick counts, the last word of it, and none that was taken back; with none left it is closed", () => {
  assert.equal(words(tick("d1", "found")), "1 of 3 found, 2 left");
  assert.equal(words(tick("d1", "found"), tick("d1", "found")), "1 of 3 found, 2 left", "twice is once");
  assert.equal(words(tick("d1", "found"), tick("d1", null)), "0 of 3 found, 3 left");
  assert.equal(words(tick("d1", "found"), tick("d2", "not meant")), "1 of 3 found, 1 not meant, 1 left");
  const all = [tick("d1", "found"), tick("d2", "not meant", 105), tick("row 4", "found")];
  assert.equal(words(...all), "2 of 3 found, 1 not meant, none left: closed");
  assert.equal(tickListOf(begun, all).closed, day(105));
  assert.equal(tickListOf(begun, [...all, tick("d2", null)]).closed, null, "taken back it is open again");
});

test("a tick of what is in no list counts nothing", () => {
  assert.equal(words(tick("d3", "found")), "0 of 3 found, 3 left");
});
