/**
 * What the audit log is told by requests. Nobody may fill the disk by being refused: of each kind so many rows are written in an hour, and
 * the first row after them says how many were left out.
 */
import type { Audited, Deed } from "../model/account.ts";

export const ROWS_AN_HOUR_MAX = 200;
const HOUR_MICROS = 3_600e6;
const ABOUT_LENGTH_MAX = 300;

export class Trail {
  readonly #record: (deed: Deed) => void;
  readonly #hours = new Map<Audited, { hour: number; rows: number }>();

  constructor(record: (deed: Deed) => void) {
    this.#record = record;
  }

  write(deed: Deed): void {
    const hour = Math.floor(deed.at / HOUR_MICROS);
    const before = this.#hours.get(deed.what);
    const isNew = before?.hour !== hour;
    const rows = isNew ? 1 : before.rows + 1;
    this.#hours.set(deed.what, { hour, rows });
    if (rows > ROWS_AN_HOUR_MAX) return;
    const leftOut = isNew ? Math.max(0, (before?.rows ?? 0) - ROWS_AN_HOUR_MAX) : 0;
    const about = deed.about.slice(0, ABOUT_LENGTH_MAX);
    this.#record({ ...deed, about: leftOut === 0 ? about : `${about} (and ${leftOut} more before, not written)` });
  }
}
