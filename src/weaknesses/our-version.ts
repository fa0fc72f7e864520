/** The version a device says of its own software. */
import type { Knowledge } from "../knowledge/index.ts";
import { named } from "../knowledge/advisory-products.ts";
import type { FleetDevice } from "../model/weakness.ts";
import { isVersion } from "./version-text.ts";

export interface OurVersion {
  /** As it was said. */
  readonly text: string;
  /** Without what it is the version of; null where words are left that nobody knows. */
  readonly version: string | null;
  readonly at: number;
}

/** What a program on it says of itself is no version of the device. */
const OWN_WORDS: ReadonlySet<string> = new Set(["own record", "own announcement", "image"]);

/** `names`: what it may be called together with its version: maker, model, product. Null where it never said one, or several at once. */
export function ourVersion(device: FleetDevice, names: readonly string[], { signs }: Pick<Knowledge, "signs">): OurVersion | null {
  if (device.software?.saidBy !== undefined) return read(device.software.value, device.last, names);
  const own = device.said.filter(
    ({ attribute, protocol, value }) =>
      attribute === "software" && signs.of("software", protocol, value).some((it) => it.says === "software" && OWN_WORDS.has(it.source)),
  );
  const [newest] = own.toSorted((a, b) => b.last - a.last || b.first - a.first);
  if (newest === undefined) return null;
  // Said in turns with another: versions of its parts, and nobody knows which is whose.
  if (own.some((it) => it.value !== newest.value && it.last > newest.first)) return null;
  return read(newest.value, newest.last, names);
}

function read(text: string, at: number, names: readonly string[]): OurVersion {
  const known = new Set(names.flatMap((name) => named(name).split(" ")));
  const left = text
    .split(/[\s,;]+/)
    .filter((word) => word !== "" && !known.has(named(word)))
    .join(" ");
  return { text, version: isVersion(left) ? left : null, at };
}
