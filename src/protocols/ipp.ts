/**
 * IPP, inside HTTP: RFC 8010 and 8011, attributes of PWG 5100.13 and 5107.2.
 *
 * A printer that is asked what it is says maker, model, firmware and often its serial number and place. A print server answers in the
 * same form for printers that stand elsewhere, so its answers are nobody's. Documents, jobs and who prints are not read.
 */
import { Reader } from "../bytes/reader.ts";
import { ascii, utf8, withoutMail } from "../bytes/text.ts";
import type { Attribute } from "../model/observation.ts";
import type { Address, Context, Protocol, Report } from "../model/protocol.ts";

export const ipp: Protocol = {
  name: "ipp",
  title: "IPP",
  over: [{ inside: "http", as: "application/ipp" }],
  privacy: {
    reads: "Operations; what a printer says of itself.",
    ends: "Jobs, documents, and who prints; the name and description an owner gave.",
    keeps: ["maker", "model", "serial", "software", "location", "uuid"],
  },
  recognize: (message) => {
    const reader = new Reader(message);
    const major = reader.u8();
    reader.skip(7);
    return (major === 1 || major === 2) && reader.u8() === Group.operation && reader.u8() === CHARSET_TAG;
  },
  read,
};

/** RFC 8010 section 3.1.1: version, operation or status, request; then groups. Section 3.5.1 their tags. */
const HEADER_BYTES = 8;
const Group = { operation: 1, job: 2, end: 3, printer: 4 } as const;
/** Tags below this part groups; section 3.5.2: texts in one language, names, addresses. */
const VALUE_TAG_MIN = 0x10;
const TEXT_TAGS = new Set([0x41, 0x42, 0x44, 0x45]);
const CHARSET_TAG = 0x47;
/** RFC 8011 section 5.4.15, and what CUPS adds (its specification, section "Operations"). */
const OPERATIONS: Readonly<Record<number, string>> = {
  0x02: "PRINT_JOB",
  0x03: "PRINT_URI",
  0x04: "VALIDATE_JOB",
  0x05: "CREATE_JOB",
  0x06: "SEND_DOCUMENT",
  0x08: "CANCEL_JOB",
  0x09: "GET_JOB_ATTRIBUTES",
  0x0a: "GET_JOBS",
  0x0b: "GET_PRINTER_ATTRIBUTES",
  0x10: "PAUSE_PRINTER",
  0x11: "RESUME_PRINTER",
  0x12: "PURGE_JOBS",
  0x4002: "GET_PRINTERS",
};

/** RFC 8011 section 5.4, PWG 5100.13 section 6.5. */
const ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  "printer-make-and-model": "model",
  "printer-firmware-string-version": "software",
  "printer-location": "location",
  "printer-uuid": "uuid",
};
/** PWG 5107.2 section 3: pairs as in IEEE 1284, under long names or short ones. */
const DEVICE_ID = "printer-device-id";
const DEVICE_ID_KEYS: Readonly<Record<string, Attribute>> = {
  MFG: "maker",
  MANUFACTURER: "maker",
  MDL: "model",
  MODEL: "model",
  SN: "serial",
  SERN: "serial",
  SERIALNUMBER: "serial",
};
/** Only a server's queue has a device behind it, and a path under these. */
const QUEUE_ATTRIBUTE = "device-uri";
const QUEUE_PATH = /\/(?:printers|classes)\//;
const ATTRIBUTES_MAX = 2_000;

function read(message: Uint8Array, report: Report, { side, sender, cut }: Context): void {
  const code = new Reader(message, 2).u16();
  if (side !== "server") return report.operation(OPERATIONS[code] ?? "OTHER");
  // RFC 8010 section 3.6: what is below is a success.
  if (code >= 0x100) return;
  readPrinter(message, report, sender, cut);
}

/** Whether this is a queue, an attribute further on may say: nothing is told of an answer without its end. */
function readPrinter(message: Uint8Array, report: Report, printer: Address, cut: boolean): void {
  // The first of each counts: the model stands alone and in the device's id, with its maker or without.
  const found = new Map<Attribute, string>();
  const note = (attribute: Attribute, value: string) => void (found.has(attribute) || found.set(attribute, value));
  const reader = new Reader(message, HEADER_BYTES);
  let group = 0;
  let printers = 0;
  for (let i = 0; i < ATTRIBUTES_MAX && !reader.overrun; i++) {
    const tag = reader.u8();
    if (tag === Group.end) break;
    if (tag < VALUE_TAG_MIN) {
      group = tag;
      if (tag === Group.printer) printers++;
      continue;
    }
    const name = ascii(reader.take(reader.u16()));
    const value = reader.take(reader.u16());
    if (group !== Group.printer || !TEXT_TAGS.has(tag)) continue;
    if (name === QUEUE_ATTRIBUTE || (name === "printer-uri-supported" && QUEUE_PATH.test(utf8(value)))) printers = Infinity;
    const attribute = ATTRIBUTES[name];
    if (attribute !== undefined) note(attribute, withoutMail(utf8(value)).replace(/^urn:uuid:/i, ""));
    else if (name === DEVICE_ID) for (const [key, said] of inDeviceId(utf8(value))) note(key, said);
  }
  if (reader.overrun) return cut ? undefined : report.malformed("an attribute runs past the end");
  if (printers === 1) for (const [attribute, value] of found) report.observe(printer, attribute, value);
}

function inDeviceId(text: string): [Attribute, string][] {
  return text.split(";").flatMap((pair): [Attribute, string][] => {
    const colon = pair.indexOf(":");
    const attribute = DEVICE_ID_KEYS[pair.slice(0, Math.max(colon, 0)).trim().toUpperCase()];
    return attribute === undefined ? [] : [[attribute, pair.slice(colon + 1).trim()]];
  });
}
