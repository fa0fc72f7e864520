/**
 * Versions on their way: of each model, software of which some devices went over to a version that none had before. Versions are not
 * compared by their numbers, which makers write as they like: the newest is the one that was heard first of all last.
 */
import type { Life, Lives, RollOut } from "../model/lifecycle.ts";
import { eventOf, listOf } from "./events.ts";

/** Fewer of a model are no roll-out. */
const DEVICES_MIN = 3;
const VERSIONS_MAX = 12;
/** Beyond, a hospital's table of them is read by nobody. */
const ROLL_OUTS_MAX = 100;

interface Had {
  readonly device: Life;
  /** Of the product: the one it said last. */
  readonly version: string;
  readonly first: number;
}

export function rollOutsOf({ devices }: Lives): RollOut[] {
  const products = new Map<
    string,
    {
      readonly maker: string | null;
      readonly model: string;
      readonly product: string;
      readonly had: Had[];
      readonly firsts: Map<string, number>;
      readonly changed: Set<string>;
    }
  >();
  for (const device of devices) {
    if (device.model === null) continue;
    for (const [product, versions] of versionsOf(device)) {
      const key = JSON.stringify([device.maker, device.model, product]);
      let known = products.get(key);
      if (known === undefined)
        products.set(key, (known = { maker: device.maker, model: device.model, product, had: [], firsts: new Map(), changed: new Set() }));
      const latest = versions.reduce((best, it) => (it.last > best.last || (it.last === best.last && it.first > best.first) ? it : best));
      known.had.push({ device, version: latest.version, first: latest.first });
      for (const { version, first } of versions) {
        known.firsts.set(version, Math.min(known.firsts.get(version) ?? first, first));
        // It had another before: somebody gave it this one.
        if (versions.some((it) => it.version !== version && it.first < first)) known.changed.add(version);
      }
    }
  }
  return [...products.values()]
    .flatMap(({ maker, model, product, had, firsts, changed }): RollOut[] => {
      const newest = [...firsts].filter(([version]) => changed.has(version)).sort(([, a], [, b]) => b - a)[0];
      if (newest === undefined || had.length < DEVICES_MIN) return [];
      const [version, since] = newest;
      const others = had.filter((it) => it.version !== version);
      const counts = Map.groupBy(had, (it) => it.version);
      return [
        {
          maker,
          model,
          product,
          version,
          since,
          done: had.length - others.length,
          waiting: listOf(others.filter((it) => it.device.last >= since).map((it) => eventOf(it.device, it.device.last, it.version))),
          notHeard: listOf(others.filter((it) => it.device.last < since).map((it) => eventOf(it.device, it.device.last, it.version))),
          versions: [...counts]
            .map(([of, has]) => ({ version: of, devices: has.length }))
            .sort((a, b) => b.devices - a.devices)
            .slice(0, VERSIONS_MAX),
        },
      ];
    })
    .sort((a, b) => b.waiting.total + b.notHeard.total - a.waiting.total - a.notHeard.total || b.since - a.since)
    .slice(0, ROLL_OUTS_MAX);
}

interface Version {
  readonly version: string;
  readonly first: number;
  readonly last: number;
}

/** "drug library 2026.3" is of the product "drug library"; a version alone is of "software". */
function versionsOf({ software }: Life): Map<string, Version[]> {
  const found = new Map<string, Version[]>();
  for (const { value, first, last } of software) {
    const parts = value.split(/[\s/]+/u);
    const version = parts.pop()!;
    if (!/\d/u.test(version)) continue;
    const of = parts.join(" ") || "software";
    const known = found.get(of);
    if (known === undefined) found.set(of, [{ version, first, last }]);
    else known.push({ version, first, last });
  }
  return found;
}
