/**
 * The weight of evidence on the graduated line: each source's decibans side by side from even odds, what speaks for another value
 * hatched at the end, and the sum as an upright stroke. It is arithmetic one can redo by hand.
 */
import { LEAD_ASSERTED } from "../../../src/model/device.ts";

const WEIGHT_MAX = 45;
/** Decibans where the odds are 50, 90, 99 and 99.9 in a hundred. */
export const WEIGHT_MARKS = [
  [0, "50"],
  [10, "90"],
  [20, "99"],
  [30, "99.9 %"],
] as const;

export function WeightLine({ supporting, opposing, lead }: WeightLineProps) {
  const ends = supporting.map((_, index) => supporting.slice(0, index + 1).reduce((sum, weight) => sum + weight, 0));
  const segments = supporting.map((weight, index) => ({ weight, from: (ends[index] ?? 0) - weight }));
  const from = ends.at(-1) ?? 0;
  const label = `${supporting.join(" and ")} decibans for it${opposing > 0 ? `, ${opposing} against` : ""}; lead ${lead}, known from ${LEAD_ASSERTED}`;
  return (
    <svg className="weight-line" width="100%" height="22" role="img" aria-label={label}>
      <defs>
        <pattern id="against" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1="0" y1="0" x2="0" y2="5" stroke="var(--iodine)" strokeWidth="2" />
        </pattern>
      </defs>
      {segments.map((segment, index) => (
        <rect
          key={index}
          x={at(segment.from)}
          width={`calc(${at(segment.from + segment.weight)} - ${at(segment.from)} - 2px)`}
          y="6"
          height="7"
          fill="var(--theatre-fill)"
          opacity={Math.max(0.6, 1 - index * 0.15)}
        />
      ))}
      {opposing > 0 && (
        <rect
          x={at(Math.max(0, from - opposing))}
          width={`calc(${at(from)} - ${at(Math.max(0, from - opposing))})`}
          y="4"
          height="11"
          fill="url(#against)"
          stroke="var(--iodine)"
        />
      )}
      <line x1="0" x2="100%" y1="16.5" y2="16.5" stroke="var(--ink3)" />
      {WEIGHT_MARKS.map(([mark]) => (
        <line
          key={mark}
          x1={at(mark)}
          x2={at(mark)}
          y1={mark === LEAD_ASSERTED ? 1 : 4}
          y2="20"
          stroke="var(--edge)"
          strokeDasharray={mark === LEAD_ASSERTED ? undefined : "1.5 2"}
        />
      ))}
      <line x1={at(Math.max(0, lead))} x2={at(Math.max(0, lead))} y1="1" y2="19" stroke="var(--ink)" strokeWidth="2.2" />
    </svg>
  );
}

interface WeightLineProps {
  /** Decibans of each claim that counts, strongest first. */
  readonly supporting: readonly number[];
  readonly opposing: number;
  readonly lead: number;
}

/** Place on the line. What is beyond its end stands at the end. */
export function at(decibans: number): string {
  return `${(Math.min(decibans, WEIGHT_MAX) / WEIGHT_MAX) * 100}%`;
}
