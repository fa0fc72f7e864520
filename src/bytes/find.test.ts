import assert from "node:assert/strict";
import { test } from "node:test";
import { hex } from "../testing/notes.ts";
import { find } from "./find.ts";

test("a place is counted from the front of the view, not of the memory under it", () => {
  const view = hex`4142 0a 58 0d0a 59 0d0a`.subarray(3);
  assert.equal(find(view, "\r\n"), 1);
  assert.equal(find(view, "\r\n", 2), 4);
  assert.equal(find(view, "\n\n"), -1);
  assert.equal(find(view, "A"), -1);
});
