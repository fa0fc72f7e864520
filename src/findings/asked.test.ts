import assert from "node:assert/strict";
import { test } from "node:test";
import type { FindingParty, FindingSaid, FindingVerdict, StoredFinding } from "../model/finding.ts";
import { askedDevices } from "./asked.ts";

/** Endpoint 1 is 10.9.9.9, who asks; 2 a ventilator, 3 nobody knows what, 4 a workstation. */
const KINDS: Readonly<Record<number, Partial<FindingParty>>> = {
  1: { ip: "10.9.9.9", kind: "workstation" },
  2: { kind: "ventilator", lifeCritical: "life-supporting" },
  3: { kind: null },
  4: { kind: "workstation" },
};

function stored(detector: string, key: string, about: number, others: readonly number[]): StoredFinding {
  return {
    id: `${detector}-${about}`, detector, key, about, severity: "medium", first: 5, last: 10, count: 1, summary: "900 asked", because: [],
    others, othersBeyond: 0, witnesses: [], rhythm: [], before: null,
  }; // prettier-ignore
}

function asked(it: StoredFinding, verdict?: FindingVerdict): string[] {
  const said = verdict === undefined ? [] : [{ change: 1, at: 20, who: "Kim", reason: "", word: { what: "close", verdict }, id: it.id, last: 10, severity: "critical" } as FindingSaid]; // prettier-ignore
  return askedDevices({
    stored: [it],
    partyOf: (endpoint) => ({ device: endpoint === 9 ? null : `d${endpoint}`, name: "", ip: `10.0.0.${endpoint}`, mac: null, maker: null, location: null, lifeCritical: "other", kind: null, ...KINDS[endpoint] }), // prettier-ignore
    ofKind: () => null,
    wordsOf: () => said,
    flowsOf: () => new Set(),
    planned: [],
    heardSince: 0,
    heardTo: 0,
  }).map(({ device, isScan, isLoad }) => `${device}${isScan ? " scanned" : ""}${isLoad ? " loaded" : ""}`);
}

test("a scan reached whom it asked, and never who asked, on whichever side of the finding he stands", () => {
  assert.deepEqual(asked(stored("scan", "0/10.9.9.9", 1, [2, 4, 9])), ["d2 scanned", "d4 scanned"]);
  assert.deepEqual(asked(stored("scan", "0/10.9.9.9", 2, [1, 3])), ["d2 scanned", "d3 scanned"]);
  assert.deepEqual(asked(stored("device-probed", "0/10.9.9.9 0/10.0.0.2", 2, [1])), ["d2 scanned loaded"]);
});

test("a load reached the device it is of; one that is not shown reached nobody", () => {
  assert.deepEqual(asked(stored("device-load", "0/10.0.0.2", 2, [1])), ["d2 loaded"]);
  assert.deepEqual(asked(stored("device-load", "0/10.0.0.4", 4, [1])), []);
});

test("other hazards, and what was closed as nothing, tell nothing of a device", () => {
  assert.deepEqual(asked(stored("duplicate-address", "0/10.0.0.2", 2, [1])), []);
  assert.deepEqual(asked(stored("log-in-guessing", "0/10.9.9.9 0/10.0.0.2 ftp", 2, [1])), []);
  for (const verdict of ["innocent", "test", "duplicate"] as const)
    assert.deepEqual(asked(stored("device-load", "0/10.0.0.2", 2, [1]), verdict), [], verdict);
  assert.deepEqual(asked(stored("device-load", "0/10.0.0.2", 2, [1]), "true"), ["d2 loaded"]);
});
