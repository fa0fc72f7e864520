import assert from "node:assert/strict";
import { test } from "node:test";
import { claims, machine, signal } from "../testing/watched.ts";
import { alarmsPaused } from "./alarms-paused.ts";

const DAY = 24 * 3600;
/** So many more beds in this second. */
const paused = (second: number, beds: number) =>
  signal(second, { kind: "notable", what: "alarmPaused", sender: machine(5), receiver: machine(6), count: beds, distinct: beds });

test("alarms of more beds than ever within a minute are told, after a day", () => {
  assert.deepEqual(claims(alarmsPaused, [paused(0, 1), paused(DAY, 2), paused(DAY + 1, 4)]), [
    `${DAY + 1} s: alarms of 6 devices paused within a minute; the most in one before was 1`,
  ]);
});

test("the first day, four beds, a gateway that often tells of many, and the same beds again are none", () => {
  assert.deepEqual(claims(alarmsPaused, [paused(0, 1), paused(3_600, 20)]), []);
  assert.deepEqual(claims(alarmsPaused, [paused(0, 1), paused(DAY, 4)]), []);
  assert.deepEqual(claims(alarmsPaused, [paused(0, 7), paused(DAY, 20)]), []);
  assert.deepEqual(claims(alarmsPaused, [paused(0, 1), ...[1, 2, 3, 4, 5, 6].map((it) => paused(DAY + it, 0))]), []);
});
