/** What can tie a row to a device, as it is compared: people write serial numbers, cards and names in many ways. */
import { ipWords, macWords } from "../bytes/address.ts";

/** Where nobody knew it, something stands there all the same. */
const NOTHING =
  /^(?:n[./]?\s?[ak]\.?|none|nil|null|unknown|unbekannt|tbd|tba|not (?:known|applicable|available|legible)|keine?|ohne|sans|inconnu|-+|\?+|x+|\.+|0+)$/i;

export function isNothing(text: string): boolean {
  return NOTHING.test(text.trim());
}

const SERIAL_PREFIX = /^(?:S\s*\/?\s*N|SER(?:IAL)?(?:\s*(?:NO|NR|NUMBER))?|SNR)(?:[\s.:#/-]+|(?=\d))/;
/** Shorter ones number ports and rooms. */
const SERIAL_LENGTH_MIN = 4;
/** A spreadsheet took it for a number and kept its first digits. */
const ROUNDED = /^\d(?:[.,]\d+)?E\+?\d+$/i;

export interface SerialKeys {
  /** As it is written, without case and what stands before the number. */
  readonly exact: string;
  /** Without punctuation and leading zeros, with O and I as the digits they are read for. */
  readonly folded: string;
}

/** Without what people write before the number. */
export function bareSerial(text: string): string {
  const plain = text.normalize("NFKC").trim();
  return plain.slice(plain.length - plain.toUpperCase().replace(SERIAL_PREFIX, "").length);
}

/** Null for what is no serial number: words, zeros, one repeated character, a rounded number. */
export function serialKeys(text: string): SerialKeys | null {
  const exact = bareSerial(text).toUpperCase();
  const plain = exact.replace(/[^0-9A-Z]/g, "");
  if (isNothing(text) || ROUNDED.test(exact) || plain.length < SERIAL_LENGTH_MIN || !/[1-9]/.test(plain) || /^(.)\1+$/.test(plain))
    return null;
  if (plain.length >= SERIAL_LENGTH_MIN && "01234567890123456789".includes(plain)) return null;
  return { exact, folded: plain.replaceAll("O", "0").replaceAll("I", "1").replace(/^0+/, "") };
}

/** Every card in a cell, in whatever notation: 00:09:FB:12:34:56, 00-09-fb-12-34-56, 0009.fb12.3456, 0009FB123456. */
export function macsIn(text: string): readonly string[] {
  const found = text.matchAll(
    /(?<![0-9a-f])(?:[0-9a-f]{2}([:\-. ]?)(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|[0-9a-f]{4}([.\-:])[0-9a-f]{4}\2[0-9a-f]{4})(?![0-9a-f])/gi,
  );
  const macs = [...found].map(([mac]) => mac.toLowerCase().replace(/[^0-9a-f]/g, "").match(/../g)!.join(":")); // prettier-ignore
  return [...new Set(macs)].filter((mac) => mac !== "00:00:00:00:00:00" && ((macWords(mac)?.[0] ?? 0x100) & 0x100) === 0);
}

export function ipsIn(text: string): readonly string[] {
  const parts = text.toLowerCase().split(/[\s,;/]+/).filter((part) => ipWords(part) !== null && part !== "0.0.0.0" && part !== "::"); // prettier-ignore
  return parts.map((ip) => (ip.includes(":") ? ip : ip.split(".").map(Number).join(".")));
}

/** A host name without its domain; null for a description in words, which is nobody's name. */
export function hostKey(text: string): string | null {
  const first = text.trim().toLowerCase().split(".")[0]!;
  return isNothing(text) || !/^[a-z0-9_-]{2,63}$/.test(first) || /^\d+$/.test(first) ? null : first;
}

/** A label's number, without case and spaces; its zeros are part of it. */
export function controlKey(text: string): string | null {
  const key = text.normalize("NFKC").toUpperCase().replace(/\s+/g, ""); // prettier-ignore
  return isNothing(text) || key.length < 2 ? null : key;
}

export function udiKey(text: string): string | null {
  const key = text.toUpperCase().replace(/[^0-9A-Z]/g, "");
  return key.length < 14 ? null : key;
}
