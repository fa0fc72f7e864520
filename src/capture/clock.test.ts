import assert from "node:assert/strict";
import { test } from "node:test";
import { InputClock } from "./clock.ts";

const SECOND = 1_000_000;
const HOUR = 3600 * SECOND;
const NOON = 1_704_110_400 * SECOND;

test("an earlier stamp counts as the latest, and is counted", () => {
  const clock = new InputClock();
  assert.deepEqual(
    [NOON, NOON - 5, NOON + 1].map((stamp) => clock.at(stamp)),
    [NOON, NOON, NOON + 1],
  );
  assert.equal(clock.backwards, 1);
});

test("the first stamp sets the clock, and zeros before it do not hold it back", () => {
  const clock = new InputClock();
  assert.deepEqual(
    [0, 0, NOON].map((stamp) => clock.at(stamp)),
    [0, 0, NOON],
  );
});

test("one stamp from next year changes nothing", () => {
  const clock = new InputClock();
  assert.deepEqual(
    [NOON, NOON + 9000 * HOUR, NOON + 7].map((stamp) => clock.at(stamp)),
    [NOON, NOON, NOON + 7],
  );
});

test("a leap is believed once a hundred further frames agree", () => {
  const clock = new InputClock();
  clock.at(NOON);
  const later = NOON + 2 * HOUR;
  const counted = Array.from({ length: 102 }, (_, index) => clock.at(later + index));
  assert.deepEqual([counted[0], counted[99], counted[100], counted[101]], [NOON, NOON, later + 100, later + 101]);
});

test("a leap is believed once ten seconds of frames agree, though they are few", () => {
  const clock = new InputClock();
  clock.at(NOON);
  const later = NOON + 2 * HOUR;
  assert.deepEqual(
    [0, 5, 11].map((seconds) => clock.at(later + seconds * SECOND)),
    [NOON, NOON, later + 11 * SECOND],
  );
});

test("a link heard every two hours still moves on", () => {
  const clock = new InputClock();
  const counted = [0, 2, 4, 6, 8, 10].map((hours) => clock.at(NOON + hours * HOUR));
  assert.ok(counted.at(-1)! >= NOON + 2 * HOUR, String(counted));
  assert.equal(clock.backwards, 0);
});

test("two stamps from next year, then today again: still today", () => {
  const clock = new InputClock();
  const stamps = [NOON, NOON + 9000 * HOUR, NOON + 9001 * HOUR, NOON + 5];
  assert.deepEqual(
    stamps.map((stamp) => clock.at(stamp)),
    [NOON, NOON, NOON, NOON + 5],
  );
});

test("ticks carry time on, but never begin it and never count as backwards", () => {
  const clock = new InputClock();
  assert.equal(clock.tick(NOON), 0);
  clock.at(NOON);
  assert.equal(clock.tick(NOON + SECOND), NOON + SECOND);
  assert.equal(clock.tick(NOON), NOON + SECOND);
  assert.equal(clock.backwards, 0);
});
