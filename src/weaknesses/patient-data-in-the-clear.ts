/** That patient data crosses for anyone on the way to read; never what it says. */
import type { Condition } from "../model/weakness.ts";
import { saying } from "./heard.ts";

export const patientDataInTheClear: Condition = {
  name: "patient-data-in-the-clear",
  kind: "exposure",
  title: "It sends patient data in the clear",
  severity: "medium",
  harms: ["patient"],
  remedy:
    "Turn on TLS on both ends where both can (DICOM PS3.15 annex B; HL7 over TLS), the receiver first, and try it with one device before the others.",
  control: "Keep both ends on a segment of their own, or put a gateway that encrypts on each side.",
  cured: "No patient data has been heard in the clear from it for 14 days",
  minutes: 60,
  source: "DICOM PS3.15 annex B; IHE ATNA (ITI TF-2 3.19); 45 CFR 164.312(e)",
  misses: "Patient data in protocols that are not read, and wherever we do not listen.",

  examine: (device) =>
    saying(
      device,
      ({ attribute }) => attribute === "patientData",
      ({ value }) => `Patient data crossed in the clear, by ${value}`,
    ),
};
