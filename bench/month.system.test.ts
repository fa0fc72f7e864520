/** What a policy learned on half of a made-up month must not do on the other half. The figures are printed by `npm run wall`. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { figuresOf, month, type Month, WAYS } from "./month.ts";

/** Nobody looked at this one while rules were made. */
const SEED = 4_711;
const SIZE = 200;
const folder = mkdtempSync(join(tmpdir(), "auscult-month-"));
after(() => rmSync(folder, { recursive: true }));

let made: Month;
before(async () => void (made = await month(SEED, SIZE, folder)));

test("no attack story passes, whether it went on while the policy was learned or came later", () => {
  for (const way of WAYS) {
    const attacks = figuresOf(made, way).attacks.filter(({ sort }) => sort === "attack");
    assert.ok(new Set(attacks.map(({ name }) => name)).size >= 12);
    assert.deepEqual(attacks.filter(({ open }) => open.length > 0), [], way); // prettier-ignore
  }
});

test("with the list decided, no pump, monitor or ventilator loses anything, and what is lost was first done after the learning", () => {
  const it = figuresOf(made, WAYS[2]);
  assert.equal(it.coverage, 1);
  assert.deepEqual(it.blocked.filter(({ care }) => care === "life-supporting" || care === "therapy"), []); // prettier-ignore
  assert.deepEqual(it.blocked.map(({ what }) => what).filter((what) => what !== "month-end" && what !== "calibration"), []); // prettier-ignore
  assert.ok(it.blocked.reduce((sum, { days }) => sum + days, 0) / it.days < 0.003);
});

test("the list is short, and what is work in it is told from what is not by being done again", () => {
  const it = figuresOf(made, WAYS[1]);
  assert.ok(it.lines <= 200 && it.workAt.length > 0, `${it.lines} lines`);
  assert.ok(
    it.workAt.every((place) => place >= 1 && place <= 50),
    it.workAt.join(" "),
  );
  assert.ok(it.coverageByDays > 0.985, String(it.coverageByDays));
  assert.ok(it.overPermission < it.byPort / 3, `${it.overPermission} of ${it.byPort}`);
});

test("the library release is fetched although nobody fetched it while the policy was learned, by what a profile expects", () => {
  const blocked = (way: (typeof WAYS)[number]) => figuresOf(made, way).blocked.some(({ what }) => what === "library release");
  assert.deepEqual(WAYS.map(blocked), [true, false, false]);
});
