import assert from "node:assert/strict";
import { test } from "node:test";
import { told, weaknessLines } from "../testing/fleet.ts";
import { asksNeighbors } from "./asks-neighbors.ts";

test("a machine that asks all its neighbors for the proxy", () => {
  assert.deepEqual(weaknessLines(asksNeighbors, { said: [told("wants", "wpad", "llmnr")] }), [
    "asks-neighbors affected low: It asked all its neighbors for “wpad” by llmnr",
  ]);
});

test("who asks the name server is none", () => {
  assert.deepEqual(weaknessLines(asksNeighbors, { said: [told("wants", "wpad.example", "dns")] }), []);
});
