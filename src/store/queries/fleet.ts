/**
 * The whole fleet as conditions look at it: each table is read once, in steps, and what belongs together is put together here. Asked
 * device by device it would take ten times as long; summed in SQL, the sorting alone takes as long as all of this.
 */
import { CARE_CLASSES, FILED, LEAD_SAID, STANDINGS, WEIGHED } from "../../model/device.ts";
import type { Filed, Stated, Weighed } from "../../model/device.ts";
import { TELLING_FINDINGS, TELLTALES } from "../../model/weakness.ts";
import type { AnsweredService, FleetDevice, Telltale, TellingFinding } from "../../model/weakness.ts";
import type { Store } from "../reader.ts";
import { FleetServices, type Conversations } from "./fleet-services.ts";
import { Columns, StatedValues, Texts } from "./fleet-values.ts";

const DEVICES_A_STEP = 1_000;
/** Endpoints whose claims and conversations are read in one step. */
const ENDPOINTS_A_STEP = 500;
/** Of one device; a program that says another version each time is no less known by the first ones. */
const TELLTALES_MAX = 256;

/** By number; without groups and those outside. Whoever drives it may do something else between its steps. */
export function* fleetDevices(store: Store): Generator<undefined, readonly FleetDevice[]> {
  const reading = new FleetReading(store);
  yield* reading.devices();
  yield* reading.endpoints();
  yield* reading.conversations();
  yield* reading.spoken();
  yield* reading.claims();
  reading.findings();
  return reading.fleet();
}

type Open<Of> = { -readonly [Key in keyof Of]: Of[Key] };
type OpenDevice = Open<FleetDevice>;
interface OpenOutside {
  readonly peers: Set<number>;
  readonly protocols: Set<string>;
  first: number;
  last: number;
}

/** Places of devices by endpoint: from 0, or of nobody who is looked at. */
const NOBODY = -1;
const OUTSIDE = -2;

class FleetReading {
  readonly #store: Store;
  readonly #texts = new Texts();
  readonly #stated = new StatedValues();
  readonly #services: FleetServices;
  readonly #devices: OpenDevice[] = [];
  readonly #placeOf = new Map<number, number>();
  /** By place. */
  readonly #outside = new Map<number, OpenOutside>();
  /** By endpoint. */
  readonly #places: Int32Array;
  readonly #ips: (string | null)[];

  constructor(store: Store) {
    this.#store = store;
    const endpoints = (store.get<{ most: number | null }>("SELECT max(number) AS most FROM endpoint")?.most ?? 0) + 1;
    this.#services = new FleetServices(this.#texts, endpoints);
    this.#places = new Int32Array(endpoints).fill(NOBODY);
    this.#ips = Array.from({ length: endpoints }, () => null);
  }

