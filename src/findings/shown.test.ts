import assert from "node:assert/strict";
import { test } from "node:test";
import type { FindingParty, StoredFinding } from "../model/finding.ts";
import { FindingList } from "./shown.ts";

const ALL = { states: [], offset: 0, limit: 100 };
const PARTIES: Readonly<Record<number, Partial<FindingParty>>> = {
  1: { kind: "workstation", lifeCritical: "other" },
  2: { kind: "ventilator", lifeCritical: "life-supporting" },
  3: { kind: null, lifeCritical: "other" },
};

function stored(detector: string, about: number, others: readonly number[], first = 0): StoredFinding {
  return {
    id: `${detector}-${about}`, detector, key: String(about), about, severity: "medium", first, last: first + 10, count: 1, summary: "", because: [],
    others, othersBeyond: 0, witnesses: [], rhythm: [], before: null,
  }; // prettier-ignore
}

const lines = (...all: readonly StoredFinding[]) =>
  new FindingList({
    stored: all,
    partyOf: (endpoint) => ({ device: `d${endpoint}`, name: "", ip: null, mac: null, ...PARTIES[endpoint] }) as FindingParty,
    wordsOf: () => [],
    heardSince: 0,
  })
    .page(ALL)
    .rows.map(({ detector, about, severity }) => `${detector} ${about?.device} ${severity}`);

test("what only fragile devices need to hear is shown where a life hangs on one, or nobody knows what it is", () => {
  assert.deepEqual(lines(stored("device-probed", 1, [9]), stored("device-probed", 2, [9]), stored("device-probed", 3, [9])), [
    "device-probed d2 high",
    "device-probed d3 medium",
  ]);
});

test("a scan of the same two at the same time says it already", () => {
  assert.deepEqual(lines(stored("scan", 1, [2]), stored("device-probed", 2, [1])), ["scan d1 high"]);
  assert.deepEqual(lines(stored("scan", 1, [3]), stored("device-probed", 2, [1])), ["device-probed d2 high", "scan d1 medium"]);
  assert.equal(lines(stored("scan", 1, [2]), stored("device-probed", 2, [1], 100)).length, 2);
  assert.equal(lines(stored("scan", 1, [2], 100), stored("device-probed", 2, [1])).length, 2);
});
