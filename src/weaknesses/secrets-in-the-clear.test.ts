import assert from "node:assert/strict";
import { test } from "node:test";
import { told, weaknessLines } from "../testing/fleet.ts";
import { secretsInTheClear } from "./secrets-in-the-clear.ts";

test("a directory to which a password crossed in the clear", () => {
  assert.deepEqual(weaknessLines(secretsInTheClear, { said: [told("clearCredentials", "ldap bind", "ldap")] }), [
    "secrets-in-the-clear affected medium: A password crossed in the clear: ldap bind",
  ]);
});

test("what other conditions tell is none of it", () => {
  for (const protocol of ["ftp", "telnet", "http", "snmp"])
    assert.deepEqual(weaknessLines(secretsInTheClear, { said: [told("clearCredentials", protocol, protocol)] }), [], protocol);
  assert.deepEqual(weaknessLines(secretsInTheClear, { said: [told("clearCredentials", "amqp, known default", "amqp")] }), []);
});
