/** A site of a PostgreSQL database, opened for reading only, also while a core writes it. */
import { connectToSite } from "./connecting.ts";
import type { Readable } from "../reader.ts";
import type { Place } from "./place.ts";

/** Throws an Error for people where there is no such site, or nobody answers. */
export function openSiteForReading(place: Place): Readable {
  const { engine, number } = connectToSite(place, `auscult pages ${place.site}`);
  if (number === undefined) {
    engine.close();
    throw new Error(`expected a site that a core has written, got none: ${place.shown}`);
  }
  engine.exec("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  const written = engine.prepare("SELECT value FROM about WHERE key = 'written'");
  return { database: engine, changes: () => Number(written.get()?.["value"] ?? 0) };
}
