/**
 * The whole fleet as conditions look at it: each table is read once, in steps, and what belongs together is put together here. Asked
 * device by device it would take ten times as long; summed in SQL, the sorting alone takes as long as all of this.
 */
import { CARE_CLASSES, FILED, LEAD_SAID, STANDINGS, WEIGHED } from "../../model/device.ts";
import type { Filed, Stated, Weighed } from "../../model/device.ts";
import { TELLING_FINDINGS, TELLTALES } from "../../model/weakness.ts";
import type { AnsweredService, FleetDevice, OutsideContact, Telltale, TellingFinding } from "../../model/weakness.ts";
import type { Store } from "../reader.ts";
import { StatedValues, Texts } from "./fleet-values.ts";

const DEVICES_A_STEP = 1_000;
/** Endpoints whose claims and conversations are read in one step. */
const ENDPOINTS_A_STEP = 500;
/** Of one device: whoever answers on more is an address of many, or a trap for scanners. */
const SERVICES_MAX = 256;
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
type Draft = Open<Omit<FleetDevice, "services" | "said" | "found" | "outside">> & {
  readonly services: OpenService[];
  readonly said: Open<Telltale>[];
  readonly found: TellingFinding[];
  outside: OpenOutside | null;
};
interface OpenService extends Omit<Open<AnsweredService>, "operations"> {
  operations: string;
  /** Of the conversations; "" while nobody knows what it is. */
  told: string;
  /** Conversations come client by client. */
  lastClient: number;
}
interface OpenOutside extends Omit<Open<OutsideContact>, "protocols" | "peers"> {
  readonly protocols: Set<string>;
  readonly peers: Set<number>;
}

/** Places of devices by endpoint: from 0, or of nobody who is looked at. */
const NOBODY = -1;
const OUTSIDE = -2;

class FleetReading {
  readonly #store: Store;
  readonly #texts = new Texts();
  readonly #stated = new StatedValues();
  readonly #drafts: Draft[] = [];
  readonly #placeOf = new Map<number, number>();
  readonly #ends: Int32Array;
  readonly #ips: (string | null)[];

  constructor(store: Store) {
    this.#store = store;
    const endpoints = (store.get<{ most: number | null }>("SELECT max(number) AS most FROM endpoint")?.most ?? 0) + 1;
    this.#ends = new Int32Array(endpoints).fill(NOBODY);
    this.#ips = Array.from({ length: endpoints }, () => null);
  }

  *devices(): Generator<undefined> {
    for (let last = 0; ; yield) {
      const rows = this.#store.tuples<DeviceTuple>(DEVICES, last);
      for (const row of rows) this.#addDevice(row);
      if (rows.length < DEVICES_A_STEP) return;
      last = rows.at(-1)![0];
    }
  }

