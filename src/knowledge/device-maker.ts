/** Whether a card's registrant makes devices for hospitals or buildings: the names those call themselves are no person's. */
import { loadKnowledge } from "./index.ts";

const SECTORS: ReadonlySet<string> = new Set(["medical", "building"]);
/** Answers kept; a site has a few hundred makers. */
const KEPT_MAX = 10_000;
const kept = new Map<number, boolean>();

/** Upper 16 and lower 32 bits of the MAC. An address somebody made up has no registrant. */
export function isDeviceMaker(high: number, low: number): boolean {
  if ((high & 0x200) !== 0) return false;
  const block = high * 0x10_0000 + (low >>> 12);
  const known = kept.get(block);
  if (known !== undefined) return known;
  const { prefixes, makers } = loadKnowledge();
  const registrant = prefixes.registrant(high, low);
  const answer = registrant !== null && SECTORS.has(makers.called(registrant, "registry").sector);
  if (kept.size >= KEPT_MAX) kept.clear();
  kept.set(block, answer);
  return answer;
}
