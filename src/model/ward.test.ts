/** The ward in what devices say of where they are. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { wardOf } from "./ward.ts";

test("a bed, a room, an office lie in a ward; a switch's port lies nowhere", () => {
  for (const [location, ward] of [
    ["building Main, floor 1, room ICU 1 bed 2", "ICU 1"],
    ["CLINIC / Ward 3 North / 5", "Ward 3 North"],
    ["Ward 3 North bed 7", "Ward 3 North"],
    ["ICU 1 nurses' station", "ICU 1"],
    ["ICU 1 office", "ICU 1"],
    ["ICU · bed 7", "ICU"],
    ["ICU 2", "ICU 2"],
    ["Corridor 7", null],
    ["Gi1/0/4 of sw3", null],
    ["building Main, floor 1, room Radiology CT 2", "Radiology CT 2"],
  ] as const)
    assert.equal(wardOf({ value: location, lead: 20, confidence: 0.99 }), ward, location);
  assert.equal(wardOf({ value: "ICU 2", lead: 19, confidence: 0.98 }), null);
  assert.equal(wardOf(null), null);
});
