/**
 * The IEEE's registry of MAC prefixes as `prefixes.ts` reads it. A site may have a newer one than the program brought along; it is what it was
 * when the program started, for every thread of it.
 */
import { createHash } from "node:crypto";
import { getEnvironmentData, setEnvironmentData } from "node:worker_threads";

/** A prefix of 24, 28 or 36 bits as lower-case hex digits, and who has it. */
export type Registered = readonly [prefix: string, name: string];

/** Counts; sorted keys of 24, 28 and 36 bits, each with the place of its name; then the names. The same rows give the same bytes. */
export function registryFile(registered: readonly Registered[]): Uint8Array {
  const rows = registered.toSorted(([a, nameA], [b, nameB]) => (a < b || (a === b && nameA < nameB) ? -1 : 1));
  const names = [...new Set(rows.map(([, name]) => name))].toSorted();
  const placeOf = new Map(names.map((name, place) => [name, place]));
  const sized = [6, 7, 9].map((digits) => rows.filter(([prefix]) => prefix.length === digits));
  const encoded = names.map((name) => Buffer.from(name));

  const parts: Uint8Array[] = [words([MAGIC, ...sized.map((it) => it.length), names.length])];
  for (const list of sized) {
    // The upper 32 bits; of 36 the last 4 follow apart.
    parts.push(words(list.map(([prefix]) => Number.parseInt(prefix.slice(0, 8).padEnd(8, "0"), 16))));
    parts.push(words(list.map(([, name]) => placeOf.get(name)!)));
  }
  parts.push(words(sized[2]!.map(([prefix]) => Number.parseInt(prefix.slice(8), 16))));
  let end = 0;
  parts.push(words([0, ...encoded.map((name) => (end += name.length))]));
  return Buffer.concat([...parts, ...encoded]);
}

/** "OUI1" */
export const MAGIC = 0x31_49_55_4f;
export const HEAD_WORDS = 5;

function words(numbers: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(numbers).buffer);
}

/** How many prefixes a registry's file holds; null where it is none, or is cut short. */
export function registeredIn(file: Uint8Array): number | null {
  if (file.length < HEAD_WORDS * 4) return null;
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const word = (place: number) => view.getUint32(place * 4, true);
  const [of24, of28, of36, names] = [word(1), word(2), word(3), word(4)];
  const ends = HEAD_WORDS + 2 * (of24 + of28 + of36) + of36;
  if (word(0) !== MAGIC || (ends + names + 1) * 4 > file.length) return null;
  return (ends + names + 1) * 4 + word(ends + names) === file.length ? of24 + of28 + of36 : null;
}

/** What `registryFile` was made of, of a file that is whole. */
export function rowsOf(file: Uint8Array): readonly Registered[] {
  const { buffer } = new Uint8Array(file);
  const [, of24 = 0, of28 = 0, of36 = 0, names = 0] = new Uint32Array(buffer, 0, HEAD_WORDS);
  const all = new Uint32Array(buffer, 0, HEAD_WORDS + 2 * (of24 + of28 + of36) + of36 + names + 1);
  const last4 = all.subarray(all.length - names - 1 - of36);
  const ends = all.subarray(all.length - names - 1);
  const decoder = new TextDecoder();
  const text = new Uint8Array(buffer, all.length * 4);
  const rows: Registered[] = [];
  let at = HEAD_WORDS;
  for (const [count, digits] of [
    [of24, 6],
    [of28, 7],
    [of36, 9],
  ] as const) {
    for (let i = 0; i < count; i++) {
      const tail = digits === 9 ? last4[i]!.toString(16) : "";
      const place = all[at + count + i]!;
      rows.push([
        all[at + i]!.toString(16).padStart(8, "0").slice(0, digits) + tail,
        decoder.decode(text.subarray(ends[place], ends[place + 1])),
      ]);
    }
    at += 2 * count;
  }
  return rows;
}

/** For this program from here on; null: the one it brought along. */
export function useSiteRegistry(file: Uint8Array | null): void {
  if (file === null) return setEnvironmentData(SITE_REGISTRY);
  // Shared, so that no thread has a copy of its own.
  const shared = new Uint8Array(new SharedArrayBuffer(file.length));
  shared.set(file);
  setEnvironmentData(SITE_REGISTRY, shared);
}

export function siteRegistry(): Uint8Array | null {
  return (getEnvironmentData(SITE_REGISTRY) ?? null) as unknown as Uint8Array | null;
}

/** Another where devices may be of other makers; "" where ours serves. */
export function siteRegistryStamp(): string {
  const file = siteRegistry();
  return file === null ? "" : createHash("sha256").update(file).digest("hex");
}
const SITE_REGISTRY = "auscult: a newer registry";
