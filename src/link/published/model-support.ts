/**
 * A site's own table of until when makers support what it has, a row a model or a row a device as a CMMS exports it (CSV with any separator)
 * → records of `knowledge/model-support.ts`. Columns are told by their titles.
 */
import { csvRecords } from "../../bytes/csv.ts";
import { clean } from "../../bytes/text.ts";
import { spelled } from "../../knowledge/families.ts";
import { MODELS_SOURCE, modelRecord, type ModelSupport } from "../../knowledge/model-support.ts";
import { fieldCalled } from "../../list/fields.ts";
import type { ReadFeed } from "./index.ts";
import { shown } from "./wrong-feed.ts";

/** A CMMS of a large group has a million rows. */
const ROWS_MAX = 2_000_000;
const TEXT_LENGTH_MAX = 200;
const ENDS =
  /^(?:end[ _-]?of[ _-]?(?:support|life|service)(?: date)?|eo(?:s|l|sl)(?: date)?|support(?:ed)? until|supportende|ende des supports|fin de (?:support|vie|soporte))$/i;
const SOURCES = /^(?:source|letter|reference|remark|quelle|beleg|source document|fuente)$/i;
const SEPARATORS = [",", ";", "\t"] as const;

interface Columns {
  readonly maker: number;
  readonly model: number;
  readonly ends: number;
  /** -1: none. */
  readonly source: number;
}

export function isModelTable(text: string): boolean {
  return layoutOf(text) !== null;
}

/** `day`: YYYY-MM-DD, when it was written. Throws an Error for people with the line. */
export function readModelTable(text: string, day: string): ReadFeed {
  const { separator, columns } = layoutOf(text)!;
  const rows = csvRecords(text.replace(/^\ufeff/, ""), separator).slice(1);
  if (rows.length > ROWS_MAX) throw new Error(`expected at most ${ROWS_MAX} rows, got more`);
  const models = new Map<string, ModelSupport & { readonly row: number }>();
  for (const [at, cells] of rows.entries()) {
    const row = at + 2;
    const cell = (column: number) =>
      clean((cells[column] ?? "").slice(0, TEXT_LENGTH_MAX))
        .replace(/\s+/g, " ")
        .trim();
    const written = cell(columns.ends);
    if (written === "") continue;
    const ends = dayIn(written);
    if (ends === null) throw new Error(`row ${row}: expected a day such as 2027-12-31 or 31.12.2027, got ${shown(written)}`);
    const [maker, model] = [cell(columns.maker), cell(columns.model)];
    if (maker === "" || model === "")
      throw new Error(`row ${row}: expected a maker and a model, got ${maker === "" ? "no maker" : "no model"}`);
    const key = `${spelled(maker)} ${spelled(model)}`;
    const known = models.get(key);
    if (known === undefined) models.set(key, { maker, model, ends, source: cell(columns.source), row });
    else if (known.ends !== ends) throw new Error(`row ${row}: expected ${known.ends} for ${model}, as row ${known.row} says, got ${ends}`);
  }
  if (models.size === 0) throw new Error("expected a model with its end of support, got none");
  return { name: "models", source: MODELS_SOURCE, day, records: [...models.values()].map(modelRecord).toSorted() };
}

/** Null where its first line has not the titles of such a table. */
function layoutOf(text: string): { readonly separator: string; readonly columns: Columns } | null {
  const head = /^\ufeff?([^\r\n]{1,4000})/.exec(text)?.[1] ?? "";
  for (const separator of SEPARATORS) {
    const titles = head.split(separator).map((it) => it.trim().replace(/^"(.*)"$/, "$1"));
    const at = (isSuch: (title: string) => boolean) => titles.findIndex(isSuch);
    const columns = {
      maker: at((it) => fieldCalled(it) === "maker"),
      model: at((it) => fieldCalled(it) === "model"),
      ends: at((it) => ENDS.test(it)),
      source: at((it) => SOURCES.test(it)),
    };
    if (columns.maker >= 0 && columns.model >= 0 && columns.ends >= 0) return { separator, columns };
  }
  return null;
}

/** Which of 03/04/2027 is the month nobody can tell: such days are refused. */
function dayIn(text: string): string | null {
  const [, iso] = /^(\d{4}-\d\d-\d\d)(?:[ T].*)?$/.exec(text) ?? [];
  const [, day, month, year] = /^(\d\d?)\.(\d\d?)\.(\d{4})$/.exec(text) ?? [];
  const found = iso ?? (year === undefined ? null : `${year}-${month!.padStart(2, "0")}-${day!.padStart(2, "0")}`);
  return found === null || new Date(`${found}T00:00:00Z`).toJSON()?.slice(0, 10) !== found ? null : found;
}
