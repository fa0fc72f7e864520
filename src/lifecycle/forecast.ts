/**
 * How a count goes on, from how it went: a local linear trend over its logarithm (A. C. Harvey, Forecasting, Structural Time Series
 * Models and the Kalman Filter, 1989, 2.3). Level and slope both wander; how much each does is not chosen but weighed: every pair of
 * a small grid by how well it foretold each month of the history from those before it. The interval is that of all of them together,
 * so a fleet whose growth itself grows gets a wider one than a steady one. Same counts, same forecast: nothing is drawn.
 */

export interface Forecast {
  /** Months after the last one counted, from 1. */
  readonly ahead: number;
  readonly likely: number;
  /** The count lies between these in `chance` of such fleets. */
  readonly low: number;
  readonly high: number;
}

/** Below that many months a slope is a guess about noise. */
export const MONTHS_MIN = 8;
/** "8 chances in 10". */
export const CHANCE = 0.8;

/** Standard deviations relative to each other: how much a single month is off, how the level wanders, how the slope does. */
const OFF = [0, 0.5, 1, 2, 4];
const SLOPES = [0, 0.03, 0.06];
/** Of the scale all of them share: so many months' worth of belief that devices come by the handful, so that chance moves a count of n by 0.3 √n a month. */
const PRIOR_MONTHS = 2;
const HANDFUL = 0.3 ** 2;
/** A fleet neither halves nor doubles in a month: what the first slope may be, as the logarithm's change. */
const SLOPE_FIRST = 0.05;
/** Growth itself grows or shrinks by some four points a year each year: the logarithm's change a month, each month. */
const BEND_FIRST = 0.04 / 144;

type Triple = readonly [number, number, number];
type Square = readonly [Triple, Triple, Triple];

interface Fitted {
  readonly weight: number;
  /** Student's t: degrees of freedom, and by months ahead its center and scale. */
  readonly freedom: number;
  readonly at: readonly { readonly center: number; readonly scale: number }[];
}

/** `counts` month by month, oldest first, each at least 0. Null where the history is too short or holds a month without any. */
export function forecast(counts: readonly number[], months: number, chance = CHANCE): Forecast[] | null {
  if (counts.length < MONTHS_MIN || counts.some((it) => it <= 0)) return null;
  const logs = counts.map(Math.log);
  const fits = OFF.flatMap((off) => SLOPES.map((slope) => fitted(logs, off, slope, months)));
  const best = Math.max(...fits.map(({ weight }) => weight));
  const weighed = fits.map((it) => ({ ...it, weight: Math.exp(it.weight - best) })).filter(({ weight }) => weight > 1e-6);
  return Array.from({ length: months }, (_, step) => ({
    ahead: step + 1,
    likely: Math.exp(quantile(weighed, step, 0.5)),
    low: Math.exp(quantile(weighed, step, (1 - chance) / 2)),
    high: Math.exp(quantile(weighed, step, (1 + chance) / 2)),
  }));
}

/** A Kalman filter over level, slope and bend with everything in units of one unknown variance, which the errors of each month ahead then tell. */
function fitted(logs: readonly number[], off: number, slopeStep: number, months: number): Fitted {
  const chance = HANDFUL / Math.exp(logs[0]!);
  const unit = Math.sqrt(chance);
  // The level is known from the first month but for what that is off; slope and bend hardly.
  let state: Triple = [logs[0]!, 0, 0];
  let spread: Square = [
    [off ** 2, 0, 0],
    [0, (SLOPE_FIRST / unit) ** 2, 0],
    [0, 0, (BEND_FIRST / unit) ** 2],
  ];
  let squares = PRIOR_MONTHS * chance;
  let freedom = PRIOR_MONTHS;
  let weight = 0;
  const goOn = () => {
    state = [state[0] + state[1], state[1] + state[2], state[2]];
    const [[ll, ls, lb], [, ss, sb], [, , bb]] = spread;
    const [level, both, bent] = [ll + 2 * ls + ss + 1, ls + lb + ss + sb, lb + sb];
    spread = [
      [level, both, bent],
      [both, ss + 2 * sb + bb + slopeStep ** 2, sb + bb],
      [bent, sb + bb, bb],
    ];
  };
  for (const log of logs.slice(1)) {
    goOn();
    const error = log - state[0];
    const variance = spread[0][0] + off ** 2;
    weight += logStudent(error, Math.sqrt((squares / freedom) * variance), freedom);
    squares += error ** 2 / variance;
    freedom += 1;
    const known = spread[0];
    const gain = known.map((it) => it / variance) as unknown as Triple;
    state = state.map((it, row) => it + gain[row]! * error) as unknown as Triple;
    spread = spread.map((line, row) => line.map((it, column) => it - gain[row]! * known[column]!)) as unknown as Square;
  }
  const at = Array.from({ length: months }, () => {
    goOn();
    return { center: state[0], scale: Math.sqrt((squares / freedom) * (spread[0][0] + off ** 2)) };
  });
  return { weight, freedom, at };
}

/** Where the weighed mixture has `share` of its mass below, to a millionth. */
function quantile(fits: readonly Fitted[], step: number, share: number): number {
  const total = fits.reduce((sum, { weight }) => sum + weight, 0);
  const below = (value: number) =>
    fits.reduce((sum, { weight, freedom, at }) => sum + weight * studentBelow((value - at[step]!.center) / at[step]!.scale, freedom), 0) /
    total;
  let [low, high] = [Infinity, -Infinity];
  for (const { at } of fits) {
    low = Math.min(low, at[step]!.center - 40 * at[step]!.scale);
    high = Math.max(high, at[step]!.center + 40 * at[step]!.scale);
  }
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (below(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Logarithm of Student's t density with that scale. */
function logStudent(error: number, scale: number, freedom: number): number {
  return (
    logGamma((freedom + 1) / 2) -
    logGamma(freedom / 2) -
    Math.log(freedom * Math.PI) / 2 -
    Math.log(scale) -
    ((freedom + 1) / 2) * Math.log1p((error / scale) ** 2 / freedom)
  );
}

/** Share of Student's t below: for whole degrees of freedom a finite sum (Abramowitz and Stegun 26.7.3 and 26.7.4). */
export function studentBelow(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const cosine = Math.cos(angle);
  let term = freedom % 2 === 1 ? cosine : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let k = freedom % 2 === 1 ? 3 : 2; k <= freedom - 2; k += 2) {
    term *= ((k - 1) / k) * cosine ** 2;
    sum += term;
  }
  const inside = freedom % 2 === 1 ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
  return (1 + inside) / 2;
}

/** Lanczos' approximation, to ten digits for what is asked here: multiples of a half from 1. */
function logGamma(x: number): number {
  const series = LANCZOS.reduce((sum, factor, place) => sum + factor / (x + place + 1), 1.000000000190015);
  const base = x + 5.5;
  return (x + 0.5) * Math.log(base) - base + Math.log((2.506628274631 * series) / x);
}
const LANCZOS = [76.18009172947146, -86.5053203294168, 24.01409824083091, -1.231739572450155, 0.001208650973866179, -0.000005395239384953];
