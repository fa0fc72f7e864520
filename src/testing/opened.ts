/** What `auscult open … --exit --json` makes of captures, without the program around it: session, core and confined sensor are the real ones. */
import { readSettings } from "../config.ts";
import { recordingPath } from "../link/recordings.ts";
import { openReader } from "../reader.ts";
import { LocalSession, type Read } from "../session.ts";

interface Opened extends Read {
  readonly path: string;
}

/** Rejects where none of them is a capture. */
export async function opened(data: string, ...paths: readonly string[]): Promise<Opened> {
  const session = new LocalSession({ dataDirectory: data, settings: readSettings(data, {}), log: () => undefined });
  try {
    await session.openFiles(paths);
    const read = (await session.finished())!;
    return { ...read, path: recordingPath(data, read.recording) };
  } finally {
    await session.close();
  }
}

/** The document, as it is printed. */
export async function inventoryOf(path: string): Promise<string> {
  const reader = await openReader(path);
  try {
    let text = "";
    for await (const piece of reader.inventory()) text += piece;
    return text;
  } finally {
    await reader.close();
  }
}
