/**
 * The text of a file that others wrote, in pieces: lines, or the objects in a list of JSON. It may be of any size and in UTF-8, UTF-16 or
 * Windows-1252: what says nothing of itself is UTF-8 where it can be, line by line, since some programs append in another than they began.
 */
import { readSync } from "node:fs";

const CHUNK_BYTES = 64 * 1024;
/** No lease is as long, and no event of a log unless it carries what crossed; beyond, it is counted as one that cannot be read. */
export const PIECE_BYTES_MAX = 64 * 1024;
const NEWLINE = 0x0a;

export interface Piece {
  /** Of the line it is, or begins in; from 1. */
  readonly line: number;
  /** Null where it was too long. */
  readonly text: string | null;
}

/** A file that begins with a bracket is JSON. */
export function isJson(fd: number): boolean {
  for (const chunk of chunks(fd)) return /^\s*[[{]/.test(decoded(chunk));
  return false;
}

export function* linesOf(fd: number): Generator<Piece> {
  let line = 0;
  let left: Buffer = Buffer.alloc(0);
  let isTooLong = false;
  for (const chunk of chunks(fd)) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const bytes = Buffer.concat([left, chunk.subarray(from, end)]);
      isTooLong ||= bytes.length > PIECE_BYTES_MAX;
      yield { line: ++line, text: isTooLong ? null : decoded(bytes).replace(/\r$/, "") };
      left = Buffer.alloc(0);
      isTooLong = false;
      from = end + 1;
    }
    isTooLong ||= left.length + chunk.length - from > PIECE_BYTES_MAX;
    left = isTooLong ? Buffer.alloc(0) : Buffer.concat([left, chunk.subarray(from)]);
  }
  if (isTooLong) yield { line: line + 1, text: null };
  else if (left.length > 0) yield { line: line + 1, text: decoded(left).replace(/\r$/, "") };
}

/** The innermost objects that stand in lists, whatever they stand in. */
export function* objectsOf(fd: number): Generator<Piece> {
  let line = 1;
  let text = "";
  /** Where the object begun last lies; what is around it is given up. */
  let begun = { line: 0, depth: -1 };
  let isTooLong = false;
  const inside: ("[" | "{")[] = [];
  let inString = false;
  let escaped = false;
  for (const chunk of chunks(fd))
    for (const letter of chunk.toString("latin1")) {
      if (letter === "\n") line++;
      if (!inString && letter === "{" && inside.at(-1) === "[") {
        begun = { line, depth: inside.length };
        text = "";
        isTooLong = false;
      }
      if (begun.depth >= 0 && !isTooLong) text += letter;
      if (text.length > PIECE_BYTES_MAX) {
        isTooLong = true;
        text = "";
      }
      if (inString) {
        if (letter === '"' && !escaped) inString = false;
        escaped = letter === "\\" && !escaped;
      } else if (letter === '"') inString = true;
      else if (letter === "[" || letter === "{") {
        if (inside.length < DEPTH_MAX) inside.push(letter);
      } else if (letter === "]" || letter === "}") {
        inside.pop();
        if (inside.length !== begun.depth) continue;
        yield { line: begun.line, text: isTooLong ? null : decoded(Buffer.from(text, "latin1")) };
        begun = { line: 0, depth: -1 };
        text = "";
      }
    }
  if (begun.depth >= 0) yield { line: begun.line, text };
}
const DEPTH_MAX = 64;

/** From the beginning, as UTF-8 or what is near it: a mark at the front says UTF-16, or zeros between letters. */
function* chunks(fd: number): Generator<Buffer> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let decoder: TextDecoder | undefined;
  for (let at = 0, count = 0; (count = readSync(fd, chunk, 0, CHUNK_BYTES, at)) > 0; at += count) {
    let bytes = chunk.subarray(0, count);
    if (at === 0) {
      const utf16 = utf16Of(bytes);
      if (utf16 !== null) decoder = new TextDecoder(utf16);
      else if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3);
    }
    yield decoder === undefined ? bytes : Buffer.from(decoder.decode(bytes, { stream: true }));
  }
}

function utf16Of(bytes: Buffer): "utf-16le" | "utf-16be" | null {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] !== 0 && bytes[1] === 0 && bytes[3] === 0)) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : null;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
const windows1252 = new TextDecoder("windows-1252");

function decoded(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return windows1252.decode(bytes);
  }
}
