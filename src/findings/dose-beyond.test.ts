import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClinicalLimit } from "../model/program.ts";
import { FIRST_AT } from "../testing/frames.ts";
import { heardAt } from "../testing/hear.ts";
import { PumpWard, type Told } from "../testing/pumps.ts";
import { foundLines } from "../testing/watched.ts";
import { doseBeyond } from "./dose-beyond.ts";

const MINUTE = 60_000_000;

/** Thirty accepted orders of one drug between 4 and 8 mL/h, and then what is told. */
function after(told: readonly Told[], limits: readonly ClinicalLimit[] = []): string[] {
  const ward = new PumpWard();
  let at = FIRST_AT;
  for (let i = 0; i < 30; i++) ward.order((at += 5 * MINUTE), { pump: `P${i}`, rate: 4 + (i % 9) / 2, volume: 50 });
  for (const it of told) ward.order((at += MINUTE), it);
  return foundLines(heardAt(ward.frames, { limits }), [doseBeyond]);
}

test("ten times the usual of a drug that is always given alike is found, with the slip by its name", () => {
  assert.deepEqual(after([{ pump: "P1", rate: 57, volume: 50 }]), [
    "dose-beyond high P1 by 10.20.0.1: told 10 times the usual rate of this drug and kind of order, and 7.1 times the largest accepted; the ratio is that of a slip of 10 times",
  ]);
});

test("the whole volume at once, and the pharmacy's hard limit", () => {
  const limit: ClinicalLimit = { drug: "D1", kind: "continuous", most: 12, unit: "mL/h" };
  assert.deepEqual(after([{ pump: "P2", rate: 999, volume: 50 }], [limit]), [
    "dose-beyond critical P2 by 10.20.0.1: told 83 times the pharmacy's hard limit for this drug and kind of order; 180 times the usual rate of this drug and kind of order, and 120 times the largest accepted; its whole volume would be through within ten minutes",
  ]);
});

test("a step of ten in a running order is found though nothing is known of the drug; steps of four are not", () => {
  const steps = (factor: number): Told[] => [
    { pump: "P3", drug: "RARE", rate: 2, order: "O" },
    { pump: "P3", drug: "RARE", rate: 2 * factor, order: "O", change: "XO" },
  ];
  assert.deepEqual(after(steps(10)), [
    "dose-beyond high P3 by 10.20.0.1: told 10 times the rate before of the same order, in one step; the ratio is that of a slip of 10 times",
  ]);
  assert.deepEqual(after(steps(4)), []);
});

test("a dose by weight against a limit by weight: 10 ug/kg/min of 1.6 mg/mL for 85 kg is 31.9 mL/h", () => {
  const dose: Told = {
    pump: "P4",
    drug: "D2",
    rate: 10,
    unit: "ug/kg/min^ug/kg/min^UCUM",
    concentration: ["400 mg", "250 mL"],
    kilograms: 85,
  };
  const limit = (most: number): ClinicalLimit => ({ drug: "D2", kind: "continuous", most, unit: "ug/kg/min" });
  assert.deepEqual(after([dose], [limit(20)]), []);
  assert.match(after([{ ...dose, rate: 25 }], [limit(20)]).join(), /critical .*1\.3 times the pharmacy's hard limit/);
});

test("a bolus is compared with boluses only, and of no kind with fewer than 20 accepted", () => {
  assert.deepEqual(after([{ pump: "P5", rate: 300, volume: 10, kind: "loading-dose" }]), []);
  const refused = Array.from({ length: 25 }, (_, i): Told => ({ pump: `R${i}`, drug: "D3", rate: 5, accepted: false }));
  assert.deepEqual(after([...refused, { pump: "P6", drug: "D3", rate: 500 }]), [], "what was refused is no usual");
});

test("nothing of what was ordered is in any batch", () => {
  const ward = new PumpWard();
  for (let i = 0; i < 25; i++)
    ward.order(FIRST_AT + i * MINUTE, { pump: `P${i}`, drug: "ZZDRUG77", rate: 41.7315, volume: 83.2917, order: "ZZORDER55" });
  const batches = heardAt(ward.frames);
  assert.equal(batches.flatMap((it) => it.programs ?? []).length, 25);
  assert.doesNotMatch(JSON.stringify(batches), /41\.7|83\.2|ZZDRUG|ZZORDER|4711|ALPHA/);
});
