import assert from "node:assert/strict";
import { test } from "node:test";
import { ROWS_AN_HOUR_MAX, Trail } from "./trail.ts";

test("of each kind so many rows an hour; the first row after them says how many were left out, and no row is longer than a line", () => {
  const written: string[] = [];
  const trail = new Trail((deed) => void written.push(deed.about));
  const refused = (at: number, about = "refused") => trail.write({ at, who: "", what: "sign-in refused", about, client: "10.0.0.1" });
  for (let count = 0; count < ROWS_AN_HOUR_MAX + 7; count++) refused(count);
  assert.equal(written.length, ROWS_AN_HOUR_MAX);
  trail.write({ at: 9, who: "lind", what: "sign-in", about: "viewer", client: "10.0.0.1" });
  assert.equal(written.at(-1), "viewer", "another kind has rows of its own");
  refused(3_600e6);
  assert.equal(written.at(-1), "refused (and 7 more before, not written)");
  refused(3_600e6, "x".repeat(1_000));
  assert.equal(written.at(-1)!.length, 300);
});
