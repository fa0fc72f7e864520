/**
 * Where one protocol data unit ends and the next begins: PS3.8 section 9.3.
 *
 * Type, a reserved byte, the length of the rest. In P-DATA follow values: length, presentation context, control, fragment.
 */
import { find } from "../../bytes/find.ts";
import { Reader } from "../../bytes/reader.ts";
import { u16, u32 } from "../../bytes/numbers.ts";
import type { Side } from "../../model/protocol.ts";
import { readCommand } from "./command.ts";

export const Pdu = {
  associateRequest: 1,
  associateAnswer: 2,
  associateRefusal: 3,
  data: 4,
  releaseRequest: 5,
  releaseAnswer: 6,
  abort: 7,
} as const;

export const PDU_HEADER_BYTES = 6;
/** Length, context, control. The length counts the last two. */
export const VALUE_HEADER_BYTES = 6;
const VALUE_LENGTH_BYTES = 4;
/** Annex E.2: bit 0 command, bit 1 last fragment; the others are 0. */
export const Control = { command: 1, last: 2 } as const;
/** Offset of the items in an association request or answer. */
export const ITEMS_OFFSET = 74;
const APPLICATION_CONTEXT_ITEM = 0x10;
const ITEM_HEADER_BYTES = 4;
/** PS3.7 annex A.2.1: the only one there is. */
const APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1";

/** 128 contexts of every transfer syntax there is are half of it; SAML tickets and the like may go over and are not wanted. */
const ASSOCIATION_BYTES_MAX = 64 << 10;
/** What an association may claim to be long. */
const ASSOCIATION_LENGTH_MAX = 1 << 20;
/** A peer that set no maximum is sent whole images in one unit. More than this is no length. */
const DATA_LENGTH_MAX = 256 << 20;
/** Refusal, release and abort: always four bytes. */
const SHORT_LENGTH = 4;
/** A command set is a few UIDs; this is five times the longest. */
const COMMAND_BYTES_MAX = 2 << 10;
/** Everything a scanner says of itself comes before the image and, but for long lists of sources, within this. */
const DATA_SET_BYTES_WANTED = 4 << 10;
/** A fragment each of a command and a data set is usual, and one of each is what most send. */
export const VALUES_MAX = 64;
/** Enough for pdu and value header, and to see whether a data set begins. */
const PEEK_BYTES = PDU_HEADER_BYTES + VALUE_HEADER_BYTES + 4;
/** Pixels may hold this byte everywhere; a stream that does is not worth more looks. */
const RESUME_TRIES_MAX = 4096;

/**
 * A request is told by its shape, an answer likewise (its titles are echoes nobody tests), a refusal by its only length. Data comes from
 * either side, but some commands only from one.
 */
export function recognize(message: Uint8Array, side: Side): boolean {
  switch (message[0]) {
    case Pdu.associateRequest:
      return side !== "server" && isAssociation(message);
    case Pdu.associateAnswer:
      return side !== "client" && isAssociation(message);
    case Pdu.associateRefusal:
      return side !== "client" && isRefusal(message);
    case Pdu.data:
      return isData(message, 0) && (side === "unknown" || speakerOf(message) !== (side === "client" ? "server" : "client"));
    default:
      return false;
  }
}

/** Who alone would say this: whoever opened the association looks, fetches and tries the line. Images may go either way. */
function speakerOf(data: Uint8Array): Side {
  const value = new Reader(data, PDU_HEADER_BYTES);
  const length = value.u32();
  value.skip(1);
  if ((value.u8() & Control.command) === 0) return "unknown";
  const command = readCommand(value.take(length - 2));
  if (command === null || !CLIENT_VERBS.has(command.verb)) return "unknown";
  return command.isRequest ? "client" : "server";
}
const CLIENT_VERBS = new Set(["C-FIND", "C-MOVE", "C-GET", "C-ECHO"]);

export function messageLength(stream: Uint8Array): number {
  if (stream.length < PDU_HEADER_BYTES) return 0;
  const length = u32(stream, 2);
  if (!isHeader(stream[0]!, length)) return Math.max(resume(stream), 0) || stream.length;
  // `wanted` is asked next and has to see what comes first.
  const whole = PDU_HEADER_BYTES + length;
  return stream[0] === Pdu.data && stream.length < Math.min(whole, PEEK_BYTES) ? 0 : whole;
}

