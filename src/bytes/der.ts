/**
 * ASN.1 in distinguished encoding, X.690: each element is a tag, a length and content, which may itself be elements.
 *
 * Only what certificates, directories and tickets need: tags below 31, definite lengths of at most four bytes. Nothing recurses, so depth needs no bound.
 */
import type { Reader } from "./reader.ts";
import { ascii, utf16be, utf8 } from "./text.ts";

interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** X.690 section 8.1.2 and X.680 section 8.6: the ones a certificate uses, with class and "constructed" bits. */
export const Tag = {
  integer: 0x02,
  objectId: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  teletex: 0x14,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmp: 0x1e,
  sequence: 0x30,
  set: 0x31,
  context0: 0xa0,
} as const;

const LONG_LENGTH = 0x80;
/** Windows' directories write every length in four. */
const LENGTH_BYTES_MAX = 4;

/** The element at the reader, which is moved behind it. What is not there or not DER yields an empty element, and the reader's `overrun`. */
export function derElement(reader: Reader): DerElement {
  const tag = reader.u8();
  let length = reader.u8();
  if (length >= LONG_LENGTH) {
    const bytes = length & ~LONG_LENGTH;
    length = 0;
    // A length of no bytes is the indefinite form, which DER forbids (X.690 section 10.1).
    if (bytes === 0 || bytes > LENGTH_BYTES_MAX) reader.skip(reader.remaining + 1);
    else for (let i = 0; i < bytes; i++) length = length * 256 + reader.u8();
  }
  return { tag, content: reader.take(length) };
}

/** A character string in any of the five forms names are written in; another tag gives "". */
export function derText({ tag, content }: DerElement): string {
  switch (tag) {
    case Tag.utf8:
      return utf8(content);
    case Tag.bmp:
      return utf16be(content);
    case Tag.printable:
    case Tag.teletex:
    case Tag.ia5:
      return ascii(content);
    default:
      return "";
  }
}

/** A time as YYYY-MM-DD, "" when it is none. RFC 5280 section 4.1.2.5.1: two-digit years from 50 are of the last century. */
export function derDate({ tag, content }: DerElement): string {
  const text = ascii(content);
  const digits = tag === Tag.utcTime ? (text < "50" ? "20" : "19") + text : tag === Tag.generalizedTime ? text : "";
  return /^\d{8}/.test(digits) ? `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}` : "";
}
