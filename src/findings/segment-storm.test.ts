import assert from "node:assert/strict";
import { test } from "node:test";
import { claims, signal } from "../testing/watched.ts";
import { segmentStorm } from "./segment-storm.ts";

const seconds = (from: number, to: number, count: number, kind: "broadcast" | "multicast" = "broadcast") =>
  Array.from({ length: to - from }, (_, at) => signal(from + at, { kind, count }));

test("five seconds of 500 broadcasts are a storm, told from the fifth on", () => {
  assert.deepEqual(claims(segmentStorm, seconds(1, 7, 500)), [
    "5 s: 500 broadcasts a second on untagged, for 5 seconds",
    "6 s: 500 broadcasts a second on untagged, for 6 seconds",
  ]);
});

test("a sweep of a second, four seconds, a pause between, and 499 are none", () => {
  assert.deepEqual(claims(segmentStorm, [...seconds(1, 5, 900), ...seconds(6, 10, 900), ...seconds(20, 40, 499)]), []);
});

test("multicasts have a limit of their own, and do not add to broadcasts", () => {
  assert.deepEqual(claims(segmentStorm, [...seconds(1, 20, 999, "multicast"), ...seconds(20, 24, 500)]), []);
  assert.equal(claims(segmentStorm, seconds(1, 6, 1_000, "multicast")).length, 1);
});
