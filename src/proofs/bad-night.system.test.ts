/** The dose story: a bad night on a made-up ward is silent, and what is meant ill in it is found. Figures of a made-up ward are printed, and are no hospital's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { watches } from "../findings/index.ts";
import type { StoredFinding } from "../model/finding.ts";
import type { ClinicalLimit } from "../model/program.ts";
import { BadNight, DRUGS, MOST, STRANGER } from "../testing/bad-night.ts";
import { heardAt } from "../testing/hear.ts";
import type { Told } from "../testing/pumps.ts";
import { found } from "../testing/watched.ts";

const SEEDS = [1, 2, 3];
const ORDINARY = 400;
const clinical = watches.filter(({ family }) => family === "clinical");

function heard(night: BadNight, limits: readonly ClinicalLimit[] = []) {
  const batches = heardAt(night.ward.frames, { limits });
  const programming = new Set(
    batches.flatMap(({ observations }) => observations.filter(([, attribute]) => attribute === "programming").map(([, , value]) => value)),
  );
  const doses = batches.flatMap(({ programs = [] }) => programs.map(([, , , , dose]) => dose));
  return { findings: found(batches, clinical), doses, programming };
}
const named = ({ detector, severity, summary }: StoredFinding) => `${detector} ${severity}: ${summary}`;

test("a bad night is silent, and of ordinary orders hardly any is told of", (t) => {
  let orders = 0;
  let told = 0;
  const stories = SEEDS.flatMap((seed) => {
    const it = heard(new BadNight(seed).innocent(ORDINARY));
    orders += it.doses.filter(({ said }) => said === "order").length;
    const ordinary = it.findings.filter((one) => one.detector === "dose-beyond" && ORDINARY_PUMP.test(one.key));
    told += ordinary.length;
    return it.findings.filter((one) => !ordinary.includes(one)).map((one) => `${one.key} ${named(one)}`);
  });
  t.diagnostic(`${told} of ${orders} orders told of on ${SEEDS.length} made-up wards: ${((1_000 * told) / orders).toFixed(2)} of 1,000`);
  assert.deepEqual(stories, [], "resuscitation, boluses, flush, blood, PCA, epidural, swap, move, release, failover");
  assert.ok(told <= orders / 1_000, `${told} of ${orders}`);
});
/** P0 to P29; all others have a story of their own. */
const ORDINARY_PUMP = /^P[12]?\d$/;

const limits: readonly ClinicalLimit[] = [{ drug: DRUGS.pressor.code, kind: "continuous", most: MOST.pressor, unit: "mL/h" }];
/** One thing that is meant ill, in the middle of all that is not. */
function meant(told: readonly Told[], options: { readonly limits?: readonly ClinicalLimit[]; readonly from?: typeof STRANGER } = {}) {
  const night = new BadNight(1).innocent(ORDINARY / 4);
  for (const it of told) night.last(it, options.from);
  const it = heard(night, options.limits);
  return { findings: it.findings.map(named), last: it.doses.at(-1)!, programming: it.programming };
}

test("the whole volume at once, sixty times and a thousand times the rate are found on every drug", () => {
  const drugs = [DRUGS.antibiotic, DRUGS.heparin, DRUGS.insulin, DRUGS.sedation];
  const told = drugs.flatMap(({ code, median }) => [60, 1_000].map((times) => ({ drug: code, rate: times * median })));
  const { findings } = meant(told.map((it, place) => ({ ...it, pump: `P${50 + place}` })));
  assert.deepEqual(
    findings.map((it) => it.split(":")[0]),
    told.map(() => "dose-beyond high"),
  );
  assert.match(
    meant([{ pump: "P44", drug: DRUGS.insulin.code, rate: 999, volume: 50 }]).findings.join(),
    /^dose-beyond .*whole volume would be through within ten minutes/,
  );
});

test("ten times the rate is found by a limit, by the order that runs, or by a narrow usual; else the guard says that it cannot tell", () => {
  const { code, median } = DRUGS.pressor;
  const new_: Told = { pump: "P45", drug: code, rate: 10 * median };
  assert.match(
    meant([{ ...new_, rate: 10 * median + 1 }], { limits }).findings.join(),
    /^dose-beyond critical: told 1\.1? ?.*pharmacy's hard limit/,
  );
  const runs: Told[] = [
    { ...new_, rate: 30, order: "X" },
    { ...new_, rate: 300, order: "X", change: "XO" },
  ];
  assert.match(meant(runs).findings.join(), /^dose-beyond high: .*10 times the rate before of the same order/);
  assert.match(meant([{ pump: "P45", drug: DRUGS.heparin.code, rate: 10 * DRUGS.heparin.median }]).findings.join(), /^dose-beyond high/);
  const wide = meant([new_]);
  assert.deepEqual(wide.findings, []);
  assert.equal(wide.last.tells, false);
  assert.ok(wide.programming.has("cannot tell"));
});

test("a wrong source and a forged library are found", () => {
  assert.match(
    meant([{ pump: "P46", drug: DRUGS.insulin.code, rate: 3 }], { from: STRANGER }).findings.join(),
    /^pump-stranger critical: programmed by 10\.20\.0\.66/,
  );
  const { findings } = heard(new BadNight(1).innocent(10).forgedLibrary());
  assert.deepEqual(findings.map(named), ["library-back high: reports a drug library it had before and had left"]);
});

test("with the order leg cut, or one side of it, nothing is told of, and who is heard of says which", () => {
  const cut = heard(new BadNight(1, { orders: false, answers: false }).innocent(40));
  assert.deepEqual([cut.findings.map(named), [...cut.programming]], [[], ["reports"]]);
  const oneSided = heard(new BadNight(1, { orders: true, answers: false }).innocent(40));
  assert.deepEqual(oneSided.findings.map(named), []);
  assert.ok(!oneSided.programming.has("answers") && oneSided.programming.has("orders"));
});
