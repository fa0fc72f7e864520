/** The sums of days, as model/trend.ts has them: kept when the day ends, and never worked out again of what goes on. */
import type { Daily, DailySum } from "../model/trend.ts";
import { DAY_US } from "./calendar.ts";
import type { Engine } from "./engine.ts";
import type { Store } from "./reader.ts";

/** Four weeks are a month of like weekdays. Beyond nine it would be told of another season. */
const AGO_DAYS = 28;
const AGO_DAYS_MAX = 63;

/** Takes the place of what was kept of the same day. In a transaction of the caller's. */
export function keepDaily(database: Engine, { at, sums }: Daily): void {
  const begins = at - (at % DAY_US);
  database.prepare("DELETE FROM daily WHERE at BETWEEN ? AND ?").run(begins, begins + DAY_US - 1);
  const insert = database.prepare(INSERT);
  for (const it of sums) insert.run(at, ...COLUMNS.map((column) => it[column]));
}

const COLUMNS = [
  "part", "name", "devices", "patient", "device", "network", "high", "exposed", "affected", "possible", "unsupported",
] as const satisfies readonly (keyof DailySum)[]; // prettier-ignore
const INSERT = `INSERT INTO daily (at, ${COLUMNS.join(", ")}) VALUES (?, ${COLUMNS.map(() => "?").join(", ")})`;

/** What was heard, from its first moment to its last, and when a day was kept last; null where nothing was. */
export function dailySpan(database: Engine): { readonly first: number | null; readonly last: number | null; readonly kept: number | null } {
  return database.prepare("SELECT min(first) AS first, max(last) AS last, (SELECT max(at) FROM daily) AS kept FROM run").get() as never;
} // prettier-ignore

/** A month before `to`, counted in whole days: at which hour of it the last was heard makes no difference. */
export function dailyBefore(store: Store, to: number): { readonly before: Daily | null; readonly since: number | null } {
  const today = to - (to % DAY_US);
  const { since, at } = store.get<{ since: number | null; at: number | null }>(
    "SELECT min(at) AS since, max(at) FILTER (WHERE at BETWEEN ? AND ?) AS at FROM daily",
    today - AGO_DAYS_MAX * DAY_US,
    today - (AGO_DAYS - 1) * DAY_US - 1,
  )!;
  if (at === null) return { before: null, since };
  const sums = store
    .all<DailySum>(`SELECT ${COLUMNS.join(", ")} FROM daily WHERE at = ? ORDER BY ${PART_ORDER}, name`, at)
    .map((it) => ({ ...it }));
  return { before: { at, sums }, since };
}
const PART_ORDER = "CASE part WHEN 'all' THEN 0 WHEN 'ward' THEN 1 ELSE 2 END";
