/**
 * MEDIBUS over TCP: the serial protocol of Dräger's ventilators and anesthesia machines, carried by a converter (Dräger, MEDIBUS protocol
 * definition).
 *
 * A command begins with an escape, a response with a start of heading; both have a code, perhaps data, a sum and a return. Asked for its
 * identification a device gives its name and revision. It stands behind a converter that may serve several, and has no serial number to be
 * known by, so its name is told as what is behind that address. Values, limits and texts end here.
 */
import { ascii } from "../bytes/text.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const medibus: Protocol = {
  name: "medibus",
  title: "MEDIBUS",
  over: [{ tcp: [4001, 4002, 4003, 4004] }],
  setting: "clinical",
  privacy: {
    reads: "Codes of commands; the name and revision a device identifies itself with.",
    ends: "Values, limits, alarms, settings, texts, waves.",
    keeps: ["description"],
  },
  recognize: (message) => partsOf(message) !== null,
  speaker: (message) => (message[0] === COMMAND ? "client" : "server"),
  messageLength,
  resume: (stream) => stream.findIndex(isMark),
  read,
};

const [COMMAND, RESPONSE, RETURN] = [0x1b, 0x01, 0x0d];
const IDENTIFICATION = 0x52;
const VERBS: Readonly<Record<number, string>> = {
  0x24: "DATA",
  0x25: "LOW_LIMITS",
  0x26: "HIGH_LIMITS",
  0x27: "ALARMS",
  0x28: "TIME",
  0x29: "SETTINGS",
  0x2a: "TEXTS",
  0x2b: "DATA",
  0x2c: "LOW_LIMITS",
  0x2d: "HIGH_LIMITS",
  0x2e: "ALARMS",
  0x30: "NOP",
  0x49: "TIME_CHANGED",
  0x4a: "CONFIGURE_RESPONSE",
  0x51: "INITIALIZE",
  0x52: "IDENTIFY",
  0x53: "REALTIME_CONFIGURATION",
  0x54: "CONFIGURE_REALTIME",
  0x55: "STOP",
  0x56: "CONFIGURATION_CHANGED",
};
/** All data of one page. */
const MESSAGE_BYTES_MAX = 4 << 10;

function isMark(byte: number): boolean {
  return byte === COMMAND || byte === RESPONSE;
}

/** Waves go between any two bytes with their highest bit set, and two bytes hold the line back. */
function isBetween(byte: number): boolean {
  return byte >= 0x80 || byte === 0x11 || byte === 0x13;
}

function messageLength(stream: Uint8Array): number {
  const first = stream[0];
  if (first === undefined) return 0;
  if (isMark(first)) {
    const end = stream.subarray(0, MESSAGE_BYTES_MAX).indexOf(RETURN);
    return end >= 0 ? end + 1 : stream.length < MESSAGE_BYTES_MAX ? 0 : stream.length;
  }
  if (isBetween(first)) return 1;
  const begins = stream.findIndex(isMark);
  return begins > 0 ? begins : stream.length;
}

interface Parts {
  readonly code: number;
  readonly data: Uint8Array;
}

/** The sum is of everything before it, its last eight bits as two digits; null where it is another, or nothing else fits. */
function partsOf(message: Uint8Array): Parts | null {
  if (!isMark(message[0] ?? 0) || VERBS[message[1] ?? 0] === undefined) return null;
  const end = message.subarray(0, MESSAGE_BYTES_MAX).indexOf(RETURN);
  if (end < 0) return null;
  const clear = message.subarray(0, end).filter((byte) => !isBetween(byte));
  const data = clear.subarray(0, -2);
  const stated = ascii(clear.subarray(-2));
  const sum = data.reduce((total, byte) => total + byte, 0) & 0xff;
  if (data.length < 2 || !/^[0-9A-F]{2}$/.test(stated) || sum !== Number.parseInt(stated, 16)) return null;
  return { code: clear[1]!, data: data.subarray(2) };
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  if (!isMark(message[0]!)) {
    if (!message.every(isBetween)) report.malformed("bytes between messages that belong to none");
    return;
  }
  const parts = partsOf(message);
  if (parts === null) return report.malformed("a code nobody defined, or a sum that is another than it says");
  if (message[0] === COMMAND) return report.operation(VERBS[parts.code]!);
  if (parts.code !== IDENTIFICATION) return;
  // A number of its kind, its name between apostrophes, the revisions of its software and of the protocol.
  const told = /^[^']{0,8}'([^']{1,32})'(.{0,24})$/.exec(ascii(parts.data));
  if (told !== null) report.observe(sender, "description", `behind it by MEDIBUS: ${told[1]!.trim()} ${told[2]!.trim()}`.trim());
}
