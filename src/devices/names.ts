/** What a device is called. Names are one group: the same said by several sources is one name, and different ones stand side by side. */
import type { Knowledge } from "../knowledge/index.ts";
import type { Stated } from "../model/device.ts";
import { confidenceOf, LEAD_PROBABLY } from "../model/device.ts";
import type { Heard } from "../model/heard.ts";
import type { Word } from "./words.ts";
import { faded } from "./written.ts";

/** More are aliases of a server, or made up. */
const NAMES_MAX = 8;
/** NetBIOS cuts names there, and capitals and hyphens get lost on the way. */
const KEY_LENGTH = 15;

/** Surest first. */
export function namesOf(words: readonly Word[], { weights }: Knowledge): Stated[] {
  const names = new Map<string, Stated & { readonly first: number }>();
  const own = words.filter((word) => word.attribute === "names" && word.value !== "" && !word.silenced);
  const weightOf = (word: Word) => faded(weights.get(word.source)!.word, word);
  for (const word of own.toSorted(
    (a, b) => weightOf(b) - weightOf(a) || a.first - b.first || a.value.length - b.value.length || (a.value < b.value ? -1 : 1),
  )) {
    const key = nameKey(word);
    // Asked for in full, a machine's own name is no other name.
    if (names.has(key) || names.has(ownKey(word.value))) continue;
    const lead = weightOf(word);
    names.set(key, { value: word.value, confidence: confidenceOf(lead), lead, first: word.first });
  }
  return [...names.values()].slice(0, NAMES_MAX).map(({ value, confidence, lead }) => ({ value, confidence, lead }));
}

/** Of a host its own label; a name that was asked for is a whole: www.example.org and api.example.org are two. */
export function nameKey({ value, source }: Word): string {
  return source === "asked name" ? letters(value) : ownKey(value);
}

function ownKey(value: string): string {
  return letters(value.split(".", 1)[0]!).slice(0, KEY_LENGTH);
}

function letters(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}

/** Its name; else its maker and the end of its MAC, as it is printed on the label; else its address. */
export function displayName(names: readonly Stated[], maker: Stated | null, { macs, ips, endpoints }: Heard): string {
  const [name] = names;
  if (name !== undefined && name.lead >= LEAD_PROBABLY) return name.value;
  const [mac] = macs;
  if (maker !== null && mac !== undefined) return `${maker.value} ${mac.slice(-8)}`;
  const [endpoint] = endpoints;
  return endpoint?.child ?? ips[0] ?? mac ?? endpoint?.ip ?? endpoint?.mac ?? "";
}
