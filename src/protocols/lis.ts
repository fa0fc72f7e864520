/**
 * Laboratory analyzers and the laboratory's information system: frames of CLSI LIS1-A (ASTM E1381), records of LIS2-A2 (ASTM E1394).
 *
 * An analyzer asks for the line, sends its records frame by frame, each acknowledged, and gives the line back; so does whoever sends it
 * orders. The header names the sender. What stands in that name is the maker's choice: it is kept as it is, and taken apart only where it
 * has the four parts most give it. Patients, samples, orders and results end here.
 */
import { Reader } from "../bytes/reader.ts";
import { utf8, withoutMail } from "../bytes/text.ts";
import type { Child, Context, Protocol, Report } from "../model/protocol.ts";

export const lis: Protocol<Memory> = {
  name: "lis",
  title: "LIS (ASTM E1381, E1394)",
  over: [{ tcp: [] }],
  setting: "clinical",
  idleMinutes: 120,
  privacy: {
    reads: "The sender's name in the header, that a password stands in it, and of other records their kind.",
    ends: "Passwords, patients, samples, orders, results, comments. That there is a patient is noticed, never which.",
    keeps: ["maker", "model", "software", "serial", "description", "capability", "clearCredentials", "patientData"],
  },
  recognize,
  messageLength,
  resume,
  remember: () => ({ field: PIPE, component: CARET, open: false, orders: false, patientSeen: false }),
  read,
};

interface Memory {
  /** What separates fields and components: the latest header says it. */
  field: number;
  component: number;
  /** The latest frame ended within a record. */
  open: boolean;
  /** Orders came, and no results yet: a message that has both is one of results. */
  orders: boolean;
  patientSeen: boolean;
}

const [STX, ETX, EOT, ENQ, ACK, LINE_FEED, RETURN, NAK, ETB] = [0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0d, 0x15, 0x17];
const ALONE = new Set([EOT, ENQ, ACK, NAK, LINE_FEED, RETURN]);
const PIPE = 0x7c;
const CARET = 0x5e;
const H = 0x48;
/** LIS2-A2 section 5.5: the first letter of a record. */
const RECORDS = new Set(Buffer.from("HPOQRCMSL"));
/** Behind the mark that ends a frame: two digits of its sum, return, line feed. */
const TRAILER_BYTES = 4;
/** LIS1-A section 6.3.1.2. */
const FRAME_BYTES_MAX = 64_000;
const RECORD_BYTES_MAX = 4 << 10;
const RECORDS_MAX = 512;
/** LIS2-A2 section 6: places of the header's fields behind its letter. */
const Header = { password: 3, sender: 4 } as const;
/** Of a patient's record the first field is a number in a row. */
const PERSON_FROM = 2;

function recognize(message: Uint8Array): boolean {
  const at = message[0] === ENQ ? 1 : 0;
  if (message[at] !== STX) return message[at] === H && isHeader(message, at) && message[at + 1] === PIPE;
  if (!isNumber(message[at + 1])) return false;
  if (message[at + 2] === H) return isHeader(message, at + 2);
  return RECORDS.has(message[at + 2] ?? 0) && message[at + 3] === PIPE && sumOf(message.subarray(at)) === "right";
}

/** Frames count from 0 to 7. */
function isNumber(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x37;
}

/** The letter, a separator of fields, three more marks, none alike, and the separator again or the end. */
function isHeader(bytes: Uint8Array, at: number): boolean {
  const field = bytes[at + 1] ?? 0;
  const [repeat = 0, component = 0, escape = 0, next = 0] = bytes.subarray(at + 2, at + 6);
  return (
    [field, repeat, component, escape].every(isMark) &&
    new Set([field, repeat, component, escape]).size === 4 &&
    (next === field || next === RETURN)
  );
}

function isMark(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f && !/[0-9A-Za-z]/.test(String.fromCharCode(byte));
}

/** Where the text of a frame ends, -1 while its mark is not there. */
function textEnd(frame: Uint8Array): number {
  const last = frame.subarray(0, FRAME_BYTES_MAX).indexOf(ETX);
  const more = frame.subarray(0, last < 0 ? FRAME_BYTES_MAX : last).indexOf(ETB);
  return more < 0 ? last : more;
}

/** LIS1-A section 6.3.3: the sum of everything from the frame's number to its mark, its last eight bits as two digits. */
function sumOf(frame: Uint8Array): "right" | "wrong" | "none" {
  const end = textEnd(frame);
  const stated = Buffer.from(frame.subarray(end + 1, end + 3)).toString("latin1");
  if (end < 0 || !/^[0-9A-F]{2}$/i.test(stated)) return "none";
  let sum = 0;
  for (let i = 1; i <= end; i++) sum += frame[i]!;
  return (sum & 0xff) === Number.parseInt(stated, 16) ? "right" : "wrong";
}

