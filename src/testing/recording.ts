/** A recording filled by hand through `schema.sql`, so that what reads it is tried without what writes it. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue, StatementSync } from "node:sqlite";
import { ipWords } from "../bytes/address.ts";
import { WEIGHED } from "../model/device.ts";
import type { CareClass, DeviceSummary, Weighed } from "../model/device.ts";
import type { Attribute } from "../model/observation.ts";
import { RECORDING_VERSION } from "../store/version.ts";

/** The recording's last moment, unless a run says otherwise: 2026-11-23 08:31 UTC. */
export const END = Date.UTC(2026, 10, 23, 8, 31) * 1000;
export const SECOND = 1e6;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** A lead that is asserted: 99 %. */
const SURE = 24;

type Row = Readonly<Record<string, SQLInputValue>>;

export interface DeviceSketch extends Partial<Readonly<Record<Weighed, string | readonly [value: string, lead: number]>>> {
  readonly name?: string;
  readonly names?: readonly (readonly [string, number])[];
  readonly lifeCritical?: CareClass;
  readonly standing?: DeviceSummary["standing"];
  readonly said?: Readonly<Record<string, string>>;
  readonly against?: Readonly<Record<string, string>>;
  readonly first?: number;
  readonly last?: number;
  readonly frames?: number;
  readonly bytes?: number;
  readonly services?: number;
  readonly peers?: number;
  readonly days?: readonly [number, number];
}

interface ConversationSketch {
  readonly client: number;
  readonly server: number;
  readonly transport?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly sensor?: string;
  readonly operations?: string;
  readonly packets?: readonly [number, number];
  readonly bytes?: readonly [number, number];
  readonly answered?: number;
  readonly refused?: number;
  readonly first?: number;
  readonly last?: number;
  readonly side?: string;
  readonly encrypted?: boolean;
  readonly days?: readonly [number, number];
}

export class Recording {
  readonly path: string;
  readonly #database: DatabaseSync;
  /** By what they write: a large hospital is filled with few of them. */
  readonly #statements = new Map<string, StatementSync>();
  readonly #addresses = new Map<number, { readonly mac: string | null; readonly ip: string | null }>();
  #endpoints = 0;
  #runs = 0;

  /** Gone when the test is over. */
  constructor(test: { readonly after: (work: () => void) => void }, name = "ward") {
    const folder = mkdtempSync(join(tmpdir(), "auscult-recording-"));
    this.path = join(folder, `${name}.db`);
    this.#database = new DatabaseSync(this.path);
    this.#database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
    this.#database.exec(readFileSync(join(import.meta.dirname, "..", "store", "schema.sql"), "utf8"));
    this.#database.exec(`PRAGMA user_version = ${RECORDING_VERSION}`);
    test.after(() => {
      this.#database.close();
      rmSync(folder, { recursive: true });
    });
  }

  sql(text: string): void {
    this.#database.exec(text);
  }

