import { ascii } from "../../bytes/text.ts";

/** RFC 1001 section 14.1: two letters for each byte, "A" plus half of it; 15 bytes of name and one of kind. "" for the star that calls anyone. */
export function netbiosName(encoded: Uint8Array): string {
  if (encoded.length < 1 + NAME_BYTES * 2 || encoded[0] !== NAME_BYTES * 2) return "";
  const name = new Uint8Array(NAME_BYTES - 1);
  for (let i = 0; i < name.length; i++) name[i] = ((encoded[1 + 2 * i]! - LETTER_A) << 4) | (encoded[2 + 2 * i]! - LETTER_A);
  const text = ascii(name);
  return text.startsWith("*") ? "" : text;
}

const NAME_BYTES = 16;
const LETTER_A = 0x41;
