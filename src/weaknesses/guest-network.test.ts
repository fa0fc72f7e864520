import assert from "node:assert/strict";
import { test } from "node:test";
import { known, weaknessLines } from "../testing/fleet.ts";
import { guestNetwork } from "./guest-network.ts";

test("a pump that stands in a guest network, as the list of networks calls it", () => {
  for (const place of ["Guest WLAN", "Building A, Besucher", "Büro 3"])
    assert.equal(weaknessLines(guestNetwork, { lifeCritical: "therapy", location: known(place) }).length, 1, place);
});

test("in a ward it is none, nor is a workstation in an office, nor the officer's name in a word", () => {
  for (const place of ["ICU 1", "Officers ward", "Ward 3, Building A"])
    assert.deepEqual(weaknessLines(guestNetwork, { lifeCritical: "therapy", location: known(place) }), [], place);
  assert.deepEqual(weaknessLines(guestNetwork, { location: known("Office 2") }), []);
});
