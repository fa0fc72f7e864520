/**
 * DICOMweb inside HTTP: PS3.18. Answers to searches as JSON (annex F), objects in parts of a body (section 8.6.1.2).
 *
 * Paths hold study UIDs and queries hold names, so none is looked at: what kind of body crosses, and from which side, says who keeps images.
 */
import { find } from "../bytes/find.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const dicomweb: Protocol = {
  name: "dicomweb",
  title: "DICOMweb",
  over: [
    { inside: "http", as: "application/dicom+json" },
    { inside: "http", as: "application/dicom" },
  ],
  setting: "server",
  privacy: {
    reads: "Whether objects are sent to be stored or on request, and which elements there are in front of an answer.",
    ends: "Paths, queries, all values. That they are patients' is noticed, never whose.",
    keeps: ["dicomRole", "patientData"],
  },
  recognize: (message) => isParts(message) || ELEMENT.test(frontOf(message)),
  read,
};

/** An answer of many studies goes on for megabytes; its first tells what it is of, and elements come in the order of their tags. */
const FRONT_BYTES_MAX = 8 << 10;
/** PS3.18 section F.2.2: an object, alone or the first of a list, whose names are tags and whose values begin with their type. */
const ELEMENT = /^\s{0,16}\[?\s{0,16}\{\s{0,16}"[0-9A-F]{8}"\s{0,4}:\s{0,4}\{\s{0,16}"vr"/;
/** A patient's name or identifier, or the UID of a study. */
const OF_PATIENTS = /"(?:00100010|00100020|0020000D)"/;
/** What was stored and what was refused, as an answer to a store (PS3.18 section 10.5.3.2). */
const STORED = /"(?:00081198|00081199)"/;
const DASH = 0x2d;

function read(message: Uint8Array, report: Report, { side, sender, receiver }: Context): void {
  if (isParts(message)) {
    report.operation(side === "client" ? "STOW-RS" : "WADO-RS");
    report.observe(sender, "patientData", "dicomweb");
    if (isProgram(message)) report.notable("dicomProgram");
    if (side === "server") report.notable("dicomRetrieve");
    if (side === "client") {
      report.observe(sender, "dicomRole", "storage sender");
      report.observe(receiver, "dicomRole", "storage receiver");
    } else report.observe(sender, "dicomRole", "archive");
    return;
  }
  const front = frontOf(message);
  if (!ELEMENT.test(front)) return report.malformed("an answer that begins with no element");
  if (OF_PATIENTS.test(front)) report.observe(sender, "patientData", "dicomweb");
  if (side === "server") report.observe(sender, "dicomRole", STORED.test(front) ? "storage receiver" : "archive");
}

/** PS3.10 section 7.1: 128 bytes of anything, then DICM. Behind the first part's headers. */
function isProgram(message: Uint8Array): boolean {
  const headers = find(message.subarray(0, HEADERS_BYTES_MAX), "\r\n\r\n");
  const from = headers + 4;
  if (headers < 0 || find(message.subarray(from + PREAMBLE_BYTES, from + PREAMBLE_BYTES + 4), "DICM") !== 0) return false;
  return PROGRAMS.some((it) => find(message.subarray(from, from + it.length), it) === 0);
}
const HEADERS_BYTES_MAX = 1 << 10;
const PREAMBLE_BYTES = 128;
/** Windows, Linux, a script. */
const PROGRAMS = ["MZ", "\x7fELF", "#!"];

/** RFC 2046 section 5.1.1: a boundary in front, which some write on a line of its own. */
function isParts(message: Uint8Array): boolean {
  const from = message[0] === 0x0d && message[1] === 0x0a ? 2 : 0;
  return message[from] === DASH && message[from + 1] === DASH;
}

function frontOf(message: Uint8Array): string {
  return Buffer.from(message.subarray(0, FRONT_BYTES_MAX)).toString("latin1");
}
