/** Bits of days as they are shown: newest lowest, up to the recording's last day. In the file each row counts back from its own last day. */
import { DAY_US } from "../calendar.ts";
import type { Store } from "../reader.ts";

interface DayBits {
  readonly last: number;
  readonly days_low: number;
  readonly days_high: number;
}
export type Days = (bits: DayBits) => readonly [low: number, high: number];

/** The recording's last moment: what "now" means in it. Null while nothing was heard. */
export function endOf(store: Store): number | null {
  return store.get<{ last: number | null }>("SELECT max(last) AS last FROM run")!.last;
}

/** From its first moment to its last; null while nothing was heard. */
export function spanOf(store: Store): { readonly from: number | null; readonly to: number | null } {
  return store.get<{ from: number | null; to: number | null }>('SELECT min(first) AS "from", max(last) AS "to" FROM run')!;
}

export function daysShown(store: Store): Days {
  const today = Math.floor((endOf(store) ?? 0) / DAY_US);
  return ({ last, days_low, days_high }) => {
    const ago = Math.max(0, today - Math.floor(last / DAY_US));
    return ago === 0 ? [days_low, days_high] : older(days_low, days_high, ago);
  };
}

function older(low: number, high: number, days: number): readonly [number, number] {
  const bits = ((BigInt(high) << 32n) | BigInt(low)) << BigInt(Math.min(days, 64));
  return [Number(bits & 0xffff_ffffn), Number((bits >> 32n) & 0xffff_ffffn)];
}
