/**
 * OPC UA, binary over TCP: OPC 10000-6, services in 10000-4. Numbers of messages: NodeIds.csv, published with part 6.
 *
 * Controllers, laboratory and sterile supply equipment, historians. A server answers whoever asks with what it is called, what product
 * it is and whether it also takes connections that are neither signed nor encrypted. Those are read on; others stay closed.
 */
import { Reader } from "../bytes/reader.ts";
import { utf8 } from "../bytes/text.ts";
import type { Address, Context, Protocol, Report, Side } from "../model/protocol.ts";

export const opcua: Protocol<Memory> = {
  name: "opcua",
  title: "OPC UA",
  over: [{ tcp: [4840, 4841, 48010, 48020, 53530, 62541] }],
  setting: "building",
  privacy: {
    reads: "The name a server is asked by, services asked for, names and products of servers and clients, which protection they offer.",
    ends: "All values, nodes and certificates, users and passwords, names of sessions and of a client's machine.",
    keeps: ["askedAs", "description", "software", "userAgent", "dialect", "clearCredentials"],
  },
  recognize,
  messageLength,
  wanted: (stream) => Math.min(messageLength(stream), MESSAGE_BYTES_MAX),
  remember: () => ({ isClear: false, goesOn: false, userAsked: false }),
  read,
};

interface Memory {
  /** The channel is neither signed nor encrypted. */
  isClear: boolean;
  /** The next message is the rest of one too large. */
  goesOn: boolean;
  /** A user, not just anybody, wants in. */
  userAsked: boolean;
}

/** Part 6 section 7.1.2: three letters, whether it is all, the length of it all. */
const HEADER_BYTES = 8;
const KINDS = new Set(["HEL", "ACK", "ERR", "RHE", "OPN", "MSG", "CLO"]);
const LETTER_C = 0x43;
const LETTERS_FCA = [0x46, LETTER_C, 0x41];
/** Sections 7.1.2.3 and 7.1.2.4: versions and sizes, then in a hello the address. */
const ACK_BYTES = 28;
const HELLO_BYTES = 32;
const URL_BYTES_MAX = 4096;
const SCHEME = "opc.tcp://";
/** Section 6.7.2: channel, token, number, request. */
const MESSAGE_HEADER_BYTES = 24;
const POLICY_OFFSET = 12;
const POLICY = "http://opcfoundation.org/UA/SecurityPolicy#";
const NO_POLICY = `${POLICY}None`;
/** Eight endpoints with a certificate of 2 KB each, and some room. */
const MESSAGE_BYTES_MAX = 32 << 10;

/** A request's number; that of its answer is three more. */
const REQUESTS: Readonly<Record<number, string>> = {
  422: "FIND_SERVERS",
  428: "GET_ENDPOINTS",
  461: "CREATE_SESSION",
  467: "ACTIVATE_SESSION",
  488: "ADD_NODES",
  500: "DELETE_NODES",
  527: "BROWSE",
  631: "READ",
  664: "HISTORY_READ",
  673: "WRITE",
  700: "HISTORY_UPDATE",
  712: "CALL",
  787: "SUBSCRIBE",
};
const Body = { fault: 397, endpoints: 431, createSession: 461, sessionCreated: 464, activateSession: 467, sessionActivated: 470 } as const;
const USER_NAME_TOKEN = 324;
/** Part 4 section 7.20. */
const SECURITY_NONE = 1;
/** Part 4 section 7.14: one for each address, mode and policy. */
const ENDPOINTS_MAX = 32;
const ARRAY_MAX = 64;

function recognize(message: Uint8Array, side: Side): boolean {
  if (message.length < HEADER_BYTES || !LETTERS_FCA.includes(message[3]!)) return false;
  const reader = new Reader(message, 4);
  const length = reader.u32le();
  switch (kindOf(message)) {
    case "HEL": {
      if (side === "server" || length < HELLO_BYTES || length > HELLO_BYTES + URL_BYTES_MAX) return false;
      reader.skip(HELLO_BYTES - HEADER_BYTES - 4);
      return reader.u32le() === length - HELLO_BYTES && utf8(reader.take(SCHEME.length)) === SCHEME;
    }
    case "ACK":
      return side !== "client" && length === ACK_BYTES && message.length >= ACK_BYTES;
    case "OPN":
      reader.skip(4);
      return utf8(reader.take(Math.min(reader.u32le(), reader.remaining))).startsWith(POLICY);
    case "MSG":
      return length >= MESSAGE_HEADER_BYTES && length === message.length;
    default:
      return false;
  }
}

