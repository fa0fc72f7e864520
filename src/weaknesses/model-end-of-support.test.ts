import assert from "node:assert/strict";
import { test } from "node:test";
import { loadKnowledge } from "../knowledge/index.ts";
import { loadModelSupports, modelRecord } from "../knowledge/model-support.ts";
import type { FleetDevice } from "../model/weakness.ts";
import { fleetDevice, HEARD_US, known } from "../testing/fleet.ts";
import { endedBy } from "./model-end-of-support.ts";
import { asOf } from "./system-end-of-support.ts";

const ROW = { maker: "Philips Medizin Systeme GmbH", model: "IntelliVue MP70", ends: "2025-12-31", source: "letter of 2023-05-02" };
const { makers } = loadKnowledge();
const supports = loadModelSupports(makers, [modelRecord({ ...ROW, maker: "Philips Medical Systems" }), modelRecord({ ...ROW, model: "MX40", ends: "2030-01-01" })]); // prettier-ignore
const of = (it: Partial<FleetDevice>, day = "2026-11-23") =>
  [...endedBy(fleetDevice(it), supports, day)].map(({ answer, title, because }) => `${answer} ${title}: ${because[0]!.text}`);
const MP70 = { maker: known("Philips"), model: known("IntelliVue MP70") };

test("a model past the last day that the site's table gives it, however list and device spell it", () => {
  const words = `affected ${makers.called("Philips").name} supports the IntelliVue MP70 no more: It is IntelliVue MP70 of Philips, which it supported until 2025-12-31 (the site's table of support: letter of 2023-05-02)`;
  assert.deepEqual(of(MP70), [words]);
  assert.equal(of({ ...MP70, model: known("INTELLIVUE-MP70") }).length, 1);
  assert.equal(of({ ...MP70, model: known("Philips IntelliVue MP70") }).length, 1);
  assert.match(of({ ...MP70, model: known("IntelliVue MP70", 10) })[0]!, /^possible .*probably IntelliVue MP70/);
});

test("on its last day it is none, nor another maker's or another model, nor one whose day is to come or nobody wrote down", () => {
  assert.deepEqual(of(MP70, "2025-12-31"), []);
  assert.equal(of(MP70, "2026-01-01").length, 1);
  assert.deepEqual(of({ ...MP70, maker: known("GE") }), []);
  assert.deepEqual(of({ ...MP70, model: known("IntelliVue MP5") }), []);
  assert.deepEqual(of({ ...MP70, model: known("MX40") }), []);
  assert.deepEqual(of({ ...MP70, model: known("IntelliVue MP70", 4) }), []);
  assert.deepEqual(of({ maker: known("Philips") }), []);
});

test("a clock of 1999 makes no model young", () => {
  const last = Date.UTC(1999, 0, 1) * 1_000;
  assert.equal(of({ ...MP70, last }, asOf(fleetDevice({ last }), "2026-08-22")).length, 1);
  assert.equal(asOf(fleetDevice({ last: HEARD_US }), "2026-08-22"), "2026-11-23");
});
