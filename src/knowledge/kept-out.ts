/**
 * What `auscult update` was brought and would not take, until somebody brings it whole: a line each, beside a site's feeds, so that who looks
 * at Today a week later reads that what serves is older than it seems. Nothing is judged here: `link/published` says what is kept out.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface KeptOutFeed {
  /** YYYY-MM-DD of the try, by the machine's clock; null of a line that is damaged. */
  readonly day: string | null;
  /** Its file; the publication where a whole one was refused. */
  readonly place: string;
  /** Null where it is so damaged that nobody can tell whose it is. */
  readonly source: string | null;
  /** "expected …, got …". */
  readonly why: string;
}

export const KEPT_OUT = "kept-out.tsv";

export function keptOutText(all: readonly KeptOutFeed[]): string {
  const line = ({ day, place, source, why }: KeptOutFeed) =>
    [day ?? "", place, source ?? "", why].map((it) => it.replace(/\s+/g, " ")).join("\t");
  return all.map((it) => `${line(it)}\n`).join("");
}

/** Of a site's folder, sorted as they were written; a line that is damaged says so itself. */
export function keptOutIn(siteFolder: string): readonly KeptOutFeed[] {
  const file = join(siteFolder, KEPT_OUT);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter((line) => line !== ""); // prettier-ignore
  return lines.map((line, at) => {
    const [, day, place, source, why] = /^(\d{4}-\d\d-\d\d)\t([^\t]+)\t([^\t]*)\t([^\t]+)$/.exec(line) ?? [];
    if (day === undefined) return { day: null, place: KEPT_OUT, source: null, why: `line ${at + 1} of it is damaged: remove ${file}` };
    return { day, place: place!, source: source === "" ? null : source!, why: why! };
  });
}

/** "CISA KEV was kept out on 2026-11-20: expected …, got …. What served until then serves on". */
export function keptOutInWords({ day, place, why }: KeptOutFeed): string {
  return day === null ? `${place}: ${why}` : `${place} was kept out on ${day}: ${why}. What served until then serves on`;
}
