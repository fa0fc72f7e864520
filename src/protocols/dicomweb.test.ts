import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { dicomweb } from "./dicomweb.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const CLIENT = { side: "client", sender: { ip: "10.0.0.1" }, receiver: { ip: "10.0.0.2" } } as const;
const bytes = (text: string) => new Uint8Array(Buffer.from(text));
/** PS3.18 section F.4, the example of a search, shortened. */
const study =
  '[{"0020000D":{"vr":"UI","Value":["1.2.392.200036.9116.2.2.2.1762893313.1029997326.945873"]},"00100010":{"vr":"PN","Value":[{"Alphabetic":"ZZTEST^Person"}]}}]';
const part = "--part\r\nContent-Type: application/dicom\r\n\r\n\0\0\0\0DICM";

test("who answers a search keeps images, and whose they are stays unread", () => {
  assert.equal(dicomweb.recognize(bytes(study), "server"), true);
  assert.deepEqual(notes(dicomweb, bytes(study), SERVER), ["10.0.0.2 patientData: dicomweb", "10.0.0.2 dicomRole: archive"]);
  assert.deepEqual(notes(dicomweb, bytes('{"00080056":{"vr":"CS"}}'), SERVER), ["10.0.0.2 dicomRole: archive"]);
});

test("objects are sent to be stored, or because somebody asked", () => {
  for (const text of [part, `\r\n${part}`]) assert.equal(dicomweb.recognize(bytes(text), "client"), true);
  assert.deepEqual(notes(dicomweb, bytes(part), CLIENT), [
    "operation: STOW-RS",
    "10.0.0.1 patientData: dicomweb",
    "10.0.0.1 dicomRole: storage sender",
    "10.0.0.2 dicomRole: storage receiver",
  ]);
  assert.deepEqual(notes(dicomweb, bytes(part), SERVER), [
    "operation: WADO-RS",
    "10.0.0.2 patientData: dicomweb",
    "notable: dicomRetrieve",
    "10.0.0.2 dicomRole: archive",
  ]);
  // What was stored is answered with the list of it: PS3.18 section 10.5.3.2.
  assert.deepEqual(notes(dicomweb, bytes('{"00081199":{"vr":"SQ"}}'), SERVER), ["10.0.0.2 dicomRole: storage receiver"]);
});

test("an answer cut in its first element is broken, and other JSON is none", () => {
  assert.deepEqual(notes(dicomweb, bytes('[{"0020000D":{"v'), { ...SERVER, cut: true }), [
    "malformed: an answer that begins with no element",
  ]);
  for (const text of ["[]", '[{"00100010":"ZZTEST"}]', '{"name":{"vr":"PN"}}', "-", "- item"])
    assert.equal(dicomweb.recognize(bytes(text), "server"), false, text);
});
