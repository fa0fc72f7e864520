/** Bytes as text. Nothing here throws; what is not printable is replaced, and the length is bounded. */

/** No name, banner or model that identifies a device is longer; a longer one is cut, never refused. */
export const TEXT_LENGTH_MAX = 512;

/** Printable ASCII up to the first NUL, trimmed; other bytes become "·", so a control character never reaches a terminal or a page. */
export function ascii(bytes: Uint8Array, lengthMax = TEXT_LENGTH_MAX): string {
  let text = "";
  const end = Math.min(bytes.length, lengthMax);
  for (let i = 0; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === 0) break;
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·";
  }
  return text.trim();
}

const decodeUtf8 = new TextDecoder("utf-8");
const decodeUtf16le = new TextDecoder("utf-16le");

/** UTF-8 up to the first NUL, trimmed; broken sequences and control characters become "·". */
export function utf8(bytes: Uint8Array, lengthMax = TEXT_LENGTH_MAX): string {
  // Nearly all names are short and plain ASCII. Without a decoder for those, DNS messages are read in six tenths of the time.
  let text = "";
  const end = Math.min(bytes.length, lengthMax);
  for (let i = 0; i < end; i++) {
    const byte = bytes[i]!;
    if (byte < 0x20 || byte >= 0x7f) return clean(decodeUtf8.decode(bytes.subarray(0, end)));
    text += String.fromCharCode(byte);
  }
  return text.trim();
}

export function utf16le(bytes: Uint8Array, lengthMax = TEXT_LENGTH_MAX): string {
  return clean(decodeUtf16le.decode(bytes.subarray(0, Math.min(bytes.length & ~1, lengthMax * 2))));
}

export function utf16be(bytes: Uint8Array, lengthMax = TEXT_LENGTH_MAX): string {
  const swapped = new Uint8Array(Math.min(bytes.length & ~1, lengthMax * 2));
  for (let i = 0; i < swapped.length; i += 2) {
    swapped[i] = bytes[i + 1]!;
    swapped[i + 1] = bytes[i]!;
  }
  return clean(decodeUtf16le.decode(swapped));
}

// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]/g;

/** Control characters, and the marks that turn text around or hide it (bidirectional overrides, zero width), become "·". */
export function clean(text: string): string {
  const end = text.indexOf("\0");
  return (end < 0 ? text : text.slice(0, end)).replace(UNSEEN, "·").trim();
}

/** Mail addresses become "·": texts that name a product at times name whom to ask as well. */
export function withoutMail(text: string): string {
  return text.includes("@") ? text.slice(0, TEXT_LENGTH_MAX).replace(MAIL, "·") : text;
}
const MAIL = /[^\s<>()",;:]+@[^\s<>()",;:]+/g;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function hex(bytes: Uint8Array, separator = ""): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += (i > 0 ? separator : "") + HEX[bytes[i]!]!;
  return text;
}

/** `00:09:fb:12:34:56`; also for EUI-64. */
export function mac(bytes: Uint8Array): string {
  return hex(bytes, ":");
}

export function ipv4(bytes: Uint8Array): string {
  return `${bytes[0] ?? 0}.${bytes[1] ?? 0}.${bytes[2] ?? 0}.${bytes[3] ?? 0}`;
}

/** RFC 5952: lower case, the first longest run of two or more zero groups as "::". An IPv4-mapped address is written as IPv4. */
export function ipv6(bytes: Uint8Array): string {
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push(((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0));
  if (groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)) return ipv4(bytes.subarray(12, 16));
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && groups[i + length] === 0) length++;
    if (length > bestLength) {
      best = i;
      bestLength = length;
    }
    if (length > 0) i += length;
  }
  const text = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(":");
  return best < 0 ? text(0, 8) : `${text(0, best)}::${text(best + bestLength, 8)}`;
}

/** 4 bytes or 16; anything else is "". */
export function ip(bytes: Uint8Array): string {
  return bytes.length === 4 ? ipv4(bytes) : bytes.length === 16 ? ipv6(bytes) : "";
}
