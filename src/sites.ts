/**
 * A core of many sites on one page: it looks around in the database, takes sites that have nobody, gives some away where another core has
 * fewer, and says how each of its own stands. A site is a session of its own (`session.ts`), whose writer is a thread of its own: one that
 * fails takes no other with it. What one machine holds of a site is in the database and nowhere else, so any core serves the pages of all.
 */
import { randomInt } from "node:crypto";
import type { Settings } from "./config.ts";
import type { Credentials } from "./link/broker/credentials.ts";
import { WriterLost } from "./link/broker/following.ts";
import { WriterAway, WriterBusy } from "./link/recording.ts";
import { Load } from "./link/sites/load.ts";
import { AcrossThread } from "./link/sites/across-thread.ts";
import { lookAround, type Seen } from "./link/sites/looking.ts";
import { Spreading, type Look } from "./link/sites/spreading.ts";
import { siteAbout, standingOf, STANDING_MS } from "./link/sites/standing.ts";
import type { SiteAbout } from "./model/site.ts";
import type { RecordingReader } from "./model/store.ts";
import { LocalSession } from "./session.ts";

/** Opening a site reads what is known of it: more at once would hold each other up, and the first would be there later. */
const OPENED_AT_ONCE = 4;
/** A site that could not be taken is tried again after so long. */
const AGAIN_MS = 10_000;
const CORES_MAX = 2 ** 31 - 1;

export interface SitesOptions {
  readonly dataDirectory: string;
  readonly settings: Settings;
  readonly database: string;
  readonly sites: readonly string[];
  readonly broker: string;
  readonly credentialsOf: (site: string) => Credentials | null;
  /** Nodes that keep a copy of each batch, where a stream has to be made again. */
  readonly replicas: number;
  readonly log: (text: string) => void;
  readonly openReader: (path: string) => Promise<RecordingReader>;
}

export class Sites {
  readonly #options: SitesOptions;
  /** Drawn at each start: two cores are told apart by it. */
  readonly #me = randomInt(1, CORES_MAX);
  /** Whoever asks many at once. */
  readonly across: AcrossThread;
  readonly #sessions: ReadonlyMap<string, LocalSession>;
  readonly #spreading = new Spreading();
  readonly #loads = new Map<string, Load>();
  /** Being taken or given away, and when what could not be taken is tried again. */
  readonly #moving = new Set<string>();
  readonly #notBefore = new Map<string, number>();
  readonly #looking: ReturnType<typeof lookAround>;
  readonly #timer: NodeJS.Timeout;
  #waiting: string[] = [];
  #opening = 0;
  #look: Look | null = null;
  #standings: ReadonlyMap<string, string> = new Map();
  #away = "";
  #page = "";
  #closed = false;
  readonly #told = new Map<string, string>();

