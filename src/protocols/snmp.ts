/**
 * SNMP, versions 1, 2c and 3: RFC 1157, RFC 3416, RFC 3412.
 *
 * What a device answers to its manager is the best inventory there is: description, object id, name, place, serial. Version 3 hides
 * it, but not the engine's identifier. The community is a password in the clear: only whether it was a well-known one is kept.
 * Contacts (sysContact) are people and are not read.
 */
import { Reader } from "../bytes/reader.ts";
import { hex, utf8, withoutMail } from "../bytes/text.ts";
import type { Attribute } from "../model/observation.ts";
import type { Context, Protocol, Report, Side } from "../model/protocol.ts";

export const snmp: Protocol<Memory> = {
  name: "snmp",
  title: "SNMP",
  over: [{ udp: [161, 162] }],
  privacy: {
    reads: "Answers to a manager: description, name, place, model, serial number, versions.",
    ends: "Communities and users, whom to contact, and all other objects.",
    keeps: [
      "hostname",
      "maker",
      "model",
      "serial",
      "software",
      "hardware",
      "description",
      "location",
      "assetTag",
      "sysObjectId",
      "engineId",
      "clearCredentials",
      "dialect",
    ],
  },
  recognize,
  remember: () => ({ community: null }),
  read,
};

interface Memory {
  /** The last one a question came with. */
  community: string | null;
}

// BER as SNMP uses it (RFC 3417 section 8): one byte of tag, definite lengths.
const Tag = { integer: 0x02, octets: 0x04, oid: 0x06, sequence: 0x30 } as const;

/** RFC 3416 section 3, and the trap of RFC 1157. */
const OPERATIONS: Readonly<Record<number, string>> = {
  0xa0: "GET", 0xa1: "GETNEXT", 0xa2: "RESPONSE", 0xa3: "SET", 0xa4: "TRAP", 0xa5: "GETBULK", 0xa6: "INFORM", 0xa7: "TRAP", 0xa8: "REPORT",
}; // prettier-ignore
const RESPONSE = 0xa2;
const SET = 0xa3;
/** Of a manager, which an agent answers. */
const ASKS = new Set([0xa0, 0xa1, 0xa3, 0xa5]);
const REPORT = 0xa8;
const TRAP_1 = 0xa4;
/** Who answers is the server; traps and informs come from a client of the manager's. */
const FROM_SERVER = [RESPONSE, REPORT];

const VERSIONS: Readonly<Record<number, string>> = { 0: "SNMP v1", 1: "SNMP v2c", 3: "SNMP v3" };
const VERSION_3 = 3;
/** RFC 3414 section 5: a user that is not known, a password that is not his. Who asks for an engine's name and time is told by others of these how to begin. */
const REFUSES = ["1.3.6.1.6.3.15.1.1.3.0", "1.3.6.1.6.3.15.1.1.5.0"];
/** RFC 3412 section 6.4: a message with this flag asks for a report, so it does not come from the engine it names. */
const REPORTABLE = 0x04;

/** Communities that come with the device. */
const DEFAULT_COMMUNITIES = ["public", "private"];

/** A device answers a table row by row, its own description in the first few; the rest is not looked at. */
const BINDINGS_MAX = 64;
/** RFC 3416 section 4.1: 128 numbers at most. */
const OID_NUMBERS_MAX = 128;
/** RFC 3411 section 5, SnmpEngineID. */
const ENGINE_ID_BYTES = [5, 32] as const;

const SYSTEM = "1.3.6.1.2.1.1.";
/** RFC 3418; RFC 2790 (only printers and hosts answer it); RFC 3805. */
const OBJECTS: Readonly<Record<string, Attribute>> = {
  [`${SYSTEM}1.0`]: "description",
  [`${SYSTEM}2.0`]: "sysObjectId",
  [`${SYSTEM}5.0`]: "hostname",
  [`${SYSTEM}6.0`]: "location",
  "1.3.6.1.2.1.25.3.2.1.3.1": "model",
  "1.3.6.1.2.1.43.5.1.1.17.1": "serial",
};
/** RFC 6933, columns of the physical table. Row 1 is the chassis, as is 1001 with Cisco's stacks; other rows are modules. */
const ENTITY = "1.3.6.1.2.1.47.1.1.1.1.";
const ENTITY_COLUMNS: Readonly<Record<string, Attribute>> = {
  "8": "hardware",
  "9": "software",
  "10": "software",
  "11": "serial",
  "12": "maker",
  "13": "model",
  "15": "assetTag",
};
const CHASSIS_ROWS = ["1", "1001"];

