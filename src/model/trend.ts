/** What the fleet came to on a day, in sums that stay when what they were made of has gone on: what was a month ago is told of these. */

/** Of the whole fleet, of a ward, of a kind. */
export const DAILY_PARTS = ["all", "ward", "kind"] as const;

export interface DailySum {
  readonly part: (typeof DAILY_PARTS)[number];
  /** "" for the whole, and for those whose ward or kind nobody knows. */
  readonly name: string;
  /** Heard up to then. */
  readonly devices: number;
  /** Points of risk, added over these devices, by side. */
  readonly patient: number;
  readonly device: number;
  readonly network: number;
  /** At high or critical risk. */
  readonly high: number;
  /** With an exposure, affected by a published vulnerability, possibly so, without support; what people dismissed counts nowhere. */
  readonly exposed: number;
  readonly affected: number;
  readonly possible: number;
  readonly unsupported: number;
}

export interface Daily {
  /** The last moment that was heard of it, microseconds since 1970. */
  readonly at: number;
  /** The whole first, then by name. */
  readonly sums: readonly DailySum[];
}

export interface Trend {
  readonly now: Daily;
  /** Four weeks before, or the latest up to nine weeks before; null where none was kept. */
  readonly before: Daily | null;
  /** Of which the earliest was kept; null where none was. */
  readonly since: number | null;
}

export function wholeOf({ sums }: Daily): DailySum {
  return sums.find(({ part }) => part === "all")!;
}

/** What stands beside today's figures, in one sentence. */
export function trendInWords({ now, before: past, since }: Trend): string {
  const day = (at: number) => new Date(Math.floor(at / 1_000)).toISOString().slice(0, 10);
  if (past === null)
    return since === null
      ? "What the risk was on other days was not kept yet: it is kept at the end of each day, once a recording is longer than one."
      : `Risk is kept since ${day(since)}: against a month ago it can be told from four weeks later on.`;
  const [before, today] = [wholeOf(past), wholeOf(now)];
  const points = (of: DailySum) => of.patient + of.device + of.network;
  const each = (of: DailySum) => (of.devices === 0 ? 0 : Math.round((10 * points(of)) / of.devices) / 10);
  return `On ${day(past.at)}: ${before.high} of ${before.devices} devices at high or critical risk, now ${today.high} of ${today.devices}; points of risk for each device ${each(before)}, now ${each(today)}.`;
}
