import assert from "node:assert/strict";
import { test } from "node:test";
import { HEARD_US, service, weaknessLines } from "../testing/fleet.ts";
import { severalNetworks } from "./several-networks.ts";

test("a scanner that answers in two private ranges at a time is possibly in two networks", () => {
  const services = [service(104, "dicom"), service(445, "smb", { ip: "192.168.0.7" })];
  assert.deepEqual(weaknessLines(severalNetworks, { lifeCritical: "diagnostic", services }), [
    "several-networks possible low: It answered as 10.0.0.7; It answered as 192.168.0.7",
  ]);
});

test("one that moved from one to the other is none, nor a router, nor two addresses of one range", () => {
  const [here, there] = [service(104, "dicom"), service(104, "dicom", { ip: "192.168.0.7", first: HEARD_US + 1, last: HEARD_US + 2 })];
  assert.deepEqual(weaknessLines(severalNetworks, { lifeCritical: "diagnostic", services: [here, there] }), []);
  const both = [here, service(104, "dicom", { ip: "192.168.0.7" })];
  assert.deepEqual(weaknessLines(severalNetworks, { lifeCritical: "diagnostic", standing: "carrier", services: both }), []);
  assert.deepEqual(
    weaknessLines(severalNetworks, { lifeCritical: "diagnostic", services: [here, service(104, "dicom", { ip: "10.9.0.7" })] }),
    [],
  );
});
