/** What the site says its devices and segments bear: `knowledge/hazards.json` in the data directory, in place of ours, entry by entry. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Yaml from "yaml";
import { TOLERATED, useSiteTolerances, type SiteTolerances, type Tolerance, type Tolerated } from "../knowledge/hazards.ts";
import { inWords } from "./refusals.ts";

/** All entries with a page of reasons each. */
const BYTES_MAX = 64_000;
const WHY_LENGTH_MAX = 300;
const RATE_MAX = 10_000_000;
const SECONDS_MAX = 3_600;
const EXAMPLE = `{"echo": {"warn": 20, "seconds": 3, "alarm": 100, "why": "measured by clinical engineering"}}`;

export interface CheckedTolerances {
  readonly file: string;
  readonly tolerances: SiteTolerances;
  /** `hazards.json:3:14: warn: expected …, got …`; what they are of does not serve. */
  readonly troubles: readonly string[];
}

/** They serve from here on, for every thread that starts. Null where there is no such file. */
export function startWithSiteTolerances(data: string): CheckedTolerances | null {
  const site = siteTolerancesIn(data);
  useSiteTolerances(site?.tolerances ?? {});
  return site;
}

/** Null where there is no such file. */
export function siteTolerancesIn(data: string): CheckedTolerances | null {
  const file = join(data, "knowledge", "hazards.json");
  try {
    return tolerancesOf(readFileSync(file, "utf8"), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    return { file, tolerances: {}, troubles: [`${file}: expected a text file, got ${inWords(error)}`] };
  }
}

export function tolerancesOf(text: string, file: string): CheckedTolerances {
  if (text.length > BYTES_MAX)
    return {
      file,
      tolerances: {},
      troubles: [`${file}: expected at most ${BYTES_MAX / 1000} kB, got ${Math.ceil(text.length / 1000)} kB`],
    };
  // JSON is YAML, whose reader knows lines and columns.
  const { isMap, isNode, isScalar, LineCounter, parseDocument } = createRequire(import.meta.url)("yaml") as typeof Yaml;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: "json", uniqueKeys: true });
  const troubles: string[] = [];
  const complain = (node: unknown, words: string) => {
    const { line, col } = lines.linePos(isNode(node) ? (node.range?.[0] ?? 0) : typeof node === "number" ? node : 0);
    troubles.push(`${file}:${line}:${col}: ${words}`);
  };
  const tolerances: Partial<Record<Tolerated, Tolerance>> = {};
  const broken = document.errors[0];
  if (broken !== undefined) {
    complain(broken.pos[0], `expected JSON, got trouble: ${broken.message.replace(/\s+/g, " ")}`);
    return { file, tolerances, troubles };
  }
  if (!isMap(document.contents)) {
    complain(document.contents, `expected tolerances such as ${EXAMPLE}, got ${kindOf(document.toJSON())}`);
    return { file, tolerances, troubles };
  }
  for (const { key, value } of document.contents.items) {
    const name = isScalar(key) ? String(key.value) : "";
    const what = TOLERATED.find((it) => it === name);
    const before = troubles.length;
    if (what === undefined) complain(key, `expected one of ${TOLERATED.join(", ")}, got ${quoted(name)}`);
    else if (!isMap(value))
      complain(value ?? key, `${what}: expected such as ${EXAMPLE}, got ${kindOf(isNode(value) ? value.toJSON() : value)}`);
    else {
      const found = new Map(value.items.map((it) => [isScalar(it.key) ? String(it.key.value) : "", it]));
      for (const [field, it] of found) if (!(field in FIELDS)) complain(it.key, `${what}: expected one of ${Object.keys(FIELDS).join(", ")}, got ${quoted(field)}`); // prettier-ignore
      for (const [field, { expected, isRight }] of Object.entries(FIELDS)) {
        const it = found.get(field);
        const said: unknown = isNode(it?.value) ? it.value.toJSON() : it?.value;
        if (!isRight(said)) complain(it?.value ?? key, `${what}: ${field}: expected ${expected}, got ${kindOf(said)}`);
      }
      const said = value.toJSON() as Tolerance;
      if (troubles.length === before && said.alarm !== null && said.alarm < said.warn)
        complain(found.get("alarm")!.value, `${what}: alarm: expected at least ${said.warn}, as warn has it, got ${said.alarm}`);
      if (troubles.length === before) tolerances[what] = { warn: said.warn, seconds: said.seconds, alarm: said.alarm, why: said.why };
    }
  }
  return { file, tolerances, troubles };
}

const isWhole = (it: unknown, most: number): boolean => Number.isInteger(it) && (it as number) > 0 && (it as number) <= most;

const FIELDS: Readonly<Record<keyof Tolerance, { readonly expected: string; readonly isRight: (it: unknown) => boolean }>> = {
  warn: { expected: "packets a second, a whole number above zero", isRight: (it) => isWhole(it, RATE_MAX) },
  seconds: { expected: `seconds in a row, 1 to ${SECONDS_MAX}`, isRight: (it) => isWhole(it, SECONDS_MAX) },
  alarm: { expected: "packets a second, a whole number above zero, or null", isRight: (it) => it === null || isWhole(it, RATE_MAX) },
  why: {
    expected: `where it is known from, in at most ${WHY_LENGTH_MAX} characters without line ends`,
    isRight: (it) => typeof it === "string" && it.trim() !== "" && it.length <= WHY_LENGTH_MAX && !/\p{C}/u.test(it),
  },
};

function kindOf(value: unknown): string {
  if (value === undefined) return "none";
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  return Array.isArray(value) ? "a list" : typeof value === "string" ? quoted(value) : "an object";
}

function quoted(text: string): string {
  return `"${text.slice(0, 40).replace(/\p{C}/gu, "·")}"`;
}
