/**
 * FHIR as JSON, inside HTTP: HL7 FHIR R4, chapters "RESTful API" and "CapabilityStatement".
 *
 * A server that is asked what it can says which program it is. Of all other resources only the type is looked at: that patients' data
 * cross in the clear is worth knowing, never whose.
 */
import type { Context, Protocol, Report } from "../model/protocol.ts";
import { utf8, withoutMail } from "../bytes/text.ts";

export const fhir: Protocol = {
  name: "fhir",
  title: "FHIR",
  over: [{ inside: "http", as: "application/fhir+json" }],
  setting: "server",
  privacy: {
    reads: "The type of a resource, and a server's program and version.",
    ends: "All resources. That they are patients' is noticed, never whose.",
    keeps: ["software", "patientData"],
  },
  recognize: (message) => message[0] === BRACE && typeOf(frontOf(message)) !== "",
  read,
};

const BRACE = 0x7b;
/** A statement names its program before it lists what can be asked of it, which may go on for a megabyte. */
const FRONT_BYTES_MAX = 8 << 10;
/** R4 section 2.6.1: "SHOULD be first", and is, in all servers there are. */
const TYPE = /^\{\s{0,16}"resourceType"\s{0,4}:\s{0,4}"([A-Z][A-Za-z]{1,40})"/;
const STATEMENT = "CapabilityStatement";
/** An object without others inside it. */
const SOFTWARE = /"software"\s{0,4}:\s{0,4}\{([^{}]{1,2048})\}/;
/** R4 "Resource Index", those about one patient. */
const OF_PATIENTS = new Set([
  ..."Patient Person RelatedPerson Encounter EpisodeOfCare Observation DiagnosticReport Condition Procedure AllergyIntolerance".split(" "),
  ..."ImagingStudy Specimen ServiceRequest MedicationRequest MedicationAdministration MedicationStatement MedicationDispense".split(" "),
  ..."Immunization CarePlan FamilyMemberHistory DeviceUseStatement DeviceRequest NutritionOrder VisionPrescription".split(" "),
]);

function read(message: Uint8Array, report: Report, { side, sender }: Context): void {
  const front = frontOf(message);
  const type = typeOf(front);
  if (type === "") return report.malformed("a resource without its type in front");
  if (OF_PATIENTS.has(type)) report.observe(sender, "patientData", "fhir");
  if (side !== "server" || type !== STATEMENT) return;
  const software = SOFTWARE.exec(front)?.[1] ?? "";
  const name = stringIn(software, "name");
  if (name !== "") report.observe(sender, "software", withoutMail(`${name} ${stringIn(software, "version")}`.trim()));
}

function frontOf(message: Uint8Array): string {
  return Buffer.from(message.subarray(0, FRONT_BYTES_MAX)).toString("latin1");
}

function typeOf(front: string): string {
  return TYPE.exec(front)?.[1] ?? "";
}

/** Texts with escapes in them name no program. */
function stringIn(object: string, key: string): string {
  const value = new RegExp(`"${key}"\\s{0,4}:\\s{0,4}"([^"\\\\]{1,128})"`).exec(object)?.[1] ?? "";
  return utf8(Buffer.from(value, "latin1"));
}
