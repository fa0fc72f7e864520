import assert from "node:assert/strict";
import { test } from "node:test";
import { pairLines, type Pair } from "./hospital.ts";
import type { Device } from "./inventory.ts";

function pair(kind: string, said: string | null, confidence = 0.99, speaks = true): Pair {
  const device: Device = {
    id: "d1", macs: [], ips: ["10.0.0.1"], names: [], kind: said === null ? null : { value: said, confidence }, maker: null, model: null, os: null,
    serial: null, software: null, services: [], evidence: [],
  }; // prettier-ignore
  return { kind, device, speaks };
}
const lines = (...pairs: readonly Pair[]) => [...pairLines(pairs)].map((it) => it.trim());

test("what is asserted of clinical devices is counted among those that were heard as such; what is less exact is right", () => {
  assert.deepEqual(
    lines(
      pair("syringe pump", "infusion pump"),
      pair("image archive", "image archive", 0.86),
      pair("patient monitor", null),
      pair("ventilator", null, 0, false),
      pair("printer", "printer"),
    ),
    [
      "clinical devices heard in a clinical protocol: 3; kind asserted of 1 (33.3 %), 0 of them wrong",
      "others asserted to treat a patient or keep one alive: 0; such devices asserted to be something else: 0",
      "not asserted: 1 × image archive, probably image archive (0.86)",
      "not asserted: 1 × patient monitor, not known",
    ],
  );
});

test("a workstation taken for a pump is told, and a pump taken for a server", () => {
  const told = lines(pair("workstation", "infusion pump"), pair("infusion pump", "pump server"), pair("workstation", "ventilator", 0.97));
  assert.equal(told[1], "others asserted to treat a patient or keep one alive: 1; such devices asserted to be something else: 1");
  assert.deepEqual(told.slice(2), [
    "wrong: 10.0.0.1 is workstation, asserted to be infusion pump",
    "wrong: 10.0.0.1 is infusion pump, asserted to be pump server",
  ]);
});
