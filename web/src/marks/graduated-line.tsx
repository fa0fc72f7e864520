import type { Severity } from "../../../src/model/finding.ts";

/** The one instrument, a syringe's marks: progress, coverage, weight of evidence. Learn it once. */
export function GraduatedLine({ share, label, tone = "gentian", of = "progress" }: GraduatedLineProps) {
  const percent = Math.min(100, Math.max(0, share * 100));
  return (
    <div
      className="graduated"
      role={of === "measure" ? "meter" : "progressbar"}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(percent)}
    >
      <svg width="100%" height="10" aria-hidden="true" preserveAspectRatio="none">
        <rect x="0" y="0" width={`${percent}%`} height="5" fill={`var(--${tone})`} />
        {MARKS.map((at) => (
          <line key={at} x1={`${at}%`} x2={`${at}%`} y1={at % 10 === 0 ? 4 : 7} y2="10" stroke="var(--edge)" strokeWidth="1" />
        ))}
      </svg>
    </div>
  );
}

interface GraduatedLineProps {
  /** 0 to 1. */
  readonly share: number;
  readonly label: string;
  readonly tone?: Tone;
  /** What goes on is progress; what is as it is is a measure. */
  readonly of?: "progress" | "measure";
}

type Tone = "gentian" | "theatre-fill" | "honey-fill" | "iodine" | "steel-fill";

/** Of a band of risk. */
export function toneOf(severity: Severity): Tone {
  return severity === "medium" ? "honey-fill" : severity === "low" ? "steel-fill" : "iodine";
}

const MARKS = Array.from({ length: 41 }, (_, index) => index * 2.5);
