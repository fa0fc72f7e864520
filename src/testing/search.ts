/** Looks for texts that must not be there: in every spelling in which bytes reach a disk, a log or a page. */
import { gunzipSync, zstdDecompressSync } from "node:zlib";

interface Spelling {
  readonly text: string;
  readonly as: string;
  readonly bytes: Buffer;
}

/** Spellings are many and files large: a table of their first four bytes tells at which places it is worth to look. */
const TABLE_BITS = 16;

export class Search {
  readonly spellings: readonly Spelling[];
  readonly #begins = new Map<number, Spelling[]>();
  readonly #table = new Uint8Array(1 << TABLE_BITS);

  /** Texts of eight characters and more: shorter ones stand anywhere by chance. */
  constructor(texts: readonly string[]) {
    this.spellings = texts.flatMap(spellingsOf);
    for (const spelling of this.spellings) {
      const begin = spelling.bytes.readUInt32LE();
      const same = this.#begins.get(begin);
      if (same === undefined) this.#begins.set(begin, [spelling]);
      else same.push(spelling);
      this.#table[place(begin)] = 1;
    }
  }

  /** Each text that stands in `bytes`, with its spelling; packed ones are unpacked first. */
  in(bytes: Uint8Array): string[] {
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const found = new Set<Spelling>();
    let begin = 0;
    for (let end = 0; end < all.length; end++) {
      begin = (begin >>> 8) | (all[end]! << 24);
      if (this.#table[place(begin)] === 0) continue;
      for (const spelling of this.#begins.get(begin >>> 0) ?? [])
        if (all.subarray(end - 3, end - 3 + spelling.bytes.length).equals(spelling.bytes)) found.add(spelling);
    }
    const inside = unpacked(all);
    return [...[...found].map(({ text, as }) => `${text} as ${as}`), ...(inside === null ? [] : this.in(inside))];
  }
}

function place(begin: number): number {
  return Math.imul(begin, 0x9e3779b1) >>> (32 - TABLE_BITS);
}

/** As written, and as what compares without case keeps it. */
function spellingsOf(text: string): Spelling[] {
  return [...new Set([text, text.toLowerCase(), text.toUpperCase()])].flatMap((written) => [
    ...ENCODINGS.flatMap(([name, encode]) => {
      const bytes = encode(written);
      const hex = bytes.toString("hex");
      return [
        { text, as: name, bytes },
        { text, as: `${name} in hex`, bytes: Buffer.from(hex) },
        { text, as: `${name} in HEX`, bytes: Buffer.from(hex.toUpperCase()) },
        { text, as: `${name} in hex with colons`, bytes: Buffer.from(pairs(hex).join(":")) },
        ...[0, 1, 2].flatMap((offset) => base64(bytes, offset).map((it) => ({ text, as: `${name} in base64 at ${offset}`, bytes: it }))),
      ];
    }),
    { text, as: "percent escaped", bytes: Buffer.from(encodeURIComponent(written)) },
    { text, as: "percent escaped whole", bytes: Buffer.from(`%${pairs(Buffer.from(written).toString("hex")).join("%")}`) },
    { text, as: "PERCENT escaped whole", bytes: Buffer.from(`%${pairs(Buffer.from(written).toString("hex").toUpperCase()).join("%")}`) },
    { text, as: "NetBIOS", bytes: halves(Buffer.from(written)) },
    { text, as: "JSON escaped", bytes: Buffer.from(written.replace(/[^ -~]/g, jsonEscape)) },
    { text, as: "JSON escaped whole", bytes: Buffer.from(written.replace(/./gs, jsonEscape)) },
  ]);
}

const ENCODINGS: readonly (readonly [name: string, encode: (text: string) => Buffer])[] = [
  ["UTF-8", (text) => Buffer.from(text)],
  ["Latin-1", (text) => Buffer.from(text, "latin1")],
  ["UTF-16 LE", (text) => Buffer.from(text, "utf16le")],
  ["UTF-16 BE", (text) => Buffer.from(text, "utf16le").swap16()],
];

/** Whole groups of three bytes only: what stands at the edges depends on the bytes beside. In the two alphabets there are. */
function base64(bytes: Buffer, offset: number): Buffer[] {
  const inner = bytes.subarray(offset, bytes.length - ((bytes.length - offset) % 3));
  return [Buffer.from(inner.toString("base64")), Buffer.from(inner.toString("base64url"))];
}

/** Each half byte a letter (RFC 1001 section 14.1). */
function halves(bytes: Buffer): Buffer {
  return Buffer.from([...bytes].flatMap((byte) => [0x41 + (byte >> 4), 0x41 + (byte & 15)]));
}

function pairs(hex: string): readonly string[] {
  return hex.match(/../g) ?? [];
}

function jsonEscape(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** What a file of gzip or Zstandard holds; null where it is none. */
function unpacked(bytes: Buffer): Buffer | null {
  if (bytes.length > 4 && bytes.readUInt32BE(0) >>> 8 === 0x1f8b08) return gunzipSync(bytes);
  return bytes.length > 4 && bytes.readUInt32LE(0) === 0xfd2fb528 ? zstdDecompressSync(bytes) : null;
}
