import assert from "node:assert/strict";
import { test } from "node:test";
import { service, told, weaknessLines } from "../testing/fleet.ts";
import { webLogInInTheClear } from "./web-log-in-in-the-clear.ts";

test("a page that asked for a password without TLS", () => {
  const it = { services: [service(80, "http")], said: [told("realm", "Pump", "http")] };
  assert.deepEqual(weaknessLines(webLogInInTheClear, it), [
    "web-log-in-in-the-clear affected medium: TCP port 80 of 10.0.0.7 answered 1 client in http",
  ]);
});

test("a page that asks nobody is none, nor one that asks within TLS, nor a telephone's realm", () => {
  assert.deepEqual(weaknessLines(webLogInInTheClear, { services: [service(80, "http")] }), []);
  assert.deepEqual(
    weaknessLines(webLogInInTheClear, { services: [service(443, "tls", { clear: false })], said: [told("realm", "Pump", "http")] }),
    [],
  );
  assert.deepEqual(weaknessLines(webLogInInTheClear, { services: [service(80, "http")], said: [told("realm", "Pump", "sip")] }), []);
});
