/** PostgreSQL as the store's engine: statements answer at once, those that only write wait for each other and go out together. */
import type { Bulk, Engine, Rows, Statement, Value } from "../engine.ts";
import { inPostgres } from "./dialect.ts";
import { Many } from "./many.ts";
import { Wire, type Rows as Answered } from "./wire.ts";

type Row = NonNullable<ReturnType<Statement["get"]>>;

/** Statements that wait for each other at most: their values stay in memory. */
const WAITING_MAX = 2_000;
/** Rows of a long answer that are held at once. */
const FETCHED = 5_000;
/** Every table has it, no statement asks for it, and no row shows it. */
const SITE = "site";

export class PostgresEngine implements Engine {
  readonly #wire: Wire;
  #waiting: Parameters<Wire["ask"]>[0][number][] = [];
  #isTransaction = false;
  /** Numbers of those that are open. */
  readonly #cursors = new Set<number>();
  /** Types by table and column, asked for when rows are first written. */
  #types: ReadonlyMap<string, string> | undefined;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  get isTransaction(): boolean {
    return this.#isTransaction;
  }

  /** The connection is gone, and what was held by it. */
  get isLost(): boolean {
    return this.#wire.isLost;
  }

  prepare(sql: string): Statement {
    return new PostgresStatement(this, inPostgres(sql));
  }

  exec(sql: string): void {
    // Whatever comes of it, there is none any more.
    if (/^\s*(?:COMMIT|ROLLBACK)\b/.test(sql)) this.#isTransaction = false;
    // What waits to be written is not written before it is taken back.
    if (/^\s*ROLLBACK\b/.test(sql)) this.#waiting = [];
    this.script(inPostgres(sql));
    if (/\bBEGIN\b[^;]*$/.test(sql)) this.#isTransaction = true;
  }

  /** Statements of PostgreSQL's own, as they stand. */
  script(text: string): void {
    this.#waiting.push({ text, values: [], simple: true });
    this.#send();
  }

  /** Within a transaction it waits for others. */
  write(text: string, values: readonly Value[]): void {
    this.#waiting.push({ text, values });
    if (!this.#isTransaction || this.#waiting.length >= WAITING_MAX) this.#send();
  }

  ask(text: string, values: readonly Value[]): Answered {
    this.#waiting.push({ text, values });
    return this.#send() ?? { columns: [], rows: [] };
  }

  /** In portions; whoever stops early leaves nothing behind. */
  *portions(text: string, values: readonly Value[]): Generator<Answered> {
    if (!/^\s*(SELECT|WITH)\b/.test(text)) {
      yield this.ask(text, values);
      return;
    }
    let number = 1;
    while (this.#cursors.has(number)) number++;
    this.#cursors.add(number);
    const cursor = `rows_${number}`;
    this.ask(`DECLARE ${cursor} NO SCROLL CURSOR ${this.#isTransaction ? "" : "WITH HOLD "}FOR ${text}`, values);
    const isWithin = this.#isTransaction;
    try {
      for (;;) {
        const answer = this.ask(`FETCH ${FETCHED} FROM ${cursor}`, []);
        yield answer;
        if (answer.rows.length < FETCHED) return;
      }
    } finally {
      this.#cursors.delete(number);
      if (!isWithin || this.#isTransaction) this.ask(`CLOSE ${cursor}`, []);
    }
  }

  readonly bulk = (rows: Rows): Bulk => new Many(this, rows, (column) => this.#typeOf(rows.table, column));

  close(): void {
    this.#wire.close();
  }

  #typeOf(table: string, column: string): string {
    this.#types ??= new Map(this.ask(COLUMN_TYPES, []).rows.map((row) => [`${String(row[0])}.${String(row[1])}`, String(row[2])] as const));
    return this.#types.get(`${table}.${column}`)!;
  }

  #send(): Answered | null {
    const statements = this.#waiting;
    this.#waiting = [];
    return this.#wire.ask(statements);
  }
}

class PostgresStatement implements Statement {
  readonly #engine: PostgresEngine;
  readonly #text: string;
  #asLists = false;

  constructor(engine: PostgresEngine, text: string) {
    this.#engine = engine;
    this.#text = text;
  }

  setReturnArrays(on: boolean): void {
    this.#asLists = on;
  }

  run(...values: Value[]): void {
    this.#engine.write(this.#text, values);
  }

  get(...values: Value[]): Row | undefined {
    const answer = this.#engine.ask(this.#text, values);
    return answer.rows.length === 0 ? undefined : this.#rowsOf({ ...answer, rows: answer.rows.slice(0, 1) })[0];
  }

  all(...values: Value[]): Row[] {
    return this.#rowsOf(this.#engine.ask(this.#text, values));
  }

  *iterate(...values: Value[]): Generator<Row> {
    for (const portion of this.#engine.portions(this.#text, values)) yield* this.#rowsOf(portion);
  }

  #rowsOf({ columns, rows }: Answered): Row[] {
    if (this.#asLists) return rows as unknown as Row[];
    return rows.map((row) => {
      const named: Record<string, unknown> = {};
      for (let at = 0; at < columns.length; at++) if (columns[at] !== SITE) named[columns[at]!] = row[at];
      return named as Row;
    });
  }
}

const COLUMN_TYPES = `SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'auscult'`;
