import assert from "node:assert/strict";
import { test } from "node:test";
import { MONTH_DAYS } from "../model/lifecycle.ts";
import { day, life, livesOf } from "../testing/lives.ts";
import { growthOf } from "./growth.ts";

const month = (count: number) => day(count * MONTH_DAYS);

test("a device counts in each month between when it was first and last heard, but for the month one began to listen in", () => {
  const lives = livesOf(
    [
      life("d1", { first: month(0), last: month(4) }),
      life("d2", { first: month(0), last: month(1.5) }),
      life("d3", { first: month(3.5), last: month(4), kind: "patient monitor" }),
    ],
    month(0),
    month(4),
  );
  const { all, groups } = growthOf(lives, "kind");
  assert.deepEqual(all.months, [
    { until: month(2), count: 2 },
    { until: month(3), count: 1 },
    { until: month(4), count: 2 },
  ]);
  assert.deepEqual(
    groups.map(({ of, now }) => [of, now]),
    [
      ["infusion pump", 1],
      ["patient monitor", 1],
    ],
  );
});

test("growth is told against a year ago, and only where one listened then", () => {
  const devices = Array.from({ length: 120 }, (_, n) => life(`d${n}`, { first: n < 100 ? month(0) : month(8), last: month(14) }));
  const { all } = growthOf(livesOf(devices, month(0), month(14)), "kind");
  assert.deepEqual([all.now, all.yearAgo, all.growth?.toFixed(2)], [120, 100, "0.20"]);
  assert.equal(growthOf(livesOf(devices, month(2), month(14)), "kind").all.growth, null);
});

test("why nothing is foretold is said, and that what came with a new input may be our hearing", () => {
  const devices = [life("d1", { first: month(0), last: month(3) })];
  const { all, notes } = growthOf(livesOf(devices, month(0), month(3), [month(0.01), month(2)]), "maker");
  assert.equal(all.ahead, null);
  assert.deepEqual(notes, [
    "Heard for 3 months: a forecast needs 9 months of listening into one recording.",
    "1 of 3 inputs was added later: what came with it may be our hearing and no growth.",
  ]);
  assert.deepEqual(growthOf({ devices: [], from: null, to: null, inputsSince: [] }, "kind").notes, [
    "Nothing was heard yet: growth is told of devices that are.",
  ]);
});

test("a long history is foretold, from its end on", () => {
  const devices = Array.from({ length: 240 }, (_, n) => life(`d${n}`, { first: month(n / 20), last: month(12) }));
  const { all, notes } = growthOf(livesOf(devices, month(0), month(12)), "kind");
  assert.equal(all.ahead?.[0]?.until, month(13));
  assert.ok(all.ahead.every(({ low, likely, high }) => low < likely && likely < high));
  assert.deepEqual(notes, []);
});
