import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { poct1a } from "./poct1a.ts";

const CLIENT = { side: "client", sender: { ip: "10.0.0.1" }, receiver: { ip: "10.0.0.2" } } as const;
const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const text = (words: string) => new Uint8Array(Buffer.from(words));
const document = (root: string, body = "") => text(`<?xml version="1.0"?>\n<${root}><HDR.version_id V="POCT1"/>${body}</${root}>`);

const hello = (more: string) => document("HEL.R01", `<DEV><DEV.device_id V="00-09-FB-FF-FE-12-34-56"/>${more}</DEV>`);
const greeting = hello(
  '<DEV.vendor_id V="ACM"/><DEV.model_id V="Gluco 3"/><DEV.serial_id V="SN1"/><DEV.manufacturer_name  V = \'Acme &amp; Co\' /><DEV.sw_version V="2.04"/><DEV.device_name V="ZZTEST"/>',
);

test("a meter says who it is, and is no dock", () => {
  assert.equal(poct1a.recognize(greeting, "client"), true);
  assert.equal(poct1a.speaker!(greeting), "client");
  assert.deepEqual(notes(poct1a, greeting, CLIENT), [
    "operation: HEL",
    "10.0.0.1/SN1 serial: SN1",
    "10.0.0.1/SN1 uuid: 0009fbfffe123456",
    "10.0.0.1/SN1 model: Gluco 3",
    "10.0.0.1/SN1 maker: Acme & Co",
    "10.0.0.1/SN1 software: 2.04",
  ]);
});

test("without a serial number its identifier is one, without a name its maker's code is; zeros are neither", () => {
  assert.deepEqual(notes(poct1a, hello('<DEV.vendor_id V="ACM"/>'), CLIENT).slice(1, 4), [
    "10.0.0.1/00-09-FB-FF-FE-12-34-56 serial: 00-09-FB-FF-FE-12-34-56",
    "10.0.0.1/00-09-FB-FF-FE-12-34-56 uuid: 0009fbfffe123456",
    "10.0.0.1/00-09-FB-FF-FE-12-34-56 maker: ACM",
  ]);
  assert.deepEqual(notes(poct1a, hello('<DEV.serial_id V="000"/>'), CLIENT), ["operation: HEL", "malformed: a greeting of nobody"]);
});

test("a greeting is accepted or refused, once", () => {
  const answer = (code: string) => document("ACK.R01", `<ACK><ACK.type_cd V="${code}"/></ACK>`);
  const memory = poct1a.remember!();
  notes(poct1a, greeting, { ...CLIENT, memory });
  assert.deepEqual(notes(poct1a, answer("AA"), { ...SERVER, memory }), ["association accepted"]);
  assert.deepEqual(notes(poct1a, answer("AA"), { ...SERVER, memory }), []);
  notes(poct1a, greeting, { ...CLIENT, memory });
  assert.deepEqual(notes(poct1a, answer("AE"), { ...SERVER, memory }), ["association refused"]);
});

test("directives and lists are told by their kind; of patients it is only told that there is one", () => {
  const directive = (command: string) => notes(poct1a, document("DTV.R01", `<DTV><DTV.command_cd V="${command}"/></DTV>`), SERVER);
  assert.deepEqual(directive("SET_TIME"), ["operation: DTV SET_TIME"]);
  assert.deepEqual(directive("ZZTEST"), ["operation: DTV"]);
  assert.deepEqual(notes(poct1a, document("OPL.R01", '<OPR.operator_id V="ZZTEST"/>'), SERVER), ["operation: OPL"]);
  const result = document("OBS.R01", '<PT><PT.patient_id V="ZZTEST"/><OBS.value V="5"/></PT>');
  const memory = poct1a.remember!();
  assert.deepEqual(notes(poct1a, result, { ...CLIENT, memory }), ["operation: OBS", "10.0.0.1 patientData: poct1a"]);
  assert.deepEqual(notes(poct1a, result, { ...CLIENT, memory }), ["operation: OBS"], "once for a conversation");
  assert.deepEqual(notes(poct1a, document("OBS.R02", '<PT><PT.patient_id V=""/></PT>'), CLIENT), ["operation: OBS"]);
});

test("documents follow one another without a length: each ends with its root", () => {
  const stream = Buffer.concat([greeting, text("\r\n"), document("DST.R01"), text("<KPA.R01/>"), document("END.R01").subarray(0, 40)]);
  const lengths: number[] = [];
  for (let at = 0; ; at += lengths.at(-1)!) {
    const length = poct1a.messageLength!(stream.subarray(at));
    if (length === 0) break;
    lengths.push(length);
  }
  assert.deepEqual(lengths, [greeting.length, document("DST.R01").length + 2, "<KPA.R01/>".length]);
  for (let bytes = 1; bytes < greeting.length; bytes++) assert.equal(poct1a.messageLength!(greeting.subarray(0, bytes)), 0, `${bytes}`);
});

test("from the middle of a document the next one is found", () => {
  const stream = Buffer.concat([text('V="5.4"/></OBS.R01>'), greeting]);
  assert.equal(stream.indexOf("<HEL.R01"), poct1a.resume!(stream));
  assert.equal(poct1a.messageLength!(stream), poct1a.resume!(stream));
  assert.deepEqual(notes(poct1a, text('V="5.4"/></OBS.R01>'), CLIENT), ["malformed: no document of POCT1-A"]);
});

test("a greeting cut in a tag gives what it had", () => {
  const cut = greeting.subarray(0, Buffer.from(greeting).indexOf(" V = "));
  assert.ok(notes(poct1a, cut, { ...CLIENT, cut: true }).includes("10.0.0.1/SN1 model: Gluco 3"));
  const early = greeting.subarray(0, Buffer.from(greeting).indexOf("<DEV.serial_id"));
  assert.deepEqual(notes(poct1a, early, CLIENT), ["operation: HEL", "malformed: a greeting of nobody"], "its serial number was to come");
  assert.equal(poct1a.messageLength!(Buffer.concat([early, greeting])), early.length + '<?xml version="1.0"?>\n'.length);
});

test("other roots, and text about one, are not it", () => {
  for (const words of ["<HELP.R01>", "<HEL>", "<HEL.R01x>", "see <HEL.R01>", "<?xml?><html><HEL.R01>", '<?xml version="1.0"?>', ""])
    assert.equal(poct1a.recognize(text(words), "client"), false, words);
});
