/** What is exported as FHIR: only what is asserted, in the shape of each version. The compiler holds the elements against the published types. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeviceSummary } from "../model/device.ts";
import type { RecordingReader } from "../model/store.ts";
import { deviceLike, known } from "../testing/listed.ts";
import { fhirBundle, type FhirVersion } from "./fhir.ts";

const PUMP: DeviceSummary = {
  ...deviceLike({
    id: "d12",
    name: "ICU-07 pump",
    kind: "infusion pump",
    maker: "B. Braun",
    model: "Infusomat Space",
    serial: "S-1",
    udi: "(01)04046964000001(21)S-1",
    software: "L81",
    location: "Ward 4B",
    controlNumber: "1001",
    owner: "Biomed",
    status: "retired",
    macs: ["00:09:fb:12:34:56"],
  }),
  os: known("Linux", 6),
};

interface Bundle {
  readonly resourceType: string;
  readonly type: string;
  readonly entry: readonly { readonly fullUrl: string; readonly resource: Readonly<Record<string, unknown>> }[];
}

async function exported(devices: readonly DeviceSummary[], version: FhirVersion): Promise<Bundle> {
  const reader = {
    coverage: async () => ({ recording: "ward" }),
    devices: async ({ offset, limit }: { offset: number; limit: number }) => ({ rows: devices.slice(offset, offset + limit) }),
  } as unknown as RecordingReader;
  let text = "";
  for await (const piece of fhirBundle(reader, { filter: "", sort: "name", descending: false }, version)) text += piece;
  return JSON.parse(text) as Bundle;
}

const COMMON = {
  resourceType: "Device",
  id: "d12",
  identifier: [
    { type: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0203", code: "SNO" }] }, value: "S-1" },
    { type: { text: "control number" }, value: "1001" },
    { type: { text: "MAC address" }, value: "00:09:fb:12:34:56" },
  ],
  udiCarrier: [
    { carrierHRF: "(01)04046964000001(21)S-1", deviceIdentifier: "04046964000001", issuer: "http://hl7.org/fhir/NamingSystem/gs1-di" },
  ],
  status: "inactive",
  manufacturer: "B. Braun",
  modelNumber: "Infusomat Space",
  serialNumber: "S-1",
  version: [{ type: { text: "software" }, value: "L81" }],
  owner: { display: "Biomed" },
  location: { display: "Ward 4B" },
};

test("R4 has one type and deviceName, R5 has types, name and displayName; what is only probable is left out", async () => {
  const [r4] = (await exported([PUMP], "R4")).entry;
  const name = { name: "ICU-07 pump", type: "user-friendly-name" };
  assert.deepEqual(r4!.resource, { ...COMMON, deviceName: [name], type: { text: "infusion pump" } });
  const [r5] = (await exported([PUMP], "R5")).entry;
  const names = { displayName: "ICU-07 pump", name: [{ value: "ICU-07 pump", type: "user-friendly-name", display: true }] };
  assert.deepEqual(r5!.resource, { ...COMMON, ...names, type: [{ text: "infusion pump" }] });
  assert.match(r4!.fullUrl, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(r4!.fullUrl, r5!.fullUrl);
});

test("of whom nothing is known only the number is told; of whom nobody was heard the Bundle is empty and whole", async () => {
  assert.deepEqual((await exported([deviceLike({ id: "d3" })], "R4")).entry[0]!.resource, { resourceType: "Device", id: "d3" });
  assert.deepEqual(await exported([], "R5"), { resourceType: "Bundle", type: "collection", entry: [] });
});

test("a UDI that names no model is whole text in R4, and no carrier in R5", async () => {
  const device = deviceLike({ id: "d4", udi: "+H123ABC/S1" });
  assert.deepEqual((await exported([device], "R4")).entry[0]!.resource["udiCarrier"], [{ carrierHRF: "+H123ABC/S1" }]);
  assert.equal((await exported([device], "R5")).entry[0]!.resource["udiCarrier"], undefined);
});

test("more devices than a page are one document with each of them once", async () => {
  const many = Array.from({ length: 2_001 }, (_, at) => deviceLike({ id: `d${at + 1}` }));
  const { entry } = await exported(many, "R4");
  assert.deepEqual([entry.length, new Set(entry.map(({ fullUrl }) => fullUrl)).size], [2_001, 2_001]);
});
