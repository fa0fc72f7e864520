/**
 * S7 communication, the language of Siemens' controllers, in TPKT (RFC 1006) and X.224. Siemens published only what a program sees of it:
 * "System Software for S7-300/400, System and Standard Functions", chapter 34 for the lists of system states. What stands on the wire is
 * known from cisagov/icsnpp-s7comm and from captures.
 *
 * Controllers of air, power and sterilizers. One that is asked for its lists says its order number, firmware, name and serial number;
 * who writes to it, loads programs and stops it is the conversation's story.
 */
import { find } from "../bytes/find.ts";
import { Reader } from "../bytes/reader.ts";
import { ascii } from "../bytes/text.ts";
import type { Attribute } from "../model/observation.ts";
import type { Address, Context, Protocol, Report } from "../model/protocol.ts";

export const s7comm: Protocol = {
  name: "s7comm",
  title: "S7 communication",
  over: [{ tcp: [102] }],
  setting: "building",
  privacy: {
    reads: "Functions asked for; a controller's lists about itself: order number, firmware, name, place, serial number.",
    ends: "All values, programs and passwords, the plant's own designations.",
    keeps: ["hostname", "model", "serial", "software", "description", "location", "dialect", "clearCredentials"],
  },
  recognize,
  messageLength: (stream) => (stream.length < TPKT_BYTES ? 0 : isTpkt(stream, 0) ? new Reader(stream, 2).u16() : stream.length),
  resume: (stream) => {
    const data = find(stream, DATA_AND_S7);
    return data < TPKT_BYTES || !isData(stream, data - TPKT_BYTES) ? -1 : data - TPKT_BYTES;
  },
  read,
};

/** RFC 1006 section 6: version 3, a zero, the length of it all. X.224 section 13: length, then the type; data adds whether it is all. */
const TPKT_BYTES = 4;
const TPKT_LENGTH_MIN = 7;
const Type = { request: 0xe0, confirm: 0xd0, data: 0xf0 } as const;
const TYPE_OFFSET = 5;
const DATA_BYTES = 3;
const LAST = 0x80;
const DATA_AND_S7 = "\x02\xf0\x80\x32";

/** Old and new form: 0x32, kind, reserved, reference, lengths of parameters and data, with answers an error; 0x72, version, length. */
const S7 = 0x32;
const S7_PLUS = 0x72;
const PLUS_VERSION_MAX = 3;
const PLUS_TRAILER_BYTES = 4;
const Kind = { job: 1, acknowledge: 2, answer: 3, user: 7 } as const;
const HEADER_BYTES: Readonly<Record<number, number>> = { 1: 10, 2: 12, 3: 12, 7: 10 };

const JOBS: Readonly<Record<number, string>> = {
  0x04: "READ",
  0x05: "WRITE",
  0x1a: "DOWNLOAD",
  0x1b: "DOWNLOAD",
  0x1c: "DOWNLOAD",
  0x1d: "UPLOAD",
  0x1e: "UPLOAD",
  0x1f: "UPLOAD",
  0x28: "PLC_CONTROL",
  0x29: "PLC_STOP",
  0xf0: "SETUP",
};
/** Group and function of a request among user data. */
const USER_JOBS: Readonly<Record<number, string>> = {
  0x0401: "READ_STATE_LIST",
  0x0501: "PASSWORD",
  0x0701: "READ_CLOCK",
  0x0702: "SET_CLOCK",
};
const User = { request: 4, response: 8, stateList: 0x0401, password: 0x0501 } as const;

/** Chapter 34: number and length of the list with order numbers (34.4) and the one with names (34.10); their records begin with an index. */
const List = { modules: 0x11, components: 0x1c } as const;
const MODULE_BYTES = 28;
const COMPONENT_BYTES = 34;
const TEXT_BYTES = 20;
const Module = { itself: 1, firmware: 7 } as const;
const LETTER_V = 0x56;
const COMPONENTS: Readonly<Record<number, Attribute>> = { 1: "hostname", 5: "serial", 7: "description", 11: "location" };
/** A whole list fits one message of the largest size agreed on, 960 bytes. */
const RECORDS_MAX = 34;

function recognize(message: Uint8Array): boolean {
  if (!isTpkt(message, 0)) return false;
  // Connections look alike for all users of X.224: what comes next says whose it is.
  const isConnection = message[TYPE_OFFSET] === Type.request || message[TYPE_OFFSET] === Type.confirm;
  return isData(message, isConnection ? new Reader(message, 2).u16() : 0);
}

