import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { wsdiscovery } from "./wsdiscovery.ts";

const SENDER = { ip: "192.0.2.7", mac: "00:09:fb:12:34:56" };
const OASIS = "http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01";

const envelope = (body: string, discovery = OASIS) =>
  Buffer.from(
    `<?xml version="1.0"?><s12:Envelope xmlns:s12="http://www.w3.org/2003/05/soap-envelope" xmlns:d="${discovery}" xmlns:a="x">` +
      `<s12:Header><a:Address>urn:not-this-one</a:Address></s12:Header><s12:Body>${body}</s12:Body></s12:Envelope>`,
  );
const described = (address: string, scopes: string) =>
  `<a:EndpointReference><a:Address>urn:uuid:857BF583-8A51-475F-A77F-D0CA7DE69B11</a:Address></a:EndpointReference>` +
  `<d:Types>dpws:Device mdpws:MedicalDevice</d:Types><d:Scopes>${scopes}</d:Scopes><d:XAddrs>https://${address}:6464/1</d:XAddrs>`;

test("a medical device greets with its identity, its types and its place, and leaves people out", () => {
  const hello = envelope(
    `<d:Hello>${described(
      "192.0.2.7",
      "sdc.ctxt.loc:/sdc.ctxt.loc.detail/Clinic%2F%2F%2FICU%2F%2FBed%203?fac=Clinic&amp;poc=ICU&bed=Bed%203 sdc.ctxt.opr:/someone sdc.ctxt.pat:/x sdc.mds.pkp:1.2.840.10004.20701.1.1",
    )}</d:Hello>`,
  );
  assert.equal(wsdiscovery.recognize(hello, "unknown"), true);
  assert.deepEqual(notes(wsdiscovery, hello, { sender: SENDER }), [
    "operation: HELLO",
    `${SENDER.mac} uuid: 857bf583-8a51-475f-a77f-d0ca7de69b11`,
    `${SENDER.mac} capability: Device`,
    `${SENDER.mac} capability: MedicalDevice`,
    `${SENDER.mac} location: Clinic / ICU / Bed 3`,
    `${SENDER.mac} capability: SDC service provider`,
  ]);
});

test("a scope says what kind of system it is, in the nomenclature it names or means; its modules are no systems", () => {
  const scoped = (scope: string) =>
    notes(wsdiscovery, envelope(`<d:Hello>${described("192.0.2.7", scope)}</d:Hello>`), { sender: SENDER }).slice(4);
  assert.deepEqual(scoped("sdc.cdc.type:///70049"), [`${SENDER.mac} deviceCode: MDC_DEV_PUMP_INFUS_LVP_MDS`]);
  assert.deepEqual(scoped("sdc.cdc.type:/urn%3Aoid%3A1.2.840.10004.1.1.1.0.0.1//69965"), [
    `${SENDER.mac} deviceCode: MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS`,
  ]);
  for (const scope of ["sdc.cdc.type:///70002", "sdc.cdc.type:/urn:oid:1.3.6.1.4.1.3592.2.1.1.0//70049", "sdc.cdc.type:///DN_VMD"])
    assert.deepEqual(scoped(scope), [], scope);
});

test("a place stands in the path of a location in detail, else in the query", () => {
  const scoped = (scope: string) =>
    notes(wsdiscovery, envelope(`<d:Hello>${described("192.0.2.7", scope)}</d:Hello>`), { sender: SENDER }).slice(4);
  assert.deepEqual(scoped("sdc.ctxt.loc:/sdc.ctxt.loc.detail/Clinic%2F%2F%2FICU%2F%2FBed%203"), [
    `${SENDER.mac} location: Clinic / ICU / Bed 3`,
  ]);
  assert.deepEqual(scoped("sdc.ctxt.loc:/somewhere.else/4711?poc=ICU&amp;bed=Bed%203"), [`${SENDER.mac} location: ICU / Bed 3`]);
  assert.deepEqual(scoped("sdc.ctxt.loc:/somewhere.else/4711"), []);
});

test("a proxy answers for a camera elsewhere", () => {
  const matches = envelope(
    `<d:ProbeMatches><d:ProbeMatch>${described(
      "192.0.2.8",
      "onvif://www.onvif.org/hardware/Cam-200 onvif://www.onvif.org/name/Someones onvif://www.onvif.org/location/Hall%20B",
    )}</d:ProbeMatch></d:ProbeMatches>`,
    "http://schemas.xmlsoap.org/ws/2005/04/discovery",
  );
  assert.deepEqual(notes(wsdiscovery, matches, { sender: SENDER }), [
    "operation: PROBE MATCHES",
    "192.0.2.8 uuid: 857bf583-8a51-475f-a77f-d0ca7de69b11",
    "192.0.2.8 capability: Device",
    "192.0.2.8 capability: MedicalDevice",
    "192.0.2.8 model: Cam-200",
    "192.0.2.8 location: Hall B",
  ]);
});

test("who asks describes nobody", () => {
  assert.deepEqual(notes(wsdiscovery, envelope("<d:Probe><d:Types>wsdp:Device</d:Types></d:Probe>")), ["operation: PROBE"]);
});

test("a message cut short gives what it had", () => {
  const hello = envelope(`<d:Hello>${described("192.0.2.7", "x")}</d:Hello>`);
  const cut = hello.subarray(0, hello.indexOf("<d:Scopes"));
  assert.deepEqual(notes(wsdiscovery, cut, { sender: SENDER }).slice(0, 2), [
    "operation: HELLO",
    `${SENDER.mac} uuid: 857bf583-8a51-475f-a77f-d0ca7de69b11`,
  ]);
  assert.deepEqual(notes(wsdiscovery, hello.subarray(0, 60)), ["malformed: no body"]);
});

test("another SOAP message, and a text about discovery, are not this", () => {
  assert.equal(wsdiscovery.recognize(envelope("<x/>", "http://example.org/other"), "unknown"), false);
  assert.equal(wsdiscovery.recognize(Buffer.from(`see ${OASIS} <s:Envelope>`), "unknown"), false);
});
