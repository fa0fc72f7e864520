/** What `open`, `listen` and `start` have in common: a session, a page unless the command is to end by itself, and an end in order. */
import type { Settings } from "../config.ts";
import { WriterBusy } from "../link/recording.ts";
import { startWithSiteRegistry } from "../link/site-registry.ts";
import { LocalSession, type SessionOptions } from "../session.ts";
import { startWithSiteLimits } from "../link/site-limits.ts";
import { sayFamiliesAtStart } from "./families.ts";
import { listenForStop, type Stopping } from "./stopping.ts";
import { CommandError, Exit, say } from "./terminal.ts";
import { sayTolerancesAtStart } from "./tolerances.ts";

/** A command that ends by itself waits so long for a full disk; the page waits as long as it takes. */
const FULL_DISK_MS = 10_000;
/** What takes longer is watched on the page meanwhile; else its address stands last, under what was found. */
const TOLD_AFTER_MS = 2_000;

export interface RunOptions {
  readonly data: string;
  /** End by itself: no page. */
  readonly exit?: boolean;
  /** Where sites are kept; absent: in files of the data directory. */
  readonly database?: string;
  /** False: no browser. */
  readonly open: boolean;
}

export async function runSession(
  options: RunOptions,
  settings: Settings,
  told: Pick<SessionOptions, "progress"> & { readonly pageLast?: true },
  work: (session: LocalSession, stopping: Stopping) => Promise<void>,
): Promise<void> {
  const stopping = listenForStop();
  sayFamiliesAtStart(options.data);
  startWithSiteLimits(options.data);
  sayTolerancesAtStart(options.data);
  sayRegistryAtStart(options.data);
  // Not loaded where no page is served: a command in a script begins at once.
  const pages = options.exit ? undefined : { ...(await import("./serve.ts")), ...(await import("../link/reader-thread.ts")) };
  const { pageLast, ...hooks } = told;
  const log = (text: string) => say(`auscult: ${text}`);
  const sending = pages === undefined ? null : (await import("../link/outputs/index.ts")).sendingOf(options.data, settings, log);
  const session = new LocalSession({
    ...hooks,
    dataDirectory: options.data,
    ...(options.database === undefined ? {} : { database: options.database }),
    settings,
    log,
    sending,
    ...(pages === undefined ? { disk: endWhenFull() } : { openReader: pages.openReaderThread }),
  });
  const page = await pages?.servePage(session, settings, options.open);
  // Without the token, which is for the person at this terminal.
  if (page !== undefined) session.tellAddress(new URL(page.url).origin);
  if (!pageLast) page?.tell();
  const telling = setTimeout(() => {
    if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    page?.tell();
  }, TOLD_AFTER_MS);
  try {
    // What it cuts short is told by whoever waits for it.
    void stopping.asked.then(() => session.stop()).catch(() => undefined);
    if (stopping.code() === undefined) await work(session, stopping);
    if (page === undefined || stopping.code() !== undefined) return;
    page.tell();
    await stopping.asked;
  } catch (error) {
    throw error instanceof WriterBusy ? new CommandError(error.message, Exit.configuration) : error;
  } finally {
    clearTimeout(telling);
    await page?.close();
    await session.close();
  }
}

function endWhenFull(): (trouble: string | null) => void {
  let timer: NodeJS.Timeout | undefined;
  return (trouble) => {
    clearTimeout(timer);
    if (trouble === null) return;
    timer = setTimeout(() => {
      say("auscult: there is still no room; ended here. What was stored is kept, and opening it again goes on from there.");
      process.exit(Exit.input);
    }, FULL_DISK_MS);
  };
}

/** Before a recording is opened; what does not serve is said. */
function sayRegistryAtStart(data: string): void {
  const site = startWithSiteRegistry(data);
  if (site !== null && site.prefixes === null)
    say(`${site.file}: expected a registry of MAC prefixes, got a damaged file: ours serves; auscult update makes it anew`);
}
