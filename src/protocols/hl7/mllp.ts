/**
 * Where a message begins and ends: HL7's minimal lower layer protocol (transport specification, release 1 and 2).
 *
 * A vertical tab, the message, a file separator and a carriage return. Some senders leave the tab out, the return, or all of it; so a
 * message is also found by its header, and ends at the latest where the next one begins.
 */
import { find } from "../../bytes/find.ts";

const START = 0x0b;
const END = 0x1c;
const RETURN = 0x0d;
const LINE_FEED = 0x0a;

/** The largest message of bedside devices, all channels of one, fits; documents are longer, and of those the front is enough. */
const MESSAGE_BYTES_MAX = 64 << 10;
/** Application names of 227 characters each (HD), and some forty of all else. */
const HEADER_BYTES_MAX = 2 << 10;
/** Message, file and batch header: chapter 2, sections 2.14.9, 2.10.3.1 and 2.10.3.2 of version 2.5.1. */
const HEADERS = ["MSH", "FHS", "BHS"];
/** What nearly everybody separates with. Without a frame nothing else is taken for a header. */
const USUAL = "MSH|^~\\&|";
const BYTE_ORDER_MARKS = ["\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"];
/** Release 2: a received or rejected block, alone in its frame. */
const COMMITS = new Set([0x06, 0x15]);

export function recognize(message: Uint8Array): boolean {
  return message[0] === START ? headerAt(message, 1) !== null : startsWith(message, 0, USUAL);
}

export function messageLength(stream: Uint8Array): number {
  if (stream.length === 0) return 0;
  if (isFiller(stream[0]!)) return fillerLength(stream);
  const framed = stream[0] === START;
  if (!framed && !isHeader(stream, 0)) return restLength(stream);
  // Without a frame the length is nowhere written: what has come is read as it comes, once the header is there.
  if (!framed && stream.indexOf(RETURN) < 0 && stream.indexOf(LINE_FEED) < 0 && stream.length < HEADER_BYTES_MAX) return 0;
  const end = stream.indexOf(END, 1);
  const next = find(stream, "\x0bMSH", 1);
  const nextBare = framed ? -1 : find(stream, `\r${USUAL}`);
  const ends = [end < 0 ? end : end + 1, next, nextBare < 0 ? nextBare : nextBare + 1].filter((it) => it >= 0);
  if (ends.length > 0) return Math.min(...ends);
  return framed && stream.length < MESSAGE_BYTES_MAX ? 0 : stream.length;
}

/** What belongs to no message, and the rest of a long one: everything up to where one surely begins. */
function restLength(stream: Uint8Array): number {
  if (stream.length < USUAL.length && startsWith(stream, 0, USUAL.slice(0, stream.length))) return 0;
  const begins = resume(stream);
  if (begins >= 0) return begins;
  // A beginning may be cut by the end of the segment.
  const start = stream.lastIndexOf(START);
  return start > 0 && start >= stream.length - HEADERS[0]!.length ? start : stream.length;
}

/** A vertical tab stands in no text, and a whole header with its usual separators hardly does. */
export function resume(stream: Uint8Array): number {
  const framed = find(stream, "\x0bMSH");
  const bare = find(stream, USUAL);
  return framed >= 0 && (bare < 0 || framed < bare) ? framed : bare;
}

/** The message itself as bytes in which ASCII is ASCII, or null where it is none. */
export function contentOf(message: Uint8Array): Uint8Array | null {
  if (message[0] !== START) return isHeader(message, 0) ? message : null;
  if (message.length <= 3 && COMMITS.has(message[1] ?? 0)) return null;
  const form = headerAt(message, 1);
  const end = message.at(-1) === END ? message.length - 1 : message.length;
  if (form === null || form.wide === null) return message.subarray(form?.at ?? 1, end);
  return new Uint8Array(Buffer.from(new TextDecoder(form.wide).decode(message.subarray(form.at, end))));
}

interface Form {
  /** Where the header begins, behind a byte order mark. */
  readonly at: number;
  /** Two bytes a character. The transport forbids it, some send it. */
  readonly wide: "utf-16le" | "utf-16be" | null;
}

function headerAt(bytes: Uint8Array, from: number): Form | null {
  const at = from + (BYTE_ORDER_MARKS.find((mark) => startsWith(bytes, from, mark))?.length ?? 0);
  if (isHeader(bytes, at)) return { at, wide: null };
  const [first, second] = [bytes[at], bytes[at + 1]];
  const wide = second === 0 ? "utf-16le" : first === 0 ? "utf-16be" : null;
  const narrowed = Uint8Array.from({ length: HEADER_BYTES_MIN }, (_, i) => bytes[at + 2 * i + (wide === "utf-16be" ? 1 : 0)] ?? 0);
  return wide !== null && isHeader(narrowed, 0) ? { at, wide } : null;
}

/** Name, field separator, four encoding characters (a fifth from version 2.7 on), field separator: all of them marks, no two alike. */
function isHeader(bytes: Uint8Array, at: number): boolean {
  if (bytes.length < at + HEADER_BYTES_MIN || !HEADERS.some((name) => startsWith(bytes, at, name))) return false;
  const separator = bytes[at + 3]!;
  const end = bytes.indexOf(separator, at + 4);
  const marks = bytes.subarray(at + 3, end);
  return end >= at + 8 && end <= at + 9 && marks.every(isMark) && new Set(marks).size === marks.length;
}
const HEADER_BYTES_MIN = 9;

function isMark(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f && !/[0-9A-Za-z]/.test(String.fromCharCode(byte));
}

/** Behind the file separator a return is due; some add a line feed, and two-byte texts a zero. */
function isFiller(byte: number): boolean {
  return byte === RETURN || byte === LINE_FEED || byte === 0;
}

function fillerLength(stream: Uint8Array): number {
  const end = stream.findIndex((byte) => !isFiller(byte));
  return end < 0 ? stream.length : end;
}

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  return find(bytes.subarray(at, at + text.length), text) === 0;
}
