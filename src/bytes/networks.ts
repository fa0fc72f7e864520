/** Networks as `10.20.0.0/16`, asked of a packet's words. The settings have checked how they are written. */
import { ipWords, type IpWords } from "./address.ts";

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
