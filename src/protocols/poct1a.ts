/**
 * POCT1-A: point-of-care devices and their data manager, CLSI POCT1-A2, device messaging layer over TCP.
 *
 * Glucose meters, blood gas analyzers and readers of quick tests greet the data manager with who they are, then hand over results, and are
 * given directives, operators and patients. Messages are XML documents one after another. A meter often speaks through the dock it stands
 * in, and others do after it, so what it says of itself is the meter's, by its serial number, not the dock's.
 */
import { clean, hex, TEXT_LENGTH_MAX } from "../bytes/text.ts";
import type { Attribute } from "../model/observation.ts";
import type { Address, Child, Context, Protocol, Report, Side } from "../model/protocol.ts";

export const poct1a: Protocol<Memory> = {
  name: "poct1a",
  title: "POCT1-A",
  over: [{ tcp: [] }],
  setting: "clinical",
  idleMinutes: 120,
  privacy: {
    reads: "Kinds of messages, directives, whether a greeting was accepted; of a greeting what the device says of itself.",
    ends: "Patients, results, operators, events, orders, notes, message numbers. That there is a patient is noticed, never which.",
    keeps: ["maker", "model", "serial", "software", "hardware", "uuid", "patientData"],
  },
  recognize: (message) => rootOf(message) !== "",
  speaker: (message) => SPEAKERS.get(rootOf(message)) ?? "unknown",
  messageLength,
  resume,
  remember: () => ({ greeted: false, patientSeen: false }),
  read,
};

interface Memory {
  /** A device greeted, and nobody answered yet. */
  greeted: boolean;
  patientSeen: boolean;
}

/** Appendix B: documents, by the first three letters of their root; who sends those that only one side does. */
const DOCUMENTS = "HEL DST ACK REQ OBS EVS OPL PTL DTV EOT END KPA ESC".split(" ");
const SPEAKERS: ReadonlyMap<string, Side> = new Map([
  ...["HEL", "DST", "OBS", "EVS"].map((it) => [it, "client"] as const),
  ...["REQ", "OPL", "PTL", "DTV"].map((it) => [it, "server"] as const),
]);
const ROOT = new RegExp(`<(${DOCUMENTS.join("|")})\\.R0\\d(?=[\\s/>])`);
const BEGINNING = new RegExp(`^\\s*(?:<\\?xml[^<>]{0,128}\\?>\\s*)?${ROOT.source}`);
const BEGINNING_BYTES_MAX = 256;
/** Results of a day on one meter fit; of a longer one the front is enough. */
const MESSAGE_BYTES_MAX = 64 << 10;

/** What a directive orders, of those that change or occupy a device. */
const DIRECTIVES = new Set(["SET_TIME", "START_CONTINUOUS"]);
const DEVICE: ReadonlyMap<string, Attribute> = new Map([
  ["manufacturer_name", "maker"],
  ["vendor_id", "maker"],
  ["model_id", "model"],
  ["sw_version", "software"],
  ["hw_version", "hardware"],
]);
const FIELDS_MAX = 32;

/** The first letters of its root; "" for anything else. */
function rootOf(message: Uint8Array): string {
  const first = message[0] ?? 0;
  return first === LESS || isBlank(first) ? (BEGINNING.exec(latin(message, BEGINNING_BYTES_MAX))?.[1] ?? "") : "";
}
const LESS = 0x3c;

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function messageLength(stream: Uint8Array): number {
  const text = latin(stream, MESSAGE_BYTES_MAX);
  const root = ROOT.exec(text);
  if (root !== null && BEGINNING.test(text)) {
    const opened = text.indexOf(">", root.index);
    if (opened > 0 && text[opened - 1] === "/") return opened + 1;
    const close = `</${root[0].slice(1)}>`;
    const end = text.indexOf(close, root.index);
    // Where the next one begins, the end of this was lost.
    const next = ROOT.exec(text.slice(root.index + 1, end < 0 ? undefined : end));
    if (next !== null) return root.index + 1 + next.index;
    if (end >= 0) return end + close.length;
    return stream.length < MESSAGE_BYTES_MAX ? 0 : stream.length;
  }
  // Between documents, or the front of one; else out of step, up to where one surely begins.
  if (root === null && stream.length < BEGINNING_BYTES_MAX && /^\s*(?:$|<)/.test(text)) return 0;
  const begins = resume(stream);
  return begins > 0 ? begins : stream.length;
}

