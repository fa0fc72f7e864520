/** Many rows in one statement: each column is one list, so that the text is the same however many there are. */
import type { Bulk, Rows, Value } from "../engine.ts";
import { inPostgres } from "./dialect.ts";
import type { PostgresEngine } from "./engine.ts";

/** Enough that the way to the server and back no longer counts; and a statement of some hundred kilobytes. */
const ROWS = 2_000;

export class Many implements Bulk {
  readonly #engine: PostgresEngine;
  readonly #rows: Rows;
  readonly #typeOf: (column: string) => string;
  #text: string | undefined;
  #lists: string[][];
  #taken = 0;

  constructor(engine: PostgresEngine, rows: Rows, typeOf: (column: string) => string) {
    this.#engine = engine;
    this.#rows = rows;
    this.#typeOf = typeOf;
    this.#lists = rows.columns.map(() => []);
  }

  begin(): void {
    this.#clear();
  }

  /** Whether it is there already the server finds out by itself. */
  add(_isNew: boolean, ...row: readonly Value[]): void {
    for (let column = 0; column < this.#lists.length; column++) this.#lists[column]!.push(element(row[column]!));
    if (++this.#taken === ROWS) this.end();
  }

  end(): void {
    if (this.#taken === 0) return;
    this.#text ??= textOf(this.#rows, this.#typeOf);
    this.#engine.write(
      this.#text,
      this.#lists.map((list) => `{${list.join(",")}}`),
    );
    this.#clear();
  }

  #clear(): void {
    this.#lists = this.#rows.columns.map(() => []);
    this.#taken = 0;
  }
}

function textOf({ table, columns, key, join }: Rows, typeOf: (column: string) => string): string {
  const lists = columns.map((column) => `?::${typeOf(column)}[]`).join(", ");
  const insert = `INSERT INTO ${table} (${columns.join(", ")}) SELECT * FROM unnest(${lists})`;
  if (join === "none") return inPostgres(insert);
  const others = columns.filter((column) => !key.includes(column));
  const joined = join ?? others.map((column) => `${column} = excluded.${column}`).join(", ");
  return inPostgres(`${insert} ON CONFLICT (${key.join(", ")}) DO UPDATE SET ${joined}`);
}

/** An element of a list as PostgreSQL writes them. */
function element(value: Value): string {
  if (value === null) return "NULL";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "string") return `"${QUOTED.test(value) ? value.replace(EACH_QUOTED, "\\$&") : value}"`;
  return `"\\\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}"`;
}
const QUOTED = /["\\]/;
const EACH_QUOTED = /["\\]/g;
