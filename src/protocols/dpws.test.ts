import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { dpws } from "./dpws.ts";

const SERVER = { side: "server" } as const;
const DPWS = 'xmlns:d="http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01"';
const BICEPS = 'xmlns:p="http://standards.ieee.org/downloads/11073/11073-10207-2017/participant"';
const ACTION = "http://standards.ieee.org/downloads/11073/11073-20701-2018/";

const envelope = (namespace: string, body: string, action = "") =>
  new Uint8Array(
    Buffer.from(
      `<?xml version="1.0"?>\n<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" ${namespace}><s:Header><a:Action>${action}</a:Action></s:Header><s:Body>${body}</s:Body></s:Envelope>`,
    ),
  );
const metadata =
  '<d:ThisModel><d:Manufacturer xml:lang="en">Maker &amp; Co</d:Manufacturer><d:ModelName>Pump 7</d:ModelName></d:ThisModel>' +
  "<d:ThisDevice><d:FriendlyName>ZZTEST</d:FriendlyName><d:FirmwareVersion>3.1</d:FirmwareVersion><d:SerialNumber>SN1</d:SerialNumber></d:ThisDevice>";

test("a device's metadata say maker, model, firmware and serial number, and not what people call it", () => {
  assert.equal(dpws.recognize(envelope(DPWS, metadata), "server"), true);
  assert.deepEqual(notes(dpws, envelope(DPWS, metadata), SERVER), [
    "10.0.0.1 maker: Maker & Co",
    "10.0.0.1 model: Pump 7",
    "10.0.0.1 software: 3.1",
    "10.0.0.1 serial: SN1",
  ]);
  assert.deepEqual(notes(dpws, envelope(DPWS, metadata)), [], "who asks describes nobody");
});

const description = (type: string) =>
  `<p:Mds Handle="0">${type}<p:MetaData><p:Udi><p:DeviceIdentifier>0401</p:DeviceIdentifier></p:Udi><p:Manufacturer>M</p:Manufacturer></p:MetaData>` +
  '<p:Vmd Handle="1"><p:Type Code="70050"/></p:Vmd></p:Mds>';

test("a medical device that does not encrypt tells its kind, identifier and bed; of its patient only that there is one", () => {
  const place = '<p:LocationDetail Facility="Clinic" PoC="ICU" Bed="3 &quot;A&quot;"/>';
  const patient = "<p:CoreData><p:Givenname>ZZTEST</p:Givenname></p:CoreData>";
  const type = '<p:Type Code="70049"><p:ConceptDescription>x</p:ConceptDescription></p:Type>';
  assert.deepEqual(notes(dpws, envelope(BICEPS, description(type) + place + patient), SERVER), [
    "10.0.0.1 dialect: SDC without encryption",
    "10.0.0.1 maker: M",
    "10.0.0.1 udi: 0401",
    "10.0.0.1 deviceCode: MDC_DEV_PUMP_INFUS_LVP_MDS",
    "10.0.0.1 patientData: dpws",
    '10.0.0.1 location: Clinic / ICU / 3 "A"',
  ]);
});

test("a type in a system of its own, or a module's, is not the device's", () => {
  const coded = (type: string) => notes(dpws, envelope(BICEPS, description(type)), SERVER).filter((line) => line.includes("deviceCode"));
  assert.deepEqual(coded('<p:Type Code="70049" CodingSystem="urn:oid:1.2.3"/>'), []);
  assert.deepEqual(coded(""), []);
});

test("who sets and silences is told by the service's operation", () => {
  const asked = (action: string) => notes(dpws, envelope(BICEPS, "<g:x/>", `${ACTION}${action}`));
  assert.deepEqual(asked("SetService/SetAlertState"), ["operation: SetAlertState", "notable: alarmsSet"]);
  assert.deepEqual(asked("SetService/SetValue"), ["operation: SetValue", "notable: deviceSet"]);
  assert.deepEqual(asked("ContextService/SetContextState"), ["operation: SetContextState"]);
  assert.deepEqual(asked("GetService/GetMdib"), ["operation: GetMdib"]);
  assert.deepEqual(asked("GetService/ZZTEST"), []);
});

test("metadata cut in an element give what came before it", () => {
  const whole = envelope(DPWS, metadata);
  const cut = whole.subarray(0, Buffer.from(whole).indexOf(" 7</d:ModelName>"));
  assert.deepEqual(notes(dpws, cut, SERVER), ["10.0.0.1 maker: Maker & Co"]);
  assert.deepEqual(notes(dpws, whole.subarray(0, 100), SERVER), ["malformed: no body"]);
});

test("SOAP of other services, and a page about them, are not it", () => {
  assert.equal(dpws.recognize(envelope('xmlns:d="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"', metadata), "server"), false);
  assert.equal(dpws.recognize(new Uint8Array(Buffer.from(`<html>${DPWS} <s:Envelope >`)), "server"), false);
});