function isTpkt(bytes: Uint8Array, at: number): boolean {
  const reader = new Reader(bytes, at);
  return reader.u16() === 0x0300 && reader.u16() >= TPKT_LENGTH_MIN;
}

/** Data whose lengths agree, in the old form or the new. */
function isData(bytes: Uint8Array, at: number): boolean {
  if (!isTpkt(bytes, at)) return false;
  const reader = new Reader(bytes, at + 2);
  const length = reader.u16() - TPKT_BYTES - DATA_BYTES;
  if (reader.u16() !== ((DATA_BYTES - 1) << 8) + Type.data) return false;
  reader.skip(1);
  const form = reader.u8();
  const kind = reader.u8();
  if (form === S7_PLUS) return kind >= 1 && kind <= PLUS_VERSION_MAX && reader.u16() + PLUS_TRAILER_BYTES <= length && !reader.overrun;
  const header = HEADER_BYTES[kind];
  if (form !== S7 || header === undefined) return false;
  reader.skip(4);
  return header + reader.u16() + reader.u16() === length && !reader.overrun;
}

function read(message: Uint8Array, report: Report, { side, sender, receiver }: Context): void {
  if (!isTpkt(message, 0)) return report.malformed("no length in front of a message");
  if (message[TYPE_OFFSET] !== Type.data) return;
  const reader = new Reader(message, TPKT_BYTES + DATA_BYTES - 1);
  if ((reader.u8() & LAST) === 0) return;
  const form = reader.u8();
  if (form === S7_PLUS) {
    if (side === "server") report.observe(sender, "dialect", "S7 communication plus");
    return report.enough();
  }
  const kind = reader.u8();
  const header = HEADER_BYTES[kind];
  if (form !== S7 || header === undefined) return report.malformed("neither form of S7 communication");
  reader.skip(4);
  const parametersLength = reader.u16();
  const dataLength = reader.u16();
  reader.skip(header - HEADER_BYTES[Kind.job]!);
  const parameters = reader.inner(parametersLength);
  const data = reader.inner(dataLength);
  if (kind === Kind.job) {
    const job = JOBS[parameters.u8()];
    if (job !== undefined) report.operation(job);
    if (job === "WRITE" || job === "DOWNLOAD") report.notable("s7Write");
    else if (job === "PLC_CONTROL" || job === "PLC_STOP") report.notable("controllerStopped");
  } else if (kind === Kind.user) {
    readUser(parameters, data, report, sender, receiver);
  }
  if (reader.overrun) report.malformed("it ends inside its parameters or data");
}

/** Three bytes of head, a length, the way, kind and group, function; then in data the result, how it is written, its length. */
function readUser(parameters: Reader, data: Reader, report: Report, sender: Address, receiver: Address): void {
  parameters.skip(5);
  const kindAndGroup = parameters.u8();
  const asked = ((kindAndGroup & 0x0f) << 8) | parameters.u8();
  if (kindAndGroup >> 4 === User.request) {
    const job = USER_JOBS[asked];
    if (job !== undefined) report.operation(job);
    // Eight letters, turned over by a rule everybody knows.
    if (asked === User.password) report.observe(receiver, "clearCredentials", "s7comm");
  } else if (kindAndGroup >> 4 === User.response && asked === User.stateList) {
    data.skip(4);
    readList(data, report, sender);
  }
}

function readList(data: Reader, report: Report, controller: Address): void {
  const list = data.u16() & 0xff;
  data.skip(2);
  const length = data.u16();
  const records = data.u16();
  if (!(list === List.modules && length === MODULE_BYTES) && !(list === List.components && length === COMPONENT_BYTES)) return;
  for (let i = 0; i < Math.min(records, RECORDS_MAX); i++) {
    const record = data.inner(length);
    if (data.overrun) return;
    const index = record.u16();
    if (list === List.modules) readModule(index, record, report, controller);
    else if (COMPONENTS[index] !== undefined) report.observe(controller, COMPONENTS[index], ascii(record.rest()));
  }
}

/** An order number, the module's type, then two numbers: of firmware the letter V and its three parts. */
function readModule(index: number, record: Reader, report: Report, controller: Address): void {
  const order = ascii(record.take(TEXT_BYTES));
  record.skip(2);
  if (index === Module.itself) report.observe(controller, "model", order);
  if (index === Module.firmware && record.u8() === LETTER_V)
    report.observe(controller, "software", `V${record.u8()}.${record.u8()}.${record.u8()}`);
}