interface Head {
  readonly version: number;
  readonly community: string;
  readonly engineId: Uint8Array;
  readonly reportable: boolean;
  /** 0 when encrypted. */
  readonly pdu: number;
  readonly body: Reader;
}

function recognize(message: Uint8Array, side: Side): boolean {
  const head = headOf(message);
  if (head === null) return false;
  if (side === "unknown") return true;
  const fromServer = head.pdu === 0 ? !head.reportable : FROM_SERVER.includes(head.pdu);
  return fromServer === (side === "server");
}

function read(message: Uint8Array, report: Report, { sender, receiver, memory }: Context<Memory>): void {
  const head = headOf(message);
  if (head === null) return report.malformed("not BER as SNMP has it");
  const { version, pdu } = head;
  report.operation(OPERATIONS[pdu] ?? "ENCRYPTED");
  if (pdu === SET) report.notable("snmpSet");
  const asks = ASKS.has(pdu) && version !== VERSION_3;
  if (asks && memory.community !== head.community) {
    memory.community = head.community;
    // Cisco, "SNMP Community String Indexing": a VLAN behind an "@" chooses among tables, and is not another password.
    report.notable("communityTried", head.community.replace(/@\d{1,4}$/, ""));
  }

  const [idMin, idMax] = ENGINE_ID_BYTES;
  if (head.engineId.length >= idMin && head.engineId.length <= idMax)
    report.observe(head.reportable ? receiver : sender, "engineId", hex(head.engineId));

  if (pdu === RESPONSE) {
    report.observe(sender, "dialect", VERSIONS[version] ?? "");
    // A question may try any password; an answer says it was right.
    if (version !== VERSION_3)
      report.observe(
        sender,
        "clearCredentials",
        DEFAULT_COMMUNITIES.includes(head.community) ? "snmp default community" : "snmp community",
      );
  }
  if (pdu === REPORT && REFUSES.includes(reported(head.body))) report.attempt("login", "refused");
  if (pdu === RESPONSE || pdu === 0xa6 || pdu === 0xa7) bindings(head.body, sender, report);
}

/** What a report is about: the first object of its list. */
function reported(body: Reader): string {
  for (let i = 0; i < 3; i++) element(body, Tag.integer);
  const list = element(body, Tag.sequence);
  const pair = list === null ? null : element(new Reader(list), Tag.sequence);
  return pair === null ? "" : dotted(element(new Reader(pair), Tag.oid));
}

/** RFC 3416 section 3: id, status, index, then pairs of object id and value. */
function bindings(body: Reader, sender: Context["sender"], report: Report): void {
  element(body, Tag.integer);
  const status = element(body, Tag.integer);
  element(body, Tag.integer);
  const list = element(body, Tag.sequence);
  // An error's answer repeats the question.
  if (list === null || status === null || status.some((byte) => byte !== 0)) return;
  const pairs = new Reader(list);
  for (let i = 0; i < BINDINGS_MAX && pairs.remaining > 0; i++) {
    const pair = element(pairs, Tag.sequence);
    if (pair === null) return report.malformed("a binding is cut short");
    const reader = new Reader(pair);
    const attribute = attributeOf(dotted(element(reader, Tag.oid)));
    if (attribute === undefined) continue;
    const tag = reader.u8();
    const value = reader.take(lengthAt(reader));
    if (reader.overrun) return report.malformed("a value is cut short");
    if (tag === Tag.octets) report.observe(sender, attribute, withoutMail(utf8(value).replaceAll(/·+/g, " ")));
    else if (tag === Tag.oid) report.observe(sender, attribute, dotted(value));
  }
}

