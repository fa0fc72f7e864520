/** Networks as `10.20.0.0/16`, asked of a packet's words. The settings have checked how they are written. */
import { ipWords, type IpWords } from "./address.ts";
import { ipv4, ipv6 } from "./text.ts";

/** What is a site's own unless it says otherwise: RFC 1918, RFC 6598, RFC 3927, loopback; RFC 4193, link-local. */
export const PRIVATE_NETWORKS = [
  "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128",
]; // prettier-ignore

export class Networks {
  readonly #all: readonly (IpWords & { readonly bits: number })[];

  constructor(texts: readonly string[]) {
    this.#all = texts.flatMap((text) => {
      const [address = "", length = ""] = text.split("/");
      const parsed = ipWords(address);
      return parsed === null ? [] : [{ ...parsed, bits: parsed.family === 4 ? Number(length) + 96 : Number(length) }];
    });
  }

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  has(family: number, w0: number, w1: number, w2: number, w3: number): boolean {
    for (const { family: own, words, bits } of this.#all)
      if (
        own === family &&
        alike(words[0], w0, bits) &&
        alike(words[1], w1, bits - 32) &&
        alike(words[2], w2, bits - 64) &&
        alike(words[3], w3, bits - 96)
      )
        return true;
    return false;
  }
}

/** Whether the first `bits` of two words are the same; all of them from 32 up, none below 1. */
function alike(a: number, b: number, bits: number): boolean {
  if (bits <= 0) return true;
  return bits >= 32 ? a === b : (a ^ b) >>> (32 - bits) === 0;
}

/** One spelling of a network however it is written: its words without the bits of the host, and its length. Null where it is none. */
export function networkOf(text: string): string | null {
  const [address = "", length = ""] = text.split("/");
  const parsed = ipWords(address);
  if (parsed === null) return null;
  const bits = parsed.family === 4 ? Number(length) + 96 : Number(length);
  const words = parsed.words.map((word, at) => masked(word, bits - at * 32));
  return `${parsed.family} ${words.join(" ")}/${bits}`;
}

function masked(word: number, bits: number): number {
  return bits >= 32 ? word : bits <= 0 ? 0 : (word & (0xffff_ffff << (32 - bits))) >>> 0;
}

export interface ExactNetwork {
  /** In the one spelling we have: `10.20.30.0/24`, `fd00:1::/64`; `10.20.30.7` where it is one address. */
  readonly text: string;
  readonly family: 4 | 6;
  readonly bits: number;
  readonly first: string;
  readonly last: string;
}

/** Null for what is no network by its first address, and no address: of bits of a host nobody knows which of the two was meant. */
export function exactNetwork(text: string): ExactNetwork | null {
  const [address = "", length, more] = text.split("/");
  const parsed = ipWords(address);
  const most = parsed?.family === 4 ? 32 : 128;
  const bits = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (parsed === null || more !== undefined || !(bits <= most)) return null;
  const { family, words } = parsed;
  const hostFrom = family === 4 ? bits + 96 : bits;
  if (words.some((word, at) => masked(word, hostFrom - at * 32) !== word)) return null;
  const first = spelled(family, words);
  const last = spelled(family, words.map((word, at) => (word | ~masked(0xffff_ffff, hostFrom - at * 32)) >>> 0)); // prettier-ignore
  return { text: bits === most ? first : `${first}/${bits}`, family, bits, first, last };
}

function spelled(family: 4 | 6, words: readonly number[]): string {
  const bytes = Uint8Array.from(words.flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]));
  return family === 4 ? ipv4(bytes.subarray(12)) : ipv6(bytes);
}
