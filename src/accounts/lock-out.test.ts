import assert from "node:assert/strict";
import { test } from "node:test";
import { LockOut } from "./lock-out.ts";

const OPTIONS = { free: 3, delayMsMax: 8_000, forgetMs: 60_000, subjectsMax: 3 };

test("each failure after the free ones makes the next try wait twice as long, up to a limit", () => {
  const lockOut = new LockOut(OPTIONS);
  let now = 0;
  const waits = Array.from({ length: 8 }, () => {
    lockOut.count("lind", now);
    const wait = lockOut.wait("lind", now);
    now += wait;
    return wait;
  });
  assert.deepEqual(waits, [0, 0, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
  assert.equal(lockOut.wait("kuhn", now), 0, "another subject waits for nothing");
});

test("many at once are no more than one after the other; success takes back its own try, forgiving all of them", () => {
  const lockOut = new LockOut(OPTIONS);
  const begun = Array.from({ length: 100 }, () => {
    if (lockOut.wait("lind", 0) > 0) return 0;
    lockOut.count("lind", 0);
    return 1;
  });
  assert.equal(begun.filter(Boolean).length, 3);
  lockOut.takeBack("lind");
  assert.equal(lockOut.wait("lind", 0), 0);
  lockOut.count("lind", 0);
  assert.equal(lockOut.wait("lind", 0), 1_000, "the two before still count");
  lockOut.forgive("lind");
  lockOut.count("lind", 0);
  assert.equal(lockOut.wait("lind", 0), 0);
});

test("what is long past is forgotten, and of too many subjects the one longest without a try", () => {
  const lockOut = new LockOut({ ...OPTIONS, free: 1 });
  for (const [at, subject] of ["a", "b", "c", "a", "d"].entries()) lockOut.count(subject, at);
  assert.deepEqual(
    ["a", "b", "c", "d"].map((subject) => lockOut.wait(subject, 5) > 0),
    [true, false, true, true],
  );
  lockOut.count("a", 100_000);
  assert.equal(lockOut.wait("a", 100_000), 1_000, "as if it were the first");
});
