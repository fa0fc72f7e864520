/** The database of all sites is made, or brought to today's shape, by its owner. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RECORDING_VERSION } from "../version.ts";
import { connect, versionOf } from "./connecting.ts";
import { PostgresError } from "./wire.ts";
import { shown } from "./place.ts";

/** The shape PostgreSQL began with: as SQLite had it then. */
export const FIRST_VERSION = 5;
const text = (...names: readonly string[]) => readFileSync(join(import.meta.dirname, ...names), "utf8");

/** Answers the version it was before, 0 for none. All of it or nothing. Throws an Error for people where it may not be done. */
export function setUp(url: string): number {
  const engine = connect(url, "auscult store setup");
  try {
    const before = versionOf(engine);
    if (before > RECORDING_VERSION)
      throw new Error(`expected a database of version ${RECORDING_VERSION} or older, got version ${before}: a newer Auscult set it up`);
    engine.script(
      `BEGIN; ${before === 0 ? MADE() : steps(before)} ${text("rights.sql")} UPDATE auscult.shape SET version = ${RECORDING_VERSION}; COMMIT`,
    );
    return before;
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error;
    throw new Error(`expected a login that may make tables and roles at ${shown(url)}: ${error.message}`, { cause: error });
  } finally {
    engine.close();
  }
}

const MADE = () =>
  `CREATE SCHEMA auscult; ${text("functions.sql")} ${text("schema.sql")} INSERT INTO auscult.shape VALUES (${RECORDING_VERSION});`;

function steps(from: number): string {
  return Array.from({ length: RECORDING_VERSION - from }, (_, at) =>
    text("migrations", `${String(from + at + 1).padStart(3, "0")}.sql`),
  ).join("\n");
}
