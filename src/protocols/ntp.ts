/**
 * NTP and SNTP: RFC 5905; control messages (mode 6) RFC 9327.
 *
 * Who sets a device's clock matters where times of doses and alarms are compared. Asked for its variables, a server says its program
 * and system; asked for its list of clients (mode 7), an old one floods whoever is named as the asker.
 */
import { Reader } from "../bytes/reader.ts";
import { ascii } from "../bytes/text.ts";
import type { Context, Protocol, Report, Side } from "../model/protocol.ts";

export const ntp: Protocol = {
  name: "ntp",
  title: "NTP",
  over: [{ udp: [123] }],
  privacy: {
    reads: "Who asks and who answers for the time; program and system of a server that is asked for its variables.",
    ends: "The time itself, and all other variables.",
    keeps: ["software", "osStated"],
  },
  recognize,
  read,
};

// RFC 5905 section 7.3: two bits of leap, three of version, three of mode; stratum, poll; 48 bytes, then extensions and a digest.
const Mode = { active: 1, passive: 2, client: 3, server: 4, broadcast: 5, control: 6, private: 7 } as const;
const OPERATIONS = ["OTHER", "SYMMETRIC", "SYMMETRIC", "QUERY", "ANSWER", "BROADCAST", "CONTROL", "PRIVATE"];
const LENGTH = 48;
const STRATUM_MAX = 16;
/** Powers of two, in seconds. */
const POLL_MIN = -6;
const POLL_MAX = 17;
/** Distance to the clock at the root and its error, seconds with 16 bits of fraction; nobody follows one minutes away. */
const ROOT_OFFSET = 4;
const ROOT_SECONDS_MAX = 256;
const RECEIVE_OFFSET = 32;
const TRANSMIT_OFFSET = 40;
/** 1970 in seconds since 1900. */
const UNIX_EPOCH = 2_208_988_800;
const ANSWER_SECONDS_MAX = 60;
/** Digests of 4 (a refusal), 20 or 24 bytes, and extensions in words: RFC 5905 sections 7.3 and 7.5. A longer tail is not seen. */
const TAIL_BYTES_MAX = 1024;

// RFC 9327 section 2: flags and operation, sequence, status, association, offset, count, then text.
const CONTROL_HEADER_BYTES = 12;
const CONTROL_RESPONSE = 0x80;
const CONTROL_OPERATION = 0x1f;
/** Section 5: read MRU and the like are the last in a row; 31 stands apart. */
const CONTROL_OPERATION_MAX = 12;
const UNSET_TRAP = 31;
const READ_VARIABLES = 2;
const COUNT_OFFSET = 10;
/** None; or a key's number with MD5, or with SHA-1. */
const DIGESTS = [0, 20, 24];
const LEAP = 0xc0;
// As ntpd writes it: flags, sequence, implementation, request code, counts; implementations 0, 2 and 3 exist.
const PRIVATE_HEADER_BYTES = 8;
const PRIVATE_IMPLEMENTATION_MAX = 3;
/** REQ_IF_RELOAD. */
const PRIVATE_REQUEST_MAX = 46;
const ITEMS_OFFSET = 4;
const PRIVATE_RESPONSE = 0x80;

function recognize(message: Uint8Array, side: Side): boolean {
  const first = message[0] ?? 0;
  const version = (first >> 3) & 7;
  const mode = first & 7;
  if (version < 1 || version > 4) return false;
  const goes = (way: Side) => side === "unknown" || side === way;
  if (mode === Mode.control) return isControl(message) && goes((message[1]! & CONTROL_RESPONSE) !== 0 ? "server" : "client");
  // Mode 7 keeps its answer bit where others keep the leap.
  if (mode === Mode.private) return isPrivate(message) && goes((first & PRIVATE_RESPONSE) !== 0 ? "server" : "client");
  if (mode < Mode.active || message.length < LENGTH || message.length % 4 !== 0 || message.length > LENGTH + TAIL_BYTES_MAX) return false;
  const [poll, precision] = [signed(message[2]!), signed(message[3]!)];
  // No clock is coarser than a second; where PTP begins alike, the low byte of its length stands.
  if (message[1]! > STRATUM_MAX || poll > POLL_MAX || poll < POLL_MIN || precision > 0) return false;
  if (!isPlausible(message, mode)) return false;
  return mode === Mode.client ? goes("client") : mode === Mode.server ? goes("server") : true;
}

