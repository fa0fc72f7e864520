/**
 * Devices as FHIR Device resources in a Bundle (R4: hl7.org/fhir/R4/device.html, R5 on request). Only what is asserted is told: FHIR has
 * no place for "probably", and what is not known is left out. There is no patient in it, ever.
 */
import { createHash } from "node:crypto";
import type { BundleEntry as EntryR4, Device as DeviceR4 } from "fhir/r4.js";
import type { BundleEntry as EntryR5, Device as DeviceR5 } from "fhir/r5.js";
import { LEAD_ASSERTED, type DeviceSummary, type Stated } from "../model/device.ts";
import type { RecordingReader } from "../model/store.ts";

export const FHIR_VERSIONS = ["R4", "R5"] as const;
export type FhirVersion = (typeof FHIR_VERSIONS)[number];

const PAGE = 1_000;

/** One document, in pieces. The same recording gives the same bytes. */
export async function* fhirBundle(
  reader: RecordingReader,
  query: { readonly filter: string; readonly sort: string; readonly descending: boolean },
  version: FhirVersion,
): AsyncGenerator<string> {
  const { recording } = await reader.coverage();
  yield `{"resourceType":"Bundle","type":"collection","entry":[`;
  let before = "\n";
  for (let offset = 0; ; offset += PAGE) {
    const { rows } = await reader.devices({ ...query, offset, limit: PAGE });
    for (const device of rows) {
      yield before + JSON.stringify(version === "R4" ? entryR4(device, recording) : entryR5(device, recording));
      before = ",\n";
    }
    if (rows.length < PAGE) break;
  }
  yield "]}\n";
}

function entryR4(device: DeviceSummary, recording: string): EntryR4<DeviceR4> {
  const { id, ...common } = commonOf(device);
  const kind = known(device.kind);
  const name = known(device.names[0] ?? null);
  const udi = udiOf(known(device.udi));
  const resource: DeviceR4 = {
    resourceType: "Device",
    id,
    ...common,
    ...(udi === null ? {} : { udiCarrier: [udi] }),
    ...(name === null ? {} : { deviceName: [{ name, type: "user-friendly-name" }] }),
    ...(kind === null ? {} : { type: { text: kind } }),
  };
  return { fullUrl: urlOf(recording, id), resource };
}

function entryR5(device: DeviceSummary, recording: string): EntryR5<DeviceR5> {
  const { id, ...common } = commonOf(device);
  const kind = known(device.kind);
  const name = known(device.names[0] ?? null);
  const udi = udiOf(known(device.udi));
  const resource: DeviceR5 = {
    resourceType: "Device",
    id,
    ...common,
    // From R5 on a carrier names its issuer and the model, or is none.
    ...(udi?.deviceIdentifier === undefined || udi.issuer === undefined
      ? {}
      : { udiCarrier: [{ ...udi, deviceIdentifier: udi.deviceIdentifier, issuer: udi.issuer }] }),
    ...(name === null ? {} : { displayName: name, name: [{ value: name, type: "user-friendly-name", display: true }] }),
    ...(kind === null ? {} : { type: [{ text: kind }] }),
  };
  return { fullUrl: urlOf(recording, id), resource };
}

/** What both versions say alike. */
function commonOf(device: DeviceSummary) {
  const [manufacturer, modelNumber, serialNumber] = [known(device.maker), known(device.model), known(device.serial)];
  const [owner, location] = [known(device.owner), known(device.location)];
  const identifier = identifiersOf(device);
  const version = [...versionOf("software", known(device.software)), ...versionOf("operating system", known(device.os))];
  const status = STATUS[device.status?.value ?? ""];
  return {
    id: device.id,
    ...(identifier.length === 0 ? {} : { identifier }),
    ...(status === undefined ? {} : { status }),
    ...(manufacturer === null ? {} : { manufacturer }),
    ...(serialNumber === null ? {} : { serialNumber }),
    ...(modelNumber === null ? {} : { modelNumber }),
    ...(version.length === 0 ? {} : { version }),
    ...(owner === null ? {} : { owner: { display: owner } }),
    ...(location === null ? {} : { location: { display: location } }),
  };
}

/** In the workshop it may be either. */
const STATUS: Readonly<Record<string, "active" | "inactive">> = {
  "in service": "active",
  store: "active",
  "on loan": "active",
  retired: "inactive",
};

function identifiersOf({ serial, controlNumber, macs }: DeviceSummary) {
  const number = known(serial);
  return [
    ...(number === null ? [] : [{ type: { coding: [SERIAL] }, value: number }]),
    ...(controlNumber === null ? [] : [{ type: { text: "control number" }, value: controlNumber.value }]),
    ...macs.map((mac) => ({ type: { text: "MAC address" }, value: mac })),
  ];
}
const SERIAL = { system: "http://terminology.hl7.org/CodeSystem/v2-0203", code: "SNO" };

function versionOf(of: string, value: string | null) {
  return value === null ? [] : [{ type: { text: of }, value }];
}

interface Udi {
  readonly carrierHRF: string;
  readonly deviceIdentifier?: string;
  readonly issuer?: string;
}

/** GS1 writes (01) before the model's number; of the other issuers no device was heard to say one. */
function udiOf(udi: string | null): Udi | null {
  if (udi === null) return null;
  const deviceIdentifier = /^\(?01\)?(\d{14})/.exec(udi)?.[1];
  return { carrierHRF: udi, ...(deviceIdentifier === undefined ? {} : { deviceIdentifier, issuer: GS1 }) };
}
const GS1 = "http://hl7.org/fhir/NamingSystem/gs1-di";

function known(stated: Stated | null): string | null {
  return stated === null || stated.lead < LEAD_ASSERTED ? null : stated.value;
}

/** RFC 9562 version 8: of what names it, so that it is the same in each export. */
function urlOf(recording: string, id: string): string {
  const hex = createHash("sha256").update(`${recording} ${id}`).digest("hex");
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
