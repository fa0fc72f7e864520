/** How severe NVD holds a vulnerability: for those whose advisory gives no score. Empty where no feed was brought. */
import { feedRecords } from "./feeds.ts";

export const SEVERITIES_SOURCE = "NVD";

export interface PublishedSeverity {
  /** CVSS v3 base score. */
  readonly cvss: number;
  readonly vector: string;
}

/** `day`: YYYY-MM-DD of its last change. A record of no more than CVE and day says that it was rejected. */
export function severityRecord(cve: string, day: string, severity: PublishedSeverity | null): string {
  return [cve, day, ...(severity === null ? [] : [String(severity.cvss), severity.vector])].join("\t");
}

/** By CVE. */
export function loadSeverities(): ReadonlyMap<string, PublishedSeverity> {
  return new Map(
    feedRecords("severities").map((record) => {
      const [cve = "", , cvss = "", vector = ""] = record.split("\t");
      return [cve, { cvss: Number(cvss), vector }];
    }),
  );
}
