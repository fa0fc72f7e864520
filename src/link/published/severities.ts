/** NVD's CVEs as its API answers them (JSON 2.0), a page or a file of a year → records of `knowledge/severities.ts`. */
import { z } from "zod";
import { SEVERITIES_SOURCE, severityRecord } from "../../knowledge/severities.ts";
import type { ReadFeed } from "./index.ts";
import { asPublished, Cve, Day } from "./wrong-feed.ts";

const Metric = z.object({
  type: z.string(),
  cvssData: z.object({ baseScore: z.number().min(0).max(10), vectorString: z.string().regex(/^CVSS:3\.[01]\/[A-Z:/]{20,100}$/, "expected a CVSS v3 vector") }),
}); // prettier-ignore
const Metrics = z.array(Metric).default([]);
const Page = z.object({
  format: z.literal("NVD_CVE", "expected NVD_CVE"),
  version: z.literal("2.0", "expected 2.0"),
  timestamp: Day,
  startIndex: z.number().int().min(0),
  resultsPerPage: z.number().int().min(0),
  totalResults: z.number().int().min(0),
  vulnerabilities: z.array(
    z.object({
      cve: z.object({
        id: Cve,
        lastModified: Day,
        vulnStatus: z.string().default(""),
        metrics: z.object({ cvssMetricV31: Metrics, cvssMetricV30: Metrics }).prefault({}),
      }),
    }),
  ),
});

export function isOfNvd(value: object): boolean {
  return "format" in value && "vulnerabilities" in value && "totalResults" in value;
}

/** Throws an Error for people with the place. What it gives no score of version 3 for is left out. */
export function readSeverities(value: object): ReadFeed {
  const { timestamp, startIndex, resultsPerPage, totalResults, vulnerabilities } = asPublished(Page, value);
  const expected = Math.min(resultsPerPage, Math.max(0, totalResults - startIndex));
  if (vulnerabilities.length !== expected)
    throw new Error(`vulnerabilities: expected ${expected}, as resultsPerPage and totalResults say, got ${vulnerabilities.length}`);
  const records = vulnerabilities.flatMap(({ cve: { id, lastModified, vulnStatus, metrics } }) => {
    if (vulnStatus === "Rejected") return [severityRecord(id, lastModified, null)];
    const scored = [...metrics.cvssMetricV31, ...metrics.cvssMetricV30];
    // Its own word goes before that of whoever reported it.
    const { cvssData } = scored.find(({ type }) => type === "Primary") ?? scored[0] ?? {};
    return cvssData === undefined ? [] : [severityRecord(id, lastModified, { cvss: cvssData.baseScore, vector: cvssData.vectorString })];
  });
  return { name: "severities", source: SEVERITIES_SOURCE, day: timestamp, records };
}
