/**
 * Which endpoints have the keys that people's words name: looked up once for all words, since it may take a look at every endpoint. It
 * knows of no devices: whose an endpoint is may change with each word that divides them.
 */
import type { Engine } from "./engine.ts";
import type { SaidAbout, SaidChild } from "./said.ts";

type DeviceOf = (endpoint: number) => number;

export class SaidKeys {
  readonly #serials = new Map<string, number[]>();
  /** Of a card by itself: a router's MAC was heard with addresses of others too. */
  readonly #cards = new Map<string, number[]>();
  readonly #macs = new Map<string, number[]>();
  readonly #ips = new Map<string, number[]>();
  /** By serial and by each address of the gateway it was heard behind. */
  readonly #children = new Map<string, number[]>();

  constructor(database: Engine, abouts: readonly SaidAbout[]) {
    const listed = (of: (about: SaidAbout) => readonly string[]) => JSON.stringify([...new Set(abouts.flatMap(of))]);
    const serials = database.prepare(
      "SELECT endpoint, value FROM claim WHERE attribute = 'serial' AND value IN (SELECT value FROM json_each(?))",
    );
    for (const row of serials.iterate(listed((about) => about.serials)))
      add(this.#serials, row["value"] as string, row["endpoint"] as number);
    const endpoints = database.prepare(
      `SELECT number, mac, ip, child FROM endpoint WHERE mac IN (SELECT value FROM json_each(?)) OR ip IN (SELECT value FROM json_each(?))
         OR child IN (SELECT value FROM json_each(?))`,
    );
    const rows = endpoints.iterate(
      listed((about) => about.macs),
      listed((about) => about.ips),
      listed((about) => about.children.map(({ serial }) => serial)),
    );
    for (const row of rows) {
      const { number, mac, ip, child } = row as { number: number; mac: string | null; ip: string | null; child: string | null };
      if (child !== null) {
        for (const gateway of [mac, ip]) if (gateway !== null) add(this.#children, childKey({ serial: child, gateway }), number);
        continue;
      }
      if (mac !== null) add(this.#macs, mac, number);
      if (mac !== null && ip === null) add(this.#cards, mac, number);
      if (ip !== null) add(this.#ips, ip, number);
    }
  }

  /** The device that alone has the strongest key which only one has; where each key fits several, those that have the strongest; or none. */
  fitting({ serials, children, macs, ips }: SaidAbout, deviceOf: DeviceOf): ReadonlySet<number> {
    const levels = [
      devicesOf(this.#serials, serials, deviceOf),
      devicesOf(this.#children, children.map(childKey), deviceOf),
      devicesOf(this.#cards, macs, deviceOf),
      devicesOf(this.#macs, macs, deviceOf),
      devicesOf(this.#ips, ips, deviceOf),
    ];
    return levels.find(({ size }) => size === 1) ?? levels.find(({ size }) => size > 0) ?? new Set();
  }

  /** The card by itself. */
  card(mac: string): readonly number[] {
    return this.#cards.get(mac) ?? [];
  }

  address(ip: string): readonly number[] {
    return this.#ips.get(ip) ?? [];
  }

  child(child: SaidChild): readonly number[] {
    return this.#children.get(childKey(child)) ?? [];
  }
}

function childKey({ serial, gateway }: SaidChild): string {
  return `${gateway} ${serial}`;
}

function add(endpoints: Map<string, number[]>, key: string, endpoint: number): void {
  const known = endpoints.get(key);
  if (known === undefined) endpoints.set(key, [endpoint]);
  else known.push(endpoint);
}

function devicesOf(endpoints: ReadonlyMap<string, readonly number[]>, keys: readonly string[], deviceOf: DeviceOf): ReadonlySet<number> {
  const found = new Set(keys.flatMap((key) => endpoints.get(key) ?? []).map(deviceOf));
  // Nobody's yet.
  found.delete(0);
  return found;
}
