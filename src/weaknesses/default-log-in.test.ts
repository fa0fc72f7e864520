import assert from "node:assert/strict";
import { test } from "node:test";
import { told, weaknessLines } from "../testing/fleet.ts";
import { defaultLogIn } from "./default-log-in.ts";

test("a password everybody knows that was taken, as heard and as found", () => {
  assert.deepEqual(weaknessLines(defaultLogIn, { said: [told("clearCredentials", "amqp, known default", "amqp")] }), [
    "default-log-in affected high: Taken: amqp, known default",
  ]);
  const found = [{ id: "f1", detector: "default-credentials", first: 1, last: 2, count: 1 }] as const;
  assert.deepEqual(weaknessLines(defaultLogIn, { found }), [
    "default-log-in affected high: A usual name with a usual password was taken (finding f1)",
  ]);
});

test("a community that only reads is less, and a password nobody knows is none", () => {
  assert.deepEqual(weaknessLines(defaultLogIn, { said: [told("clearCredentials", "snmp default community", "snmp")] }), [
    "default-log-in affected medium: Taken: snmp default community",
  ]);
  assert.deepEqual(
    weaknessLines(defaultLogIn, { said: [told("clearCredentials", "amqp", "amqp"), told("clearCredentials", "snmp community", "snmp")] }),
    [],
  );
});
