/** Whether things come at the pace of a program that tries by the clock. */
const SECOND_US = 1_000_000;
/** Faster than this nobody waits between two tries; a program that starts anew after each waits longer. */
const GAP_US_MIN = 5 * SECOND_US;
/** Four of five gaps deviate no further from the middle one: clocks and networks shake it a little, and a try may be missed. */
const SPREAD_MAX = 0.2;
const SHARE = 0.8;

/** `times`: in order. */
export function isEvenPace(times: readonly number[]): boolean {
  const gaps = times.slice(1).map((at, i) => at - times[i]!);
  return middle(gaps) >= GAP_US_MIN && areEven(gaps, SPREAD_MAX);
}

/** Four of five lie no further from the middle one than this part of it. */
export function areEven(numbers: readonly number[], spreadMax: number): boolean {
  const center = middle(numbers);
  const deviations = numbers.map((it) => Math.abs(it - center)).sort((a, b) => a - b);
  return deviations.length > 0 && deviations[Math.floor(SHARE * deviations.length)]! <= spreadMax * center;
}

export function middle(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
