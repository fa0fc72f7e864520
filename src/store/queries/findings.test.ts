import assert from "node:assert/strict";
import { test } from "node:test";
import { END, Recording } from "../../testing/recording.ts";
import { Store } from "../reader.ts";
import { foundIn } from "./findings.ts";

test("the latest ten thousand are shown; those of detectors that are named are among them however many are later", (t) => {
  const recording = new Recording(t);
  recording.sql(`WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 10004)
    INSERT INTO finding SELECT printf('%016x', n), iif(n = 0, 'dose', 'noise'), n, 0, 'high', ${END} + n, ${END} + n, 1, '', '[]', '[]', 0, '[]', '[]', NULL FROM number`);
  const shown = (first?: readonly string[]) => {
    const { stored } = foundIn(new Store(recording.path), first);
    return [stored.length, stored.filter(({ detector }) => detector === "dose").length, stored[0]!.detector];
  };
  assert.deepEqual(shown(["dose"]), [10_000, 1, "dose"]);
  assert.deepEqual(shown(), [10_000, 0, "noise"]);
});
