/**
 * Addresses as the hardware of a switch matches them: a value, and a mask of the bits that may be either. With a range of ports that is a
 * box; how much a list of boxes lets through is counted exactly, by cutting what overlaps into pieces that do not.
 */
import { ipWords } from "../bytes/address.ts";
import type { AddressRange, PortRange } from "../model/policy.ts";
import { familyOf, prefixesOf, type Family } from "./ranges.ts";

/** Words of 32 bits, the highest first: of one address, or of two one after the other. A bit that may be either is 1 in `mask` and 0 in `value`. */
export interface Ternary {
  readonly value: readonly number[];
  readonly mask: readonly number[];
}

export interface Box extends Ternary {
  readonly ports: PortRange;
}

export const WORDS: Readonly<Record<Family, number>> = { 4: 1, 6: 4 };

/** The least that holds both. With `endWords`, as for targets that know prefixes only: of each end so many words, its mask rounded up to 2^k − 1. */
export function joined(a: Box, b: Box, endWords: number | null): Box {
  let mask = a.mask.map((word, at) => (word | b.mask[at]! | (a.value[at]! ^ b.value[at]!)) >>> 0);
  if (endWords !== null) mask = rounded(mask, endWords);
  return {
    value: a.value.map((word, at) => (word & ~mask[at]!) >>> 0),
    mask,
    ports: { from: Math.min(a.ports.from, b.ports.from), to: Math.max(a.ports.to, b.ports.to) },
  };
}

function rounded(mask: readonly number[], endWords: number): number[] {
  let isOpen = false;
  return mask.map((word, at) => {
    if (at % endWords === 0) isOpen = false;
    const open = isOpen ? 0xffff_ffff : word === 0 ? 0 : 2 ** (32 - Math.clz32(word)) - 1;
    isOpen ||= word !== 0;
    return open;
  });
}

export function isInside(a: Box, b: Box): boolean {
  return b.ports.from <= a.ports.from && a.ports.to <= b.ports.to && isWithin(a, b);
}

/** Of addresses only. */
export function isWithin(a: Ternary, b: Ternary): boolean {
  // A plain loop: it is asked of every pair of lines.
  for (let at = 0; at < a.value.length; at++) {
    const fixed = ~b.mask[at]!;
    if ((a.mask[at]! & fixed) !== 0 || ((a.value[at]! ^ b.value[at]!) & fixed) !== 0) return false;
  }
  return true;
}

export function meets(a: Box, b: Box): boolean {
  return a.ports.from <= b.ports.to && b.ports.from <= a.ports.to && a.value.every((word, at) => ((word ^ b.value[at]!) & ~a.mask[at]! & ~b.mask[at]!) === 0); // prettier-ignore
}

/** What of `a` is not in `b`, in pieces that do not overlap: ports below, ports above, then bit by bit from the top. */
export function without(a: Box, b: Box): Box[] {
  if (!meets(a, b)) return [a];
  const pieces: Box[] = [];
  if (a.ports.from < b.ports.from) pieces.push({ ...a, ports: { from: a.ports.from, to: b.ports.from - 1 } });
  if (a.ports.to > b.ports.to) pieces.push({ ...a, ports: { from: b.ports.to + 1, to: a.ports.to } });
  const ports = { from: Math.max(a.ports.from, b.ports.from), to: Math.min(a.ports.to, b.ports.to) };
  const [value, mask] = [[...a.value], [...a.mask]];
  for (let word = 0; word < value.length; word++)
    for (let bit = 31; bit >= 0; bit--) {
      const here = (1 << bit) >>> 0;
      if ((mask[word]! & here) === 0 || (b.mask[word]! & here) !== 0) continue;
      mask[word] = (mask[word]! & ~here) >>> 0;
      const other = (value[word]! | (~b.value[word]! & here)) >>> 0;
      pieces.push({ value: value.with(word, other), mask: [...mask], ports });
      value[word] = (value[word]! | (b.value[word]! & here)) >>> 0;
    }
  return pieces;
}

/** What of `a` is in none of them, in pieces that do not overlap. */
export function left(a: Box, taken: readonly Box[]): Box[] {
  let pieces = [a];
  for (const box of taken) {
    if (pieces.length === 0) break;
    pieces = pieces.flatMap((piece) => without(piece, box));
  }
  return pieces;
}

/** Addresses (or pairs of them) times ports that are in any of the boxes, each counted once. */
export function spaceOf(boxes: readonly Box[]): bigint {
  // The largest first: what lies wholly inside leaves no pieces.
  const sorted = boxes.toSorted((a, b) => (sizeOf(a) > sizeOf(b) ? -1 : sizeOf(a) < sizeOf(b) ? 1 : 0));
  const taken: Box[] = [];
  let space = 0n;
  for (const box of sorted) {
    const pieces = left(box, taken);
    for (const piece of pieces) space += sizeOf(piece);
    if (pieces.length > 0) taken.push(box);
  }
  return space;
}

export function sizeOf({ mask, ports }: Box): bigint {
  return (1n << BigInt(openBits(mask))) * BigInt(widthOf(ports));
}

export function openBits(mask: readonly number[]): number {
  let open = 0;
  for (const word of mask) for (let rest = word; rest !== 0; rest &= rest - 1) open++;
  return open;
}

export function widthOf({ from, to }: PortRange): number {
  return to - from + 1;
}

/** The fewest prefixes that are a range of addresses. */
export function ternariesOf(range: AddressRange): Ternary[] {
  const family = familyOf(range);
  const size = WORDS[family] * 32;
  return prefixesOf(range).map(({ address, bits }) => ({
    value: wordsOf(address)!,
    mask: Array.from({ length: WORDS[family] }, (_, at) => 2 ** Math.min(32, Math.max(0, size - bits - 32 * (WORDS[family] - 1 - at))) - 1),
  }));
}

/** Null for a text that is no address. */
export function wordsOf(address: string): readonly number[] | null {
  const parsed = ipWords(address);
  return parsed === null ? null : [...parsed.words].slice(parsed.family === 4 ? 3 : 0).map((word) => word >>> 0);
}

/** How many entries a range of ports is where the hardware knows only values and masks: the fewest prefixes of 16 bits. */
export function portPrefixes({ from, to }: PortRange): number {
  let count = 0;
  for (let at = from; at <= to; count++) {
    let width = 1;
    while (at % (width * 2) === 0 && at + width * 2 - 1 <= to) width *= 2;
    at += width;
  }
  return count;
}
