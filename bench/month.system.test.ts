/** What a policy learned on half of a made-up month must not do on the other half. The figures are printed by `npm run wall`. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { holding } from "../src/policies/cells.ts";
import { type Figures, figuresOf, isLegitimate, month, type Month, sortsOf, WAYS } from "./month.ts";

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

test("findings hold some of what means harm and nothing of what is work", () => {
  const held = holding(made.held);
  const sorts = made.learned.conversations.filter(held).map((it) => sortsOf(made, it));
  assert.ok(sorts.some((it) => it.includes("attack")));
  assert.deepEqual(sorts.filter((it) => it.some(isLegitimate)), []); // prettier-ignore
});

test("what is lost on the other half was announced: left to a person, or not heard yet; no pump, monitor or ventilator loses anything", () => {
  const [, expected, decided] = WAYS.map((way) => figuresOf(made, way)) as [Figures, Figures, Figures];
  assert.ok(figuresOf(made, WAYS[0]).coverage >= 0.99 && expected.coverage >= 0.997, `${expected.coverage}`);
  assert.equal(decided.coverage, 1);
  for (const it of [expected, decided]) {
    assert.deepEqual(it.blocked.filter(({ announced }) => announced === "nowhere"), []); // prettier-ignore
    assert.deepEqual(it.blocked.filter(({ care }) => care === "life-supporting" || care === "therapy"), []); // prettier-ignore
  }
  assert.deepEqual(decided.blocked.map(({ what, announced }) => `${what}: ${announced}`), ["calibration: not heard yet"]); // prettier-ignore
  assert.ok((decided.blocked.reduce((sum, { days }) => sum + days, 0) / decided.days) * 10_000 <= 5);
});

test("the list is short, and what is work in it is told from what is not by being done again", () => {
  const it = figuresOf(made, WAYS[1]);
  assert.ok(it.lines <= 200 && it.workAt.length > 0, `${it.lines} lines`);
  assert.ok(
    it.workAt.every((place) => place >= 1 && place <= 50),
    it.workAt.join(" "),
  );
  assert.ok(it.coverageByDays > 0.995, String(it.coverageByDays));
  assert.ok(it.overPermission < it.byPort / 7, `${it.overPermission} of ${it.byPort}`);
});

test("the library release is fetched although nobody fetched it while the policy was learned, by what a profile expects", () => {
  const released = WAYS.map((way) => figuresOf(made, way).blocked.filter(({ what }) => what === "library release").map(({ announced }) => announced)); // prettier-ignore
  assert.deepEqual(released, [["not heard yet"], [], []]);
});

test("a bridge stops all that means harm, a port's list what its device sends, and a router in one network only what leaves it or enters", () => {
  const { targets, attacks } = figuresOf(made, WAYS[1]);
  const all = attacks.filter(({ sort }) => sort === "attack").reduce((sum, { conversations }) => sum + conversations, 0);
  const at = new Map(targets.map(({ target, blocked }) => [target, blocked]));
  assert.equal(at.get("nftables-bridge"), all);
  for (const target of ["cisco-dacl", "fortigate"]) assert.ok(at.get(target)! > 0 && at.get(target)! < all, target);
  for (const { target, blocked, passing } of targets) assert.equal([...passing.values()].reduce((sum, count) => sum + count, blocked), all, target); // prettier-ignore
});
