/** What is published, made: advisories, catalogues, scores and ends of support as their publishers write them. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SUPPORTED } from "../knowledge/published-support.ts";

export interface MadeAdvisory {
  readonly id: string;
  /** YYYY-MM-DD */
  readonly updated: string;
  readonly publisher?: { readonly name: string; readonly namespace: string };
  readonly vendor?: string;
  readonly product?: string;
  readonly version?: string;
  readonly cve?: string;
  /** Null: it gives none. */
  readonly score?: number | null;
  /** Group of `product_status`. */
  readonly status?: string;
}

export const CISA = { name: "CISA", namespace: "https://www.cisa.gov/" };

/** With one product, CSAFPID-0001. */
export function advisoryDocument({ id, updated, publisher = CISA, vendor = "B. Braun", product = "SpaceCom", version = "< L81", cve = "CVE-2026-1000", score = 7.5, status = "known_affected" }: MadeAdvisory) {
  return {
    document: {
      category: "csaf_security_advisory",
      csaf_version: "2.0",
      title: `${vendor} ${product}`,
      publisher: { category: "vendor", ...publisher },
      tracking: { id, status: "final", version: "1", initial_release_date: `${updated}T07:00:00.000000Z`, current_release_date: `${updated}T07:00:00.000000Z` },
    },
    product_tree: {
      branches: [
        {
          category: "vendor",
          name: vendor,
          branches: [
            {
              category: "product_name",
              name: product,
              branches: [{ category: "product_version_range", name: version, product: { name: `${product} ${version}`, product_id: "CSAFPID-0001" } }],
            },
          ],
        },
      ],
    },
    vulnerabilities: [
      {
        cve,
        product_status: { [status]: ["CSAFPID-0001"] },
        scores: score === null ? [] : [{ products: ["CSAFPID-0001"], cvss_v3: { version: "3.1", baseScore: score, vectorString: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N" } }],
        remediations: [{ category: "vendor_fix", details: "Update to version 2.0.1 or later.", product_ids: ["CSAFPID-0001"] }],
      },
    ],
  };
} // prettier-ignore

/** CISA's catalogue of a day, of `cves` in their order. */
export function catalogue(day: string, cves: readonly string[]) {
  return {
    title: "CISA Catalog of Known Exploited Vulnerabilities",
    catalogVersion: day.replaceAll("-", "."),
    dateReleased: `${day}T17:04:19.9796Z`,
    count: cves.length,
    vulnerabilities: cves.map((cveID) => ({
      cveID,
      vendorProject: "Acme",
      product: "Gateway",
      dateAdded: day,
      dueDate: day,
      knownRansomwareCampaignUse: "Unknown",
    })),
  };
}

/** `count` scores of a day, as FIRST writes them. */
export function scores(day: string, count: number): string {
  const rows = Array.from({ length: count }, (_, at) => `CVE-2026-${String(10_000 + at)},0.00${at % 10}1,0.5`);
  return [`#model_version:v2025.03.14,score_date:${day}T12:00:00Z`, "cve,epss,percentile", ...rows, ""].join("\n");
}

/** endoflife.date's API: of each system we can hear so many releases. */
export function endsOfSupport(day: string, releases: number) {
  const result = Object.keys(SUPPORTED).map((name) => ({
    name,
    releases: Array.from({ length: releases }, (_, at) => ({
      name: String(at + 1),
      label: String(at + 1),
      isEol: false,
      eolFrom: "2030-01-01",
      latest: { name: `${at + 1}.0`, date: "2026-01-01" },
    })),
  }));
  return { schema_version: "1.2.0", generated_at: `${day}T00:00:00+00:00`, total: result.length, result };
}

export interface MadeRecall {
  readonly number: string;
  /** YYYY-MM-DD */
  readonly day: string;
  readonly firm?: string;
  readonly product?: string;
  readonly codes?: string;
  readonly status?: string;
  readonly level?: string;
}

/** openFDA's answer to a question that these fit, of `total`. */
export function enforcement(day: string, recalls: readonly MadeRecall[], total = recalls.length) {
  const results = recalls.map(({ number, day: reported, firm = "B. Braun Medical, Inc.", product = "SpaceCom", codes = "All serial numbers", status = "Ongoing", level = "Class II" }) => ({
    recall_number: number, report_date: reported.replaceAll("-", ""), recalling_firm: firm, product_description: product, code_info: codes, status, classification: level,
    reason_for_recall: "The battery may not last.", product_type: "Devices",
  }));
  return { meta: { disclaimer: "Do not rely on openFDA.", last_updated: day, results: { skip: 0, limit: 1_000, total } }, results };
} // prettier-ignore

/** As above, of the firms' acts. */
export function recallActs(day: string, recalls: readonly MadeRecall[]) {
  const results = recalls.map(({ number, day: posted, firm = "B. Braun Medical, Inc.", product = "SpaceCom", codes = "All serial numbers", status = "Open, Classified" }) => ({
    product_res_number: number, event_date_posted: posted, recalling_firm: firm, product_description: product, code_info: codes, recall_status: status,
    reason_for_recall: "The battery may not last.", cfres_id: "1",
  }));
  return { meta: { last_updated: day, results: { skip: 0, limit: 1_000, total: results.length } }, results };
} // prettier-ignore

/** NVD's page of a day. */
export function nvdPage(day: string, scored: readonly (readonly [cve: string, score: number | null])[]) {
  const vulnerabilities = scored.map(([id, baseScore]) => ({
    cve: {
      id,
      lastModified: `${day}T10:00:00.000`,
      vulnStatus: baseScore === null ? "Rejected" : "Analyzed",
      metrics: baseScore === null ? {} : { cvssMetricV31: [{ source: "nvd@nist.gov", type: "Primary", cvssData: { version: "3.1", baseScore, vectorString: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" } }] },
    },
  }));
  return { format: "NVD_CVE", version: "2.0", timestamp: `${day}T11:00:00.000`, resultsPerPage: scored.length, startIndex: 0, totalResults: scored.length, vulnerabilities };
} // prettier-ignore

/** Answers the file; with its digest beside it where `digest` says so. */
export function publishInto(
  folder: string,
  name: string,
  content: object | string | Uint8Array,
  { digest = false }: { readonly digest?: boolean } = {},
): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  const bytes = content instanceof Uint8Array ? content : Buffer.from(typeof content === "string" ? content : JSON.stringify(content));
  writeFileSync(file, bytes);
  if (digest) writeFileSync(`${file}.sha512`, `${createHash("sha512").update(bytes).digest("hex")}  ${name}\n`);
  return file;
}
