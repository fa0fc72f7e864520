/** Guards on one page: what the store heard of the devices each is for, joined with what `findings` makes of it. */
import { guardOf } from "./findings/guards.ts";
import { talkGuardOf, talkGuards } from "./findings/talk-guards.ts";
import type { GuardView } from "./model/guard.ts";
import type { Store } from "./store/reader.ts";
import { spanOf } from "./store/queries/days.ts";
import { programmingHeard, talkHeard } from "./store/queries/guards.ts";

/** Before so long everybody is a stranger (findings/acquaintance.ts). */
const LEARNED_US = 3 * 86_400e6;

/** Of all devices; or of one, by its number: those alone that are for it. To be called within one snapshot. */
export function guardsOf(store: Store, device?: number): readonly GuardView[] {
  const ofOne = device !== undefined;
  const { from, to } = spanOf(store);
  const isLearned = from !== null && to !== null && to - from >= LEARNED_US;
  const guards = [
    guardOf(programmingHeard(store, device), ofOne),
    ...talkGuards().map((it) => talkGuardOf(it, talkHeard(store, it, device), isLearned, ofOne)),
  ];
  return ofOne ? guards.filter(({ devices }) => devices > 0) : guards;
}