  #addDevice([id, name, said, care, standing, ips, first, last, ...values]: DeviceTuple): void {
    const saidBy = said === "{}" ? NONE_SAID : (JSON.parse(said) as Readonly<Record<string, string>>);
    const weighed = (attribute: Weighed): Stated | null => {
      const at = WEIGHED.indexOf(attribute) * 2;
      const value = values[at] as string | null;
      return value === null ? null : this.#stated.of(value, (values[at + 1] as number | null) ?? 0, saidBy[attribute]);
    };
    const filed = (attribute: Filed): Stated | null => {
      const value = values[WEIGHED.length * 2 + FILED.indexOf(attribute)] as string | null;
      return value === null ? null : this.#stated.of(value, LEAD_SAID, saidBy[attribute] ?? "");
    };
    this.#placeOf.set(id, this.#drafts.length);
    this.#drafts.push({
      id: `d${id}`, name, kind: weighed("kind"), maker: weighed("maker"), model: weighed("model"), serial: weighed("serial"), udi: weighed("udi"),
      software: weighed("software"), os: weighed("os"), location: weighed("location"), owner: filed("owner"), status: filed("status"),
      lifeCritical: CARE_CLASSES.find((it) => it === care) ?? "other", standing: STANDINGS.find((it) => it === standing) ?? "device",
      ips: JSON.parse(ips) as string[], first, last, services: [], said: [], found: [], outside: null,
    }); // prettier-ignore
  }

  *endpoints(): Generator<undefined> {
    const outside = new Set(this.#store.tuples<[number]>("SELECT id FROM device WHERE standing = 'outside'").map(([id]) => id));
    for (const [from, to] of this.#steps()) {
      for (const [endpoint, device, ip] of this.#store.tuples<[number, number, string | null]>(ENDPOINTS, from, to)) {
        this.#ends[endpoint] = this.#placeOf.get(device) ?? (outside.has(device) ? OUTSIDE : NOBODY);
        this.#ips[endpoint] = ip;
      }
      yield;
    }
  }

  *conversations(): Generator<undefined> {
    for (const [from, to] of this.#steps()) {
      for (const row of this.#store.tuples<ConversationTuple>(CONVERSATIONS, from, to)) {
        const server = this.#placeAt(row[1]);
        if (server >= 0) this.#addService(this.#drafts[server]!, row);
        const client = server === OUTSIDE ? this.#placeAt(row[0]) : NOBODY;
        if (client >= 0) addOutside(this.#drafts[client]!, row);
      }
      yield;
    }
  }

  #addService(
    { services }: Draft,
    [client, server, transport, port, protocol, operations, first, last, encrypted]: ConversationTuple,
  ): void {
    const ip = this.#ips[server] ?? null;
    if (ip === null) return;
    const known = services.find((it) => it.port === port && it.told === protocol && it.transport === transport && it.ip === ip);
    if (known === undefined) {
      if (services.length >= SERVICES_MAX) return;
      const [named, way, done] = [this.#texts.of(protocol), this.#texts.of(transport), this.#texts.of(operations)];
      services.push({ ip, transport: way, port, protocol: null, told: named, operations: done, clear: encrypted === 0, clients: 1, lastClient: client, first, last }); // prettier-ignore
      return;
    }
    if (known.lastClient !== client) known.clients++;
    known.lastClient = client;
    known.clear ||= encrypted === 0;
    known.first = Math.min(known.first, first);
    known.last = Math.max(known.last, last);
    if (known.operations !== operations) known.operations = this.#texts.of(joined(known.operations, operations));
  }

  /** A protocol names a service where its server spoke it too: a client alone may say anything to any port. */
  *spoken(): Generator<undefined> {
    for (const [from, to] of this.#steps()) {
      for (const [server, transport, port, protocol] of this.#store.tuples<[number, string, number, string]>(SPOKEN, from, to)) {
        const place = this.#placeAt(server);
        if (place < 0) continue;
        const ip = this.#ips[server];
        for (const it of this.#drafts[place]!.services)
          if (it.port === port && it.told === protocol && it.transport === transport && it.ip === ip) it.protocol = it.told;
      }
      yield;
    }
  }

  *claims(): Generator<undefined> {
    for (const [from, to] of this.#steps()) {
      for (const [endpoint, attribute, value, protocol, first, last, count] of this.#store.tuples<ClaimTuple>(CLAIMS, from, to)) {
        const place = this.#placeAt(endpoint);
        if (place < 0) continue;
        const { said } = this.#drafts[place]!;
        const known = said.find((it) => it.attribute === attribute && it.value === value && it.protocol === protocol);
        if (known !== undefined) {
          known.first = Math.min(known.first, first);
          known.last = Math.max(known.last, last);
          known.count += count;
        } else if (said.length < TELLTALES_MAX)
          said.push({ attribute, value: this.#texts.of(value), protocol: this.#texts.of(protocol), first, last, count });
      }
      yield;
    }
  }

  findings(): void {
    for (const { about, ...it } of this.#store.all<TellingFinding & { readonly about: number }>(FINDINGS)) {
      const place = this.#placeAt(about);
      if (place >= 0) this.#drafts[place]!.found.push(it);
    }
  }

  fleet(): readonly FleetDevice[] {
    return this.#drafts.map(({ services, outside, ...device }) => ({
      ...device,
      services: services.length === 0 ? NONE : this.#services(services),
      said: device.said.length === 0 ? NONE : device.said,
      found: device.found.length === 0 ? NONE : device.found,
      outside: outside === null ? null : { ...outside, peers: outside.peers.size, protocols: [...outside.protocols].sort() },
    }));
  }

  /** A protocol that was told takes the place of one that was not, on the same port. */
  #services(services: readonly OpenService[]): AnsweredService[] {
    const named = services.filter(({ protocol }) => protocol !== null);
    const unnamed = new Map<string, OpenService>();
    for (const it of services) {
      if (it.protocol !== null || named.some((of) => isSamePort(it, of))) continue;
      const key = `${it.ip} ${it.transport} ${it.port}`;
      const known = unnamed.get(key);
      unnamed.set(key, known === undefined ? it : together(known, it));
    }
    return [...named, ...unnamed.values()].map(({ ip, transport, port, protocol, operations, clear, clients, first, last }) => ({
      ip,
      transport,
      port,
      protocol,
      operations: this.#texts.words(operations),
      clear,
      clients,
      first,
      last,
    }));
  }

  *#steps(): Generator<readonly [from: number, to: number]> {
    for (let from = 0; from < this.#ends.length; from += ENDPOINTS_A_STEP) yield [from, from + ENDPOINTS_A_STEP - 1];
  }

  /** Who came after it began is nobody yet. */
  #placeAt(endpoint: number): number {
    return this.#ends[endpoint] ?? NOBODY;
  }
}

