/** Where a request comes from, as far as it tells one person's browser from another's. */
import { isIPv6 } from "node:net";
import { ipWords } from "../bytes/address.ts";

export interface Client {
  /** Of the socket itself: what a proxy claims is not believed. */
  readonly address: string;
  /** What the browser calls itself. */
  readonly agent: string;
}

/** One subject of the lock-out: whoever has an IPv6 address has 2^64 of them. */
export function sourceOf(address: string): string {
  return isIPv6(plain(address)) ? networkOf(address) : plain(address);
}

/**
 * What stays the same while a computer keeps its place and only its lease or its privacy address (RFC 8981) changes: loopback, the /24,
 * the /64.
 */
export function networkOf(address: string): string {
  const { family, words } = ipWords(plain(address)) ?? { family: 0, words: [0, 0, 0, 0] };
  if (family === 4) return words[3] >>> 24 === 127 ? "loopback" : `${plain(address).split(".").slice(0, 3).join(".")}.0/24`;
  if (words[0] === 0 && words[1] === 0 && words[2] === 0 && words[3] === 1) return "loopback";
  return `${[words[0], words[1]].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("")}/64`;
}

/** A socket open to both families tells IPv4 as IPv6 (RFC 4291 section 2.5.5.2). */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
}
