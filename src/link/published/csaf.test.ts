import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { advisoryOf, ADVISORIES_SOURCE, loadAdvisories, type Advisory } from "../../knowledge/advisories.ts";
import { advisoryDocument, CISA } from "../../testing/published.ts";
import { readCsaf } from "./csaf.ts";
import { publishedFeeds } from "./index.ts";

const ID = "ICSMA-26-300-01";
const LIES = { name: "icsma-26-300-01.json", year: "2026", today: "2026-11-01" };
const document = () => advisoryDocument({ id: ID, updated: "2026-10-27" });
const read = (value: unknown, lies: object = {}) => readCsaf(value, { ...LIES, ...lies });

/** `document` with one place of it another: "document.tracking.id". */
function altered(place: string, value: unknown): unknown {
  const whole = document() as unknown as Record<string, never>;
  const steps = place.split(".");
  const last = steps.pop()!;
  const parent = steps.reduce<Record<string, never>>((at, step) => at[step]!, whole);
  Object.assign(parent, { [last]: value });
  return whole;
}

test("an advisory is its products with their vendor and version, untouched, and the vulnerabilities of each", () => {
  const { source, advisory } = read(document());
  assert.equal(source, ADVISORIES_SOURCE);
  assert.deepEqual(advisory, {
    id: ID,
    title: "B. Braun SpaceCom",
    updated: "2026-10-27",
    products: [{ vendor: "B. Braun", product: "SpaceCom", version: "< L81" }],
    vulnerabilities: [
      { cve: "CVE-2026-1000", cvss: 7.5, vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", affects: [0], spares: [] },
    ],
    fixedHints: ["2.0.1"],
  });
});

test("what a maker looks into is possible at most, what it says is free of it or mended is spared", () => {
  const status = (group: string) => read(advisoryDocument({ id: ID, updated: "2026-10-27", status: group })).advisory;
  assert.equal(status("under_investigation").products[0]?.version, "< L81 (under investigation)");
  for (const group of ["known_not_affected", "fixed", "first_fixed"])
    assert.deepEqual(status(group).vulnerabilities.map(({ affects, spares }) => [affects, spares]), [[[], [0]]]); // prettier-ignore
});

test("a part of a product is the product, with the part in brackets", () => {
  const part = { product_reference: "OPENSSL", relates_to_product_reference: "CSAFPID-0001", full_product_name: { name: "OpenSSL in SpaceCom", product_id: "BOTH" } }; // prettier-ignore
  const whole = document();
  const tree = { ...whole.product_tree, full_product_names: [{ name: "OpenSSL", product_id: "OPENSSL" }], relationships: [{ category: "default_component_of", ...part }] };
  const vulnerabilities = [{ cve: "CVE-2026-1000", product_status: { known_affected: ["BOTH"] } }];
  assert.deepEqual(read({ ...whole, product_tree: tree, vulnerabilities }).advisory.products, [
    { vendor: "B. Braun", product: "SpaceCom", version: "< L81 (with OpenSSL vers:all/*)" },
  ]);
}); // prettier-ignore

test("a broken product tree, a forger, a clock of 1999: each is refused with its place", () => {
  const branch = { category: "product_name", name: "A", product: { name: "A", product_id: "CSAFPID-0001" } };
  const circle = (id: string, of: string) => ({ product_reference: of, relates_to_product_reference: of, full_product_name: { name: id, product_id: id } }); // prettier-ignore
  let deep: object = branch;
  for (let at = 0; at < 5_000; at++) deep = { category: "product_family", name: "x", branches: [deep] };
  const refused: readonly [value: unknown, lies: object, why: RegExp][] = [
    [altered("vulnerabilities.0.product_status.known_affected", ["CSAFPID-0009"]), {}, /^vulnerabilities\[0\]\.product_status\.known_affected\[0\]: expected a product of the product tree, got "CSAFPID-0009"$/],
    [altered("product_tree.full_product_names", [{ name: "B", product_id: "CSAFPID-0001" }]), {}, /^product_tree\.full_product_names\[0\]: expected an id that nothing else has, got "CSAFPID-0001" again$/],
    [altered("product_tree.branches", [{ category: "vendor", branches: [] }]), {}, /^product_tree\.branches\[0\]: name: expected string, got undefined$/],
    [altered("product_tree.branches", "none"), {}, /^product_tree\.branches: expected array/],
    [altered("product_tree.branches", [deep]), {}, /^product_tree\.branches\[0\].*: expected at most 20 branches within each other, got more$/],
    [altered("product_tree.relationships", [circle("A", "B"), circle("B", "A")]), {}, /^product_tree\.relationships\[0\]: expected parts of another product, got a circle through "A"$/],
    [altered("product_tree.relationships", [circle("A", "NOWHERE")]), {}, /^product_tree\.relationships\[0\]: expected a product of the product tree, got "NOWHERE"$/],
    [altered("vulnerabilities.0.cve", "CVE-26"), {}, /^vulnerabilities\[0\]\.cve: expected a CVE such as CVE-2020-25165$/],
    [altered("vulnerabilities.0.scores.0.cvss_v3.baseScore", 99), {}, /^vulnerabilities\[0\]\.scores\[0\]\.cvss_v3\.baseScore: /],
    [altered("vulnerabilities", []), {}, /^vulnerabilities: expected one with a CVE and products, got none$/],
    [altered("document.csaf_version", "1.2"), {}, /^document\.csaf_version: expected CSAF 2\.0$/],
    [altered("document.tracking.status", "draft"), {}, /^document\.tracking\.status: expected a final or interim advisory$/],
    [altered("document.tracking.id", "ICSMA-26-301-01"), {}, /^document\.tracking\.id: expected that of icsma-26-300-01\.json, got "ICSMA-26-301-01"$/],
    [altered("document.publisher.namespace", "https://cisa.gov.example/"), {}, /^document\.publisher\.namespace: expected CISA's, https:\/\/www\.cisa\.gov\/, got "https:\/\/cisa\.gov\.example\/"$/],
    [document(), { year: "2025" }, /^document\.tracking\.initial_release_date: expected a day of 2025, got 2026-10-27$/],
    [advisoryDocument({ id: ID, updated: "1999-10-27" }), { year: "1999" }, /^expected a day from 2000-01-01 on, got 1999-10-27$/],
    [document(), { today: "2026-10-01" }, /^expected a day up to 2026-10-01, which is today, got 2026-10-27$/],
    [altered("document.tracking.current_release_date", "2026-10-01T00:00:00Z"), {}, /^document\.tracking\.current_release_date: expected a day from 2026-10-27 on, got 2026-10-01$/],
    [altered("document.tracking.current_release_date", "yesterday"), {}, /^document\.tracking\.current_release_date: expected a date such as 2026-08-11$/],
    [[], {}, /^expected object, got array$/],
  ];
  for (const [value, lies, why] of refused) assert.throws(() => read(value, lies), (error: Error) => why.test(error.message) || assert.fail(`${error.message} is not ${why}`)); // prettier-ignore
  // Others sign with their own name.
  assert.equal(read(altered("document.publisher", { ...CISA, name: "PSIRT", namespace: "https://example.org" })).source, "PSIRT");
}); // prettier-ignore

const CORPUS = join(import.meta.dirname, "../../../../shared/knowledge/icsma-csaf-2017-2025-02.tar.gz");

test("all of CISA's medical advisories up to February 2025 are read as those we brought along", { skip: !existsSync(CORPUS) && "the corpus is not here" }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-csaf-"));
  t.after(() => rmSync(folder, { recursive: true }));
  execFileSync("tar", ["xzf", CORPUS, "-C", folder]);
  const { feeds, keptOut } = publishedFeeds(folder, "2026-11-01");
  assert.deepEqual(keptOut, []);
  assert.deepEqual(feeds.map(({ source, records }) => [source, records.length]), [[ADVISORIES_SOURCE, 153]]);
  const ours = new Map(loadAdvisories().map((it) => [it.id, it]));
  const flat = ({ title, updated, products, vulnerabilities }: Advisory) => [title, updated, vulnerabilities.map(({ cve, cvss, vector, affects }) => [cve, cvss, vector, affects.map((place) => Object.values(products[place]!).join("\t")).toSorted()])];
  for (const it of feeds[0]!.records.map(advisoryOf)) assert.deepEqual(flat(it), flat(ours.get(it.id)!), it.id);
}); // prettier-ignore
