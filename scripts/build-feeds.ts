/**
 * Compiles what is published anew every week, of `../shared/knowledge` (see its README.md for origins), into `src/knowledge/pack/*.txt`:
 * CISA's medical advisories, its catalogue of what is exploited, and ends of support.
 *
 *   node scripts/build-feeds.ts [FOLDER]
 *
 * The same input gives the same bytes.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { advisoriesText, tidied, titled } from "../src/knowledge/advisories.ts";
import { EXPLOITED_SOURCE, exploitedRecord } from "../src/knowledge/exploited.ts";
import { feedText } from "../src/knowledge/feeds.ts";
import { supportRecords, type PublishedRelease } from "../src/knowledge/published-support.ts";
import { SUPPORT_SOURCE } from "../src/knowledge/support.ts";

const FROM = process.argv[2] ?? join(import.meta.dirname, "../../shared/knowledge");
const PACK = join(import.meta.dirname, "../src/knowledge/pack");

interface ReducedAdvisory {
  readonly id: string;
  readonly title: string;
  readonly updated: string;
  readonly products: readonly { readonly pid: number; readonly vendor: string; readonly product: string; readonly version: string }[];
  readonly vulns: readonly { readonly cve: string; readonly cvss: number | null; readonly vector: string | null; readonly affects: readonly number[] }[];
  readonly fixedHint: readonly string[];
} // prettier-ignore

function buildAdvisories(): void {
  const reduced = text("icsma-reduced.ndjson.gz").trim().split("\n").map((line) => JSON.parse(line) as ReducedAdvisory); // prettier-ignore
  const advisories = reduced.map(({ id, title, updated, products, vulns, fixedHint }) => ({
    id,
    title: titled(title),
    updated,
    products: products.map(({ vendor, product, version }) => ({ vendor: tidied(vendor), product: tidied(product), version })),
    vulnerabilities: vulns.map(({ affects, cve, cvss, vector }) => ({
      cve,
      cvss,
      vector,
      affects: affects.map((pid) => products.findIndex((it) => it.pid === pid)),
      spares: [],
    })),
    fixedHints: fixedHint,
  }));
  writeFileSync(join(PACK, "advisories.txt"), advisoriesText(advisories));
  console.log(`advisories.txt: ${advisories.length} advisories`);
}

interface Catalogue {
  readonly dateReleased: string;
  // prettier-ignore
  readonly vulnerabilities: readonly { readonly cveID: string; readonly vendorProject: string; readonly product: string; readonly dueDate: string; readonly knownRansomwareCampaignUse: string }[];
}

function buildExploited(): void {
  const { dateReleased, vulnerabilities } = JSON.parse(text("kev-2025-08-25.json.gz")) as Catalogue;
  const records = vulnerabilities
    .map(({ cveID, dueDate, knownRansomwareCampaignUse, vendorProject, product }) =>
      exploitedRecord(cveID, { due: dueDate, ransomware: knownRansomwareCampaignUse === "Known", vendor: vendorProject, product }),
    )
    .toSorted();
  const head = { source: EXPLOITED_SOURCE, day: dateReleased.slice(0, 10), records: records.length };
  writeFileSync(join(PACK, "exploited.txt"), feedText(head, records));
  console.log(`exploited.txt: ${records.length} vulnerabilities`);
}

/** The day of the snapshot is its name's. */
const SUPPORT_DAY = "2026-08-22";

function buildSupport(): void {
  const products = JSON.parse(text(`endoflife-date-${SUPPORT_DAY}.json.gz`)) as Record<string, { releases: PublishedRelease[] }>;
  const records = supportRecords(Object.fromEntries(Object.entries(products).map(([name, { releases }]) => [name, releases])));
  writeFileSync(join(PACK, "support.txt"), feedText({ source: SUPPORT_SOURCE, day: SUPPORT_DAY, records: records.length }, records));
  console.log(`support.txt: ${records.length} releases`);
}

function text(name: string): string {
  const bytes = readFileSync(join(FROM, name));
  return (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}

buildAdvisories();
buildExploited();
buildSupport();