/** Of data only what surrounds a command or begins a data set: images pass uncopied. */
export function wanted(stream: Uint8Array): number {
  const whole = messageLength(stream);
  if (stream[0] !== Pdu.data) return Math.min(whole, ASSOCIATION_BYTES_MAX);
  const first = PDU_HEADER_BYTES + VALUE_HEADER_BYTES;
  if (whole < first) return whole;
  const end = PDU_HEADER_BYTES + VALUE_LENGTH_BYTES + u32(stream, PDU_HEADER_BYTES);
  const isCommand = (stream[first - 1]! & Control.command) !== 0;
  // What follows a short value in the same unit may be the front of a data set.
  if (end - first <= (isCommand ? COMMAND_BYTES_MAX : DATA_SET_BYTES_WANTED))
    return Math.min(whole, end + VALUE_HEADER_BYTES + DATA_SET_BYTES_WANTED);
  return Math.min(whole, beginsDataSet(stream, first) ? first + DATA_SET_BYTES_WANTED : first);
}

/** After a gap: a data unit whose values close on its end, or a new association. Both are too many agreeing bytes for chance. */
export function resume(stream: Uint8Array): number {
  let data = -1;
  let at = 0;
  for (let i = 0; i < RESUME_TRIES_MAX && at >= 0; i++) {
    at = stream.indexOf(Pdu.data, at);
    if (at < 0 || isData(stream, at)) {
      data = at;
      break;
    }
    at += 1;
  }
  const request = find(stream, APPLICATION_CONTEXT) - ITEMS_OFFSET - ITEM_HEADER_BYTES;
  const isEarlier = request >= 0 && (data < 0 || request < data);
  return isEarlier && isAssociation(stream.subarray(request)) ? request : data;
}

/** Type and length agree with one another and, in an association, with its fixed part. */
export function isUnit(message: Uint8Array): boolean {
  if (message.length < PDU_HEADER_BYTES) return false;
  const isOpening = message[0] === Pdu.associateRequest || message[0] === Pdu.associateAnswer;
  return isOpening ? isAssociation(message) : isHeader(message[0]!, u32(message, 2));
}

function isHeader(type: number, length: number): boolean {
  if (type === Pdu.data) return length >= VALUE_HEADER_BYTES && length <= DATA_LENGTH_MAX;
  if (type === Pdu.associateRequest || type === Pdu.associateAnswer)
    return length >= ITEMS_OFFSET - PDU_HEADER_BYTES && length <= ASSOCIATION_LENGTH_MAX;
  return type >= Pdu.associateRefusal && type <= Pdu.abort && length === SHORT_LENGTH;
}

/** Sections 9.3.2 and 9.3.3: version 1 is one of those spoken, and the application context (a UID) comes first. */
function isAssociation(bytes: Uint8Array): boolean {
  const context = ITEMS_OFFSET;
  if (bytes.length <= context + ITEM_HEADER_BYTES || bytes[1] !== 0 || !isHeader(bytes[0]!, u32(bytes, 2))) return false;
  if ((u16(bytes, 6) & 1) === 0 || bytes[context] !== APPLICATION_CONTEXT_ITEM) return false;
  return u16(bytes, context + 2) <= 64 && isDigit(bytes[context + ITEM_HEADER_BYTES]!);
}

/** Section 9.3.4: who refuses, for how long, why. */
function isRefusal(bytes: Uint8Array): boolean {
  if (bytes.length !== PDU_HEADER_BYTES + SHORT_LENGTH || bytes[1] !== 0 || u32(bytes, 2) !== SHORT_LENGTH) return false;
  const [result, source, reason] = [bytes[7]!, bytes[8]!, bytes[9]!];
  return bytes[6] === 0 && result >= 1 && result <= 2 && source >= 1 && source <= 3 && reason >= 1 && reason <= 10;
}

/** One value that fills the unit, or several of which all but the last are here and close on its end. */
function isData(bytes: Uint8Array, at: number): boolean {
  const first = at + PDU_HEADER_BYTES;
  if (first + VALUE_HEADER_BYTES > bytes.length || bytes[at] !== Pdu.data || bytes[at + 1] !== 0) return false;
  const length = u32(bytes, at + 2);
  if (!isHeader(Pdu.data, length)) return false;
  const end = first + length;
  let value = first;
  for (let i = 0; i < VALUES_MAX && value + VALUE_HEADER_BYTES <= Math.min(end, bytes.length); i++) {
    const valueLength = u32(bytes, value);
    // Section 9.3.2.2: context numbers are odd.
    if (valueLength < 2 || (bytes[value + 4]! & 1) === 0 || bytes[value + 5]! > (Control.command | Control.last)) return false;
    value += VALUE_LENGTH_BYTES + valueLength;
    if (value === end) return true;
  }
  return false;
}

/** Data sets begin in group 0008, queries at times in 0010, in either byte order. Pixels that look so cost a copy, no more. */
function beginsDataSet(bytes: Uint8Array, at: number): boolean {
  const [a, b] = [bytes[at], bytes[at + 1]];
  return (b === 0 && (a === 0x08 || a === 0x10)) || (a === 0 && (b === 0x08 || b === 0x10));
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
