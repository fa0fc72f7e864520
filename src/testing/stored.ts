/** What a recording holds, asked beside whoever writes it. */
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

const BUSY_MS = 5_000;

/** Batches of each run that are stored without a gap, by the run's input; nothing before the recording is made. */
export function storedBatches(path: string): ReadonlyMap<string, number> {
  if (!existsSync(path)) return new Map();
  const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
  try {
    const made = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'run'").get() !== undefined;
    const rows = made ? database.prepare("SELECT input, sequence FROM run").all() : [];
    return new Map(rows.map((row) => [row["input"] as string, row["sequence"] as number]));
  } finally {
    database.close();
  }
}