function messageLength(stream: Uint8Array): number {
  const first = stream[0];
  if (first === undefined) return 0;
  if (ALONE.has(first)) return 1;
  if (first === STX) {
    const end = textEnd(stream);
    if (end < 0) return stream.length < FRAME_BYTES_MAX ? 0 : stream.length;
    const feed = stream.subarray(end, end + 1 + TRAILER_BYTES).indexOf(LINE_FEED);
    if (feed >= 0) return end + feed + 1;
    // Some leave the sum out, or what stands behind it.
    return stream.length > end + TRAILER_BYTES ? end + 1 : 0;
  }
  if (RECORDS.has(first)) {
    const end = stream.subarray(0, RECORD_BYTES_MAX).indexOf(RETURN);
    return end >= 0 ? end + 1 : stream.length < RECORD_BYTES_MAX ? 0 : stream.length;
  }
  const begins = resume(stream);
  return begins > 0 ? begins : stream.length;
}

/** A frame's mark, its number, a record's letter, a separator. */
function resume(stream: Uint8Array): number {
  for (let at = stream.indexOf(STX); at >= 0; at = stream.indexOf(STX, at + 1))
    if (isNumber(stream[at + 1]) && RECORDS.has(stream[at + 2] ?? 0) && isMark(stream[at + 3] ?? 0)) return at;
  return -1;
}

function read(message: Uint8Array, report: Report, context: Context<Memory>): void {
  const first = message[0]!;
  if (ALONE.has(first)) return;
  if (first !== STX) {
    if (!RECORDS.has(first)) report.malformed("bytes between frames that belong to none");
    else readRecord(message, report, context);
    return;
  }
  if (sumOf(message) === "wrong") return report.malformed("a frame whose sum is another than it says");
  const end = textEnd(message);
  const { memory } = context;
  const text = new Reader(message, 2, end < 0 ? message.length : end);
  for (let i = 0; i < RECORDS_MAX && text.remaining > 0; i++) {
    const found = message.subarray(text.offset, text.end).indexOf(RETURN);
    const record = text.take(found < 0 ? text.remaining : found);
    text.skip(Math.min(1, text.remaining));
    // What a frame before this one began has no letter of its own.
    if (!memory.open) readRecord(record, report, context);
    memory.open = found < 0 && message[end] === ETB;
  }
}

function readRecord(record: Uint8Array, report: Report, context: Context<Memory>): void {
  const { sender, receiver, memory } = context;
  if (record[0] === H && isHeader(record, 0)) {
    memory.field = record[1]!;
    memory.component = record[3]!;
    memory.orders = false;
    const fields = split(record.subarray(5), memory.field, 2);
    if ((fields[Header.password] ?? EMPTY).length > 0) report.observe(receiver, "clearCredentials", "lis");
    return readSender(fields[Header.sender] ?? EMPTY, report, context);
  }
  if (record[1] !== memory.field) return;
  switch (String.fromCharCode(record[0]!)) {
    case "P":
      if (
        memory.patientSeen ||
        !split(record, memory.field, 0)
          .slice(PERSON_FROM)
          .some((it) => it.some(isLetterOrDigit))
      )
        return;
      memory.patientSeen = true;
      return report.observe(sender, "patientData", "lis");
    case "O":
      memory.orders = true;
      return;
    case "R":
      memory.orders = false;
      report.operation("RESULTS");
      return report.observe(sender, "capability", "sends laboratory results");
    case "Q":
      return report.operation("QUERY");
    case "L":
      if (!memory.orders) return;
      memory.orders = false;
      report.operation("ORDERS");
      return report.observe(sender, "capability", "sends laboratory orders");
  }
}

/** `Maker^Model^1.2.3^Serial` with most; a bare name, or what else a maker thought of, is kept as a description. */
function readSender(field: Uint8Array, report: Report, { sender, memory }: Context<Memory>): void {
  const parts = split(field, memory.component, 0).map((part) => withoutMail(utf8(part)));
  const [maker = "", model = "", software = "", serial = ""] = parts;
  if (parts.length !== 4 || maker === "" || model === "" || !VERSION.test(software) || /^0*$/.test(serial))
    return report.observe(sender, "description", parts.filter((it) => it !== "").join(" "));
  // Several may stand behind one that speaks for them.
  const device: Child = { gateway: sender, serial };
  report.observe(device, "serial", serial);
  report.observe(device, "maker", maker);
  report.observe(device, "model", model);
  report.observe(device, "software", software);
}
const VERSION = /^v?\d{1,4}(?:\.\d{1,6}){1,3}\b/i;

function isLetterOrDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte >= 0x80;
}

/** The bytes between separators. `before` empty ones stand in front: those that separators of their own took. */
function split(bytes: Uint8Array, separator: number, before: number): Uint8Array[] {
  const fields: Uint8Array[] = Array.from({ length: before }, () => EMPTY);
  for (let from = before > 0 ? 1 : 0; from <= bytes.length && fields.length < FIELDS_MAX;) {
    const found = bytes.indexOf(separator, from);
    const end = found < 0 ? bytes.length : found;
    fields.push(bytes.subarray(from, end));
    from = end + 1;
  }
  return fields;
}
const FIELDS_MAX = 64;
const EMPTY = new Uint8Array(0);
