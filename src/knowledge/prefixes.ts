/** Who a MAC's prefix is registered to: the IEEE's list of 24, 28 and 36 bits, compiled by `scripts/build-knowledge.ts` or `auscult update`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HEAD_WORDS, MAGIC } from "./registry.ts";

export interface Prefixes {
  /** The name as registered; null when nobody has it, or who has it is not told. Of several the longest prefix counts: a block is handed on in parts. */
  registrant(high: number, low: number): string | null;
}

/** The registry we bring along. */
export function ourRegistry(): Uint8Array {
  return readFileSync(join(import.meta.dirname, "pack/prefixes.bin"));
}

export function loadPrefixes(file: Uint8Array): Prefixes {
  // A copy of its own, so that numbers lie where typed arrays need them.
  const { buffer } = new Uint8Array(file);
  const head = new Uint32Array(buffer, 0, HEAD_WORDS);
  if (head[0] !== MAGIC) throw new Error("expected a registry that begins with OUI1; run scripts/build-knowledge.ts");
  let at = HEAD_WORDS;
  const take = (count: number) => {
    const words = new Uint32Array(buffer, at * 4, count);
    at += count;
    return words;
  };
  const sizes = LENGTHS.map((bits, i) => ({ bits, keys: take(head[1 + i]!), names: take(head[1 + i]!) }));
  const last4 = take(head[3]!);
  const ends = take(head[4]! + 1);
  const text = new Uint8Array(buffer, at * 4);
  const decoder = new TextDecoder();
  const name = (place: number) => {
    const it = decoder.decode(text.subarray(ends[place], ends[place + 1]));
    return NOT_TOLD.has(it) ? null : it;
  };

  return {
    registrant(high, low) {
      const top = (high * 0x1_0000 + (low >>> 16)) >>> 0;
      const tail = (low >>> 12) & 0xf;
      for (const { bits, keys, names } of sizes.toReversed()) {
        const wanted = bits === 36 ? top : bits === 28 ? (top & 0xffff_fff0) >>> 0 : (top & 0xffff_ff00) >>> 0;
        for (let i = firstNotBelow(keys, wanted); keys[i] === wanted; i++) if (bits !== 36 || last4[i] === tail) return name(names[i]!);
      }
      return null;
    },
  };
}

/** Who paid not to be named, and blocks of which the parts are what is registered. */
const NOT_TOLD: ReadonlySet<string> = new Set(["Private", "IEEE Registration Authority"]);
const LENGTHS = [24, 28, 36] as const;

function firstNotBelow(sorted: Uint32Array, wanted: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]! < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}
