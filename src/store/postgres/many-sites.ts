/** All sites of a database for reading, by one connection that is one of them at a time: for questions that are asked of many. */
import type { Engine, Statement } from "../engine.ts";
import type { Readable } from "../reader.ts";
import { beOf, connectToSites } from "./connecting.ts";
import type { PostgresEngine } from "./engine.ts";

export class ReadableSites {
  readonly #engine: PostgresEngine;
  /** The site the session is of. */
  #current = 0;

  /** Throws as `connectToSites` does. */
  constructor(url: string) {
    this.#engine = connectToSites(url, "auscult across sites");
    this.#engine.exec("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  }

  /** Null where no core has written it yet. */
  site(name: string): Readable | null {
    const number = this.#engine.prepare("SELECT number FROM site WHERE name = ?").get(name)?.["number"] as number | undefined;
    if (number === undefined) return null;
    const be = () => {
      if (this.#current !== number) beOf(this.#engine, number);
      this.#current = number;
    };
    const database = new OneOfMany(this.#engine, be);
    const written = database.prepare("SELECT value FROM about WHERE key = 'written'");
    return { database, changes: () => Number(written.get()?.["value"] ?? 0) };
  }

  close(): void {
    this.#engine.close();
  }
}

/** Whatever is asked through it is asked as its site. */
class OneOfMany implements Engine {
  readonly #engine: PostgresEngine;
  readonly #be: () => void;

  constructor(engine: PostgresEngine, be: () => void) {
    this.#engine = engine;
    this.#be = be;
  }

  get isTransaction(): boolean {
    return this.#engine.isTransaction;
  }

  prepare(sql: string): Statement {
    const statement = this.#engine.prepare(sql);
    const be = this.#be;
    return {
      run: (...values) => (be(), statement.run(...values)),
      get: (...values) => (be(), statement.get(...values)),
      all: (...values) => (be(), statement.all(...values)),
      iterate: (...values) => (be(), statement.iterate(...values)),
      setReturnArrays: (on) => statement.setReturnArrays(on),
    };
  }

  exec(sql: string): void {
    this.#be();
    this.#engine.exec(sql);
  }

  /** The connection is everybody's. */
  close(): void {}
}
