/**
 * Questions over many sites on one page: devices that fit a filter, how all of it grows, which a recall means. What is asked of one site is
 * asked of each in turn by the same code, and an answer says of each device whose it is.
 */
import { CARE_PROTOCOLS } from "./knowledge/care-protocols.ts";
import { lifecycleOf, recallOf } from "./lifecycle/index.ts";
import type { GrowthBy, LifecycleReport, Lives, RecallQuestion, RecallReport } from "./model/lifecycle.ts";
import type { FoundAcross } from "./model/site.ts";
import { finished } from "./reader.ts";
import { ReadableSites } from "./store/postgres/many-sites.ts";
import { DeviceTable } from "./store/queries/table.ts";
import { livesIn } from "./store/queries/lives.ts";
import { Store } from "./store/reader.ts";

/** What was asked a moment ago is answered of that moment, while somebody writes. */
const KEPT_MS = 15_000;

interface Kept<Value> {
  readonly changes: number;
  readonly at: number;
  readonly value: Value;
}

interface Site {
  readonly store: Store;
  table?: Kept<DeviceTable>;
  lives?: Kept<Lives>;
}

export class Across {
  readonly #sites: ReadableSites;
  readonly #known = new Map<string, Site>();

  /** Throws an Error for people where the database does not answer, or is not set up. */
  constructor(database: string) {
    this.#sites = new ReadableSites(database);
  }

  /** The first `limit` rows, site by site. Throws BadQuery as a question of one site does. */
  devices(sites: readonly string[], filter: string, limit: number): FoundAcross {
    const found: FoundAcross["sites"][number][] = [];
    const rows: FoundAcross["rows"][number][] = [];
    for (const [name, site] of this.#of(sites)) {
      const table = latest(site.store, site.table, () => finished(DeviceTable.load(site.store)));
      site.table = table;
      const page = table.value.page(site.store, { filter, sort: "name", descending: false, offset: 0, limit: limit - rows.length });
      found.push({ site: name, total: page.total, matching: page.matching });
      rows.push(...page.rows.map((device) => ({ site: name, device })));
    }
    return { sites: found, rows };
  }

  growth(sites: readonly string[], by: GrowthBy): Omit<LifecycleReport, "support"> {
    return lifecycleOf(this.#lives(sites), by);
  }

  recall(sites: readonly string[], question: RecallQuestion): RecallReport {
    return recallOf(this.#lives(sites), question);
  }

  close(): void {
    this.#sites.close();
  }

  /** Of all of them, each device under its site's name: `north/d12`. */
  #lives(sites: readonly string[]): Lives {
    const all = [...this.#of(sites)].map(([name, site]) => {
      site.lives = latest(site.store, site.lives, () => finished(livesIn(site.store, CARE_PROTOCOLS)));
      const { devices, ...rest } = site.lives.value;
      return { ...rest, devices: devices.map((life) => ({ ...life, id: `${name}/${life.id}` })) };
    });
    const times = (of: (lives: Lives) => number | null) => all.flatMap((lives) => of(lives) ?? []);
    const from = times((lives) => lives.from);
    const to = times((lives) => lives.to);
    return {
      devices: all.flatMap(({ devices }) => devices),
      from: from.length === 0 ? null : Math.min(...from),
      to: to.length === 0 ? null : Math.max(...to),
      // A site that was heard later looks like growth too.
      inputsSince: [...all.flatMap(({ inputsSince }) => inputsSince), ...from.toSorted((a, b) => a - b).slice(1)],
    };
  }

  *#of(names: readonly string[]): Generator<readonly [string, Site]> {
    for (const name of names) {
      let site = this.#known.get(name);
      if (site === undefined) {
        const opened = this.#sites.site(name);
        if (opened === null) continue;
        this.#known.set(name, (site = { store: new Store(opened) }));
      }
      yield [name, site];
    }
  }
}

function latest<Value>(store: Store, kept: Kept<Value> | undefined, make: () => Value): Kept<Value> {
  const now = performance.now();
  if (kept !== undefined && now - kept.at < KEPT_MS) return kept;
  const { changes } = store;
  return { changes, at: now, value: kept?.changes === changes ? kept.value : make() };
}
