/**
 * What the store asks of a database: statements that answer at once, and transactions. `node:sqlite` is one as it stands, and so loses
 * nothing by it; PostgreSQL is the other (`postgres/engine.ts`). The texts of statements are the same on both: what either of them says
 * otherwise is `postgres/dialect.ts` and `postgres/functions.sql`.
 */
import type { SQLInputValue, SQLOutputValue } from "node:sqlite";

export type Value = SQLInputValue;
type Row = Record<string, SQLOutputValue>;

export interface Statement {
  /** What it changed is not asked for: an engine may write it with others, before the next question at the latest. */
  run(...values: Value[]): unknown;
  get(...values: Value[]): Row | undefined;
  all(...values: Value[]): Row[];
  iterate(...values: Value[]): Iterable<Row>;
  /** Rows as lists in the order of their columns. */
  setReturnArrays(on: boolean): void;
}

export interface Engine {
  readonly isTransaction: boolean;
  prepare(sql: string): Statement;
  exec(sql: string): void;
  close(): void;
  /** Its own way to write many rows; absent: many in one statement (`bulk.ts`). */
  readonly bulk?: (rows: Rows) => Bulk;
}

/** Rows of one table that are written together. */
export interface Rows {
  readonly table: string;
  readonly columns: readonly string[];
  /** The columns that tell one row from another. */
  readonly key: readonly string[];
  /** What becomes of a row that is there already, as `column = …`; absent: the new one takes its place; "none": there surely is none. */
  readonly join?: string;
}

export interface Bulk {
  /** Forgets what a transaction that failed had left. */
  begin(): void;
  /** `isNew`: it is surely not there yet. No row may come twice before `end`. */
  add(isNew: boolean, ...row: readonly Value[]): void;
  /** Writes what is left: within the transaction in which the rest was. */
  end(): void;
}
