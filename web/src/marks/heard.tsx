/**
 * On which days a device was heard: one stroke a day, newest right, a dot for a day it was quiet, a dashed box for a day nobody
 * listened: quiet and not listening never look alike.
 */
import type { Coverage } from "../../../src/model/store.ts";
import { words } from "../words.ts";

/** One bit a day, newest lowest, as two unsigned 32-bit numbers. */
type Days = readonly [low: number, high: number];

/** The days a recording touches, as far back as days are kept, and those of them on which something was listened to. */
export interface Listened {
  readonly span: number;
  readonly on: Days;
}

interface HeardProps {
  readonly days: Days;
  readonly listened: Listened;
  /** So many of the last days. */
  readonly last: number;
  readonly width?: number;
  readonly height?: number;
}

export function Heard({ days, listened, last, width = 7, height = 15 }: HeardProps) {
  const span = Math.min(last, listened.span);
  const at = (sign: (x: number) => string, is: (ago: number) => boolean) =>
    Array.from({ length: span }, (_, index) => (is(span - 1 - index) ? sign(index * width) : "")).join("");
  const stroke = width - 2;
  // One path for each sign, not one for each day: a table has a strip in every row.
  const heard = at(
    (x) => `M${x} 0h${stroke}v${height}h${-stroke}z`,
    (ago) => has(days, ago),
  );
  const quiet = at(
    (x) => `M${x + stroke / 2} ${height - 1.2}h0`,
    (ago) => !has(days, ago) && has(listened.on, ago),
  );
  const deaf = at(
    (x) => `M${x + 0.5} 0.5h${stroke - 1}v${height - 1}h${1 - stroke}z`,
    (ago) => !has(days, ago) && !has(listened.on, ago),
  );
  return (
    <svg
      className="heard-strip"
      role="img"
      aria-label={heardWords(days, listened, last)}
      width={span * width}
      height={height}
      viewBox={`0 0 ${span * width} ${height}`}
    >
      <path d={heard} fill="var(--theatre-fill)" />
      {quiet !== "" && <path d={quiet} stroke="var(--edge)" strokeWidth="2.4" strokeLinecap="round" />}
      {deaf !== "" && <path d={deaf} fill="none" stroke="var(--edge)" strokeDasharray="2 2" />}
    </svg>
  );
}

/** "Heard on 3 of 12 days; 2 days nobody listened". */
function heardWords(days: Days, listened: Listened, last: number): string {
  const { on, of, deaf } = heardOn(days, listened, last);
  return `Heard on ${on} of ${words.plural(of, "day")}${deaf === 0 ? "" : `; ${words.plural(deaf, "day")} nobody listened`}`;
}

/** On how many of the last days it was heard, of how many on which one listened. */
export function heardOn(days: Days, listened: Listened, last: number): { readonly on: number; readonly of: number; readonly deaf: number } {
  const span = Math.min(last, listened.span);
  let [on, of] = [0, 0];
  for (let ago = 0; ago < span; ago++) {
    if (has(days, ago)) on++;
    if (has(days, ago) || has(listened.on, ago)) of++;
  }
  return { on, of, deaf: span - of };
}

const DAY_MICROS = 86_400e6;
const DAYS_KEPT = 64;

export function listenedOf(coverage: Coverage | undefined): Listened {
  if (coverage === undefined || coverage.from === null || coverage.to === null) return { span: 1, on: [1, 0] };
  const today = Math.floor(coverage.to / DAY_MICROS);
  const span = Math.min(DAYS_KEPT, today - Math.floor(coverage.from / DAY_MICROS) + 1);
  let [low, high] = [0, 0];
  for (const { from, to } of coverage.inputs) {
    if (from === null || to === null) continue;
    for (let day = Math.max(Math.floor(from / DAY_MICROS), today - span + 1); day <= Math.floor(to / DAY_MICROS); day++) {
      const ago = today - day;
      if (ago < 32) low = (low | (1 << ago)) >>> 0;
      else high = (high | (1 << (ago - 32))) >>> 0;
    }
  }
  return { span, on: [low, high] };
}

/** `ago` 0 is the recording's last day. */
function has(days: Days, ago: number): boolean {
  return ((ago < 32 ? days[0] >>> ago : days[1] >>> (ago - 32)) & 1) === 1;
}
