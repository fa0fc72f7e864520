/** Networks as `10.20.0.0/16`, asked of a packet's words. The settings have checked how they are written. */
import { ipWords, type IpWords } from "./address.ts";

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
