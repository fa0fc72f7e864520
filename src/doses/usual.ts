/**
 * What is usual of one drug, in one kind of order, on one kind of pump: mean and spread of the logarithm of accepted rates. Learned, then
 * frozen: one that follows what it hears lets ten times the rate in after nine orders (harm-notes 7).
 */

/** Nothing is said below so many. */
const ORDERS_MIN = 20;
const ORDERS_MAX = 200;
const LEARNS_US = 30 * 24 * 3600 * 1_000_000;
/** A drug that is always ordered alike would make every other rate a wonder. */
const SPREAD_MIN = 0.2;
const HIGH_SHARE = 0.95;

/** Plain data: it is sealed and kept where the sensor ends. */
export interface Learned {
  /** Logarithms of accepted rates, in order of size. */
  readonly logs: number[];
  readonly since: number;
}

export function learned(at: number): Learned {
  return { logs: [], since: at };
}

/** Of an order that was accepted, and of which nothing was found. */
export function learn({ logs, since }: Learned, mLPerHour: number, at: number): void {
  if (logs.length >= ORDERS_MAX || (logs.length >= ORDERS_MIN && at - since > LEARNS_US)) return;
  const log = Math.log(mLPerHour);
  const place = logs.findIndex((it) => it > log);
  logs.splice(place < 0 ? logs.length : place, 0, log);
}

export interface Usual {
  readonly mean: number;
  readonly spread: number;
  readonly largest: number;
  readonly high: number;
}

/** Null while there are too few. Rates, but for `mean` and `spread`, which are of logarithms. */
export function usualOf({ logs }: Learned): Usual | null {
  if (logs.length < ORDERS_MIN) return null;
  const mean = logs.reduce((sum, it) => sum + it, 0) / logs.length;
  const variance = logs.reduce((sum, it) => sum + (it - mean) ** 2, 0) / (logs.length - 1);
  return {
    mean,
    spread: Math.max(SPREAD_MIN, Math.sqrt(variance)),
    largest: Math.exp(logs.at(-1)!),
    high: Math.exp(logs[Math.ceil(HIGH_SHARE * logs.length) - 1]!),
  };
}
