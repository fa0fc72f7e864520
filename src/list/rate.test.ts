import assert from "node:assert/strict";
import { test } from "node:test";
import { loadKnowledge } from "../knowledge/index.ts";
import { hospitalList } from "../testing/hospital-list.ts";
import { planOf } from "./plan.ts";

const SEEDS = [1, 2];

test("of 2,000 rows with the usual dirt at least 99 in 100 matches are right, and no row is lost", (context) => {
  let right = 0;
  let asserted = 0;
  for (const seed of SEEDS) {
    const { csv, devices, truth, dirt } = hospitalList(seed);
    const plan = planOf({ file: "assets.csv", bytes: Buffer.from(csv) }, devices, loadKnowledge());
    assert.equal(plan.rows.length, 2_000);
    const matched = plan.rows.filter(({ state }) => state === "matched");
    const own = matched.filter(({ row, candidates }) => candidates[0]!.device.id === truth.get(row));
    const heardAndListed = [...truth.values()].filter((device) => device !== null).length;
    right += own.length;
    asserted += matched.length;
    context.diagnostic(
      `seed ${seed}: ${own.length} of ${matched.length} matches right (${((own.length / matched.length) * 100).toFixed(2)} %), ` +
        `of ${heardAndListed} rows whose device was heard; for a person ${plan.rows.filter(({ state }) => state === "doubtful").length}; ` +
        `dirt: ${Object.entries(dirt).map(([what, count]) => `${what} ${count}`).join(", ")}`,
    ); // prettier-ignore
    for (const count of Object.values(dirt)) assert.ok(count >= 10, "a list has enough of each dirt to tell");
    assert.ok(own.length >= 0.6 * heardAndListed, `expected most rows to be matched, got ${own.length} of ${heardAndListed}`);
    assert.equal(new Set(matched.map(({ candidates }) => candidates[0]!.device.id)).size, matched.length, "no device stands in two rows");
  }
  assert.ok(right >= 0.99 * asserted, `${right} of ${asserted} matches are right`);
});