function kindOf(message: Uint8Array): string {
  return String.fromCharCode(message[0]!, message[1]!, message[2]!);
}

function messageLength(stream: Uint8Array): number {
  if (stream.length < HEADER_BYTES) return 0;
  // After a gap anything.
  return KINDS.has(kindOf(stream)) ? Math.max(new Reader(stream, 4).u32le(), HEADER_BYTES) : stream.length;
}

function read(message: Uint8Array, report: Report, context: Context<Memory>): void {
  const { receiver, memory, cut } = context;
  const reader = new Reader(message, HEADER_BYTES);
  switch (kindOf(message)) {
    case "HEL":
      reader.skip(HELLO_BYTES - HEADER_BYTES - 4);
      report.observe(receiver, "askedAs", hostIn(string(reader)));
      break;
    case "OPN":
      reader.skip(POLICY_OFFSET - HEADER_BYTES);
      memory.isClear = string(reader) === NO_POLICY;
      if (!reader.overrun && !memory.isClear) return report.enough();
      break;
    case "MSG": {
      const isFirst = !memory.goesOn;
      memory.goesOn = message[3] === LETTER_C;
      if (!memory.isClear || !isFirst) return;
      reader.skip(MESSAGE_HEADER_BYTES - HEADER_BYTES);
      readBody(reader, report, context);
      if (memory.goesOn) return;
      break;
    }
    case "ACK":
    case "ERR":
    case "RHE":
    case "CLO":
      return;
    default:
      return report.malformed("no message of OPC UA");
  }
  if (reader.overrun && !cut) report.malformed("it ends inside a header or a value");
}

function readBody(reader: Reader, report: Report, { sender, receiver, memory }: Context<Memory>): void {
  const body = nodeId(reader);
  if (REQUESTS[body] !== undefined) {
    report.operation(REQUESTS[body]);
    if (REQUESTS[body] === "WRITE" || REQUESTS[body] === "CALL") report.notable("opcuaWrite");
    if (body === Body.createSession) {
      requestHeader(reader);
      // "UaExpert@PC": the machine's name may be a person's.
      report.observe(sender, "userAgent", application(reader).name.split("@")[0]!.trim());
    } else if (body === Body.activateSession) {
      requestHeader(reader);
      memory.userAsked = readUser(reader, report, receiver);
    }
    return;
  }
  switch (body) {
    case Body.endpoints:
      responseHeader(reader);
      readEndpoints(reader, report, sender);
      break;
    case Body.sessionCreated:
      responseHeader(reader);
      nodeId(reader);
      nodeId(reader);
      reader.skip(8);
      skipBytes(reader);
      skipBytes(reader);
      readEndpoints(reader, report, sender);
      break;
    case Body.fault:
    case Body.sessionActivated:
      if (memory.userAsked) readOutcome(reader, report);
      memory.userAsked = false;
  }
}

/** Part 4 section 5.6.3: a signature, certificates, languages, then who it is: of a user a policy, the name, the password and how it is encrypted. */
function readUser(reader: Reader, report: Report, server: Address): boolean {
  skipBytes(reader);
  skipBytes(reader);
  for (let left = length(reader); left > 0 && !reader.overrun; left--) {
    skipBytes(reader);
    skipBytes(reader);
  }
  for (let left = length(reader); left > 0 && !reader.overrun; left--) skipBytes(reader);
  if (nodeId(reader) !== USER_NAME_TOKEN) return false;
  reader.skip(1 + 4);
  for (let i = 0; i < 3; i++) skipBytes(reader);
  const encryption = string(reader);
  if (!reader.overrun && encryption === "") report.observe(server, "clearCredentials", "opcua");
  return true;
}

