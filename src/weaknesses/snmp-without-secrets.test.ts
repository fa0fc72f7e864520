import assert from "node:assert/strict";
import { test } from "node:test";
import { service, told, weaknessLines } from "../testing/fleet.ts";
import { snmpWithoutSecrets } from "./snmp-without-secrets.ts";

test("an agent that answered in version 2c, and one that was set by it", () => {
  const said = [told("dialect", "SNMP v2c", "snmp")];
  assert.deepEqual(weaknessLines(snmpWithoutSecrets, { said }), ["snmp-without-secrets affected low: It answered in SNMP v2c"]);
  const services = [service(161, "snmp", { transport: "udp", operations: ["GET", "SET"] })];
  assert.deepEqual(weaknessLines(snmpWithoutSecrets, { said, services }), [
    "snmp-without-secrets affected high: It answered in SNMP v2c, and was set by SNMP",
  ]);
});

test("version 3 is none", () => {
  assert.deepEqual(weaknessLines(snmpWithoutSecrets, { said: [told("dialect", "SNMP v3", "snmp")] }), []);
});
