import assert from "node:assert/strict";
import { test } from "node:test";
import { LIVE_RUN, type Batch } from "../model/batch.ts";
import { NO_TALLY, OTHER_NAMES, sumOf, Tallying } from "./tally.ts";

const batch = (run: string, more: object = {}) =>
  ({ run, to: 7_000_000, frames: { frames: 10, malformed: { dns: 1 } }, loss: { drops: 2, gaps: 3 }, ...more }) as unknown as Batch;

test("what was taken counts when it is stored, and once", () => {
  const tally = new Tallying();
  tally.take(batch(`${LIVE_RUN}1`));
  tally.drop(5);
  tally.refuse();
  assert.deepEqual(tally.stored, NO_TALLY);
  tally.store(250);
  tally.store();
  assert.deepEqual(tally.stored, {
    frames: 10,
    drops: 7,
    gaps: 3,
    malformed: { dns: 1 },
    batchesStored: 1,
    batchesRefused: 1,
    flushes: 1,
    flushSeconds: 0.25,
    takeSeconds: 0,
    heardUntil: 7_000_000,
  });
});

test("a file's packets are of another time", () => {
  const tally = new Tallying();
  tally.take(batch("a capture"));
  tally.store();
  assert.equal(tally.stored.heardUntil, 0);
});

test("a sensor that invents protocols is counted under one name, and what it counted is all there", () => {
  let sum = NO_TALLY;
  for (let number = 0; number < 1_000; number++) sum = sumOf(sum, { ...NO_TALLY, malformed: { [`made-up-${number}`]: 2, __proto__x: 1 } });
  assert.ok(Object.keys(sum.malformed).length <= 257, `${Object.keys(sum.malformed).length} names`);
  assert.equal(
    Object.values(sum.malformed).reduce((a, b) => a + b, 0),
    3_000,
  );
  assert.ok(sum.malformed[OTHER_NAMES]! > 0);
});
