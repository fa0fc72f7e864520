/** Where recordings are: one file each in `<data>/recordings`. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** The newest first. */
export function recordingsIn(data: string): readonly RecordingFile[] {
  const folder = join(data, "recordings");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".db"))
    .flatMap((file) => {
      const path = join(folder, file);
      const found = statSync(path, { throwIfNoEntry: false });
      // A link may lead nowhere, and a recording may be taken away just now.
      if (found?.isFile() !== true) return [];
      // What was written last may still be in the log beside it.
      const log = statSync(`${path}-wal`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      return [{ name: file.slice(0, -3), path, bytes: found.size, written: Math.max(found.mtimeMs, log) }];
    })
    .toSorted((a, b) => b.written - a.written || (a.name < b.name ? -1 : 1));
}

export interface RecordingFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** When it was last written, in milliseconds since 1970. */
  readonly written: number;
}
