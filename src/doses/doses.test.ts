import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClinicalLimit, Program, Quantity } from "../model/program.ts";
import { Doses } from "./index.ts";
import { rateOf } from "./rate.ts";

const of = (value: string, ...units: string[]): Quantity => ({
  value,
  units: units.map((text) => ({ text, system: /^\d{6}$/.test(text) ? "MDC" : "UCUM" })),
});
const program = (it: Partial<Program>): Program => ({
  said: "order", pump: { gateway: { ip: "10.0.0.2" }, serial: "P1" }, family: "LVP", drug: "D1", kind: "continuous", change: "new", order: "O1",
  rate: null, volume: null, amount: null, diluent: null, duration: null, weight: null, surface: null, ...it,
}); // prettier-ignore
/** In mL/h with three digits, or why not. */
const rate = (it: Partial<Program>): string => {
  const known = rateOf(program(it));
  return typeof known === "string" ? known : known.mLPerHour.toPrecision(3);
};

test("every unit of the table, and the example of IHE: 10 ug/kg/min for 85 kg of 400 mg in 250 mL is 31.9 mL/h", () => {
  const dopamine = { amount: of("400", "mg"), diluent: of("250", "mL"), weight: of("85", "kg") };
  assert.deepEqual(
    (
      [
        [{ rate: of("10", "ug/kg/min"), ...dopamine }, "31.9"],
        [{ rate: of("10", "265619", "ug/kg/min"), ...dopamine }, "31.9"],
        [{ rate: of("10", "mcg/kg/min"), ...dopamine }, "31.9"],
        [{ rate: of("10", "µg/kg/min"), ...dopamine }, "31.9"],
        [{ rate: of("10", "μg/kg/min"), ...dopamine }, "31.9"],
        [{ rate: of("10000", "ng/kg/min"), ...dopamine }, "31.9"],
        [{ rate: of("2", "mL/min") }, "120"],
        [{ rate: of("15.4", "265266", "mL/h") }, "15.4"],
        [{ rate: of("15.4", "ml/hr") }, "15.4"],
        [{ rate: of("2", "mL/kg/h"), weight: of("187.39292", "[lb_av]") }, "170"],
        [{ rate: of("8", "mg/h"), ...dopamine }, "5.00"],
        [{ rate: of("100", "ug/min"), ...dopamine }, "3.75"],
        [{ rate: of("12", "U/h"), amount: of("50", "[iU]"), diluent: of("50", "mL") }, "12.0"],
        [{ rate: of("200", "mU/min"), amount: of("50", "U"), diluent: of("50", "mL") }, "12.0"],
        [{ rate: of("10", "mmol/h"), amount: of("40", "mmol"), diluent: of("100", "mL") }, "25.0"],
        [{ rate: of("2", "mg/m2/h"), surface: of("1.8", "m2"), amount: of("100", "mg"), diluent: of("500", "mL") }, "18.0"],
        [{ volume: of("100", "mL"), duration: of("30", "min") }, "200"],
        [{ volume: of("100", "mL"), duration: of("2", "h") }, "50.0"],
        [{ rate: of("1", "g"), duration: of("60", "min"), amount: of("1", "g"), diluent: of("100", "mL") }, "100"],
      ] as const
    ).map(([it, expected]) => [rate(it), expected]).filter(([is, expected]) => is !== expected),
    [],
  ); // prettier-ignore
});

test("everything unclear is refused with its reason, never read", () => {
  const bag = { amount: of("400", "mg"), diluent: of("250", "mL") };
  for (const [it, why] of [
    [{}, "no rate"],
    [{ rate: of("0", "mL/h") }, "no rate"],
    [{ rate: of('""', "mL/h") }, "no rate"],
    [{ rate: of("10,5", "mL/h") }, "number unclear"],
    [{ rate: of("-10", "mL/h") }, "number unclear"],
    [{ rate: of("10") }, "unit unclear"],
    [{ rate: of("10", "ML/h") }, "unit unclear"],
    [{ rate: of("10", "u/h"), ...bag }, "unit unclear"],
    [{ rate: of("10", "265266", "mL/min") }, "unit unclear"],
    [{ rate: of("10", "mEq/h"), ...bag }, "unit unclear"],
    [{ rate: of("10", "U/h"), ...bag }, "unit unclear"],
    [{ rate: of("10", "mg/h") }, "concentration not given"],
    [{ rate: of("10", "mg/h"), amount: of("400", "mg") }, "concentration not given"],
    [{ rate: of("10", "ug/kg/min"), ...bag }, "weight not given"],
    [{ rate: of("10", "mg/m2/h"), ...bag }, "weight not given"],
    [{ rate: of("10", "mg"), ...bag }, "no rate"],
  ] as const)
    assert.equal(rate(it), why, JSON.stringify(it));
});

