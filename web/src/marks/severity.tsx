/** How severe a finding is: shape and word; color repeats, never tells. */
import type { Severity } from "../../../src/model/finding.ts";

export function SeverityMark({ severity }: { readonly severity: Severity }) {
  return (
    <svg className="icon" width="15" height="15" viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.6">
      {severity === "critical" && (
        <>
          <path d="M5.2 1.2h5.6l4 4v5.6l-4 4H5.2l-4-4V5.2z" fill="currentColor" stroke="none" />
          <path d="M8 4.4v4.4M8 11v.9" stroke="var(--gauze)" strokeWidth="1.9" />
        </>
      )}
      {severity === "high" && <path d="M8 1.8l7 12.6H1z" fill="currentColor" stroke="none" />}
      {severity === "medium" && (
        <>
          <path d="M8 1.4l6.6 6.6L8 14.6 1.4 8z" />
          <path d="M8 1.4v13.2L1.4 8z" fill="currentColor" stroke="none" />
        </>
      )}
      {severity === "low" && <circle cx="8" cy="8" r="6" />}
    </svg>
  );
}

export function SeverityWord({ severity }: { readonly severity: Severity }) {
  return (
    <span className={`severity ${severity}`}>
      <SeverityMark severity={severity} />
      {WORDS[severity]}
    </span>
  );
}

const WORDS: Readonly<Record<Severity, string>> = { critical: "Critical", high: "High", medium: "Medium", low: "Low" };
