/** The pharmacy's hard limits as its own system exports them: a table with titles, of which four columns are wanted. Local drug codes stay as they are. */
import { csvRecords } from "../bytes/csv.ts";
import { ORDER_KINDS, type ClinicalLimit, type OrderKind } from "../model/program.ts";
import { isComparable } from "./doses.ts";

export const LIMIT_COLUMNS = ["drug", "kind", "most", "unit"] as const;
export type LimitColumn = (typeof LIMIT_COLUMNS)[number];

export interface LimitRow {
  /** As a spreadsheet counts. */
  readonly line: number;
  /** Null where the row is refused. */
  readonly limit: ClinicalLimit | null;
  readonly refused: string;
}

/** A library of drugs has some thousand lines. */
const ROWS_MAX = 20_000;
const CODE_LENGTH_MAX = 64;
const SEPARATORS = [",", ";", "\t"] as const;
const NUMBER = /^\d{1,9}(?:\.\d{1,9})?$/;

/** How exports call them, in small letters; the first that is there. */
const TITLES: Readonly<Record<LimitColumn, readonly string[]>> = {
  drug: ["drug", "drug code", "code", "medication code"],
  kind: ["kind", "kind of order", "order type", "delivery mode"],
  most: ["most", "hard max", "hard maximum", "upper hard limit", "hard limit"],
  unit: ["unit", "units", "dose unit", "rate unit"],
};
/** How exports call kinds of orders, beside our own words. */
const KINDS: ReadonlyMap<string, OrderKind> = new Map([
  ...ORDER_KINDS.map((kind) => [kind, kind] as const),
  ["", "continuous"],
  ["infusion", "continuous"],
  ["primary", "continuous"],
  ["loading dose", "bolus"],
  ["loading", "bolus"],
]);

/** Throws an Error for people where it is no such table. `chosen`: titles of columns that are called otherwise. */
export function limitRows(text: string, chosen: Readonly<Partial<Record<LimitColumn, string>>> = {}): readonly LimitRow[] {
  const [front = ""] = text.split(/\r?\n|\r/, 1);
  const separator = SEPARATORS.toSorted((a, b) => front.split(b).length - front.split(a).length)[0]!;
  const [titles = [], ...records] = csvRecords(text.replace(/^\ufeff/, ""), separator);
  if (records.length > ROWS_MAX) throw new Error(`expected at most ${ROWS_MAX} rows, got ${records.length}`);
  const places = Object.fromEntries(LIMIT_COLUMNS.map((column) => [column, placeOf(column, titles, chosen[column])])) as Record<LimitColumn, number>; // prettier-ignore
  const seen = new Set<string>();
  return records.flatMap((record, at): LimitRow[] => {
    if (record.every((cell) => cell.trim() === "")) return [];
    const row = limitOf((column) => (places[column] < 0 ? "" : (record[places[column]] ?? "").trim()));
    const line = at + 2;
    if (typeof row === "string") return [{ line, limit: null, refused: row }];
    const key = `${row.drug}\0${row.kind}`;
    // Which of two holds nobody here can say.
    if (seen.has(key)) return [{ line, limit: null, refused: "this drug and kind of order stand in a line before" }];
    seen.add(key);
    return [{ line, limit: row, refused: "" }];
  });
}

function placeOf(column: LimitColumn, titles: readonly string[], chosen: string | undefined): number {
  const all = titles.map((title) => title.trim().toLowerCase());
  const wanted = chosen === undefined ? TITLES[column] : [chosen.trim().toLowerCase()];
  const place = wanted.map((title) => all.indexOf(title)).find((it) => it >= 0) ?? -1;
  // Without kinds all of them are of running infusions.
  if (place < 0 && (chosen !== undefined || column !== "kind"))
    throw new Error(`expected a column for ${column} (${wanted.join(", ")}), got ${titles.map((it) => `"${it.trim().slice(0, CODE_LENGTH_MAX)}"`).slice(0, 12).join(", ") || "no titles"}`); // prettier-ignore
  return place;
}

/** Or why not. */
function limitOf(cell: (column: LimitColumn) => string): ClinicalLimit | string {
  const drug = cell("drug");
  if (drug === "" || drug.length > CODE_LENGTH_MAX) return "no drug code";
  const kind = KINDS.get(cell("kind").toLowerCase());
  if (kind === undefined) return `expected a kind of order (${ORDER_KINDS.join(", ")}), got "${cell("kind").slice(0, CODE_LENGTH_MAX)}"`;
  const most = cell("most");
  if (most === "") return "no hard limit";
  if (!NUMBER.test(most) || Number(most) === 0)
    return `expected a number above zero with a decimal point, got "${most.slice(0, CODE_LENGTH_MAX)}"`;
  const unit = cell("unit");
  if (!isComparable({ unit })) return `expected a unit of a rate such as mL/h or ug/kg/min, got "${unit.slice(0, CODE_LENGTH_MAX)}"`;
  return { drug, kind, most: Number(most), unit };
}
