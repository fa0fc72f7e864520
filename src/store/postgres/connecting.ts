/** A connection to the database of all sites, and to one site in it. */
import { RECORDING_VERSION } from "../version.ts";
import { DatabaseAway } from "../writing.ts";
import { PostgresEngine } from "./engine.ts";
import { shown, type Place } from "./place.ts";
import { PostgresError, Wire } from "./wire.ts";

/** The first that was tried. */
const SERVER_VERSION_MIN = 150_000;
const UNDEFINED_TABLE = /^(42P01|3F000)$/;

/** Throws DatabaseAway where nobody answers, and an Error for people where the server is too old; without the password. */
export function connect(url: string, application: string): PostgresEngine {
  const wire = new Wire(url, application);
  const engine = new PostgresEngine(wire);
  try {
    wire.ask([{ text: "SET search_path = auscult, pg_catalog", values: [], simple: true }]);
    const version = Number(wire.ask([{ text: "SHOW server_version_num", values: [] }])!.rows[0]![0]);
    if (version < SERVER_VERSION_MIN)
      throw new Error(`expected PostgreSQL ${SERVER_VERSION_MIN / 10_000} or newer at ${shown(url)}, got ${Math.floor(version / 10_000)}`);
    return engine;
  } catch (error) {
    engine.close();
    if (!(error instanceof PostgresError)) throw error;
    const message = `expected a PostgreSQL database at ${shown(url)}: ${error.message}`;
    throw error.isLoss ? new DatabaseAway(message, { cause: error }) : new Error(message, { cause: error });
  }
}

/** The shape of what is kept there; 0 where nothing is yet. */
export function versionOf(engine: PostgresEngine): number {
  try {
    return engine.prepare("SELECT version FROM shape").get()?.["version"] as number;
  } catch (error) {
    if (error instanceof PostgresError && UNDEFINED_TABLE.test(error.code)) return 0;
    throw error;
  }
}

/** Throws an Error for people where the database is not set up, or by another version. */
export function connectToSites(url: string, application: string): PostgresEngine {
  const engine = connect(url, application);
  const version = versionOf(engine);
  if (version === RECORDING_VERSION) return engine;
  engine.close();
  throw new Error(
    version > RECORDING_VERSION
      ? `expected a database of version ${RECORDING_VERSION} or older, got version ${version}: a newer Auscult set it up`
      : `expected a database that is set up for this Auscult: auscult store setup --database ${shown(url)}`,
  );
}

/** As above. `number`: undefined where there is no such site yet. */
export function connectToSite(
  { url, site, shown: where }: Place,
  application: string,
): { readonly engine: PostgresEngine; readonly number: number | undefined } {
  const engine = connectToSites(url, application);
  try {
    const number = engine.prepare("SELECT number FROM site WHERE name = ?").get(site)?.["number"] as number | undefined;
    if (engine.prepare("SELECT row_security_active('about') AS held").get()!["held"] !== 1)
      throw new Error(`expected a login that is held to its site, got one that sees all (a superuser, or BYPASSRLS): ${where}`);
    if (number !== undefined) beOf(engine, number);
    return { engine, number };
  } catch (error) {
    engine.close();
    throw error instanceof PostgresError ? new Error(`expected the site ${where}: ${error.message}`, { cause: error }) : error;
  }
}

/** From here on the session sees and writes this site alone. */
export function beOf(engine: PostgresEngine, site: number): void {
  engine.prepare("SELECT set_config('auscult.site', ?, false)").get(String(site));
}
