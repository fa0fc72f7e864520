/**
 * Days, weeks and hours in which something was heard, a bit each: small enough to keep for years. Bits of days count back from the day
 * of the row's own `last`, which has the lowest; what is 64 days older falls off. Joining two rows takes the later `last` and the union,
 * so it does not matter in which order or how often they are joined. In two 32-bit halves, since a 64th bit is more than a number holds.
 */

export const DAY_US = 86_400_000_000;
export const WEEK_US = 7 * DAY_US;
const HOUR_US = 3_600_000_000;

export class Calendar {
  low = 0;
  high = 0;
  readonly #unit: number;
  #newest = 0;

  constructor(unit: number) {
    this.#unit = unit;
  }

  /** Of a row that was heard at these two moments: what lies between them is not known to have been. */
  begin(first: number, last: number): void {
    this.#newest = Math.floor(last / this.#unit);
    this.low = 1;
    this.high = 0;
    if (first < this.#newest * this.#unit) this.#join(1, 0, Math.floor(first / this.#unit));
  }

  join(first: number, last: number): void {
    const day = Math.floor(last / this.#unit);
    this.#join(1, 0, day);
    if (first < day * this.#unit) this.#join(1, 0, Math.floor(first / this.#unit));
  }

  /** Bits of another row, which has this `last`. */
  joinBits(low: number, high: number, last: number): void {
    this.#join(low, high, Math.floor(last / this.#unit));
  }

  #join(low: number, high: number, day: number): void {
    const age = this.#newest - day;
    const [oldLow, oldHigh] = age < 0 ? moved(this.low, this.high, -age) : [this.low, this.high];
    const [newLow, newHigh] = age > 0 ? moved(low, high, age) : [low, high];
    this.low = (oldLow | newLow) >>> 0;
    this.high = (oldHigh | newHigh) >>> 0;
    if (age < 0) this.#newest = day;
  }
}

/** Bits as old as they are now `by` days later. At least one. */
function moved(low: number, high: number, by: number): readonly [low: number, high: number] {
  if (by < 32) return [low << by, (high << by) | (low >>> (32 - by))];
  return [0, by < 64 ? low << (by - 32) : 0];
}

/** The hours of the day, UTC, in which these two moments lie; bit 0 is the one after midnight. */
export function hourBits(first: number, last: number): number {
  return (1 << (Math.floor(first / HOUR_US) % 24)) | (1 << (Math.floor(last / HOUR_US) % 24));
}

/** The two columns of SQL that join a row's bits with those of the same row arriving again (`excluded`), as `Calendar` joins them. */
export function joinedBits(table: string, name: string, unit: number): string {
  const old = `((${table}.${name}_high << 32) | ${table}.${name}_low)`;
  const came = `((excluded.${name}_high << 32) | excluded.${name}_low)`;
  const oldDay = `(${table}.last / ${unit})`;
  // In a table with a rowid, what is about to be written is still the floating-point number it was bound as.
  const cameDay = `(CAST(excluded.last AS BIGINT) / ${unit})`;
  // SQLite shifts a number out by 64 and more, so what is too old is gone.
  const joined = `iif(${cameDay} >= ${oldDay}, ${came} | (${old} << (${cameDay} - ${oldDay})), ${old} | (${came} << (${oldDay} - ${cameDay})))`;
  return `${name}_low = ${joined} & 4294967295, ${name}_high = (${joined} >> 32) & 4294967295`;
}
