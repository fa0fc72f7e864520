/** Who is on the list and why; each reason beside its twin that stays silent. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AskedDevice } from "../model/do-not-scan.ts";
import type { FleetDevice, Weakness } from "../model/weakness.ts";
import { fleetDevice, HEARD_US, known } from "../testing/fleet.ts";
import { reasonsOf } from "./reasons.ts";

const HOUR = 3_600e6;

interface Sketch {
  readonly weaknesses?: readonly Weakness[];
  readonly asked?: readonly AskedDevice[];
  readonly to?: number;
}

/** "sure fragile kind: it is a ventilator: …", a line for each reason. */
function lines(it: Partial<FleetDevice>, { weaknesses = [], asked = [], to = HEARD_US }: Sketch = {}): string[] {
  const device = fleetDevice(it);
  const fleet = { devices: [device], weaknesses: new Map([[device.id, weaknesses]]), from: device.first, to, knowledge: {} };
  return (reasonsOf(fleet, asked).get(device.id) ?? []).map(({ sure, by, words }) => `${sure ? "sure" : "probably"} ${by}: ${words}`);
}

test("what a life hangs on, what treats, and controllers of the house; an office is what scanners are for", () => {
  const pump = { kind: known("infusion pump"), lifeCritical: "therapy" } as const;
  assert.match(lines(pump)[0]!, /^sure fragile kind: it is an infusion pump: it treats a patient/);
  assert.match(
    lines({ kind: known("ventilator"), lifeCritical: "life-supporting" })[0]!,
    /^sure fragile kind: it is a ventilator: a patient's life/,
  );
  assert.match(lines({ kind: known("building controller") })[0]!, /^sure fragile kind: it is a building controller/);
  assert.match(lines({ ...pump, kind: known("infusion pump", 8) })[0]!, /^probably fragile kind: it is probably an infusion pump/);
  assert.match(
    lines({ kind: null, lifeCritical: "life-supporting" })[0]!,
    /^probably fragile kind: its maker makes medical devices, and what it is is not known/,
  );
  for (const kind of [known("printer"), known("workstation"), known("image archive"), null])
    assert.deepEqual(
      lines({ kind, lifeCritical: kind?.value === "image archive" ? "clinical IT" : "other" }),
      [],
      kind?.value ?? "not known",
    );
  for (const standing of ["carrier", "outside", "group"] as const) assert.deepEqual(lines({ ...pump, standing }), [], standing);
});

test("a published weakness by which packets alone stop it; not one that takes a password, reads only, or was dismissed", () => {
  const stops = "CVSS:3.0/AV:A/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H";
  const of = (vector: string, more: Partial<Weakness> = {}) => lines({ kind: known("ultrasound"), lifeCritical: "diagnostic" }, { weaknesses: [weakness({ danger: { ...DANGER, vector }, ...more })] }); // prettier-ignore
  assert.deepEqual(of(stops), ["sure advisory: packets alone can stop it: Weak pumps"]);
  assert.deepEqual(of(stops, { answer: "possible" }), ["probably advisory: packets alone can stop it, if it has the version that is named: Weak pumps"]); // prettier-ignore
  for (const vector of [
    stops.replace("PR:N", "PR:L"),
    stops.replace("UI:N", "UI:R"),
    stops.replace("A:H", "A:L"),
    stops.replace("AV:A", "AV:P"),
    "",
  ])
    assert.deepEqual(of(vector), [], vector);
  assert.deepEqual(of(stops, { word: { word: "dismissed", scope: "device", who: "Kim", reason: "", at: 1, change: 1 } }), []);
  assert.deepEqual(of(stops, { advisory: { ...ADVISORY, level: "component" } }), []);
});

test("an old system where it is used on patients, and not in an office", () => {
  const ended = weakness({ kind: "end of support", name: "system-end-of-support", title: "Windows XP is mended no more", advisory: null });
  const of = (lifeCritical: FleetDevice["lifeCritical"]) => lines({ kind: known("CT scanner"), lifeCritical }, { weaknesses: [ended] });
  assert.deepEqual(of("diagnostic"), ["sure old system: it is used on patients and past its support: Windows XP is mended no more"]); // prettier-ignore
  assert.deepEqual(of("clinical IT"), []);
  assert.deepEqual(of("other"), []);
});

test("one that fell silent when a scan asked it; not one heard after it, never heard before it, or of an office", () => {
  const silent = { kind: known("CT scanner"), lifeCritical: "diagnostic", last: HEARD_US } as const;
  const scan = asked({ first: HEARD_US - 10e6, last: HEARD_US + 20e6 });
  const later = { asked: [scan], to: HEARD_US + 5 * HOUR };
  assert.deepEqual(lines(silent, later), [
    "probably silence after a scan: it probably stopped by a scan: asked from 2026-11-23 07:59 UTC on, last heard at 2026-11-23 08:00 UTC and not in the 5 h after",
  ]);
  assert.deepEqual(lines(silent, { ...later, to: HEARD_US + HOUR / 2 }), [], "nobody knows yet");
  assert.deepEqual(lines({ ...silent, last: HEARD_US + 2 * 60e6 + 20e6 }, later), [], "heard after it");
  assert.deepEqual(lines({ ...silent, first: scan.first - HOUR / 2 }, later), [], "it may only have answered");
  assert.deepEqual(lines({ ...silent, kind: known("printer"), lifeCritical: "other" }, later), [], "somebody switched it off");
  assert.deepEqual(lines(silent, { ...later, asked: [{ ...scan, first: HEARD_US - 3 * HOUR }] }), [], "so long a scan tells nothing");
  assert.deepEqual(lines(silent, { ...later, asked: [{ ...scan, device: "d2" }] }), [], "another was asked");
});

test("one that was asked more than it may bear, unless it stands in an office", () => {
  const load = asked({ isScan: false, isLoad: true });
  assert.deepEqual(lines({ kind: null }, { asked: [load] }), [
    "probably finding: it may not bear it: A device is asked, 900 echoes in one second",
  ]);
  assert.deepEqual(lines({ kind: known("workstation") }, { asked: [load] }), []);
});

const DANGER = { cvss: 7.5, vector: null, knownExploited: false, epss: null, worm: false };
const ADVISORY = { id: "ICSMA-1", title: "Weak pumps", cves: [], vendor: "", product: "", theirVersion: "", ourVersion: null, level: "model", updated: "2026-01-01" } as const; // prettier-ignore

function weakness(it: Partial<Weakness>): Weakness {
  return {
    name: "ICSMA-1", device: "d1", kind: "vulnerability", title: "Weak pumps", answer: "affected", severity: "high", harms: ["device"], because: [],
    first: HEARD_US, last: HEARD_US, remedy: "", control: null, cured: null, minutes: 60, danger: DANGER, cves: [], advisory: ADVISORY, word: null, source: "", ...it,
  }; // prettier-ignore
}

function asked(it: Partial<AskedDevice>): AskedDevice {
  return { device: "d1", finding: "f1", title: "A device is asked", summary: "900 echoes in one second", first: HEARD_US, last: HEARD_US, isScan: true, isLoad: false, ...it }; // prettier-ignore
}
