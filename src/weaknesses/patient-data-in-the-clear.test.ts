import assert from "node:assert/strict";
import { test } from "node:test";
import { service, told, weaknessLines } from "../testing/fleet.ts";
import { patientDataInTheClear } from "./patient-data-in-the-clear.ts";

test("a scanner that sent patient data in the clear, and by which protocol", () => {
  assert.deepEqual(weaknessLines(patientDataInTheClear, { said: [told("patientData", "dicom", "dicom")] }), [
    "patient-data-in-the-clear affected medium: Patient data crossed in the clear, by dicom",
  ]);
});

test("images in which no patient was heard are none", () => {
  assert.deepEqual(weaknessLines(patientDataInTheClear, { services: [service(104, "dicom")] }), []);
});
