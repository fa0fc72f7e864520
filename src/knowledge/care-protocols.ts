/** Protocols that clinical devices do their work by: a device that speaks one on a day was at its work, whatever else it says on the network. */
export const CARE_PROTOCOLS: readonly string[] = [
  "dicom",
  "dicomweb",
  "dpws",
  "fhir",
  "hl7",
  "intellivue",
  "lis",
  "medibus",
  "phd",
  "poct1a",
  "unity",
];
