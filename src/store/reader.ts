/**
 * A recording, opened for reading only wherever it is kept: also while another process writes it. Each question is its own snapshot, or one
 * `snapshot` is, so that no reader holds the writer's log back; what lasts longer asks again where it stopped.
 */
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { migrate } from "./database.ts";
import type { Engine, Statement, Value } from "./engine.ts";
import { placeOf } from "./postgres/place.ts";
import { openSiteForReading } from "./postgres/reading.ts";
import { RECORDING_VERSION } from "./version.ts";

/** While a writer begins or ends, the file is its own for a moment. */
const BUSY_MS = 5_000;

/** A recording, open. */
export interface Readable {
  readonly database: Engine;
  /** Another number as soon as anybody has written. */
  readonly changes: () => number;
}

export class Store {
  readonly database: Engine;
  /** Preparing costs more than most answers. The texts are constants of `queries/`, so there are few. */
  readonly #statements = new Map<string, Statement>();
  readonly #tuples = new Map<string, Statement>();
  readonly #changes: () => number;

  /** `recording`: the path of a file, as `postgres/place.ts` has it, or opened already. Throws an Error for people where there is none that can be read. */
  constructor(recording: string | Readable) {
    const { database, changes } = typeof recording === "string" ? opened(recording) : recording;
    this.database = database;
    this.#changes = changes;
  }

  /** Another number as soon as anybody else has written. */
  get changes(): number {
    return this.#changes();
  }

  all<Row>(sql: string, ...values: Value[]): Row[] {
    return this.#prepared(sql).all(...values) as Row[];
  }

  get<Row>(sql: string, ...values: Value[]): Row | undefined {
    return this.#prepared(sql).get(...values) as Row | undefined;
  }

  /** Rows as tuples in the order of their columns, which takes half the time of objects: for what is taken in by the hundred thousand. */
  tuples<Row extends readonly unknown[]>(sql: string, ...values: Value[]): Row[] {
    let statement = this.#tuples.get(sql);
    if (statement === undefined) {
      this.#tuples.set(sql, (statement = this.database.prepare(sql)));
      statement.setReturnArrays(true);
    }
    return statement.all(...values) as unknown as Row[];
  }

  /** Is one snapshot until its end: for what is taken in at once. */
  iterate<Row>(sql: string, ...values: Value[]): Iterable<Row> {
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

  #prepared(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.database.prepare(sql)));
    return statement;
  }
}

function opened(recording: string): Readable {
  const place = placeOf(recording);
  return place === null ? openFile(recording) : openSiteForReading(place);
}

function openFile(path: string): Readable {
  if (!existsSync(path)) throw new Error(`expected a recording, got no file at ${path}`);
  const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
  const number = (sql: string) => Object.values(database.prepare(sql).get()!)[0] as number;
  try {
    const version = number("PRAGMA user_version");
    if (version > RECORDING_VERSION)
      throw new Error(
        `expected a recording of version ${RECORDING_VERSION} or older, got version ${version} in ${path}: a newer Auscult wrote it`,
      );
    if (version > 0 && version < RECORDING_VERSION) renew(path, version);
    if (number("SELECT count(*) FROM sqlite_schema WHERE name = 'device'") === 0)
      throw new Error(`expected a recording, got a database without devices in ${path}`);
    const changes = database.prepare("PRAGMA data_version");
    return { database, changes: () => changes.get()!["data_version"] as number };
  } catch (error) {
    database.close();
    if ((error as { errcode?: unknown }).errcode === NOT_A_DATABASE)
      throw new Error(`expected a recording, got a file that is no database: ${path}`, { cause: error });
    throw error;
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
