/** `auscult core --sites …`: the core of many sites, of which it takes its share, until stopped. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readSettings } from "../config.ts";
import { serversOf } from "../link/broker/connection.ts";
import { readCredentials, type Credentials } from "../link/broker/credentials.ts";
import { openReaderThread } from "../link/reader-thread.ts";
import { connectToSites } from "../store/postgres/connecting.ts";
import { DatabaseAway } from "../store/writing.ts";
import { Sites } from "../sites.ts";
import { forPeople } from "./broker-errors.ts";
import type { CoreCommandOptions } from "./core.ts";
import { serveManySites, type Page } from "./serve.ts";
import { listenForStop } from "./stopping.ts";
import { CommandError, Exit, plural, say } from "./terminal.ts";

/** A core looks at each of them every two seconds. */
const SITES_MAX = 1_000;
const SITE_NAME_MAX = 64;
const CREDENTIALS_OF_CORE = /^core-.*\.json$/;

export async function coreOfSites(options: CoreCommandOptions): Promise<void> {
  const { data, broker, database, replicas } = options;
  if (database === undefined) throw new CommandError("--sites: expected --database, since many sites are kept in PostgreSQL, got none");
  if (options.site !== undefined) throw new CommandError(`expected --site for one site or --sites for many, got both`);
  forPeople(() => serversOf(broker));
  const known = credentialsIn(options.credentials);
  const sites = sitesOf(options.sites, known);
  isSetUp(database);
  const stopping = listenForStop();
  const log = (text: string) => say(`auscult: ${text}`);
  const settings = readSettings(data);
  const all = new Sites({
    dataDirectory: data,
    settings,
    database,
    sites,
    broker,
    replicas,
    credentialsOf: (site) => known?.get(site) ?? null,
    log,
    openReader: openReaderThread,
  });
  let page: Page | undefined;
  try {
    page = await serveManySites(all, data, settings, options.open);
    all.tellAddress(new URL(page.url).origin);
    page.tell();
    say(`A core of ${plural(sites.length, "site")}: it takes its share of them, and all of them while no other core is there.`);
    await stopping.asked;
  } finally {
    await page?.close();
    await all.close();
  }
}

/** By site; null where none are needed. Throws an Error for people. */
function credentialsIn(folder: string | undefined): ReadonlyMap<string, Credentials> | null {
  if (folder === undefined) return null;
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new CommandError(`--credentials: expected the folder that holds core-SITE.json of each site, got ${folder}`);
  const files = readdirSync(folder).filter((name) => CREDENTIALS_OF_CORE.test(name));
  if (files.length === 0) throw new CommandError(`--credentials: expected core-SITE.json in ${folder}, got none`);
  return new Map(
    files.map((name) => {
      const credentials = forPeople(() => readCredentials(join(folder, name), "core"));
      return [credentials.site ?? "", credentials] as const;
    }),
  );
}

function sitesOf(said: readonly string[] | undefined, known: ReadonlyMap<string, Credentials> | null): readonly string[] {
  const sites = [...new Set(said ?? known?.keys() ?? [])];
  if (sites.length === 0 || sites.length > SITES_MAX)
    throw new CommandError(`--sites: expected between 1 and ${SITES_MAX} names, got ${sites.length}`);
  for (const site of sites) {
    if (site === "" || site.length > SITE_NAME_MAX)
      throw new CommandError(`--sites: expected names of ${SITE_NAME_MAX} characters at most, got "${site.slice(0, 80)}"`);
    if (known !== null && !known.has(site))
      throw new CommandError(`--sites: expected sites with a core-SITE.json among the credentials, got "${site}"`);
  }
  return sites;
}

/** What no waiting cures is said at once; a database that does not answer is waited for. */
function isSetUp(database: string): void {
  try {
    connectToSites(database, "auscult core").close();
  } catch (error) {
    if (!(error instanceof DatabaseAway)) throw new CommandError((error as Error).message, Exit.configuration);
  }
}
