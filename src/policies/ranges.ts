/** Addresses as sorted, disjoint ranges: sets of a firewall, and what is left when some are taken out. */
import { ipWords } from "../bytes/address.ts";
import { ip } from "../bytes/text.ts";
import type { AddressRange } from "../model/policy.ts";

export type Family = 4 | 6;
/** Both ends belong to it. */
type Span = readonly [first: bigint, last: bigint];

export const ALL: Readonly<Record<Family, AddressRange>> = {
  4: { first: "0.0.0.0", last: "255.255.255.255" },
  6: { first: "::", last: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
};

export const FAMILIES = [4, 6] as const;

/** `10.20.0.0/16`, or one address. Null for a text that is neither. */
export function rangeOf(text: string): AddressRange | null {
  const [address = "", length, more] = text.split("/");
  const parsed = ipWords(address);
  if (parsed === null || more !== undefined) return null;
  const most = parsed.family === 4 ? 32 : 128;
  const bits = length === undefined ? most : Number(length);
  if (!(Number.isInteger(bits) && bits >= 0 && bits <= most)) return null;
  const host = (1n << BigInt(most - bits)) - 1n;
  const first = valueOf(address) & ~host;
  return { first: textOf(first, parsed.family), last: textOf(first | host, parsed.family) };
}

/** Of both families, each sorted, disjoint and not adjacent. */
export interface Addresses {
  readonly ipv4: readonly AddressRange[];
  readonly ipv6: readonly AddressRange[];
}

export const NO_ADDRESSES: Addresses = { ipv4: [], ipv6: [] };
export const EVERY_ADDRESS: Addresses = { ipv4: [ALL[4]], ipv6: [ALL[6]] };
export const MULTICAST: Addresses = {
  ipv4: [{ first: "224.0.0.0", last: "239.255.255.255" }],
  ipv6: [{ first: "ff00::", last: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" }],
};

export function isEmpty({ ipv4, ipv6 }: Addresses): boolean {
  return ipv4.length === 0 && ipv6.length === 0;
}

/** All that are in any of them. */
export function together(...sets: readonly Addresses[]): Addresses {
  return {
    ipv4: unionOf(
      sets.flatMap(({ ipv4 }) => ipv4),
      4,
    ),
    ipv6: unionOf(
      sets.flatMap(({ ipv6 }) => ipv6),
      6,
    ),
  };
}

/** Every address but these. */
export function complement(all: Addresses): Addresses {
  return { ipv4: complementOf(all.ipv4, 4), ipv6: complementOf(all.ipv6, 6) };
}

export function without(all: Addresses, some: Addresses): Addresses {
  return complement(together(complement(all), some));
}

export function rangesOf({ ipv4, ipv6 }: Addresses, family: Family): readonly AddressRange[] {
  return family === 4 ? ipv4 : ipv6;
}

/** Whether one of them is this address. */
export function holds(which: Addresses, address: string): boolean {
  const value = valueOf(address);
  const ranges = rangesOf(which, address.includes(":") ? 6 : 4);
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (valueOf(ranges[middle]!.last) < value) low = middle + 1;
    else high = middle;
  }
  return low < ranges.length && valueOf(ranges[low]!.first) <= value;
}

/** Every address of the family. */
export function isWhole([only, ...more]: readonly AddressRange[], family: Family): boolean {
  return more.length === 0 && only?.first === ALL[family].first && only.last === ALL[family].last;
}

/** `10.0.0.1`, or `10.0.0.1-10.0.0.9`. */
export function rangeText({ first, last }: AddressRange): string {
  return first === last ? first : `${first}-${last}`;
}

/** The fewest networks that are exactly this range: what equipment that knows only prefixes is told. */
export function prefixesOf(range: AddressRange): { readonly address: string; readonly bits: number }[] {
  const family = familyOf(range);
  const most = family === 4 ? 32 : 128;
  const prefixes: { readonly address: string; readonly bits: number }[] = [];
  let [at, last] = spanOf(range);
  while (at <= last) {
    let host = 0;
    while (host < most && (at & ((1n << BigInt(host + 1)) - 1n)) === 0n && at + (1n << BigInt(host + 1)) - 1n <= last) host++;
    prefixes.push({ address: textOf(at, family), bits: most - host });
    at += 1n << BigInt(host);
  }
  return prefixes;
}

export function familyOf({ first }: AddressRange): Family {
  return first.includes(":") ? 6 : 4;
}

/** Of one family: sorted, disjoint, not adjacent. */
export function unionOf(ranges: readonly AddressRange[], family: Family): AddressRange[] {
  return merged(ranges.filter((it) => familyOf(it) === family).map(spanOf)).map((it) => between(it, family));
}

/** Everything of a family but these. */
export function complementOf(ranges: readonly AddressRange[], family: Family): AddressRange[] {
  const [first, last] = spanOf(ALL[family]);
  const left: Span[] = [];
  let from = first;
  for (const [begin, end] of merged(ranges.filter((it) => familyOf(it) === family).map(spanOf))) {
    if (begin > from) left.push([from, begin - 1n]);
    from = end + 1n;
  }
  if (from <= last) left.push([from, last]);
  return left.map((it) => between(it, family));
}

function merged(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const [first, last] of spans.toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0))) {
    const before = all.at(-1);
    if (before !== undefined && first <= before[1] + 1n) all[all.length - 1] = [before[0], last > before[1] ? last : before[1]];
    else all.push([first, last]);
  }
  return all;
}

function spanOf({ first, last }: AddressRange): Span {
  return [valueOf(first), valueOf(last)];
}

function between([first, last]: Span, family: Family): AddressRange {
  return { first: textOf(first, family), last: textOf(last, family) };
}

export function valueOf(address: string): bigint {
  return (ipWords(address)?.words ?? []).reduce((value, word) => (value << 32n) | BigInt(word), 0n);
}

export function textOf(value: bigint, family: Family): string {
  const bytes = Uint8Array.from({ length: family === 4 ? 4 : 16 }, (_, at) => Number((value >> BigInt(8 * ((family === 4 ? 3 : 15) - at))) & 255n)); // prettier-ignore
  return ip(bytes);
}
