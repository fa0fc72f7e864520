import assert from "node:assert/strict";
import { test } from "node:test";
import { service, told, weaknessLines } from "../testing/fleet.ts";
import { controlWithoutSecurity } from "./control-without-security.ts";

test("an OPC UA server that takes commands from anybody", () => {
  assert.deepEqual(weaknessLines(controlWithoutSecurity, { said: [told("dialect", "OPC UA without security", "opcua")] }), [
    "control-without-security affected medium: It spoke OPC UA without security",
  ]);
});

test("one of which only secured connections were heard is none", () => {
  assert.deepEqual(weaknessLines(controlWithoutSecurity, { services: [service(4840, "opcua", { clear: false })] }), []);
});
