/**
 * A recording's file, opened for reading only: also while another process writes it. Each question is its own snapshot, or one
 * `snapshot` is, so that no reader holds the writer's log back; what lasts longer asks again where it stopped.
 */
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue, StatementSync } from "node:sqlite";
import { migrate } from "./database.ts";
import { RECORDING_VERSION } from "./version.ts";

/** While a writer begins or ends, the file is its own for a moment. */
const BUSY_MS = 5_000;

export class Store {
  readonly database: DatabaseSync;
  /** Of its shape: an older one is read as it is, until somebody writes it. */
  readonly version: number;
  /** Preparing costs more than most answers. The texts are constants of `queries/`, so there are few. */
  readonly #statements = new Map<string, StatementSync>();
  readonly #tuples = new Map<string, StatementSync>();

  /** Throws an Error for people where there is no recording that can be read. */
  constructor(path: string) {
    if (!existsSync(path)) throw new Error(`expected a recording, got no file at ${path}`);
    this.database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
    try {
      const version = this.#number("PRAGMA user_version");
      this.version = version;
      if (version > RECORDING_VERSION)
        throw new Error(
          `expected a recording of version ${RECORDING_VERSION} or older, got version ${version} in ${path}: a newer Auscult wrote it`,
        );
      if (version > 0 && version < RECORDING_VERSION) renew(path, version);
      if (this.#number("SELECT count(*) FROM sqlite_schema WHERE name = 'device'") === 0)
        throw new Error(`expected a recording, got a database without devices in ${path}`);
    } catch (error) {
      this.database.close();
      if ((error as { errcode?: unknown }).errcode === NOT_A_DATABASE)
        throw new Error(`expected a recording, got a file that is no database: ${path}`, { cause: error });
      throw error;
    }
  }

  /** Another number as soon as anybody else has written. */
  get changes(): number {
    return this.#number("PRAGMA data_version");
  }

  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepared(sql).all(...values) as Row[];
  }

  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepared(sql).get(...values) as Row | undefined;
  }

  /** Rows as tuples in the order of their columns, which takes half the time of objects: for what is taken in by the hundred thousand. */
  tuples<Row extends readonly unknown[]>(sql: string, ...values: SQLInputValue[]): Row[] {
    let statement = this.#tuples.get(sql);
    if (statement === undefined) {
      this.#tuples.set(sql, (statement = this.database.prepare(sql)));
      statement.setReturnArrays(true);
    }
    return statement.all(...values) as unknown as Row[];
  }

  /** Is one snapshot until its end: for what is taken in at once. */
  iterate<Row>(sql: string, ...values: SQLInputValue[]): Iterable<Row> {
    return this.#prepared(sql).iterate(...values) as Iterable<Row>;
  }

  about(key: string): string | undefined {
    return this.get<{ value: string }>("SELECT value FROM about WHERE key = ?", key)?.value;
  }

  /** What `work` asks is of one moment. */
  snapshot<T>(work: () => T): T {
    this.database.exec("BEGIN");
    try {
      return work();
    } finally {
      this.database.exec("COMMIT");
    }
  }

  /** From here on everything is of this moment. */
  hold(): void {
    this.database.exec("BEGIN");
  }

  /** To be called at times while `hold` lasts: from here on everything is of now. */
  renew(): void {
    this.database.exec("COMMIT; BEGIN");
  }

  close(): void {
    this.database.close();
  }

  #number(sql: string): number {
    return Object.values(this.get<Record<string, number>>(sql)!)[0]!;
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.database.prepare(sql)));
    return statement;
  }
}

/** A recording of an older Auscult, which may be read before anybody writes it again. */
function renew(path: string, version: number): void {
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    migrate(database, version, RECORDING_VERSION);
  } catch (error) {
    throw new Error(`expected a recording of version ${RECORDING_VERSION}, got version ${version} that cannot be written in ${path}: ${(error as Error).message}`, { cause: error }); // prettier-ignore
  } finally {
    database.close();
  }
}

const NOT_A_DATABASE = 26;
