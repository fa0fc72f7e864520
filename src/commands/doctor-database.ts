/** `auscult doctor --database …`: whether the database of many sites is one we can use, and was not set back to an older copy. */
import { noteDatabase } from "../link/database-noted.ts";
import { RECORDING_VERSION } from "../store/version.ts";
import type { Finding } from "./doctor.ts";

const about = "Database";

export function database(data: string, url: string): readonly Finding[] {
  try {
    const { now, gone } = noteDatabase(data, url);
    const sites = `${now.sites.length} ${now.sites.length === 1 ? "site" : "sites"}`;
    const setUp: Finding =
      now.shape === RECORDING_VERSION
        ? { about, state: "ok", words: `PostgreSQL ${now.server}, of version ${now.shape}, ${sites}` }
        : {
            about,
            state: "wrong",
            words: `PostgreSQL ${now.server}, ${now.shape === 0 ? "not set up" : `of version ${now.shape}, expected ${RECORDING_VERSION}`}`,
            cure: ["auscult store setup --database …"],
          };
    return [setUp, ...gone.map((words): Finding => ({ about, state: "wrong", words }))];
  } catch (error) {
    return [{ about, state: "wrong", words: (error as Error).message }];
  }
}
