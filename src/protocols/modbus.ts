/**
 * Modbus over TCP: Modbus application protocol 1.1b3, messaging on TCP 1.0b.
 *
 * Controllers of air, power and gases. Who reads and who writes is the conversation's story; a controller that is asked for its
 * identification gives maker, product and revision.
 */
import { Reader } from "../bytes/reader.ts";
import { ascii } from "../bytes/text.ts";
import type { Attribute } from "../model/observation.ts";
import type { Address, Context, Protocol, Report } from "../model/protocol.ts";

export const modbus: Protocol = {
  name: "modbus",
  title: "Modbus",
  over: [{ tcp: [502] }],
  setting: "building",
  privacy: {
    reads: "Functions asked for; a controller's identification.",
    ends: "All registers and values, and the name an owner gave the application.",
    keeps: ["maker", "model", "software", "hardware", "description"],
  },
  recognize,
  messageLength: (stream) => (stream.length < HEADER_BYTES ? 0 : LENGTH_END + new Reader(stream, LENGTH_OFFSET).u16()),
  resume,
  read,
};

/** Messaging on TCP section 3.1.3: transaction, protocol 0, length of the rest, unit. Then a function. */
const LENGTH_OFFSET = 4;
const LENGTH_END = 6;
const HEADER_BYTES = 8;
/** 253 bytes of function and data, and the unit. */
const LENGTH_MAX = 254;

/** Application protocol section 6; an answer to a fault has the top bit set. */
const FUNCTIONS: Readonly<Record<number, string>> = {
  1: "READ_COILS",
  2: "READ_DISCRETE_INPUTS",
  3: "READ_HOLDING_REGISTERS",
  4: "READ_INPUT_REGISTERS",
  5: "WRITE_COIL",
  6: "WRITE_REGISTER",
  7: "READ_EXCEPTION_STATUS",
  8: "DIAGNOSTICS",
  11: "GET_EVENT_COUNTER",
  12: "GET_EVENT_LOG",
  15: "WRITE_COILS",
  16: "WRITE_REGISTERS",
  17: "REPORT_SERVER_ID",
  20: "READ_FILE",
  21: "WRITE_FILE",
  22: "MASK_WRITE_REGISTER",
  23: "READ_WRITE_REGISTERS",
  24: "READ_FIFO",
  43: "ENCAPSULATED",
  // Schneider's own: reads and writes programs, starts and stops.
  90: "UMAS",
};
const WRITES = new Set([5, 6, 15, 16, 21, 22, 23]);
const FAULT = 0x80;
const FAULT_LENGTH = 3;
const Encapsulated = { function: 43, identification: 14 } as const;
const ENCAPSULATED = new Set([13, 14]);

/** Of the same section: lengths of questions and answers from the unit on, and where a byte counts what follows it to the end. */
const LENGTHS: Readonly<Record<number, { readonly fixed: readonly number[]; readonly counted: readonly number[] }>> = {
  1: { fixed: [6], counted: [2] },
  2: { fixed: [6], counted: [2] },
  3: { fixed: [6], counted: [2] },
  4: { fixed: [6], counted: [2] },
  5: { fixed: [6], counted: [] },
  6: { fixed: [6], counted: [] },
  7: { fixed: [2, 3], counted: [] },
  8: { fixed: [6], counted: [] },
  11: { fixed: [2, 6], counted: [] },
  12: { fixed: [2], counted: [2] },
  15: { fixed: [6], counted: [6] },
  16: { fixed: [6], counted: [6] },
  17: { fixed: [2], counted: [2] },
  20: { fixed: [], counted: [2] },
  21: { fixed: [], counted: [2] },
  22: { fixed: [8], counted: [] },
  23: { fixed: [], counted: [2, 10] },
  24: { fixed: [4], counted: [3] },
};

/** Section 6.21: objects of the basic and regular categories. */
const OBJECTS: Readonly<Record<number, Attribute>> = { 0: "maker", 1: "hardware", 2: "software", 4: "description", 5: "model" };
const OBJECTS_MAX = 16;

function recognize(message: Uint8Array): boolean {
  return begins(message, 0) && chained(message, 0);
}

/** A header alone is four bytes of evidence (LDAP has it too), so the length must be one its function has. */
function begins(bytes: Uint8Array, from: number): boolean {
  if (!isHeader(bytes, from)) return false;
  const length = new Reader(bytes, from + LENGTH_OFFSET).u16();
  const code = bytes[from + HEADER_BYTES - 1]!;
  if ((code & FAULT) !== 0) return length === FAULT_LENGTH;
  if (code === Encapsulated.function) return ENCAPSULATED.has(bytes[from + HEADER_BYTES] ?? 0);
  const known = LENGTHS[code];
  // Of UMAS none is published.
  return (
    known === undefined ||
    known.fixed.includes(length) ||
    known.counted.some((at) => length === at + 1 + (bytes[from + LENGTH_END + at] ?? 0))
  );
}

/** Messages follow one another without a sign between them: where one ends, the next must begin, or nothing. */
function chained(bytes: Uint8Array, from: number): boolean {
  const end = from + LENGTH_END + new Reader(bytes, from + LENGTH_OFFSET).u16();
  return end === bytes.length || (end < bytes.length && isHeader(bytes, end));
}

function isHeader(bytes: Uint8Array, from: number): boolean {
  const header = new Reader(bytes, from);
  header.skip(2);
  const protocol = header.u16();
  const length = header.u16();
  header.skip(1);
  const code = header.u8();
  return !header.overrun && protocol === 0 && length >= 2 && length <= LENGTH_MAX && (code & ~FAULT) in FUNCTIONS;
}

function resume(stream: Uint8Array): number {
  for (let at = 0; at + HEADER_BYTES < stream.length && at <= LENGTH_MAX + LENGTH_END; at++)
    if (begins(stream, at) && chained(stream, at)) return at;
  return -1;
}

function read(message: Uint8Array, report: Report, { side, sender }: Context): void {
  if (!isHeader(message, 0))
    return report.malformed("a header with another protocol, a length no message has, or a function nobody defined");
  const body = new Reader(message, HEADER_BYTES - 1);
  const code = body.u8();
  if (side !== "server") {
    report.operation(FUNCTIONS[code & ~FAULT]!);
    if (WRITES.has(code)) report.notable("modbusWrite");
  } else if (code === Encapsulated.function && body.u8() === Encapsulated.identification) readIdentification(body, report, sender);
}

/** What was asked for, how much it can say, whether more follows; then each object with its number and length. */
function readIdentification(body: Reader, report: Report, server: Address): void {
  body.skip(4);
  const count = body.u8();
  for (let i = 0; i < Math.min(count, OBJECTS_MAX); i++) {
    const attribute = OBJECTS[body.u8()];
    const value = body.take(body.u8());
    if (body.overrun) return report.malformed("an object of the identification runs past the end");
    if (attribute !== undefined) report.observe(server, attribute, ascii(value));
  }
}