function attributeOf(oid: string): Attribute | undefined {
  if (!oid.startsWith(ENTITY)) return Object.hasOwn(OBJECTS, oid) ? OBJECTS[oid] : undefined;
  const [column, row, more] = oid.slice(ENTITY.length).split(".", 3);
  return more === undefined && CHASSIS_ROWS.includes(row ?? "") ? ENTITY_COLUMNS[column ?? ""] : undefined;
}

/** Everything up to the PDU; `null` when it is not SNMP: the outer length must agree with the bytes, each part must be what it has to be. */
function headOf(message: Uint8Array): Head | null {
  const outer = new Reader(message);
  const whole = element(outer, Tag.sequence);
  if (whole === null || outer.remaining > 0) return null;
  const reader = new Reader(whole);
  const version = element(reader, Tag.integer);
  if (version === null || version.length !== 1 || !((version[0] ?? -1) in VERSIONS)) return null;
  if (version[0] === VERSION_3) return head3(reader);

  const community = element(reader, Tag.octets);
  const pdu = reader.u8();
  const body = new Reader(reader.take(lengthAt(reader)));
  if (community === null || !(pdu in OPERATIONS) || reader.overrun || reader.remaining > 0) return null;
  if (pdu === TRAP_1 && version[0] !== 0) return null;
  return { version: version[0]!, community: utf8(community), engineId: EMPTY, reportable: false, pdu, body };
}
const EMPTY = new Uint8Array(0);

/** RFC 3412 section 6: header data, security parameters (RFC 3414 section 2.4: the engine's identifier first), then the PDU in a scope, or encrypted. */
function head3(reader: Reader): Head | null {
  const header = element(reader, Tag.sequence);
  const security = element(reader, Tag.octets);
  if (header === null || security === null) return null;
  const inHeader = new Reader(header);
  const id = element(inHeader, Tag.integer);
  const size = element(inHeader, Tag.integer);
  const flags = element(inHeader, Tag.octets);
  if (id === null || size === null || flags?.length !== 1) return null;
  const parameters = element(new Reader(security), Tag.sequence);
  const engineId = (parameters === null ? null : element(new Reader(parameters), Tag.octets)) ?? EMPTY;
  const common = { version: VERSION_3, community: "", engineId, reportable: (flags[0]! & REPORTABLE) !== 0 };

  const tag = reader.u8();
  const scoped = new Reader(reader.take(lengthAt(reader)));
  if (reader.overrun || reader.remaining > 0) return null;
  if (tag === Tag.octets) return { ...common, pdu: 0, body: new Reader(EMPTY) };
  if (tag !== Tag.sequence || element(scoped, Tag.octets) === null || element(scoped, Tag.octets) === null) return null;
  const pdu = scoped.u8();
  const body = new Reader(scoped.take(lengthAt(scoped)));
  return pdu in OPERATIONS && !scoped.overrun ? { ...common, pdu, body } : null;
}

/** The content of the next element, `null` unless it has this tag and is whole. */
function element(reader: Reader, tag: number): Uint8Array | null {
  const found = reader.u8();
  const content = reader.take(lengthAt(reader));
  return found === tag && !reader.overrun ? content : null;
}

/** X.690 section 8.1.3. An indefinite length, or one of more than four bytes, is not SNMP's and reads as -1, which no take can satisfy. */
function lengthAt(reader: Reader): number {
  const first = reader.u8();
  if (first < 0x80) return first;
  const bytes = first & 0x7f;
  if (bytes === 0 || bytes > 4) return -1;
  let length = 0;
  for (let i = 0; i < bytes; i++) length = length * 256 + reader.u8();
  return length;
}

/** X.690 section 8.19: seven bits a byte; the first number holds two. "" when it is broken. */
function dotted(bytes: Uint8Array | null): string {
  if (bytes === null || bytes.length === 0 || bytes.length > OID_NUMBERS_MAX) return "";
  const numbers: number[] = [];
  let number = 0;
  for (const byte of bytes) {
    number = number * 128 + (byte & 0x7f);
    if (number > 0xffff_ffff) return "";
    if ((byte & 0x80) !== 0) continue;
    if (numbers.length === 0) {
      const first = Math.min(Math.floor(number / 40), 2);
      numbers.push(first, number - first * 40);
    } else numbers.push(number);
    number = 0;
  }
  return numbers.join(".");
}
