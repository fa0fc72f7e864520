import assert from "node:assert/strict";
import { test } from "node:test";
import { riskOf } from "./index.ts";
import { fleetDevice, known } from "../testing/fleet.ts";
import { fleetOf, weakness } from "../testing/risky.ts";
import { dailySums } from "./daily.ts";

const pump = (number: number, ward: string) => fleetDevice({ id: `d${number}`, kind: known("Infusion pump"), location: known(`${ward} bed 7`), lifeCritical: "therapy" }); // prettier-ignore

test("a day is summed whole, by ward and by kind; what was dismissed counts nowhere, and each device once", () => {
  const devices = [pump(1, "ICU"), pump(2, "ICU"), pump(3, "Ward 2"), fleetDevice({ id: "d4" })];
  const advisory = { kind: "vulnerability", name: "ICSMA-1" } as const;
  const fleet = fleetOf(devices, [
    weakness({ device: "d1", severity: "critical" }),
    weakness({ device: "d1", name: "ftp-answers" }),
    weakness({ device: "d2", ...advisory, answer: "possible" }),
    weakness({ device: "d3", ...advisory, answer: "affected" }),
    weakness({ device: "d3", kind: "end of support", name: "system" }),
    weakness({ device: "d4", word: { word: "dismissed", scope: "device", who: "lind", reason: "", at: 0, change: 1 } }),
  ]); // prettier-ignore
  const rated = devices.map((device) => {
    const risk = riskOf({ device, weaknesses: fleet.weaknesses.get(device.id) ?? [], findings: [], reach: null, to: fleet.to! });
    return { device, risk: { ...risk, ifDone: [] } };
  });
  const sums = dailySums(fleet, rated);
  assert.deepEqual(
    sums.map(({ part, name, devices: count, exposed, affected, possible, unsupported }) => [part, name, count, exposed, affected, possible, unsupported]),
    [
      ["all", "", 4, 1, 1, 1, 1],
      ["ward", "", 1, 0, 0, 0, 0],
      ["ward", "ICU", 2, 1, 0, 1, 0],
      ["ward", "Ward 2", 1, 0, 1, 0, 1],
      ["kind", "", 1, 0, 0, 0, 0],
      ["kind", "Infusion pump", 3, 1, 1, 1, 1],
    ],
  ); // prettier-ignore
  for (const side of ["patient", "device", "network"] as const) {
    const all = rated.reduce((sum, { risk }) => sum + risk.on[side], 0);
    for (const part of ["all", "ward", "kind"]) assert.equal(sums.filter((it) => it.part === part).reduce((sum, it) => sum + it[side], 0), all, `${part} ${side}`); // prettier-ignore
  }
});

test("wards that a device makes up do not grow without end", () => {
  const devices = Array.from({ length: 3_000 }, (_, at) => pump(at + 1, `Ward ${at}`));
  const fleet = fleetOf(devices);
  const rated = devices.map((device) => ({ device, risk: { ...riskOf({ device, weaknesses: [], findings: [], reach: null, to: fleet.to! }), ifDone: [] } })); // prettier-ignore
  const sums = dailySums(fleet, rated);
  assert.ok(sums.length <= 1_003, `${sums.length}`);
  assert.equal(
    sums.filter(({ part }) => part === "ward").reduce((sum, it) => sum + it.devices, 0),
    3_000,
  );
});
