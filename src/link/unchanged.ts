/** Whether files are what they were, by what the file system says of them, so that they need not be read again to know. */
// The first of ours that each start loads. An import takes apart all that `node:fs` has, which takes longer than what is asked here.
const { existsSync, readFileSync, renameSync, statSync, writeFileSync } = process.getBuiltinModule("node:fs");

/** A file written again within one tick of a disk's clock looks unchanged; the coarsest clock ticks every two seconds. */
const TICK_MS = 2000;

interface Noted {
  readonly made: string;
  /** With the size, times and number of each. */
  readonly files: readonly (readonly [path: string, stamp: string])[];
}

/** Folders that link to one `node_modules` keep theirs in one place, each with a note of its own. */
export function noteIn(folder: string, source: string): string {
  return `${folder}/made-${Buffer.from(source).toString("base64url").slice(-NOTE_NAME_MAX)}.json`;
}
/** A file's name is at most 255 bytes long. */
const NOTE_NAME_MAX = 200;

/** What stands in this folder that was made of the source as it is now; undefined where there is nothing. */
export function keptBefore(folder: string, source: string): string | undefined {
  const known = madeBefore(noteIn(folder, source));
  return known !== undefined && existsSync(`${folder}/${known}`) ? `${folder}/${known}` : undefined;
}

/** What was made of files that are unchanged since; undefined where that is not known. A folder is changed when something comes or goes in it. */
export function madeBefore(note: string): string | undefined {
  try {
    const { made, files } = JSON.parse(readFileSync(note, "utf8")) as Noted;
    return files.every(([path, stamp]) => stampOf(path).stamp === stamp) ? made : undefined;
  } catch {
    return undefined; // None yet, one cut by a power failure, or a file that is gone: all is read, and noted anew.
  }
}

/** Notes that `made` came from them as they stood at `since`, unless one is so young that a change of it might not show. */
export function noteMade(note: string, made: string, paths: readonly string[], since: number): void {
  const found = paths.map((path) => [path, stampOf(path)] as const);
  if (found.some(([, { changed }]) => changed > since - TICK_MS)) return;
  const files = found.map(([path, { stamp }]) => [path, stamp] as const);
  writeFileSync(`${note}.${process.pid}`, JSON.stringify({ made, files } satisfies Noted));
  renameSync(`${note}.${process.pid}`, note);
}

function stampOf(path: string): { stamp: string; changed: number } {
  const { ctimeMs, ctimeNs, ino, mtimeMs, mtimeNs, size } = statSync(path, { bigint: true });
  return { stamp: `${size} ${mtimeNs} ${ctimeNs} ${ino}`, changed: Number(ctimeMs > mtimeMs ? ctimeMs : mtimeMs) };
}
