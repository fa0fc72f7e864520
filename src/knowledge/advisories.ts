/** Published advisories, reduced to facts: `pack/advisories.txt`, compiled of CISA's medical ones (`feeds.ts`). */
import { feedRecords, feedText } from "./feeds.ts";

export interface Advisory {
  /** "ICSMA-17-017-02"; CISA's suffixes stay: "ICSMA-17-009-01A". */
  readonly id: string;
  /** Without the id that CISA puts before some. */
  readonly title: string;
  /** YYYY-MM-DD. */
  readonly updated: string;
  readonly products: readonly AdvisoryProduct[];
  readonly vulnerabilities: readonly PublishedVulnerability[];
  /** Versions its words on remedies name: a hint, never more. */
  readonly fixedHints: readonly string[];
}

/** As the advisory spells them. */
export interface AdvisoryProduct {
  readonly vendor: string;
  readonly product: string;
  readonly version: string;
}

export interface PublishedVulnerability {
  readonly cve: string;
  /** CVSS v3 base score; null where none was published. */
  readonly cvss: number | null;
  readonly vector: string | null;
  /** Places in the advisory's `products`: never is it said that each has every vulnerability. */
  readonly affects: readonly number[];
  /** Those it says are free of it or mended (VEX). */
  readonly spares: readonly number[];
}

/** One line; the same advisory gives the same bytes. */
export function advisoryRecord({ id, title, updated, products, vulnerabilities, fixedHints }: Advisory): string {
  return JSON.stringify([
    id, title, updated, products.map(({ vendor, product, version }) => [vendor, product, version]),
    vulnerabilities.map(({ cve, cvss, vector, affects, spares }) => [cve, cvss, vector, affects, ...(spares.length === 0 ? [] : [spares])]), fixedHints,
  ]); // prettier-ignore
}

type Line = [string, string, string, [string, string, string][], [string, number | null, string | null, number[], number[]?][], string[]];

export function advisoryOf(record: string): Advisory {
  const [id, title, updated, products, vulnerabilities, fixedHints] = JSON.parse(record) as Line;
  return {
    id,
    title,
    updated,
    products: products.map(([vendor, product, version]) => ({ vendor, product, version })),
    vulnerabilities: vulnerabilities.map(([cve, cvss, vector, affects, spares = []]) => ({ cve, cvss, vector, affects, spares })),
    fixedHints,
  };
}

export function loadAdvisories(): readonly Advisory[] {
  return feedRecords("advisories").map(advisoryOf);
}

export const ADVISORIES_SOURCE = "CISA ICSMA";

/** By their ids; of CISA's medical ones unless said. */
export function advisoriesText(advisories: readonly Advisory[], source = ADVISORIES_SOURCE): string {
  const sorted = advisories.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const day = sorted.reduce((latest, { updated }) => (updated > latest ? updated : latest), "1970-01-01");
  return feedText({ source, day, records: sorted.length }, sorted.map(advisoryRecord));
}

/** CISA's mistakes in spelling: the id before the title, UTF-8 read as Latin-1, what cannot be seen. */
export function tidied(text: string): string {
  const plain = text.normalize("NFC").replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ").replace(/\s+/g, " ").trim(); // prettier-ignore
  if (!/[\u00c2\u00c3][\u0080-\u00bf]/.test(plain) || /[^ -\u00ff]/.test(plain)) return plain;
  const mended = new TextDecoder().decode(Uint8Array.from(plain, (character) => character.codePointAt(0)!));
  return mended.includes("\ufffd") ? plain : mended;
}

export function titled(title: string): string {
  return tidied(title).replace(/^ICSM?A-\d\d-\d{3}-\d\d[A-Z]?[_\s:-]+/, "");
}
