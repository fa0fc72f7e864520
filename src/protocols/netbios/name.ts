/** NetBIOS names: RFC 1001 section 14.1, with the 16th byte as Microsoft uses it. */
import type { Reader } from "../../bytes/reader.ts";
import { ascii } from "../../bytes/text.ts";

export interface NetbiosName {
  /** Without the blanks that fill it up to 15 bytes. */
  readonly name: string;
  readonly suffix: number;
}

/** What the 16th byte says the name is for. 0x03 is left out: it registers who is logged in. */
export const Suffix = {
  workstation: 0x00,
  domainMaster: 0x1b,
  domainControllers: 0x1c,
  masterBrowser: 0x1d,
  elections: 0x1e,
  server: 0x20,
} as const;

const HALVES = 32;

/** First-level encoding: each half byte a letter from "A", as one label of 32. A scope may follow. The reader is moved behind it; `null` when it is none. */
export function netbiosName(reader: Reader): NetbiosName | null {
  if (reader.u8() !== HALVES) return null;
  const halves = reader.take(HALVES);
  const bytes = new Uint8Array(HALVES / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = (halves[2 * i] ?? 0) - LETTER_A;
    const low = (halves[2 * i + 1] ?? 0) - LETTER_A;
    if (high < 0 || high > 15 || low < 0 || low > 15) return null;
    bytes[i] = (high << 4) | low;
  }
  // The scope, if any, in labels to a zero byte.
  for (let size = reader.u8(); size !== 0; size = reader.u8()) {
    if (size > 63 || reader.overrun) return null;
    reader.skip(size);
  }
  return reader.overrun ? null : plain(bytes);
}
const LETTER_A = 0x41;

/** Fifteen bytes of name and the suffix. */
export function plain(bytes: Uint8Array): NetbiosName {
  return { name: ascii(bytes.subarray(0, 15)), suffix: bytes[15] ?? 0 };
}
