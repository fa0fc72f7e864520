/** A recording, opened for writing wherever it is kept: in a file of its own, or as one site of a PostgreSQL database. */
import * as file from "./database.ts";
import { openSiteForWriting } from "./postgres/writing.ts";
import { placeOf } from "./postgres/place.ts";
import type { Held } from "./writing.ts";

/** `recording`: the path of a file, or as `postgres/place.ts` has it; `core`: of many sites, whose it is then. Throws RecordingBusy while another process writes it. */
export function openForWriting(recording: string, site: string, core?: number): Held {
  const place = placeOf(recording);
  return place === null ? file.openForWriting(recording, site) : openSiteForWriting(place, core);
}