function addOutside(draft: Draft, [, server, , , protocol, , first, last]: ConversationTuple): void {
  draft.outside ??= { peers: new Set(), protocols: new Set(), first, last };
  const { outside } = draft;
  outside.peers.add(server);
  if (protocol !== "") outside.protocols.add(protocol);
  outside.first = Math.min(outside.first, first);
  outside.last = Math.max(outside.last, last);
}

function isSamePort(a: OpenService, b: OpenService): boolean {
  return a.port === b.port && a.transport === b.transport && a.ip === b.ip;
}

/** What clients tried to speak there is no more than that it answers. */
function together(a: OpenService, b: OpenService): OpenService {
  return {
    ...a,
    operations: joined(a.operations, b.operations),
    clear: a.clear || b.clear,
    clients: Math.max(a.clients, b.clients),
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
  };
}

function joined(a: string, b: string): string {
  if (a === b || b === "") return a;
  return a === "" ? b : [...new Set([...a.split(" "), ...b.split(" ")])].sort().join(" ");
}

const NONE: readonly never[] = [];
const NONE_SAID: Readonly<Record<string, string>> = {};

type DeviceTuple = readonly [
  id: number, name: string, said: string, care: string, standing: string, ips: string, first: number, last: number,
  ...values: readonly (string | number | null)[],
]; // prettier-ignore
const DEVICES = `SELECT id, name, said, life_critical, standing, ips, first, last, ${[...WEIGHED.flatMap((it) => [it, `${it}_lead`]), ...FILED].join(", ")}
  FROM device WHERE id > ? AND standing NOT IN ('group', 'outside') ORDER BY id LIMIT ${DEVICES_A_STEP}`;
const ENDPOINTS = `SELECT endpoint, device, ip FROM device_endpoint JOIN endpoint ON number = endpoint WHERE endpoint BETWEEN ? AND ?`;

type ConversationTuple = readonly [
  client: number, server: number, transport: string, port: number, protocol: string, operations: string, first: number, last: number, encrypted: number,
]; // prettier-ignore
const CONVERSATIONS = `SELECT client, server, transport, port, protocol, operations, first, last, encrypted
  FROM conversation WHERE client BETWEEN ? AND ? AND answered > 0 AND transport IN ('tcp', 'udp', 'sctp')`;
const SPOKEN = "SELECT server, transport, port, protocol FROM served WHERE server BETWEEN ? AND ? AND protocol <> '' AND answered > 0";

type ClaimTuple = readonly [
  endpoint: number, attribute: Telltale["attribute"], value: string, protocol: string, first: number, last: number, count: number,
]; // prettier-ignore
/** Its own word; that a secret crossed to it, and what a dialog was made of, its partner's message shows as well. */
const CLAIMS = `SELECT endpoint, attribute, value, protocol, first, last, count FROM claim
  WHERE endpoint BETWEEN ? AND ? AND attribute IN (${TELLTALES.map((it) => `'${it}'`).join(", ")}) AND (via = 0 OR attribute IN ('clearCredentials', 'dialect'))`;
const FINDINGS = `SELECT id, detector, about, first, last, count FROM finding WHERE detector IN (${TELLING_FINDINGS.map((it) => `'${it}'`).join(", ")}) ORDER BY first`;
