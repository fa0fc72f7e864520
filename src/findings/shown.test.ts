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

const shown = (...all: readonly StoredFinding[]) =>
  new FindingList({
    stored: all,
    partyOf: (endpoint) => ({ device: `d${endpoint % 100}`, name: "", ip: null, mac: null, ...PARTIES[endpoint] }) as FindingParty,
    ofKind: () => null,
    wordsOf: () => [],
    flowsOf: ({ witnesses }) => new Set(witnesses.map(([input]) => input)),
    planned: [],
    heardSince: 0,
    heardTo: 0,
  }).page(ALL).rows;
const lines = (...all: readonly StoredFinding[]) =>
  shown(...all).map(({ detector, about, severity }) => `${detector} ${about?.device} ${severity}`);

test("what only fragile devices need to hear is shown where a life hangs on one, or nobody knows what it is", () => {
  assert.deepEqual(lines(stored("device-probed", 1, [9]), stored("device-probed", 2, [9]), stored("device-probed", 3, [9])), [
    "device-probed d2 high",
    "device-probed d3 medium",
  ]);
});

test("a scan of the same two at the same time says it already", () => {
  assert.deepEqual(lines(stored("scan", 1, [2]), stored("device-probed", 2, [1])), ["scan d1 high"]);
  assert.deepEqual(lines(stored("scan", 1, [3]), stored("device-probed", 2, [1])), ["device-probed d2 high", "scan d1 medium"]);
  assert.equal(lines(stored("scan", 1, [2]), stored("device-probed", 2, [1], 60_000_000)).length, 2);
  assert.equal(lines(stored("scan", 1, [2], 60_000_000), stored("device-probed", 2, [1])).length, 2);
});

test("one outside who looks for ways in is told as that alone; a scan that reached others too is told beside it", () => {
  const all = [stored("outside-knocks", 1, [2, 3]), stored("scan", 1, [2]), stored("scan", 1, [2, 5], 100)];
  assert.deepEqual(lines(...all), ["scan d1 high", "outside-knocks d1 high"]);
});

const MINUTE = 60_000_000;

test("an alert is evidence of what we found of the same two, by whatever address, at about the same time; else a finding by itself", () => {
  const ours = stored("scan", 1, [2, 3], 10 * MINUTE);
  const both = (...alerts: readonly StoredFinding[]) => shown(ours, ...alerts).map(({ detector, because }) => `${detector} ${because.length}`); // prettier-ignore
  const alert = (about: number, others: readonly number[], first: number, flow?: string) => ({
    ...stored("outside-alert", about, others, first), because: [{ at: first, text: "rule", ...(flow === undefined ? {} : { flow }) }],
  }); // prettier-ignore
  assert.deepEqual(both(alert(2, [1], 10 * MINUTE)), ["scan 1"]);
  assert.deepEqual(both(alert(102, [101], 12 * MINUTE)), ["scan 1"]);
  assert.deepEqual(both(alert(1, [], 8 * MINUTE)), ["scan 1"], "one end is all it tells of");
  assert.deepEqual(both(alert(2, [1], 12.1 * MINUTE)).length, 2, "later");
  assert.deepEqual(both(alert(2, [1], 7.9 * MINUTE)).length, 2, "earlier");
  assert.deepEqual(both(alert(2, [4], 10 * MINUTE)).length, 2, "another source");
  assert.deepEqual(both(alert(4, [1], 10 * MINUTE)).length, 2, "another target");
  const flowing = { ...ours, witnesses: [["1:flow", 0, 1, 60, "", 1]] as StoredFinding["witnesses"] };
  assert.equal(shown(flowing, alert(2, [1], 90 * MINUTE, "1:flow")).length, 1);
  assert.equal(shown(flowing, alert(2, [1], 90 * MINUTE, "1:other")).length, 2);
});

test("of a scan of more than are named each target is of it, if it is the same source", () => {
  const many = { ...stored("scan", 1, [2, 3]), othersBeyond: 9 };
  assert.equal(shown(many, stored("outside-alert", 7, [1])).length, 1);
  assert.equal(shown(many, stored("outside-alert", 2, [8])).length, 2);
});
