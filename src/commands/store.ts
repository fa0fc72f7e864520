/** `auscult store setup` and `auscult migrate-store`: the database of many sites is made, and recordings are moved into it. */
import { existingRecording } from "../link/recordings.ts";
import { moveRecording } from "../store/postgres/moving.ts";
import { recordingIn } from "../store/postgres/place.ts";
import { setUp } from "../store/postgres/setup.ts";
import { Store } from "../store/reader.ts";
import { RECORDING_VERSION } from "../store/version.ts";
import { RecordingBusy } from "../store/writing.ts";
import { thousands } from "../bytes/thousands.ts";
import { CommandError, Exit, print, say } from "./terminal.ts";

export async function setup({ database }: { readonly database: string }): Promise<void> {
  const before = forPeople(() => setUp(database));
  const what = before === 0 ? "is made" : before === RECORDING_VERSION ? "was there" : `is brought from version ${before}`;
  await print(
    `The database ${what}, of version ${RECORDING_VERSION}. Logins of cores belong to auscult_writer, of pages alone to auscult_reader:\n`,
  );
  await print("  CREATE ROLE core LOGIN PASSWORD '…' IN ROLE auscult_writer;\n");
}

interface MigrateOptions {
  readonly data: string;
  readonly recording?: string;
  readonly database: string;
  readonly site?: string;
}

export async function migrate({ data, recording, database, site: asked }: MigrateOptions): Promise<void> {
  const { name, path } = existingRecording(data, recording);
  const site = asked ?? siteOf(path);
  let rows = 0;
  forPeople(() =>
    moveRecording(path, recordingIn(database, site), site, (table, count) => {
      rows += count;
      if (count > 0) say(`${table}: ${thousands(count)} rows`);
    }),
  );
  await print(`${name} is the site ${site} there, with ${thousands(rows)} rows that came now. The file stays as it is.\n`);
}

function siteOf(path: string): string {
  const store = new Store(path);
  try {
    return store.about("site") ?? "";
  } finally {
    store.close();
  }
}

function forPeople<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const busy = error instanceof RecordingBusy;
    if (busy || (error instanceof Error && error.message.startsWith("expected ")))
      throw new CommandError(error.message, Exit.configuration);
    throw error;
  }
}