/** Accepted ones, all of them alike. */
function learnedFrom(rates: readonly number[], limits: readonly ClinicalLimit[] = []): Doses {
  const doses = new Doses(limits);
  for (const [i, it] of rates.entries()) {
    doses.heard(program({ rate: of(String(it), "mL/h"), pump: { gateway: {}, serial: `L${i}` }, order: `L${i}` }), 1);
    doses.answered(1, true, i * 1_000_000);
  }
  return doses;
}
const ask = (doses: Doses, value: number, it: Partial<Program> = {}) =>
  doses.heard(program({ rate: of(String(value), "mL/h"), ...it }), 2)!;

test("a usual is known from the twentieth accepted order on, and follows nobody after the two hundredth", () => {
  assert.equal(ask(learnedFrom(Array<number>(19).fill(10)), 10).usual, "learning");
  assert.equal(ask(learnedFrom(Array<number>(20).fill(10)), 10).usual, "known");
  const frozen = learnedFrom([...Array<number>(200).fill(10), ...Array<number>(300).fill(15)]);
  assert.equal(ask(frozen, 100).ofUsual, 10);
  assert.equal(ask(frozen, 10, { kind: "bolus" }).usual, "learning");
  assert.equal(ask(frozen, 10, { family: "SYRINGE" }).usual, "learning");
});

test("ratios have two digits, are 1,000 at most, and tell no usual", () => {
  const it = ask(learnedFrom(Array<number>(30).fill(7.3)), 73_000);
  assert.deepEqual([it.ofUsual, it.ofLargest, it.spreads], [1_000, 1_000, 46]);
  assert.equal(ask(learnedFrom(Array<number>(30).fill(7.3)), 12.345).ofUsual, 1.7);
});

test("a little above a hard limit is above it, and a limit of another kind of order is none", () => {
  const limits: readonly ClinicalLimit[] = [{ drug: "D1", kind: "continuous", most: 20, unit: "mL/h" }];
  const doses = new Doses(limits);
  assert.deepEqual([20, 20.01, 40].map((it) => ask(doses, it).ofLimit), [1, 1.1, 2]); // prettier-ignore
  assert.equal(ask(doses, 400, { kind: "bolus" }).ofLimit, null);
});

test("a pump that says twice it is set to something else is told of, unless somebody put a hand on it", () => {
  const report = (doses: Doses, value: number) =>
    doses.heard(program({ said: "report", rate: of(String(value), "mL/h") }), 3)?.ofOrdered ?? null;
  const running = () => {
    const doses = new Doses();
    ask(doses, 10);
    doses.touched("P1", true);
    return doses;
  };
  const doses = running();
  assert.deepEqual([10.4, 100, 10, 100, 100, 100].map((it) => report(doses, it)), [null, null, null, null, 10, null]); // prettier-ignore
  const touched = running();
  touched.touched("P1", true);
  assert.deepEqual([100, 100, 100].map((it) => report(touched, it)), [null, null, null], "begun a second time"); // prettier-ignore
  const silent = new Doses();
  ask(silent, 10);
  assert.deepEqual([100, 100, 100].map((it) => report(silent, it)), [null, null, null], "a pump whose events nobody hears"); // prettier-ignore
});

test("an order that was refused is not what the pump runs", () => {
  const doses = new Doses();
  ask(doses, 2, { order: "O" });
  doses.answered(2, true, 0);
  ask(doses, 20, { order: "O", change: "titration" });
  doses.answered(2, false, 0);
  assert.equal(ask(doses, 20, { order: "O", change: "titration" }).ofPrevious, 10);
});
