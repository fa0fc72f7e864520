/** The connection by which a core of many sites looks around: it is there for as long as that lasts, and writes nothing of a site. */
import { beOf, connectToSites } from "./connecting.ts";
import type { PostgresEngine } from "./engine.ts";
import { beCore, holdingOf } from "./locks.ts";
import { numbered } from "./writing.ts";

export class Presence {
  readonly #engine: PostgresEngine;
  /** By number, those of `sites`. */
  readonly #names: ReadonlyMap<number, string>;

  /** Sites that are new are made. Throws DatabaseAway where nobody answers, and an Error for people where it is not set up for us. */
  constructor(database: string, core: number, sites: readonly string[]) {
    const engine = connectToSites(database, "auscult core");
    this.#engine = engine;
    try {
      this.#names = new Map(sites.map((site) => [numbered(engine, site), site]));
      beCore(engine, core, [...this.#names.keys()]);
    } catch (error) {
      engine.close();
      throw error;
    }
  }

  /** Who is there and who has what, of our sites. */
  look(): { readonly ready: ReadonlyMap<number, ReadonlySet<string>>; readonly holders: ReadonlyMap<string, number> } {
    const { ready, holders } = holdingOf(this.#engine);
    const named = (number: number) => this.#names.get(number) ?? [];
    return {
      ready: new Map([...ready].map(([core, sites]) => [core, new Set([...sites].flatMap(named))])),
      holders: new Map([...holders].flatMap(([site, core]) => [named(site)].flat().map((name) => [name, core] as const))),
    };
  }

  /** How each site stands, as its core last said it. */
  standings(): ReadonlyMap<string, string> {
    const standings = new Map<string, string>();
    for (const [number, name] of this.#names) {
      beOf(this.#engine, number);
      const row = this.#engine.prepare("SELECT value FROM about WHERE key = 'standing'").get();
      if (row !== undefined) standings.set(name, row["value"] as string);
    }
    return standings;
  }

  close(): void {
    this.#engine.close();
  }
}