function readOutcome(reader: Reader, report: Report): void {
  const result = responseHeader(reader);
  if (!reader.overrun) report.attempt("login", result === 0 ? "accepted" : "refused");
}

/** Part 4 section 7.14. */
function readEndpoints(reader: Reader, report: Report, server: Address): void {
  const count = Math.min(length(reader), ENDPOINTS_MAX);
  for (let i = 0; i < count && !reader.overrun; i++) {
    skipBytes(reader);
    const { name, product } = application(reader);
    if (reader.overrun) return;
    report.observe(server, "description", name);
    report.observe(server, "software", product);
    skipBytes(reader);
    const mode = reader.u32le();
    skipBytes(reader);
    if (reader.overrun) return;
    if (mode === SECURITY_NONE) report.observe(server, "dialect", "OPC UA without security");
    for (let left = length(reader); left > 0 && !reader.overrun; left--) {
      skipBytes(reader);
      reader.skip(4);
      for (let j = 0; j < 3; j++) skipBytes(reader);
    }
    skipBytes(reader);
    reader.skip(1);
  }
}

/** Part 4 section 7.2: address of the application and of the product, a name with its language, kind, gateway, profile, addresses. */
function application(reader: Reader): { readonly name: string; readonly product: string } {
  skipBytes(reader);
  const product = string(reader);
  const parts = reader.u8();
  if ((parts & 1) !== 0) skipBytes(reader);
  const name = (parts & 2) !== 0 ? string(reader) : "";
  reader.skip(4);
  skipBytes(reader);
  skipBytes(reader);
  for (let left = length(reader); left > 0 && !reader.overrun; left--) skipBytes(reader);
  return { name, product };
}

/** Part 4 section 7.33. */
function requestHeader(reader: Reader): void {
  nodeId(reader);
  reader.skip(8 + 4 + 4);
  skipBytes(reader);
  reader.skip(4);
  extension(reader);
}

/** Part 4 section 7.34; the result, of which 0 is good. */
function responseHeader(reader: Reader): number {
  reader.skip(8 + 4);
  const result = reader.u32le();
  // Part 6 section 5.2.2.12: what is there of it; one inside another is asked for by nobody.
  const diagnostics = reader.u8();
  for (const bit of [1, 2, 8, 4]) if ((diagnostics & bit) !== 0) reader.skip(4);
  if ((diagnostics & 0x10) !== 0) skipBytes(reader);
  if ((diagnostics & 0x20) !== 0) reader.skip(4);
  for (let left = length(reader); left > 0 && !reader.overrun; left--) skipBytes(reader);
  extension(reader);
  return result;
}

/** Part 6 section 5.2.2.9: the number of a node named by one, 0 for the others. */
function nodeId(reader: Reader): number {
  switch (reader.u8() & 0x3f) {
    case 0:
      return reader.u8();
    case 1:
      reader.skip(1);
      return reader.u16le();
    case 2:
      reader.skip(2);
      return reader.u32le();
    case 3:
    case 5:
      reader.skip(2);
      skipBytes(reader);
      return 0;
    case 4:
      reader.skip(2 + 16);
      return 0;
    default:
      reader.skip(reader.remaining + 1);
      return 0;
  }
}

/** Part 6 section 5.2.2.15. */
function extension(reader: Reader): void {
  nodeId(reader);
  if (reader.u8() !== 0) skipBytes(reader);
}

/** Part 6 sections 5.2.2.4 and 5.2.5: -1 stands for nothing. */
function length(reader: Reader): number {
  const value = reader.u32le();
  return value === 0xffff_ffff ? 0 : Math.min(value, ARRAY_MAX);
}

function skipBytes(reader: Reader): void {
  const value = reader.u32le();
  if (value !== 0xffff_ffff) reader.skip(value);
}

function string(reader: Reader): string {
  const value = reader.u32le();
  return value === 0xffff_ffff ? "" : utf8(reader.take(value));
}

/** The host of opc.tcp://host:port/path, "" when it is an address. */
function hostIn(url: string): string {
  const host = /^opc\.tcp:\/\/([^:/[\]]+)/.exec(url)?.[1] ?? "";
  return /^[\d.]+$/.test(host) || host === "localhost" ? "" : host;
}
