/** A recall's list as it stands: each entry with the last word of it, by ward as somebody walks, and the count that closes it. */
import type { RecallBegun, RecallTick, TickCounts, TickedEntry, TickList } from "../model/recall.ts";

/** `ticks` in the order they were said. */
export function tickListOf({ entries, ...begun }: RecallBegun, ticks: readonly RecallTick[]): TickList {
  const last = new Map(ticks.map((it) => [it.entry, it]));
  const ticked = entries.map((it): TickedEntry => {
    const tick = last.get(it.id);
    return { ...it, tick: tick === undefined || tick.word === null ? null : tick };
  });
  const counts = countsOf(ticked);
  const wards = [...Map.groupBy(ticked, ({ ward }) => ward)].sort(([a], [b]) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1));
  return {
    ...begun,
    ...counts,
    closed: counts.left > 0 ? null : ticked.reduce((latest, { tick }) => Math.max(latest, tick!.at), begun.at),
    wards: wards.map(([ward, own]) => ({ ward, ...countsOf(own), entries: own })),
  };
}

function countsOf(entries: readonly TickedEntry[]): TickCounts {
  const having = (word: RecallTick["word"]) => entries.filter(({ tick }) => tick?.word === word).length;
  const [all, found, notMeant] = [entries.length, having("found"), having("not meant")];
  const left = all - found - notMeant;
  const looked = `${found} of ${all} found${notMeant === 0 ? "" : `, ${notMeant} not meant`}`;
  return { all, found, notMeant, left, words: left === 0 ? `${looked}, none left: closed` : `${looked}, ${left} left` };
}
