import assert from "node:assert/strict";
import { test } from "node:test";
import { service, told, weaknessLines } from "../testing/fleet.ts";
import { remoteDesktop } from "./remote-desktop.ts";

test("a scanner reached by remote desktop, and any machine reached by it without TLS", () => {
  assert.deepEqual(weaknessLines(remoteDesktop, { lifeCritical: "diagnostic", services: [service(3389, "rdp", { clear: false })] }), [
    "remote-desktop affected medium: TCP port 3389 of 10.0.0.7 answered 1 client in rdp",
  ]);
  const old = { services: [service(3389, "rdp", { clear: false })], said: [told("dialect", "RDP without TLS", "rdp")] };
  assert.deepEqual(weaknessLines(remoteDesktop, old), ["remote-desktop affected high: TCP port 3389 of 10.0.0.7 answered 1 client in rdp"]);
});

test("a workstation's within TLS is none", () => {
  assert.deepEqual(weaknessLines(remoteDesktop, { services: [service(3389, "rdp", { clear: false })] }), []);
});
