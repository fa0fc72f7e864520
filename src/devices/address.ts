/** What an address says by itself, before anything was heard of it. */
import type { IpWords } from "../bytes/address.ts";

/** Of a MAC: no machine's (zero, or a group's). */
export function isNobodysMac(high: number, low: number): boolean {
  return isGroupMac(high) || (high === 0 && low === 0);
}

/** IEEE 802 section 8.4: the lowest bit of the first byte; also the broadcast address. */
export function isGroupMac(high: number): boolean {
  return (high & 0x0100) !== 0;
}

/** IEEE 802 section 8.4: the second bit. Made up by software: by hypervisors, or at random for privacy. */
export function isLocalMac(high: number): boolean {
  return (high & 0x0200) !== 0;
}

/**
 * `unspecified`: a machine without an address yet. `group`: many machines. `loopback`: every machine. `link`: never crosses a router,
 * so who sends from it is who wears it. `plain`: any other.
 */
export type Scope = "unspecified" | "group" | "loopback" | "link" | "plain";

/** RFC 6890 for both families. */
export function scopeOf({ family, words }: IpWords): Scope {
  const [first, second, third, fourth] = words;
  if (family === 4) {
    const byte = fourth >>> 24;
    if (byte === 0) return "unspecified";
    if (byte === 127) return "loopback";
    if (fourth >>> 16 === 0xa9fe) return "link";
    return (byte >= 224 && byte < 240) || fourth === 0xffff_ffff ? "group" : "plain";
  }
  if ((first | second | third) === 0) return fourth === 0 ? "unspecified" : fourth === 1 ? "loopback" : "plain";
  if (first >>> 24 === 0xff) return "group";
  return first >>> 22 === 0xfe80 >>> 6 ? "link" : "plain";
}

/** The MAC inside an address made from it (RFC 4291 appendix A), null when it is made otherwise. */
export function macInside({ family, words }: IpWords): readonly [high: number, low: number] | null {
  const [, , third, fourth] = words;
  if (family !== 6 || (third & 0xff) !== 0xff || fourth >>> 24 !== 0xfe) return null;
  const high = ((third >>> 16) ^ 0x0200) & 0xffff;
  const low = ((((third >>> 8) & 0xff) << 24) | (fourth & 0x00ff_ffff)) >>> 0;
  return isNobodysMac(high, low) ? null : [high, low];
}

export function macText(high: number, low: number): string {
  const digits = high.toString(16).padStart(4, "0") + low.toString(16).padStart(8, "0");
  return digits.replace(/..(?!$)/g, "$&:");
}

/** `00:11:22:33:44:55`, `00:01:02:03:04:05`: typed by a person, though somebody owns the prefix. */
export function looksMadeUp(high: number, low: number): boolean {
  const bytes = [high >>> 8, high & 0xff, low >>> 24, (low >>> 16) & 0xff, (low >>> 8) & 0xff, low & 0xff];
  const step = bytes[1]! - bytes[0]!;
  return bytes.every((byte, i) => i === 0 || bytes[i - 1]! + step === byte);
}
