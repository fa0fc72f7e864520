/**
 * What people said, attached to the devices it is of now. A word names the keys its device was known by when it was said; it goes to the
 * one device that fits the strongest of them. What fits none, or several, waits: it is never lost and never guessed.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Heard } from "../model/heard.ts";
import { words, type SaidAbout } from "./said.ts";

type OfDevice = Heard["said"];
type Attribute = OfDevice extends ReadonlyMap<infer Key, unknown> ? Key : never;
type Said = OfDevice extends ReadonlyMap<unknown, infer Value> ? Value : never;
export type Attached = ReadonlyMap<number, OfDevice>;

/** By device. `deviceOf` says whose an endpoint is, 0 when nobody's yet. */
export function attached(database: DatabaseSync, deviceOf: (endpoint: number) => number): Attached {
  const all = words(database);
  const devices = new Map<number, Map<Attribute, Said>>();
  if (all.length === 0) return devices;
  const abouts = all.map((word) => word.about);
  const keys = new Keys(database, abouts, deviceOf);
  for (const { about, attribute, value, who, reason, at } of all) {
    const device = keys.deviceOf(about);
    if (device === undefined) continue;
    const said = devices.get(device) ?? new Map<Attribute, Said>();
    devices.set(device, said);
    if (value === null) said.delete(attribute);
    else said.set(attribute, { value, who, reason, at });
  }
  return devices;
}

/** Which devices have each of the keys that are asked for: looked up once for all, since it may take a look at every endpoint. */
class Keys {
  readonly #serials = new Map<string, Set<number>>();
  /** Of a card by itself: a router's MAC was heard with addresses of others too. */
  readonly #cards = new Map<string, Set<number>>();
  readonly #macs = new Map<string, Set<number>>();
  readonly #ips = new Map<string, Set<number>>();

  constructor(database: DatabaseSync, abouts: readonly SaidAbout[], deviceOf: (endpoint: number) => number) {
    const listed = (of: (about: SaidAbout) => readonly string[]) => JSON.stringify([...new Set(abouts.flatMap(of))]);
    const serials = database.prepare(
      "SELECT endpoint, value FROM claim WHERE attribute = 'serial' AND value IN (SELECT value FROM json_each(?))",
    );
    for (const row of serials.iterate(listed((about) => about.serials)))
      add(this.#serials, row["value"] as string, deviceOf(row["endpoint"] as number));
    const endpoints = database.prepare(
      "SELECT number, mac, ip FROM endpoint WHERE mac IN (SELECT value FROM json_each(?)) OR ip IN (SELECT value FROM json_each(?))",
    );
    const macs = listed((about) => about.macs);
    for (const row of endpoints.iterate(
      macs,
      listed((about) => about.ips),
    )) {
      const { number, mac, ip } = row as { number: number; mac: string | null; ip: string | null };
      const device = deviceOf(number);
      if (mac !== null) add(this.#macs, mac, device);
      if (mac !== null && ip === null) add(this.#cards, mac, device);
      if (ip !== null) add(this.#ips, ip, device);
    }
  }

  deviceOf({ serials, macs, ips }: SaidAbout): number | undefined {
    return only(this.#serials, serials) ?? only(this.#cards, macs) ?? only(this.#macs, macs) ?? only(this.#ips, ips);
  }
}

function add(devices: Map<string, Set<number>>, key: string, device: number): void {
  if (device === 0) return;
  const known = devices.get(key);
  if (known === undefined) devices.set(key, new Set([device]));
  else known.add(device);
}

function only(devices: ReadonlyMap<string, ReadonlySet<number>>, keys: readonly string[]): number | undefined {
  const found = new Set(keys.flatMap((key) => [...(devices.get(key) ?? [])]));
  return found.size === 1 ? [...found][0] : undefined;
}
