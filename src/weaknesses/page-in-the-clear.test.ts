import assert from "node:assert/strict";
import { test } from "node:test";
import { service, told, weaknessLines } from "../testing/fleet.ts";
import { pageInTheClear } from "./page-in-the-clear.ts";

test("a pump with a page without TLS", () => {
  assert.deepEqual(weaknessLines(pageInTheClear, { lifeCritical: "therapy", services: [service(80, "http")] }), [
    "page-in-the-clear affected low: TCP port 80 of 10.0.0.7 answered 1 client in http",
  ]);
});

test("a printer's page is none, nor a pump's that asks for a password, which another condition tells", () => {
  assert.deepEqual(weaknessLines(pageInTheClear, { services: [service(80, "http")] }), []);
  const asks = { services: [service(80, "http")], said: [told("realm", "Pump", "http")] };
  assert.deepEqual(weaknessLines(pageInTheClear, { lifeCritical: "therapy", ...asks }), []);
});
