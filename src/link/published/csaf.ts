/**
 * Advisories and VEX statements as CSAF 2.0 (OASIS Standard, 2022) → what we keep of them (knowledge/advisories.ts).
 *
 * A product is kept with the words of its branches: vendor, product name, version or range of versions, untouched. Of a product that is
 * part of another (a relationship) the whole is kept, since that is what a network hears; the part stands in brackets behind its version,
 * so that no version of the whole is held against it.
 */
import { z } from "zod";
import { clean } from "../../bytes/text.ts";
import {
  ADVISORIES_SOURCE,
  tidied,
  titled,
  type Advisory,
  type AdvisoryProduct,
  type PublishedVulnerability,
} from "../../knowledge/advisories.ts";
import { asPublished, checkDay, Cve, Day, placeOf, shown } from "./wrong-feed.ts";

/** What CISA's largest has, times ten; a vendor's of everything it sells has more, and is no advisory. */
const PRODUCTS_MAX = 20_000;
const DEPTH_MAX = 20;
const TEXT_LENGTH_MAX = 500;
const HINTS_MAX = 8;

const Text = z.string().min(1).transform((it) => tidied(it.slice(0, TEXT_LENGTH_MAX))); // prettier-ignore
const Ids = z.array(z.string()).default([]);
const Score = z.object({ baseScore: z.number().min(0).max(10), vectorString: z.string().max(TEXT_LENGTH_MAX) });

const Product = z.object({ name: Text, product_id: z.string().min(1) });
const Branches = z.array(z.unknown()).default([]);
const Branch = z.object({ category: z.string(), name: z.string().min(1), product: Product.optional(), branches: Branches });

const Document = z.object({
  document: z.object({
    csaf_version: z.literal("2.0", "expected CSAF 2.0"),
    title: Text,
    publisher: z.object({ name: Text, namespace: z.string() }),
    tracking: z.object({
      id: z.string().regex(/^\S(?:.{0,98}\S)?$/, "expected an id of one line"),
      status: z.enum(["final", "interim"], "expected a final or interim advisory"),
      initial_release_date: Day,
      current_release_date: Day,
    }),
  }),
  product_tree: z
    .object({
      branches: Branches,
      full_product_names: z.array(Product).default([]),
      relationships: z
        .array(z.object({ product_reference: z.string(), relates_to_product_reference: z.string(), full_product_name: Product }))
        .default([]),
    })
    .prefault({}),
  vulnerabilities: z
    .array(
      z.object({
        cve: Cve.optional(),
        product_status: z
          .object({
            known_affected: Ids, first_affected: Ids, last_affected: Ids, under_investigation: Ids,
            known_not_affected: Ids, fixed: Ids, first_fixed: Ids,
          })
          .prefault({}),
        scores: z.array(z.object({ cvss_v3: Score.optional() })).default([]),
        remediations: z.array(z.object({ category: z.string(), details: z.string().default("") })).default([]),
      }),
    )
    .default([]),
}); // prettier-ignore
type Document = z.infer<typeof Document>;
type Vulnerability = Document["vulnerabilities"][number];

export interface ReadAdvisory {
  /** "CISA ICSMA", "Siemens Healthineers". */
  readonly source: string;
  readonly advisory: Advisory;
}

export interface Lies {
  /** Its file's name, which the standard makes of its id (section 5.1). */
  readonly name: string;
  /** The folder's, where that is a year (section 7.1.11): of its first release. */
  readonly year: string | null;
  /** YYYY-MM-DD. */
  readonly today: string;
}

