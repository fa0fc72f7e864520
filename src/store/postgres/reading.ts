/** A site of a PostgreSQL database, opened for reading only, also while a core writes it. */
import { RECORDING_VERSION } from "../version.ts";
import { connectToSite } from "./connecting.ts";
import type { PostgresEngine } from "./engine.ts";
import type { Place } from "./place.ts";

export interface ReadableSite {
  readonly database: PostgresEngine;
  readonly version: number;
  /** Another number as soon as anybody has written. */
  readonly changes: () => number;
}

/** Throws an Error for people where there is no such site, or nobody answers. */
export function openSiteForReading(place: Place): ReadableSite {
  const { engine, number } = connectToSite(place, `auscult pages ${place.site}`);
  if (number === undefined) {
    engine.close();
    throw new Error(`expected a site that a core has written, got none: ${place.shown}`);
  }
  engine.exec("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  const written = engine.prepare("SELECT value FROM about WHERE key = 'written'");
  return { database: engine, version: RECORDING_VERSION, changes: () => Number(written.get()?.["value"] ?? 0) };
}
