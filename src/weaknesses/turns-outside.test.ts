import assert from "node:assert/strict";
import { test } from "node:test";
import { HEARD_US, weaknessLines } from "../testing/fleet.ts";
import { turnsOutside } from "./turns-outside.ts";

test("a pump that was answered from outside; by the time alone it is less", () => {
  const outside = { peers: 2, protocols: ["http", "tls"], first: HEARD_US, last: HEARD_US };
  assert.deepEqual(weaknessLines(turnsOutside, { lifeCritical: "therapy", outside }), [
    "turns-outside affected medium: 2 addresses outside answered it, by http, tls",
  ]);
  assert.deepEqual(weaknessLines(turnsOutside, { lifeCritical: "therapy", outside: { ...outside, peers: 1, protocols: ["ntp"] } }), [
    "turns-outside affected low: 1 address outside answered it, by ntp",
  ]);
});

test("a workstation that does is none, nor a pump that does not", () => {
  const outside = { peers: 2, protocols: ["tls"], first: HEARD_US, last: HEARD_US };
  assert.deepEqual(weaknessLines(turnsOutside, { outside }), []);
  assert.deepEqual(weaknessLines(turnsOutside, { lifeCritical: "therapy" }), []);
});