  run(input: string, counts: object = {}, row: Row = {}): void {
    this.#insert("run", {
      run: `run ${++this.#runs}`, sensor: "local", input, live: 0, sequence: 1, missing: 0, state: "whole", trouble: "",
      first: END - HOUR, last: END, frames: 100, bytes: 10_000, last_frame: 100, drops: 0, duplicates: 0, gaps: 0,
      counts: JSON.stringify(counts), ...row,
    }); // prettier-ignore
  }

  note(input: string, words: string): void {
    this.#insert("note", { input, words });
  }

  /** Answers its number. */
  endpoint(mac: string | null, ip: string | null, row: Row = {}): number {
    const number = ++this.#endpoints;
    this.#addresses.set(number, { mac, ip });
    this.#insert("endpoint", {
      number, space: 0, mac, ip, child: null, frames: 10, bytes: 1_000, first: END - HOUR, last: END, ttls: 2, days_low: 1, days_high: 0, ...row,
    }); // prettier-ignore
    return number;
  }

  claim(endpoint: number, attribute: Attribute, value: string, protocol: string, row: Row = {}): void {
    this.#insert("claim", { endpoint, attribute, value, protocol, via: 0, first: END - HOUR, last: END, count: 1, witness: null, ...row });
  }

  conversation(it: ConversationSketch): void {
    const [toServer, toClient] = it.packets ?? [5, 4];
    const [bytesToServer, bytesToClient] = it.bytes ?? [900, 300];
    const [low, high] = it.days ?? [1, 0];
    this.#insert("conversation", {
      client: it.client, server: it.server, transport: it.transport ?? "tcp", port: it.port, protocol: it.protocol ?? "",
      sensor: it.sensor ?? "local", operations: it.operations ?? "", packets_to_server: toServer, packets_to_client: toClient,
      bytes_to_server: bytesToServer, bytes_to_client: bytesToClient, answered: it.answered ?? 1, refused: it.refused ?? 0,
      first: it.first ?? END - HOUR, last: it.last ?? END, side: it.side ?? "handshake", encrypted: it.encrypted === true ? 1 : 0,
      days_low: low, days_high: high, weeks_low: 1, weeks_high: 0, hours: 1 << 8,
    }); // prettier-ignore
    this.#database
      .prepare("INSERT INTO served VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET answered = answered + excluded.answered")
      .run(it.server, it.transport ?? "tcp", it.port, it.protocol ?? "", it.answered ?? 1);
  }

  /** A device of these endpoints; answers its id. */
  device(endpoints: readonly number[], it: DeviceSketch = {}): string {
    const id = Math.min(...endpoints);
    const own = endpoints.map((endpoint) => this.#addresses.get(endpoint)!);
    const macs = [...new Set(own.flatMap(({ mac }) => mac ?? []))];
    const ips = [...new Set(own.flatMap(({ ip }) => ip ?? []))];
    const name = it.name ?? ips[0] ?? macs[0] ?? `d${id}`;
    const valued = WEIGHED.flatMap((attribute): [string, SQLInputValue][] => {
      const said = it[attribute];
      const [value, lead] = said === undefined ? [null, null] : typeof said === "string" ? [said, SURE] : said;
      return [[attribute, value], [`${attribute}_lead`, lead]]; // prettier-ignore
    });
    const values = valued.flatMap(([key, value]) => (key.endsWith("_lead") || typeof value !== "string" ? [] : [value]));
    const [low, high] = it.days ?? [1, 0];
    this.#insert("device", {
      id, name, name_key: name.toLowerCase(), ...Object.fromEntries(valued),
      said: JSON.stringify(it.said ?? {}), against: JSON.stringify(it.against ?? {}),
      names: JSON.stringify(it.names ?? (it.name === undefined ? [] : [[it.name, SURE]])),
      life_critical: it.lifeCritical ?? "other", standing: it.standing ?? "device", macs: JSON.stringify(macs), ips: JSON.stringify(ips),
      ip_key: ips[0] === undefined ? null : ipKey(ips[0]), first: it.first ?? END - HOUR, last: it.last ?? END, frames: it.frames ?? 10, bytes: it.bytes ?? 1_000,
      days_low: low, days_high: high, services: it.services ?? 0, peers: it.peers ?? 0,
      words: [name, ...values, ...macs, ...ips].join(" ").toLowerCase(),
    }); // prettier-ignore
    for (const endpoint of endpoints) this.#insert("device_endpoint", { endpoint, device: id });
    return `d${id}`;
  }

  change(row: Row): void {
    this.#insert("change", {
      at: END, who: "Maria", what: "say", about: "{}", attribute: "kind", value: "", reason: "I looked", undoes: null, hash: "", ...row,
    }); // prettier-ignore
  }

  #insert(table: string, row: Row): void {
    const names = Object.keys(row);
    const sql = `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`;
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    statement.run(...Object.values(row));
  }
}

function ipKey(ip: string): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(16));
  const { family, words } = ipWords(ip)!;
  for (const [at, word] of words.entries()) bytes.setUint32(at * 4, family === 4 && at === 2 ? 0xffff : word);
  return new Uint8Array(bytes.buffer);
}