/** Throws an Error for people with the place in the document. */
export function readCsaf(value: unknown, { name, year, today }: Lies): ReadAdvisory {
  const { document, product_tree: tree, vulnerabilities } = asPublished(Document, value);
  const { id, initial_release_date: first, current_release_date: updated } = document.tracking;
  const expected = `${id.toLowerCase().replace(/[^+\-a-z0-9]+/g, "_")}.json`;
  if (name !== expected) throw new Error(`document.tracking.id: expected that of ${name}, got ${shown(id)}`);
  if (year !== null && first.slice(0, 4) !== year) throw new Error(`document.tracking.initial_release_date: expected a day of ${year}, got ${first}`); // prettier-ignore
  for (const day of [first, updated]) checkDay(day, today);
  if (updated < first) throw new Error(`document.tracking.current_release_date: expected a day from ${first} on, got ${updated}`);

  const places = new Places(productsOf(tree));
  const published = vulnerabilities.map((it, at) => vulnerabilityOf(it, at, places)).filter((it) => it !== null);
  if (published.length === 0) throw new Error("vulnerabilities: expected one with a CVE and products, got none");
  const advisory = {
    id,
    title: titled(document.title),
    updated,
    products: places.used,
    vulnerabilities: published,
    fixedHints: hintsOf(vulnerabilities),
  };
  return { source: sourceOf(document), advisory };
}

/** CISA's medical ones and its others apart, as it numbers them. Throws an Error where somebody else says to be CISA. */
function sourceOf({ publisher: { name, namespace }, tracking: { id } }: Document["document"]): string {
  if (name !== "CISA") return name;
  if (!/^https:\/\/(?:www\.)?cisa\.gov\/?$/.test(namespace)) throw new Error(`document.publisher.namespace: expected CISA's, https://www.cisa.gov/, got ${shown(namespace)}`); // prettier-ignore
  return id.startsWith("ICSMA-") ? ADVISORIES_SOURCE : "CISA ICSA";
}

// Products. -----------------------------------------------------------------------------------------------------------------------

type Products = ReadonlyMap<string, AdvisoryProduct>;

/** By their ids. Throws an Error where the tree is broken: an id defined twice, a part of what is not there, parts in a circle. */
function productsOf({ branches, full_product_names: full, relationships }: Document["product_tree"]): Products {
  const products = new Map<string, AdvisoryProduct>();
  const define = (id: string, product: AdvisoryProduct, path: readonly PropertyKey[]) => {
    if (products.has(id)) throw new Error(`${placeOf(path)}expected an id that nothing else has, got ${shown(id)} again`);
    if (products.size === PRODUCTS_MAX) throw new Error(`product_tree: expected at most ${PRODUCTS_MAX} products, got more`);
    products.set(id, product);
  };
  walk(branches, ["product_tree", "branches"], { vendor: "", product: "", version: null }, define);
  for (const [at, { name, product_id: id }] of full.entries()) define(id, { vendor: "", product: name, version: EVERY_VERSION }, ["product_tree", "full_product_names", at]); // prettier-ignore
  const whole = new Map(relationships.map((it) => [it.full_product_name.product_id, it]));
  for (const [at, { full_product_name: { product_id: id } }] of relationships.entries()) {
    const path = ["product_tree", "relationships", at];
    define(id, related(id, whole, products, path, new Set()), path);
  }
  return products;
} // prettier-ignore

/** What CISA writes of all versions. */
const EVERY_VERSION = "vers:all/*";

interface Named {
  readonly vendor: string;
  readonly product: string;
  readonly version: string | null;
}

function walk(
  branches: readonly unknown[],
  path: readonly PropertyKey[],
  above: Named,
  define: (id: string, product: AdvisoryProduct, path: readonly PropertyKey[]) => void,
): void {
  if (path.length > 2 * DEPTH_MAX) throw new Error(`${placeOf(path.slice(0, 6))}expected at most ${DEPTH_MAX} branches within each other, got more`);
  for (const [at, it] of branches.entries()) {
    const own = [...path, at];
    let branch: z.infer<typeof Branch>;
    try {
      branch = asPublished(Branch, it);
    } catch (error) {
      throw new Error(`${placeOf(own)}${(error as Error).message}`, { cause: error });
    }
    const { category, name, product, branches: within } = branch;
    const named = {
      vendor: category === "vendor" ? tidied(name.slice(0, TEXT_LENGTH_MAX)) : above.vendor,
      product: category === "product_name" ? tidied(name.slice(0, TEXT_LENGTH_MAX)) : above.product,
      version: /^product_version(?:_range)?$/.test(category) ? clean(name.slice(0, TEXT_LENGTH_MAX)) : above.version,
    };
    if (product !== undefined) {
      const { vendor, version } = named;
      define(product.product_id, { vendor, product: named.product || product.name, version: version ?? EVERY_VERSION }, own);
    }
    walk(within, [...own, "branches"], named, define);
  }
} // prettier-ignore

