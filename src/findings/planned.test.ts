/** Work that was announced covers a finding whole or not at all: each way beyond it is the twin that stands as ever. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FindingParty, StoredFinding } from "../model/finding.ts";
import type { PlannedWork } from "../model/planned.ts";
import { FindingList } from "./shown.ts";

const HOUR = 3_600_000_000;
const [SCANNER, PUMP, VENTILATOR, STRANGER] = [1, 2, 3, 4] as const;
const PARTIES: Readonly<Record<number, Partial<FindingParty>>> = {
  1: { ip: "10.9.9.9", name: "nessus", kind: "server", location: null },
  2: { ip: "10.20.0.2", name: "pump-2", kind: "infusion pump", location: "ICU 3, bed 7" },
  3: { ip: "10.30.0.3", name: "vent-3", kind: "ventilator", location: "ICU 31" },
  4: { ip: "10.66.0.4", name: "laptop", kind: null, location: null },
};
const WORK: PlannedWork = { what: "yearly scan", by: "10.9.9.9", where: "10.20.0.0/16", kind: "scan", from: 10 * HOUR, to: 12 * HOUR, who: "network team" }; // prettier-ignore

/** As the watch `scan` has it: the source's key first, about the one hit. */
function scanned(it: Partial<StoredFinding> = {}): StoredFinding {
  return {
    id: "a", detector: "scan", key: "0/10.9.9.9", about: PUMP, others: [SCANNER], severity: "high", first: 10.5 * HOUR, last: 11 * HOUR, count: 9,
    summary: "", because: [], othersBeyond: 0, witnesses: [], rhythm: [], before: null, ...it,
  }; // prettier-ignore
}

function pageOf(finding: StoredFinding, ...planned: readonly PlannedWork[]) {
  const partyOf = (endpoint: number) =>
    ({ device: `d${endpoint}`, mac: null, lifeCritical: "other", maker: null, ...PARTIES[endpoint] }) as FindingParty;
  const found = {
    stored: [finding],
    partyOf,
    wordsOf: () => [],
    ofKind: () => null,
    flowsOf: () => new Set<string>(),
    planned,
    heardSince: 0,
    heardTo: 0,
  };
  return new FindingList(found).page({ states: [], offset: 0, limit: 10 });
}

const isPlanned = (it: Partial<StoredFinding>, work: Partial<PlannedWork> = {}) => pageOf(scanned(it), { ...WORK, ...work }).planned === 1;

test("a scan by whom, of whom and when it was announced is planned: shown, marked, and asks nobody to act", () => {
  const page = pageOf(scanned(), WORK);
  assert.deepEqual([page.total, page.byState.new, page.planned, page.urgent], [1, 1, 1, 0]);
  assert.deepEqual(page.rows[0]!.planned, { what: "yearly scan", who: "network team", from: 10 * HOUR, to: 12 * HOUR });
  const without = pageOf(scanned());
  assert.deepEqual([without.planned, without.urgent, without.rows[0]!.planned], [0, 1, null]);
});

test("another source, another target, a moment before or after, and another kind are not covered", () => {
  assert.ok(isPlanned({}));
  assert.equal(isPlanned({ key: "0/10.66.0.4", others: [STRANGER] }), false, "another source");
  assert.equal(isPlanned({ about: VENTILATOR }), false, "another target");
  assert.equal(isPlanned({ first: 10 * HOUR - 1 }), false, "before");
  assert.equal(isPlanned({ last: 12 * HOUR + 1 }), false, "after");
  assert.equal(isPlanned({ detector: "device-load" }), false, "another kind of the same family");
  assert.equal(isPlanned({ detector: "log-in-guessing", key: "0/10.9.9.9 0/10.20.0.2" }), false, "a threat");
});

test("of many targets each must be announced, and those nobody named may be anybody", () => {
  const many = { about: SCANNER, others: [PUMP] };
  assert.ok(isPlanned(many));
  assert.equal(isPlanned({ ...many, others: [PUMP, VENTILATOR] }), false);
  assert.ok(isPlanned({ ...many, others: [PUMP, VENTILATOR] }, { where: "10.20.0.0/16; ventilator" }));
  assert.equal(isPlanned({ ...many, othersBeyond: 1 }), false);
  assert.ok(isPlanned({ ...many, othersBeyond: 1 }, { where: "" }));
});

test("who was announced as target is not covered when it asks the other way", () => {
  assert.equal(isPlanned({ key: "0/10.20.0.2", about: SCANNER, others: [PUMP] }), false);
  // Of a watch for receivers the key is who was hit.
  assert.ok(isPlanned({ detector: "share-listing", key: "0/10.20.0.2" }, { kind: "threat" }));
  assert.equal(isPlanned({ detector: "share-listing", key: "0/10.9.9.9" }, { kind: "threat" }), false);
});

test("names, places and kinds of device serve; a place is not another that begins alike", () => {
  for (const where of ["pump-2", "ICU 3", "medical device", "10.20.0.2"]) assert.ok(isPlanned({}, { by: "NESSUS", where }), where);
  for (const where of ["ICU 1", "bed 7", "ventilator", "10.20.0.3", "10.20.0.0/33"]) assert.equal(isPlanned({}, { where }), false, where);
  assert.equal(isPlanned({ about: VENTILATOR }, { where: "ICU 3" }), false);
});

test("no announcement covers what may harm a patient; hazards are covered where no kind is said, threats where theirs is", () => {
  const dose = { detector: "dose-beyond", key: "pump 7" };
  assert.equal(isPlanned(dose, { kind: "clinical; dose-beyond; threat", by: "", where: "10.20.0.0/16" }), false);
  const guessing = { detector: "log-in-guessing", key: "0/10.9.9.9 0/10.20.0.2" };
  assert.equal(isPlanned(guessing, { kind: "" }), false);
  assert.ok(isPlanned(guessing, { kind: "threat" }));
  assert.ok(isPlanned(guessing, { kind: "scan; log-in-guessing" }));
});

test("a whole segment is covered where nobody in particular was announced as target", () => {
  const storm = { detector: "segment-storm", key: "vlan 20", about: 0, others: [SCANNER] };
  assert.equal(isPlanned(storm, { kind: "" }), false);
  assert.ok(isPlanned(storm, { kind: "", where: "" }));
  assert.equal(isPlanned({ ...storm, others: [STRANGER] }, { kind: "", where: "" }), false);
});
