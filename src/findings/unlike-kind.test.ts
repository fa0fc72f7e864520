import assert from "node:assert/strict";
import { test } from "node:test";
import type { StoredFinding } from "../model/finding.ts";
import { unlikeTheirKind, type AskKind } from "./unlike-kind.ts";

const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;
const pump = { kind: "infusion pump", days: 4, deviceDays: 80, did: false };
const first = (about: number, at: number, what = "outside"): StoredFinding => ({
  id: `${about} ${what}`, detector: "outside-first", key: `0/10.0.0.${about} ${what}`, about, severity: "medium", first: at, last: at, count: 1, summary: "",
  because: [], others: [], othersBeyond: 0, witnesses: [], rhythm: [], before: null,
}); // prettier-ignore
const shown = (of: Partial<NonNullable<ReturnType<AskKind>>> | null, ...all: readonly StoredFinding[]) => [...unlikeTheirKind(all, () => (of === null ? null : { ...pump, ...of }))]; // prettier-ignore

test("a device of a kind that never did so is shown", () => {
  assert.deepEqual(shown({}, first(1, 5 * DAY)), ["1 outside"]);
  assert.deepEqual(shown({ days: 14, deviceDays: 14 }, first(1, 15 * DAY)), ["1 outside"], "two weeks of a single one");
});

test("of unknown kind, a computer, of a kind that does so, or heard too short, it is none", () => {
  assert.deepEqual(shown(null, first(1, 5 * DAY)), []);
  assert.deepEqual(shown({ kind: "workstation" }, first(1, 5 * DAY)), []);
  assert.deepEqual(shown({ kind: "file server" }, first(1, 5 * DAY)), [], "lies under server");
  assert.deepEqual(shown({ did: true }, first(1, 5 * DAY)), []);
  assert.deepEqual(shown({ days: 2 }, first(1, 5 * DAY)), []);
  assert.deepEqual(shown({ days: 4, deviceDays: 13 }, first(1, 5 * DAY)), []);
});

test("of several of a kind on one day the first is shown, and each for what it does", () => {
  assert.deepEqual(shown({}, first(2, 5 * DAY + HOUR), first(1, 5 * DAY), first(3, 5 * DAY + 23 * HOUR)), ["1 outside"]);
  assert.deepEqual(shown({}, first(1, 5 * DAY), first(2, 5 * DAY, "smb"), first(3, 6 * DAY)), ["1 outside", "2 smb", "3 outside"]);
});

test("it is asked of each about its own device, its way and its time", () => {
  const asked: unknown[] = [];
  unlikeTheirKind([first(4, 5 * DAY, "smb")], (...of) => (asked.push(of), null));
  assert.deepEqual(asked, [[4, "smb", 5 * DAY]]);
});