  *devices(): Generator<undefined> {
    for (let last = 0; ; yield) {
      const lists = DEVICES.of<DeviceLists>(this.#store, last);
      for (let row = 0; row < lists.id.length; row++) this.#addDevice(lists, row);
      if (lists.id.length < DEVICES_A_STEP) return;
      last = lists.id.at(-1)!;
    }
  }

  #addDevice(of: DeviceLists, row: number): void {
    const said = of.said[row]!;
    const saidBy = said === "{}" ? NONE_SAID : (JSON.parse(said) as Readonly<Record<string, string>>);
    const weighed = (attribute: Weighed): Stated | null => {
      const value = of[attribute][row]!;
      return value === null ? null : this.#stated.of(value, of[`${attribute}_lead`][row] ?? 0, saidBy[attribute]);
    };
    const filed = (attribute: Filed): Stated | null => {
      const value = of[attribute][row]!;
      return value === null ? null : this.#stated.of(value, LEAD_SAID, saidBy[attribute] ?? "");
    };
    this.#placeOf.set(of.id[row]!, this.#devices.length);
    this.#devices.push({
      id: `d${of.id[row]!}`, name: of.name[row]!, kind: weighed("kind"), maker: weighed("maker"), model: weighed("model"), serial: weighed("serial"),
      udi: weighed("udi"), software: weighed("software"), os: weighed("os"), location: weighed("location"), owner: filed("owner"), status: filed("status"),
      lifeCritical: CARE_CLASSES.find((it) => it === of.care[row]) ?? "other", standing: STANDINGS.find((it) => it === of.standing[row]) ?? "device",
      ips: JSON.parse(of.ips[row]!) as string[], first: of.first[row]!, last: of.last[row]!, services: NONE, said: NONE, found: NONE, outside: null, sbom: null, mds2: null,
    }); // prettier-ignore
  }

  *endpoints(): Generator<undefined> {
    const outside = new Set(this.#store.all<{ id: number }>("SELECT id FROM device WHERE standing = 'outside'").map(({ id }) => id));
    for (const step of this.#steps()) {
      const { endpoint, device, ip } = ENDPOINTS.of<EndpointLists>(this.#store, ...step);
      for (let row = 0; row < endpoint.length; row++) {
        this.#places[endpoint[row]!] = this.#placeOf.get(device[row]!) ?? (outside.has(device[row]!) ? OUTSIDE : NOBODY);
        this.#ips[endpoint[row]!] = ip[row]!;
      }
      yield;
    }
  }

  *conversations(): Generator<undefined> {
    for (const step of this.#steps()) {
      const lists = CONVERSATIONS.of<Conversations>(this.#store, ...step);
      for (let row = 0; row < lists.server.length; row++) {
        const server = this.#placeAt(lists.server[row]!);
        const client = this.#placeAt(lists.client[row]!);
        if (server >= 0) this.#services.add(lists, row, client === OUTSIDE);
        if (server === OUTSIDE && client >= 0) this.#addOutside(client, lists, row);
      }
      yield;
    }
  }

  #addOutside(client: number, lists: Conversations, row: number): void {
    const [first, last, protocol] = [lists.first[row]!, lists.last[row]!, lists.protocol[row]!];
    let outside = this.#outside.get(client);
    if (outside === undefined) this.#outside.set(client, (outside = { peers: new Set(), protocols: new Set(), first, last }));
    outside.peers.add(lists.server[row]!);
    if (protocol !== "") outside.protocols.add(protocol);
    outside.first = Math.min(outside.first, first);
    outside.last = Math.max(outside.last, last);
  }

  *spoken(): Generator<undefined> {
    for (const step of this.#steps()) {
      const { server, transport, port, protocol } = SPOKEN.of<SpokenLists>(this.#store, ...step);
      for (let row = 0; row < server.length; row++) this.#services.spoken(server[row]!, transport[row]!, port[row]!, protocol[row]!);
      yield;
    }
  }

  *claims(): Generator<undefined> {
    for (const step of this.#steps()) {
      const lists = CLAIMS.of<ClaimLists>(this.#store, ...step);
      for (let row = 0; row < lists.endpoint.length; row++) {
        const device = this.#devices[this.#placeAt(lists.endpoint[row]!)];
        if (device !== undefined) this.#addClaim(device, lists, row);
      }
      yield;
    }
  }

  #addClaim(device: OpenDevice, lists: ClaimLists, row: number): void {
    const [attribute, value, protocol] = [lists.attribute[row]!, lists.value[row]!, lists.protocol[row]!];
    const [first, last, count] = [lists.first[row]!, lists.last[row]!, lists.count[row]!];
    if (device.said === NONE) device.said = [];
    const said = device.said as Open<Telltale>[];
    const known = said.find((it) => it.attribute === attribute && it.value === value && it.protocol === protocol);
    if (known !== undefined) {
      known.first = Math.min(known.first, first);
      known.last = Math.max(known.last, last);
      known.count += count;
    } else if (said.length < TELLTALES_MAX)
      said.push({ attribute, value: this.#texts.kept(value), protocol: this.#texts.kept(protocol), first, last, count });
  }

  findings(): void {
    for (const { about, ...it } of this.#store.all<TellingFinding & { readonly about: number }>(FINDINGS)) {
      const device = this.#devices[this.#placeAt(about)];
      if (device !== undefined) device.found = [...device.found, it];
    }
  }

  fleet(): readonly FleetDevice[] {
    for (let endpoint = 0; endpoint < this.#places.length; endpoint++) {
      const device = this.#devices[this.#places[endpoint]!];
      const ip = this.#ips[endpoint]!;
      if (device === undefined || ip === null) continue;
      for (const it of this.#services.of(endpoint)) {
        if (device.services === NONE) device.services = [];
        addService(device.services as Open<AnsweredService>[], { ip, ...it });
      }
    }
    for (const [place, { peers, protocols, first, last }] of this.#outside)
      this.#devices[place]!.outside = { peers: peers.size, protocols: [...protocols].sort(), first, last };
    return this.#devices;
  }

  *#steps(): Generator<readonly [from: number, to: number]> {
    for (let from = 0; from < this.#places.length; from += ENDPOINTS_A_STEP) yield [from, from + ENDPOINTS_A_STEP - 1];
  }

  /** Who came after it began is nobody yet. */
  #placeAt(endpoint: number): number {
    return this.#places[endpoint] ?? NOBODY;
  }
}

/** One address under two MACs is two endpoints and one service; a protocol that was told takes the place of one that was not, on the same port. */
function addService(services: Open<AnsweredService>[], it: AnsweredService): void {
  const place = services.findIndex(
    (of) =>
      of.port === it.port &&
      of.ip === it.ip &&
      of.transport === it.transport &&
      (of.protocol === it.protocol || of.protocol === null || it.protocol === null),
  );
  const known = services[place];
  if (known === undefined) services.push(it);
  else if (known.protocol === it.protocol) {
    known.operations = [...new Set([...known.operations, ...it.operations])].sort();
    known.clear ||= it.clear;
    known.clients += it.clients;
    known.outsiders += it.outsiders;
    known.first = Math.min(known.first, it.first);
    known.last = Math.max(known.last, it.last);
  } else if (known.protocol === null) services[place] = it;
}

const NONE: readonly never[] = [];
const NONE_SAID: Readonly<Record<string, string>> = {};

type DeviceLists = Readonly<Record<"id" | "first" | "last", readonly number[]>> &
  Readonly<Record<"name" | "said" | "care" | "standing" | "ips", readonly string[]>> &
  Readonly<Record<Weighed | Filed, readonly (string | null)[]>> &
  Readonly<Record<`${Weighed}_lead`, readonly (number | null)[]>>;
const DEVICES = new Columns(
  ["id", "name", "said", "care", "standing", "ips", "first", "last", ...WEIGHED, ...WEIGHED.map((it) => `${it}_lead` as const), ...FILED],
  `SELECT id, name, said, life_critical AS care, standing, ips, first, last, ${[...WEIGHED.flatMap((it) => [it, `${it}_lead`]), ...FILED].join(", ")}
   FROM device WHERE id > ? AND standing NOT IN ('group', 'outside') ORDER BY id LIMIT ${DEVICES_A_STEP}`,
);

type EndpointLists = Readonly<Record<"endpoint" | "device", readonly number[]>> & { readonly ip: readonly (string | null)[] };
const ENDPOINTS = new Columns(
  ["endpoint", "device", "ip"],
  "SELECT endpoint, device, ip FROM device_endpoint JOIN endpoint ON number = endpoint WHERE endpoint BETWEEN ? AND ? ORDER BY endpoint",
);

const CONVERSATIONS = new Columns(
  ["client", "server", "transport", "port", "protocol", "operations", "first", "last", "encrypted"],
  `SELECT client, server, transport, port, protocol, operations, first, last, encrypted
   FROM conversation WHERE client BETWEEN ? AND ? AND answered > 0 AND transport IN ('tcp', 'udp', 'sctp')
   ORDER BY client, server, transport, port, protocol, sensor`,
);

type SpokenLists = Readonly<Record<"server" | "port", readonly number[]>> & Readonly<Record<"transport" | "protocol", readonly string[]>>;
const SPOKEN = new Columns(
  ["server", "transport", "port", "protocol"],
  "SELECT server, transport, port, protocol FROM served WHERE server BETWEEN ? AND ? AND protocol <> '' AND answered > 0 ORDER BY server, transport, port, protocol",
);

type ClaimLists = Readonly<Record<"endpoint" | "first" | "last" | "count", readonly number[]>> &
  Readonly<Record<"value" | "protocol", readonly string[]>> & { readonly attribute: readonly Telltale["attribute"][] };
/** Its own word; that a secret crossed to it, and what a dialog was made of, its partner's message shows as well. */
const CLAIMS = new Columns(
  ["endpoint", "attribute", "value", "protocol", "first", "last", "count"],
  `SELECT endpoint, attribute, value, protocol, first, last, count FROM claim
   WHERE endpoint BETWEEN ? AND ? AND attribute IN (${listed(TELLTALES)}) AND (via = 0 OR attribute IN ('clearCredentials', 'dialect'))
   ORDER BY endpoint, attribute, value, protocol, via`,
);

const FINDINGS = `SELECT id, detector, about, first, last, count FROM finding WHERE detector IN (${listed(TELLING_FINDINGS)}) ORDER BY first, id`;

function listed(words: readonly string[]): string {
  return words.map((it) => `'${it}'`).join(", ");
}
