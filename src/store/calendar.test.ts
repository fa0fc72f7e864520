import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import * as fc from "fast-check";
import { assertProperty } from "../testing/property.ts";
import { Calendar, DAY_US, hourBits, joinedBits } from "./calendar.ts";

/** A moment, and one up to two days later: of rows as batches have them. */
const spans = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 140 * DAY_US }), fc.integer({ min: 0, max: 2 * DAY_US }))
    .map(([first, longer]) => [first, first + longer] as const),
  { minLength: 1, maxLength: 12 },
);

/** Days as they are meant: of each moment, the last 64 up to the latest. */
function expected(all: readonly (readonly [number, number])[]): bigint {
  const days = all.flat().map((at) => BigInt(Math.floor(at / DAY_US)));
  const newest = days.reduce((a, b) => (a > b ? a : b));
  return days.reduce((bits, day) => (newest - day < 64n ? bits | (1n << (newest - day)) : bits), 0n);
}

const bitsOf = ({ low, high }: { readonly low: number; readonly high: number }) => (BigInt(high) << 32n) | BigInt(low);

function summed(all: readonly (readonly [number, number])[]): Calendar {
  const calendar = new Calendar(DAY_US);
  calendar.begin(...all[0]!);
  for (const span of all.slice(1)) calendar.join(...span);
  return calendar;
}

test("days in memory are those that were heard in, in whatever order they came", () => {
  assertProperty(
    fc.property(spans, (all) => {
      assert.equal(bitsOf(summed(all)), expected(all));
    }),
  );
});

test("rows that are joined, in memory or in the database, have the days of both", () => {
  const database = new DatabaseSync(":memory:");
  database.exec("CREATE TABLE row (key INTEGER PRIMARY KEY, first INTEGER, last INTEGER, days_low INTEGER, days_high INTEGER) STRICT");
  const put = database.prepare(
    `INSERT INTO row VALUES (1, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET ${joinedBits("row", "days", DAY_US)},
       first = min(first, excluded.first), last = max(last, excluded.last)`,
  );
  const latest = (all: readonly (readonly [number, number])[]) => all.reduce((max, [, last]) => Math.max(max, last), 0);
  assertProperty(
    fc.property(spans, spans, (one, other) => {
      database.exec("DELETE FROM row");
      for (const all of [one, other]) put.run(all[0]![0], latest(all), summed(all).low, summed(all).high);
      const row = database.prepare("SELECT days_low AS low, days_high AS high FROM row").get() as { low: number; high: number };
      assert.equal(bitsOf(row), expected([...one, ...other]));

      const calendar = summed(one);
      calendar.joinBits(summed(other).low, summed(other).high, latest(other));
      assert.equal(bitsOf(calendar), expected([...one, ...other]));
    }),
  );
});

test("hours are those of the day in UTC", () => {
  const midnight = Date.UTC(2026, 0, 1) * 1000;
  assert.equal(hourBits(midnight - 1, midnight), (1 << 23) | 1);
  assert.equal(hourBits(midnight + 13 * 3_600e6, midnight + 13 * 3_600e6 + 5), 1 << 13);
});
