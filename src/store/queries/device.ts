/** Devices as the table has them, and what was heard of one: what `describe` is asked with. */
import { CONFIDENCE_MAX, confidenceOf, LEAD_SAID } from "../../model/device.ts";
import type { CareClass, DeviceDetail, DeviceSummary, Filed, ServiceRow, Stated, Weighed } from "../../model/device.ts";
import type { Heard } from "../../model/heard.ts";
import { attached, type Attached } from "../attached.ts";
import { Gather } from "../gather.ts";
import type { Store } from "../reader.ts";
import { apartFrom, dividedOf, joinsOf, spokenFor } from "./divisions.ts";
import { daysShown, type Days } from "./days.ts";

type DeviceRow = Readonly<Record<Weighed, string | null>> &
  Readonly<Record<`${Weighed}_lead`, number | null>> &
  Readonly<Record<Filed, string | null>> & {
    readonly id: number;
    readonly name: string;
    readonly said: string;
    readonly against: string;
    readonly names: string;
    readonly life_critical: CareClass;
    readonly standing: DeviceSummary["standing"];
    readonly macs: string;
    readonly ips: string;
    readonly first: number;
    readonly last: number;
    readonly frames: number;
    readonly bytes: number;
    readonly days_low: number;
    readonly days_high: number;
    readonly services: number;
    readonly peers: number;
  };

type Division = Pick<DeviceDetail, "joined" | "apart" | "divided" | "children" | "spokenFor">;

/** A device with everything that `describe` is asked with. */
interface KnownDevice {
  readonly stated: DeviceSummary;
  readonly division: Division;
  readonly services: readonly ServiceRow[];
  readonly heard: Heard;
}

/** In the order of `ids`; those that are no device any more are left out. */
export function summariesOf(store: Store, ids: readonly number[]): DeviceSummary[] {
  const days = daysShown(store);
  const rows = store.all<DeviceRow>(
    "SELECT * FROM device WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
    JSON.stringify(ids),
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    return row === undefined ? [] : [summaryOf(row, days)];
  });
}

/** All but groups and those outside, by name. */
export function machinesOf(store: Store): DeviceSummary[] {
  const days = daysShown(store);
  const rows = store.all<DeviceRow>("SELECT * FROM device WHERE standing NOT IN ('group', 'outside') ORDER BY name_key, id");
  return rows.map((row) => summaryOf(row, days));
}

/** Asks for devices one after the other. Made anew for each question, since a recording grows. */
export class DeviceQueries {
  readonly #store: Store;
  readonly #days: Days;
  readonly #gather: Gather;
  #said: Attached | null = null;

  constructor(store: Store) {
    this.#store = store;
    this.#days = daysShown(store);
    this.#gather = new Gather(store.database);
  }

  /** Null where there is no such device. */
  device(id: number): KnownDevice | null {
    const row = this.#store.get<DeviceRow>("SELECT * FROM device WHERE id = ?", id);
    if (row === undefined) return null;
    const members = this.#store.all<{ endpoint: number }>("SELECT endpoint FROM device_endpoint WHERE device = ? ORDER BY endpoint", id);
    const { endpoints, claims, roles } = this.#gather.of(members.map(({ endpoint }) => endpoint));
    const macs = JSON.parse(row.macs) as string[];
    const ips = JSON.parse(row.ips) as string[];
    const divided = dividedOf(this.#store, id);
    return {
      stated: summaryOf(row, this.#days),
      services: servicesOf(this.#store, id),
      division: {
        joined: joinsOf(this.#store, id),
        // Where a person took it apart, no rule of ours did.
        apart: divided.some(({ what }) => what === "split") ? [] : apartFrom(this.#store, id, claims),
        divided,
        children: [...new Set(endpoints.flatMap(({ child }) => child ?? []))],
        spokenFor: spokenFor(this.#store, endpoints, claims),
      },
      // As the core has it when it works devices out, so that the evidence shown is the evidence weighed.
      heard: {
        endpoints,
        macs,
        ips,
        claims,
        roles,
        said: this.#attached().get(id) ?? new Map(),
        carrier: row.standing === "carrier",
        outside: row.standing === "outside",
      },
    };
  }

  #attached(): Attached {
    this.#said ??= attached(
      this.#store.database,
      (endpoint) => this.#store.get<{ device: number }>("SELECT device FROM device_endpoint WHERE endpoint = ?", endpoint)?.device ?? 0,
    ).devices;
    return this.#said;
  }
}

function summaryOf(row: DeviceRow, days: Days): DeviceSummary {
  return {
    id: `d${row.id}`,
    name: row.name,
    names: namesOf(row),
    kind: stated(row, "kind"),
    maker: stated(row, "maker"),
    model: stated(row, "model"),
    serial: stated(row, "serial"),
    udi: stated(row, "udi"),
    software: stated(row, "software"),
    os: stated(row, "os"),
    location: stated(row, "location"),
    controlNumber: filed(row, "controlNumber"),
    owner: filed(row, "owner"),
    status: filed(row, "status"),
    lifeCritical: row.life_critical,
    macs: JSON.parse(row.macs) as string[],
    ips: JSON.parse(row.ips) as string[],
    standing: row.standing,
    first: row.first,
    last: row.last,
    frames: row.frames,
    bytes: row.bytes,
    days: days(row),
    services: row.services,
    peers: row.peers,
  };
}

function stated(row: DeviceRow, attribute: Weighed): Stated | null {
  const value = row[attribute];
  return value === null ? null : valued(row, attribute, value, row[`${attribute}_lead`] ?? 0);
}

/** A person's word, and so as sure as one. */
function filed(row: DeviceRow, attribute: Filed): Stated | null {
  const value = row[attribute];
  return value === null ? null : { value, confidence: CONFIDENCE_MAX, lead: LEAD_SAID, saidBy: wordsOf(row.said)[attribute] ?? "" };
}

function namesOf(row: DeviceRow): Stated[] {
  const names = JSON.parse(row.names) as [string, number][];
  return names.map(([value, lead], place) =>
    place === 0 ? valued(row, "names", value, lead) : { value, confidence: confidenceOf(lead), lead },
  );
}

function valued(row: DeviceRow, attribute: Weighed | "names", value: string, lead: number): Stated {
  const saidBy = wordsOf(row.said)[attribute];
  const against = wordsOf(row.against)[attribute];
  return {
    value,
    confidence: confidenceOf(lead),
    lead,
    ...(saidBy === undefined ? {} : { saidBy }),
    ...(against === undefined ? {} : { against }),
  };
}

function wordsOf(json: string): Readonly<Record<string, string>> {
  return json === "{}" ? {} : (JSON.parse(json) as Record<string, string>);
}

/** Ports on which it was heard answering. A protocol that was told takes the place of one that was not. */
function servicesOf(store: Store, id: number): ServiceRow[] {
  const rows = store.all<{ ip: string; transport: string; port: number; protocol: string }>(
    `SELECT DISTINCT ip, transport, port, protocol
     FROM device_endpoint JOIN served ON server = device_endpoint.endpoint JOIN endpoint ON number = server
     WHERE device = ? AND answered > 0 AND transport IN ('tcp', 'udp', 'sctp') AND ip IS NOT NULL
     ORDER BY ip, transport, port, protocol DESC`,
    id,
  );
  return rows.flatMap((row, place): ServiceRow[] => {
    if (row.protocol !== "") return [{ ...row }];
    const before = rows[place - 1];
    const told = before?.ip === row.ip && before.transport === row.transport && before.port === row.port;
    return told ? [] : [{ ...row, protocol: null }];
  });
}