/** Many datagrams begin with small numbers, so the times must be times: of this or another Unix clock, near each other in an answer. */
function isPlausible(message: Uint8Array, mode: number): boolean {
  const reader = new Reader(message, ROOT_OFFSET);
  const delay = reader.u16();
  reader.skip(2);
  const dispersion = reader.u16();
  if ((delay >= ROOT_SECONDS_MAX && delay < 0x1_0000 - ROOT_SECONDS_MAX) || dispersion >= ROOT_SECONDS_MAX) return false;
  const received = new Reader(message, RECEIVE_OFFSET).u32();
  const sent = new Reader(message, TRANSMIT_OFFSET).u32();
  // Simple clients fill in nothing, or for the time of sending a number drawn by chance.
  if (mode === Mode.client && message.subarray(ROOT_OFFSET, TRANSMIT_OFFSET).every((byte) => byte === 0)) return true;
  return sent >= UNIX_EPOCH && (mode !== Mode.server || Math.abs(sent - received) <= ANSWER_SECONDS_MAX);
}

function signed(byte: number): number {
  return (byte << 24) >> 24;
}

/** A known operation, and text that fills the message but for words of padding and a digest. */
function isControl(message: Uint8Array): boolean {
  if (message.length < CONTROL_HEADER_BYTES || (message[0]! & LEAP) !== 0) return false;
  const operation = message[1]! & CONTROL_OPERATION;
  const end = CONTROL_HEADER_BYTES + new Reader(message, COUNT_OFFSET).u16();
  return (
    (operation <= CONTROL_OPERATION_MAX || operation === UNSET_TRAP) &&
    DIGESTS.some((digest) => padded(end) + digest === padded(message.length))
  );
}

/** A known program and request; as many items as it says, or in a question without any, nothing. */
function isPrivate(message: Uint8Array): boolean {
  const [first = 0, , implementation = 0, request = 0] = message;
  if (message.length < PRIVATE_HEADER_BYTES || message.length % 4 !== 0) return false;
  if (implementation > PRIVATE_IMPLEMENTATION_MAX || request === 0 || request > PRIVATE_REQUEST_MAX) return false;
  const reader = new Reader(message, ITEMS_OFFSET);
  const bytes = (reader.u16() & 0xfff) * (reader.u16() & 0xfff);
  if ((first & PRIVATE_RESPONSE) !== 0) return message.length === padded(PRIVATE_HEADER_BYTES + bytes);
  return bytes === 0 ? reader.rest().every((byte) => byte === 0) : message.length >= PRIVATE_HEADER_BYTES + bytes;
}

function padded(bytes: number): number {
  return (bytes + 3) & ~3;
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  const mode = (message[0] ?? 0) & 7;
  report.operation(OPERATIONS[mode]!);
  if (mode === Mode.private) return;
  if (mode !== Mode.control) {
    if (message.length < LENGTH) report.malformed("shorter than an NTP message");
    return;
  }
  const operation = message[1] ?? 0;
  if ((operation & CONTROL_RESPONSE) === 0 || (operation & 0x1f) !== READ_VARIABLES) return;
  const reader = new Reader(message, COUNT_OFFSET);
  const text = ascii(reader.take(reader.u16()), VARIABLES_LENGTH_MAX);
  if (reader.overrun) report.malformed("variables are cut short");
  report.observe(sender, "software", variable(text, "version"));
  report.observe(sender, "osStated", variable(text, "system"));
}

/** RFC 9327 section 4: one datagram carries at most 468 bytes of variables. */
const VARIABLES_LENGTH_MAX = 468;

/** `name="value"`, as ntpd writes its texts. */
function variable(text: string, name: string): string {
  const from = text.indexOf(`${name}="`);
  if (from < 0) return "";
  const start = from + name.length + 2;
  const end = text.indexOf('"', start);
  return end < 0 ? "" : text.slice(start, end);
}
