/** A site of a PostgreSQL database, opened for writing by the one process that may: everything written goes through the connection that holds its lock. */
import { randomBytes } from "node:crypto";
import { DiskRefused, RecordingBusy, type About, type Held } from "../writing.ts";
import { beOf, connectToSite } from "./connecting.ts";
import type { PostgresEngine } from "./engine.ts";
import { takeSite } from "./locks.ts";
import type { Place } from "./place.ts";
import { PostgresError } from "./wire.ts";

/** The connection that held the site's lock is gone, so another may write by now: whoever wrote must end. */
export class WritingLost extends Error {}

/** `core`: of many sites, whose this one is then. Throws RecordingBusy while another process writes the site, and an Error for people when it cannot be written. */
export function openSiteForWriting(place: Place, core?: number): Held {
  const { engine, number: known } = connectToSite(place, `auscult core ${place.site}`);
  try {
    const number = known ?? numbered(engine, place.site);
    beOf(engine, number);
    if (!takeSite(engine, number, core)) throw new RecordingBusy(place.shown, "");
    const held = new HeldSite(engine, place);
    // Also where there is nothing to write yet: who may not write learns it now.
    held.transaction(() => {
      if (held.about("site") !== undefined) return;
      held.setAbout("site", place.site);
      held.setAbout("hash_key", randomBytes(32).toString("hex"));
    });
    return held;
  } catch (error) {
    engine.close();
    throw error instanceof PostgresError
      ? new Error(`expected a site that can be written, ${place.shown}: ${error.message}`, { cause: error })
      : error;
  }
}

/** A new site; whoever else makes it at this moment made the same. */
export function numbered(engine: PostgresEngine, site: string): number {
  engine.ask("INSERT INTO site (name) VALUES ($1) ON CONFLICT DO NOTHING", [site]);
  return engine.prepare("SELECT number FROM site WHERE name = ?").get(site)!["number"] as number;
}

class HeldSite implements Held {
  readonly database: PostgresEngine;
  readonly #place: Place;

  constructor(database: PostgresEngine, place: Place) {
    this.database = database;
    this.#place = place;
  }

  transaction(work: () => void): void {
    try {
      this.database.exec("BEGIN");
      work();
      this.database.write(WRITTEN, []);
      this.database.exec("COMMIT");
    } catch (error) {
      if (!(error instanceof PostgresError)) {
        if (this.database.isTransaction) this.database.exec("ROLLBACK");
        throw error;
      }
      if (this.database.isLost) throw this.#lost(error);
      if (this.database.isTransaction) this.database.exec("ROLLBACK");
      throw NO_ROOM.test(error.code) ? new DiskRefused(error.message, { cause: error }) : error;
    }
  }

  #lost(error: Error): WritingLost {
    return new WritingLost(`${this.#place.shown} is no longer ours to write: ${error.message}`, { cause: error });
  }

  about(key: About): string | undefined {
    return this.database.prepare("SELECT value FROM about WHERE key = ?").get(key)?.["value"] as string | undefined;
  }

  setAbout(key: About, value: string): void {
    this.database
      .prepare("INSERT INTO about (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
      .run(key, value);
  }

  /** The server folds in its own. */
  foldLog(): void {}

  check(): void {
    try {
      this.database.prepare("SELECT 1 AS here").get();
    } catch (error) {
      throw this.database.isLost ? this.#lost(error as Error) : error;
    }
  }

  /** Pages run beside any core. */
  tellAddress(): void {}

  release(): void {
    this.database.close();
  }
}

/** Disk full and its kin (class 53), input and output (58), a server that only reads (25006). */
const NO_ROOM = /^(53|58|25006)/;
/** Who reads along sees by it that it was written. */
const WRITTEN = `INSERT INTO about (key, value) VALUES ('written', '1')
  ON CONFLICT (site, key) DO UPDATE SET value = (about.value::bigint + 1)::text`;