/** A root's whole tag stands in no other document. */
function resume(stream: Uint8Array): number {
  return ROOT.exec(latin(stream, MESSAGE_BYTES_MAX))?.index ?? -1;
}

function read(message: Uint8Array, report: Report, context: Context<Memory>): void {
  const { sender, memory } = context;
  const text = new TextDecoder().decode(message.subarray(0, MESSAGE_BYTES_MAX));
  const root = rootOf(message);
  switch (root) {
    case "":
      if (text.trim() !== "") report.malformed("no document of POCT1-A");
      return;
    case "HEL":
      memory.greeted = true;
      report.operation(root);
      return greeting(text, sender, report);
    case "ACK": {
      const code = fieldsOf(text, "ACK").get("type_cd") ?? "";
      if (memory.greeted && /^A[AER]$/.test(code)) report.attempt("association", code === "AA" ? "accepted" : "refused");
      memory.greeted = false;
      return;
    }
    case "DTV": {
      const command = fieldsOf(text, "DTV").get("command_cd") ?? "";
      report.operation(DIRECTIVES.has(command) ? `DTV ${command}` : root);
      break;
    }
    default:
      report.operation(root);
  }
  if (!memory.patientSeen && (fieldsOf(text, "PT").get("patient_id") ?? "") !== "") {
    memory.patientSeen = true;
    report.observe(sender, "patientData", "poct1a");
  }
}

function greeting(text: string, sender: Address, report: Report): void {
  const fields = fieldsOf(text, "DEV");
  const id = fields.get("device_id") ?? "";
  // A serial number goes before an identifier, and may be in the part that is missing.
  const serial = fields.get("serial_id") || (text.includes("</DEV>") ? id : "");
  if (/^[0\s-]*$/.test(serial)) return report.malformed("a greeting of nobody");
  const device: Child = { gateway: sender, serial };
  report.observe(device, "serial", serial);
  if (EUI.test(id)) report.observe(device, "uuid", hex(Buffer.from(id.replaceAll(/[-:]/g, ""), "hex")));
  for (const [field, value] of fields) {
    const attribute = DEVICE.get(field);
    // The maker's own name goes before its code.
    if (attribute !== undefined && !(field === "vendor_id" && (fields.get("manufacturer_name") ?? "") !== ""))
      report.observe(device, attribute, value);
  }
}
/** 48 or 64 bits, as the specification asks. */
const EUI = /^(?:[0-9a-f]{2}[-:]?){5}(?:(?:[0-9a-f]{2}[-:]?){2})?[0-9a-f]{2}$/i;

/** Values stand in attributes: `<DEV.model_id V="..."/>`. By what follows the object's name; the first of each counts. */
function fieldsOf(text: string, object: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const match of text.matchAll(new RegExp(`<${object}\\.(\\w{1,32})\\s([^<>]{0,512})>`, "g"))) {
    if (fields.size >= FIELDS_MAX) break;
    const value = /(?:^|\s)V\s?=\s?(?:"([^"]*)"|'([^']*)')/.exec(match[2]!);
    if (value !== null && !fields.has(match[1]!)) fields.set(match[1]!, plain(value[1] ?? value[2] ?? ""));
  }
  return fields;
}

function plain(value: string): string {
  return clean(value.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name]!)).slice(0, TEXT_LENGTH_MAX);
}
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function latin(bytes: Uint8Array, lengthMax: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, lengthMax)).toString("latin1");
}
