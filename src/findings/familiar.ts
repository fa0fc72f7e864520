/**
 * Who belongs to a server, learned by counting: it is settled when a long row of visits brought nobody new, the longer the more there are,
 * and when nobody new came for much longer than newcomers took to come before: on the first morning machines are switched on one after
 * the other, and each speaks often before the next does. Then whoever is new is a stranger, for a week; after that a place learns that
 * he belongs there.
 */

const ROW_MIN = 20;
/** Of those who visit rarely some are still to come: a row three times as long as the list leaves few (Good and Turing's estimate). */
const ROW_OF_LIST = 3;
/** So many times the longest wait for somebody new: of waits as chance has them, one in twenty is longer than three times the mean (e^-3). */
const WAIT_TIMES = 3;
/** Who come within so long of each other come together: a shift that begins, a server that starts with all its clients. */
const TOGETHER_US = 60_000_000;
const STRANGER_US = 7 * 24 * 3600 * 1_000_000;
const STRANGERS_MAX = 64;

export interface Familiar {
  /** Keys, the longest known first. */
  known: string[];
  strangers: [key: string, since: number][];
  visits: number;
  /** Visits since somebody new came. */
  row: number;
  /** When somebody new came last, a stranger or not, and the longest wait between two of them; 0 before there were. */
  newAt?: number;
  waited?: number;
}

export const noFamiliar = (): Familiar => ({ known: [], strangers: [], visits: 0, row: 0 });

/** `times`: visits it made in the second or the batch at hand. */
export function meet(it: Familiar, key: string, at: number, most: number, times = 1): "known" | "stranger" {
  const isSettled = it.row >= Math.max(ROW_MIN, ROW_OF_LIST * it.known.length) && at - (it.newAt ?? 0) >= WAIT_TIMES * (it.waited ?? 0);
  it.visits += times;
  if (it.known.includes(key)) {
    it.row += times;
    return "known";
  }
  const since = it.strangers.find(([stranger]) => stranger === key)?.[1];
  // Where there is no room to know all, nobody can be told from those who belong.
  if (it.known.length >= most) return "known";
  if (since === undefined) {
    const wait = at - (it.newAt ?? at);
    if (wait >= TOGETHER_US) it.waited = Math.max(it.waited ?? 0, wait);
    it.newAt = at;
  }
  if (since === undefined ? isSettled : at - since < STRANGER_US) {
    if (since === undefined) it.strangers = [...it.strangers, [key, at] as [string, number]].slice(-STRANGERS_MAX);
    return "stranger";
  }
  it.strangers = it.strangers.filter(([stranger]) => stranger !== key);
  it.known.push(key);
  it.row = times - 1;
  return "known";
}

export function isStranger(it: Familiar, key: string): boolean {
  return it.strangers.some(([stranger]) => stranger === key);
}
