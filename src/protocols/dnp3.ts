/**
 * DNP3: IEEE 1815, data link in section 9, application in section 4; over IP in section 13.
 *
 * Power: breakers, generators, transfer switches, and the stations that read and switch them. Named, with what is asked for.
 */
import { find } from "../bytes/find.ts";
import { Reader } from "../bytes/reader.ts";
import type { Protocol, Report } from "../model/protocol.ts";

export const dnp3: Protocol = {
  name: "dnp3",
  title: "DNP3",
  over: [{ tcp: [20000] }, { udp: [20000] }],
  setting: "building",
  privacy: { reads: "Functions asked for.", ends: "All points and values.", keeps: [] },
  recognize: isHeader,
  messageLength: (stream) => (stream.length < HEADER_BYTES ? 0 : isHeader(stream) ? frameBytes(stream) : stream.length),
  resume: (stream) => {
    const at = find(stream, START);
    return at >= 0 && isHeader(stream.subarray(at)) ? at : -1;
  },
  read,
};

/** Section 9.2.4: 05 64, length, control, to, from, check; then blocks of 16 bytes with a check of 2 each. The length counts neither. */
const FIRST = 0x05;
const START = "\x05\x64";
const HEADER_BYTES = 10;
const LENGTH_OFFSET = 2;
const LENGTH_MIN = 5;
const BLOCK_BYTES = 16;
const CHECK_BYTES = 2;
const CHECKED_BYTES = 8;
/** Section 9.2.4.1.3: from the primary station, with user data. */
const USER_DATA = [0x43, 0x44];
const FROM_PRIMARY = 0x4f;
/** Section 8.2.1: the first of a message's parts. */
const FIRST_PART = 0x40;

/** Those of them that change what a controller does, and those after which it does nothing for a while. */
const WRITES: ReadonlySet<string> = new Set(["WRITE", "OPERATE", "DIRECT_OPERATE"]);
const STOPS: ReadonlySet<string> = new Set(["COLD_RESTART", "WARM_RESTART", "STOP_APPLICATION"]);
/** Section 4.4: of requests; from 129 on they are answers. */
const FUNCTIONS: Readonly<Record<number, string>> = {
  1: "READ",
  2: "WRITE",
  3: "SELECT",
  4: "OPERATE",
  5: "DIRECT_OPERATE",
  6: "DIRECT_OPERATE",
  7: "FREEZE",
  8: "FREEZE",
  9: "FREEZE",
  10: "FREEZE",
  13: "COLD_RESTART",
  14: "WARM_RESTART",
  15: "INITIALIZE",
  16: "INITIALIZE",
  17: "START_APPLICATION",
  18: "STOP_APPLICATION",
  19: "SAVE_CONFIGURATION",
  20: "ENABLE_UNSOLICITED",
  21: "DISABLE_UNSOLICITED",
  24: "RECORD_TIME",
  25: "OPEN_FILE",
  27: "DELETE_FILE",
  31: "ACTIVATE_CONFIGURATION",
};

/** The start, a length it may have, and a check that agrees. */
function isHeader(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER_BYTES || bytes[0] !== FIRST || bytes[1] !== 0x64 || bytes[LENGTH_OFFSET]! < LENGTH_MIN) return false;
  return new Reader(bytes, CHECKED_BYTES).u16le() === check(bytes.subarray(0, CHECKED_BYTES));
}

/** Annex E: polynomial 0x3D65, turned around, complemented. */
function check(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 1) !== 0 ? (sum >>> 1) ^ 0xa6bc : sum >>> 1;
  }
  return ~sum & 0xffff;
}

function frameBytes(bytes: Uint8Array): number {
  const data = bytes[LENGTH_OFFSET]! - LENGTH_MIN;
  return HEADER_BYTES + data + Math.ceil(data / BLOCK_BYTES) * CHECK_BYTES;
}

function read(message: Uint8Array, report: Report): void {
  if (!isHeader(message)) return report.malformed("no start of a frame, or its check does not agree");
  const reader = new Reader(message, 3);
  if (!USER_DATA.includes(reader.u8() & FROM_PRIMARY)) return;
  reader.skip(HEADER_BYTES - 4);
  const isFirst = (reader.u8() & FIRST_PART) !== 0;
  reader.skip(1);
  const verb = FUNCTIONS[reader.u8()];
  if (!isFirst || verb === undefined || reader.overrun) return;
  report.operation(verb);
  if (WRITES.has(verb)) report.notable("dnp3Write");
  else if (STOPS.has(verb)) report.notable("controllerStopped");
}