  constructor(options: SitesOptions) {
    this.#options = options;
    const { dataDirectory, settings, database, sites, log, openReader } = options;
    this.across = new AcrossThread(database);
    this.#sessions = new Map(
      sites.map((site) => [
        site,
        new LocalSession({
          dataDirectory,
          database,
          openReader,
          core: this.#me,
          settings: { ...settings, site },
          log: (text) => log(`${site}: ${text}`),
          sending: null,
        }),
      ]),
    );
    this.#looking = lookAround({ database, me: this.#me, sites }, (seen) => this.#seen(seen));
    this.#timer = setInterval(() => this.#stand(), STANDING_MS);
  }

  /** Where pages are served, for other cores to say. */
  tellAddress(origin: string): void {
    this.#page = origin;
  }

  get names(): readonly string[] {
    return [...this.#sessions.keys()];
  }

  /** Those this core has. */
  get held(): readonly string[] {
    return [...this.#loads.keys()].toSorted();
  }

  /** Why the database does not answer; "" while it does. */
  get away(): string {
    return this.#away;
  }

  /** How each stands, as its core last said it. */
  all(): readonly SiteAbout[] {
    const now = Date.now();
    return this.names.map((site) => siteAbout(site, this.#standings.get(site), this.#look?.holders.get(site), now));
  }

  /** For pages: of one that nobody looked at, its reader is opened. Undefined where there is no such site. */
  async sessionOf(site: string): Promise<LocalSession | undefined> {
    const session = this.#sessions.get(site);
    if (session?.recording() === null) await session.look();
    return session;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#looking.close();
    await this.across.close();
    await Promise.all([...this.#sessions.values()].map((session) => session.close()));
  }

  #seen(seen: Seen): void {
    if (this.#closed) return;
    if ("away" in seen) {
      if (seen.away !== this.#away) this.#options.log(`${seen.away}. It is tried again until it answers.`);
      this.#away = seen.away;
      return;
    }
    if (this.#away !== "") this.#options.log("The database answers again.");
    this.#away = "";
    this.#look = seen.look;
    this.#standings = seen.standings;
    for (const session of this.#sessions.values()) session.lookAgain();
    const now = performance.now();
    const { take, give } = this.#spreading.step(seen.look, now);
    this.#waiting = take.filter((site) => !this.#moving.has(site) && (this.#notBefore.get(site) ?? 0) <= now);
    this.#takeNext();
    if (give !== null && !this.#moving.has(give) && this.#loads.has(give)) void this.#give(give);
  }

  #takeNext(): void {
    while (this.#opening < OPENED_AT_ONCE) {
      const site = this.#waiting.shift();
      if (site === undefined || this.#closed) return;
      this.#opening++;
      void this.#take(site).finally(() => {
        this.#opening--;
        this.#takeNext();
      });
    }
  }

  /** Never rejects: a site that cannot be taken is said, and tried again. */
  async #take(site: string): Promise<void> {
    const { broker, replicas, credentialsOf, log } = this.#options;
    const session = this.#sessions.get(site)!;
    this.#moving.add(site);
    try {
      await session.follow({ broker, replicas, credentials: credentialsOf(site) });
      this.#loads.set(site, new Load());
      log(`${site}: taken.`);
      void session.followed()?.catch((error: Error) => this.#lost(site, error));
    } catch (error) {
      this.#notBefore.set(site, performance.now() + (error instanceof WriterBusy ? 0 : AGAIN_MS));
      // The lock was quicker than the look; a database that went away is said once, by whoever looks.
      if (!(error instanceof WriterBusy || error instanceof WriterAway)) log(`${site}: ${(error as Error).message}`);
    } finally {
      this.#moving.delete(site);
    }
  }

  async #give(site: string): Promise<void> {
    this.#moving.add(site);
    this.#loads.delete(site);
    try {
      await this.#sessions.get(site)!.leave();
      this.#options.log(`${site}: given to another core, which has fewer.`);
    } catch (error) {
      this.#options.log(`${site}: ${(error as Error).message}`);
    } finally {
      this.#moving.delete(site);
    }
  }

  async #lost(site: string, error: Error): Promise<void> {
    if (this.#closed || !this.#loads.delete(site)) return;
    this.#options.log(`${site}: ${error.message}`);
    this.#notBefore.set(site, performance.now() + (error instanceof WriterLost ? 0 : AGAIN_MS));
    this.#moving.add(site);
    await this.#sessions
      .get(site)!
      .leave()
      .catch(() => undefined); // It is lost already, and that was said.
    this.#moving.delete(site);
  }

  /** Says of each of ours how it stands, for all cores to tell, and here where it became otherwise. */
  #stand(): void {
    for (const [site, load] of this.#loads) {
      const session = this.#sessions.get(site)!;
      const { broker, devices } = session.state();
      if (broker === null) continue;
      const { taken, diskRefuses } = session.figures();
      load.add({ at: performance.now(), busySeconds: taken.flushSeconds + taken.takeSeconds, pending: broker.pending });
      const standing = standingOf({ broker, load, diskRefuses, devices, page: this.#page }, Date.now());
      session.keepStanding(JSON.stringify(standing));
      if (this.#told.get(site) !== standing.state) this.#options.log(`${site}: ${standing.words}`);
      this.#told.set(site, standing.state);
    }
  }
}
