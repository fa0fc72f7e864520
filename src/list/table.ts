/** A list as rows of cells: separator, titles and columns are recognized, or named by hand. */
import { csvRecords } from "../bytes/csv.ts";
import { LIST_FIELDS, type ChosenColumns, type ListColumn, type ListField } from "../model/list.ts";
import { fieldCalled, FIELD_TITLES } from "./fields.ts";

/** Held in memory with all that is compared; a hospital has a tenth of it. */
const ROWS_MAX = 100_000;
const CELL_LENGTH_MAX = 4_096;
/** Lists begin with a title and a date at times; what has no titles by then has none. */
const TITLE_ROW_MAX = 20;
const SEPARATORS = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar" } as const;

export interface ListTable {
  readonly separator: string;
  readonly titleRow: number;
  readonly columns: readonly ListColumn[];
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  /** As a spreadsheet counts: titles and empty rows count too. */
  readonly row: number;
  readonly cells: Readonly<Partial<Record<ListField, string>>>;
  /** Titles of columns in which something stands that a spreadsheet would run. */
  readonly formulas: readonly string[];
}

/** Throws an Error for people when it is no list. */
export function tableOf(text: string, chosen: ChosenColumns = {}): ListTable {
  const separator = separatorOf(text);
  const records = recordsOf(text.replace(/^sep=.\r?\n/i, ""), separator);
  if (records.length > ROWS_MAX) throw new Error(`expected a list of at most ${ROWS_MAX} rows, got ${records.length}`);
  const { at, columns } = titlesOf(records, chosen);
  const fields = columns.flatMap(({ field, title }, place) => (field === null ? [] : [{ field, title, place }]));
  const rows: TableRow[] = [];
  for (const [place, record] of records.entries()) {
    if (place <= at || record.every((cell) => cell.trim() === "")) continue;
    const cells: Partial<Record<ListField, string>> = {};
    const formulas: string[] = [];
    for (const { field, title, place: column } of fields) {
      const { value, isFormula } = cellOf(record[column] ?? "");
      if (isFormula) formulas.push(title);
      if (value === "") continue;
      // Several columns of cards and addresses are all the device's.
      const before = cells[field];
      cells[field] = before !== undefined && (field === "mac" || field === "ip") ? `${before} ${value}` : (before ?? value);
    }
    rows.push({ row: place + 1, cells, formulas });
  }
  return { separator: SEPARATORS[separator], titleRow: at + 1, columns, rows };
}

type Separator = keyof typeof SEPARATORS;

/** The one that parts the first lines into the most columns; what stands between quotes parts nothing. */
function separatorOf(text: string): Separator {
  const told = /^sep=([,;\t|])\r?\n/i.exec(text)?.[1];
  if (told !== undefined) return told as Separator;
  const lines = text.slice(0, 64 * 1024).replace(/"[^"]*"/g, "").split(/\r\n|\n|\r/).slice(0, TITLE_ROW_MAX + 1); // prettier-ignore
  const counts = (Object.keys(SEPARATORS) as Separator[]).map((separator) => ({
    separator,
    count: Math.max(...lines.map((line) => line.split(separator).length)),
  }));
  return counts.reduce((best, it) => (it.count > best.count ? it : best)).separator;
}

function recordsOf(text: string, separator: Separator): readonly (readonly string[])[] {
  try {
    return csvRecords(text.replace(/^\uFEFF/, ""), separator);
  } catch (error) {
    throw new Error(`expected a table with commas, semicolons or tabs between its cells: ${(error as Error).message}`, { cause: error });
  }
}

function titlesOf(records: readonly (readonly string[])[], chosen: ChosenColumns): { at: number; columns: readonly ListColumn[] } {
  const named = Object.values(chosen).filter((title) => title !== null);
  let best = { at: -1, known: 0 };
  for (const [at, record] of records.slice(0, TITLE_ROW_MAX).entries()) {
    const known = new Set(record.flatMap((title) => fieldCalled(title) ?? (named.includes(title.trim()) ? title : []))).size;
    if (known > best.known) best = { at, known };
  }
  const titles = (records[best.at] ?? []).map((title) => title.trim());
  if (best.known < 2) {
    const first = records.find((record) => record.some((cell) => cell.trim() !== "")) ?? [];
    throw new Error(
      `expected a row of titles with at least two of ours, such as ${FIELD_TITLES.serial} and ${FIELD_TITLES.maker}, ` +
        `got "${first.join(" | ").slice(0, 200)}": say which column is what (serial=Title)`,
    );
  }
  for (const [field, title] of Object.entries(chosen))
    if (title !== null && !titles.includes(title))
      throw new Error(`expected a column for ${field}, one of ${titles.filter((it) => it !== "").join(", ")}, got "${title}"`);
  const taken = new Set<ListField>(LIST_FIELDS.filter((field) => field in chosen));
  const columns = titles.map((title): ListColumn => {
    const byHand = LIST_FIELDS.find((field) => chosen[field] === title);
    if (byHand !== undefined) return { title, field: byHand };
    const field = fieldCalled(title);
    if (field === null || taken.has(field)) return { title, field: null };
    if (field !== "mac" && field !== "ip") taken.add(field);
    return { title, field };
  });
  return { at: best.at, columns };
}

/** Would a spreadsheet run it? It is what `api/csv.ts` guards against. */
const GUARDED = /^'(?=\s*[=+\-@＝＋－＠]|[\t\r\n])/;
/** A number with its sign, and a dash for "none", are none. */
const FORMULA = /^\s*(?:[=@＝＠]|[+\-＋－]\s*[\p{L}(])/u;

/** What stands in a cell, as text: nothing in it is ever worked out. */
function cellOf(raw: string): { readonly value: string; readonly isFormula: boolean } {
  // `="00123"` is how some programs keep the zeros of a number in a spreadsheet.
  const kept = /^="([^"]*)"$/.exec(raw.trim())?.[1];
  if (kept !== undefined) return { value: tidy(kept), isFormula: false };
  return { value: tidy(raw.replace(GUARDED, "")), isFormula: FORMULA.test(raw) };
}

function tidy(text: string): string {
  return text.normalize("NFC").replace(/\p{C}+/gu, " ").replace(/\s+/g, " ").trim().slice(0, CELL_LENGTH_MAX); // prettier-ignore
}