type Relationships = ReadonlyMap<string, Document["product_tree"]["relationships"][number]>;

function related(id: string, whole: Relationships, products: Products, path: readonly PropertyKey[], seen: Set<string>): AdvisoryProduct {
  const known = products.get(id);
  if (known !== undefined) return known;
  const it = whole.get(id);
  if (it === undefined) throw new Error(`${placeOf(path)}expected a product of the product tree, got ${shown(id)}`);
  if (seen.has(id)) throw new Error(`${placeOf(path)}expected parts of another product, got a circle through ${shown(id)}`);
  seen.add(id);
  const part = related(it.product_reference, whole, products, path, seen);
  const platform = related(it.relates_to_product_reference, whole, products, path, seen);
  return { ...platform, version: `${platform.version} (with ${part.product} ${part.version})`.slice(0, TEXT_LENGTH_MAX) };
}

/** Products get the places they are asked for in: those no vulnerability speaks of are left out. */
class Places {
  readonly used: AdvisoryProduct[] = [];
  readonly #products: Products;
  readonly #places = new Map<string, number>();

  constructor(products: Products) {
    this.#products = products;
  }

  /** `more`: behind its version. */
  of(id: string, path: readonly PropertyKey[], more = ""): number {
    const key = `${id}\n${more}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const product = this.#products.get(id);
    if (product === undefined) throw new Error(`${placeOf(path)}expected a product of the product tree, got ${shown(id)}`);
    const place = this.used.push(more === "" ? product : { ...product, version: `${product.version}${more}` }) - 1;
    this.#places.set(key, place);
    return place;
  }
}

// Vulnerabilities. ----------------------------------------------------------------------------------------------------------------

/** Null of one without a CVE, or of no product. */
function vulnerabilityOf({ cve, product_status: status, scores }: Vulnerability, at: number, places: Places): PublishedVulnerability | null {
  const listed = (groups: readonly (keyof typeof status)[], more?: string) =>
    groups.flatMap((group) => status[group].map((id, i) => places.of(id, ["vulnerabilities", at, "product_status", group, i], more)));
  const affects = [
    ...listed(["known_affected", "first_affected", "last_affected"]),
    // The maker does not know yet: brackets behind a version make it possible at most.
    ...listed(["under_investigation"], " (under investigation)"),
  ];
  const spares = listed(["known_not_affected", "fixed", "first_fixed"]);
  if (cve === undefined || affects.length + spares.length === 0) return null;
  const worst = scores.flatMap(({ cvss_v3: score }) => score ?? []).toSorted((a, b) => b.baseScore - a.baseScore)[0];
  return { cve, cvss: worst?.baseScore ?? null, vector: worst?.vectorString ?? null, affects: [...new Set(affects)], spares: [...new Set(spares)] };
} // prettier-ignore

/** Versions that its words on a mending name. */
function hintsOf(vulnerabilities: readonly Vulnerability[]): readonly string[] {
  const details = vulnerabilities.flatMap(({ remediations }) => remediations.filter(({ category }) => category === "vendor_fix"));
  const named = details.flatMap((it) => [...it.details.slice(0, 4_000).matchAll(/\bversions? (\d{1,6}(?:\.\d{1,6}){1,4})(?![\d.]*\d)/gi)]);
  return [...new Set(named.map(([, version]) => version!))].slice(0, HINTS_MAX);
}
