import assert from "node:assert/strict";
import { test } from "node:test";
import { notes } from "../testing/notes.ts";
import { fhir } from "./fhir.ts";

const SERVER = { side: "server", sender: { ip: "10.0.0.2" }, receiver: { ip: "10.0.0.1" } } as const;
const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const statement = bytes(
  '{ "resourceType": "CapabilityStatement", "publisher": "anna@clinic.example", "software": {"name": "Record Works", "version": "6.4"}, "rest": [',
);

test("a server that says what it can says what it is", () => {
  assert.equal(fhir.recognize(statement, "server"), true);
  assert.deepEqual(notes(fhir, statement, SERVER), ["10.0.0.2 software: Record Works 6.4"]);
  assert.deepEqual(notes(fhir, statement), [], "a client sends what it read elsewhere");
});

test("of a patient only that there is one", () => {
  const patient = bytes('{"resourceType":"Patient","name":[{"family":"ZZTEST"}],"software":{"name":"ZZTEST"}}');
  assert.deepEqual(notes(fhir, patient, SERVER), ["10.0.0.2 patientData: fhir"]);
  assert.deepEqual(notes(fhir, bytes('{"resourceType":"Bundle"}'), SERVER), []);
});

test("a statement cut inside its program says nothing of it, and a resource without a type is broken", () => {
  assert.deepEqual(notes(fhir, statement.subarray(0, 110), { ...SERVER, cut: true }), []);
  assert.deepEqual(notes(fhir, bytes('{"resourceTyp'), SERVER), ["malformed: a resource without its type in front"]);
});

test("other JSON is not FHIR", () => {
  for (const text of ['{"name":"Patient"}', '[{"resourceType":"Patient"}]', '{"resourceType":7}', "{"])
    assert.equal(fhir.recognize(bytes(text), "server"), false, text);
});
