import assert from "node:assert/strict";
import { test } from "node:test";
import { service, weaknessLines } from "../testing/fleet.ts";
import { answersOutside } from "./answers-outside.ts";

test("a machine that answered somebody outside; where it treats, that is worse", () => {
  const services = [service(443, "tls", { clear: false, outsiders: 1 })];
  assert.deepEqual(weaknessLines(answersOutside, { services }), [
    "answers-outside affected high: TCP port 443 of 10.0.0.7 answered 1 client in tls",
  ]);
  assert.match(weaknessLines(answersOutside, { services, lifeCritical: "therapy" })[0]!, /critical/);
});

test("one that answered only its own is none", () => {
  assert.deepEqual(weaknessLines(answersOutside, { services: [service(443, "tls", { clients: 9 })] }), []);
});
