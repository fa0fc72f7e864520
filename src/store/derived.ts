/** Devices as they were worked out: may be thrown away, and is made anew from what was heard and said. */
import { sortKey } from "./order.ts";
import type { Bulk, Engine, Statement } from "./engine.ts";
import { ipWords } from "../bytes/address.ts";
import { FILED, WEIGHED } from "../model/device.ts";
import type { Join, Stated } from "../model/device.ts";
import { earlier, type Described } from "../model/heard.ts";
import { bulk } from "./bulk.ts";
import { Calendar, DAY_US } from "./calendar.ts";
import type { Gathered } from "./gather.ts";
import { sum } from "./held.ts";

interface Worked {
  readonly id: number;
  readonly endpoints: Gathered["endpoints"];
  readonly macs: readonly string[];
  readonly ips: readonly string[];
  readonly joined: readonly Join[];
  readonly described: Described;
  /** Ports that answered. */
  readonly services: number;
  /** Other devices it talked to. */
  readonly peers: number;
}

/** Of a change the devices that are as they are because of it; of one that waits how many devices it fits. */
type Numbers = readonly (readonly [change: number, number])[];

export class DerivedStore {
  readonly #database: Engine;
  readonly #put: Bulk;
  readonly #member: Bulk;
  readonly #remove: Statement;
  readonly #peers: Statement;
  /** Device of each endpoint, as it is stored; 0 for none. */
  #deviceOf = new Uint32Array(1_024);
  /** What `written` makes of it. */
  #moves: (readonly [endpoint: number, device: number])[] = [];
  /** Of all that are no devices but groups' addresses, which nobody counts among his peers. */
  readonly #groups = new Set<number>();
  /** Endpoints that were another device's before, or are a group's now or no more: whoever talked to them counts his peers again. */
  #moved = new Set<number>();
  readonly #days = new Calendar(DAY_US);
  readonly #join: Statement;
  readonly #part: Statement;
  /** Devices of which is stored why they are one; few are. */
  readonly #joined: Set<number>;

  constructor(database: Engine) {
    this.#database = database;
    this.#put = bulk(database, { table: "device", columns: COLUMNS, key: ["id"] });
    this.#member = bulk(database, {
      table: "device_endpoint",
      columns: ["endpoint", "device"],
      key: ["endpoint"],
      join: "device = excluded.device",
    });
    this.#remove = database.prepare("DELETE FROM device WHERE id = ?");
    this.#join = database.prepare(
      "INSERT INTO joined (device, keys) VALUES (?, ?) ON CONFLICT (device) DO UPDATE SET keys = excluded.keys",
    );
    this.#part = database.prepare("DELETE FROM joined WHERE device = ?");
    this.#joined = new Set(database.prepare("SELECT device FROM joined").all().map((row) => row["device"] as number)); // prettier-ignore
    this.#peers = database.prepare("UPDATE device SET peers = ? WHERE id = ?");
    for (const row of database.prepare("SELECT id FROM device WHERE standing = 'group'").iterate()) this.#groups.add(row["id"] as number);
    for (const row of database.prepare("SELECT endpoint, device FROM device_endpoint").iterate())
      this.#set(row["endpoint"] as number, row["device"] as number);
  }

  /** Of a transaction in which devices are put or removed: what one that failed had left is forgotten. */
  begin(): void {
    this.#put.begin();
    this.#member.begin();
    this.#moves = [];
  }

  put(it: Worked): void {
    for (const { number } of it.endpoints) {
      if (this.#deviceOf[number] === it.id) continue;
      this.#member.add((this.#deviceOf[number] ?? 0) === 0, number, it.id);
      this.#moves.push([number, it.id]);
    }
    const isGroup = it.described.standing === "group";
    if (isGroup !== this.#groups.has(it.id)) {
      if (isGroup) this.#groups.add(it.id);
      else this.#groups.delete(it.id);
      for (const { number } of it.endpoints) this.#moved.add(number);
    }
    this.#put.add(true, ...this.#row(it));
    if (it.joined.length > 0) {
      this.#joined.add(it.id);
      this.#join.run(it.id, JSON.stringify(it.joined));
    } else if (this.#joined.has(it.id)) this.#part.run(it.id);
  }

  /** It was worked out, and is stored. */
  has(id: number): boolean {
    return id > 0 && this.#deviceOf[id] === id;
  }

  /** Of all that are stored. */
  ids(): number[] {
    return this.#database.prepare("SELECT id FROM device").all().map((row) => row["id"] as number); // prettier-ignore
  }

  /** Within the caller's transaction: what became of what people said. */
  putSaid(divided: Numbers, waiting: Numbers): void {
    this.#database.exec("DELETE FROM divided; DELETE FROM waiting");
    const divides = this.#database.prepare("INSERT INTO divided (change, device) VALUES (?, ?)");
    for (const row of divided) divides.run(...row);
    const waits = this.#database.prepare("INSERT INTO waiting (change, fits) VALUES (?, ?)");
    for (const row of waiting) waits.run(...row);
  }

  isGroup(id: number): boolean {
    return this.#groups.has(id);
  }

  remove(id: number): void {
    this.#groups.delete(id);
    this.#remove.run(id);
    if (this.#joined.has(id)) this.#part.run(id);
  }

  setPeers(id: number, peers: number): void {
    this.#peers.run(peers, id);
  }

  /** Before the transaction is committed. */
  end(): void {
    this.#put.end();
    this.#member.end();
  }

  /** It was committed. */
  written(): void {
    for (const [endpoint, device] of this.#moves) {
      if ((this.#deviceOf[endpoint] ?? 0) !== 0) this.#moved.add(endpoint);
      this.#set(endpoint, device);
    }
    this.#moves = [];
  }

  /** Endpoints that went from one device to another since the last call. */
  takeMoved(): ReadonlySet<number> {
    const moved = this.#moved;
    if (moved.size > 0) this.#moved = new Set();
    return moved;
  }

  #set(endpoint: number, device: number): void {
    if (endpoint >= this.#deviceOf.length) {
      const larger = new Uint32Array(Math.max(endpoint + 1, this.#deviceOf.length * 2));
      larger.set(this.#deviceOf);
      this.#deviceOf = larger;
    }
    this.#deviceOf[endpoint] = device;
  }

  #row({ id, endpoints, macs, ips, described, services, peers }: Worked): (string | number | Uint8Array | null)[] {
    const { name, decided, filed, names, lifeCritical, standing } = described;
    let first = 0;
    let last = 0;
    let frames = 0;
    let bytes = 0;
    this.#days.begin(endpoints[0]!.last, endpoints[0]!.last);
    for (const it of endpoints) {
      first = earlier(first, it.first);
      last = Math.max(last, it.last);
      frames = sum(frames, it.frames);
      bytes = sum(bytes, it.bytes);
      this.#days.joinBits(it.days_low, it.days_high, it.last);
    }
    const stated = { ...decided, ...filed, names: names[0] ?? null };
    const texts = new Set([
      name,
      ...names.map((it) => it.value),
      ...WEIGHED.map((it) => decided[it]?.value ?? ""),
      ...FILED.map((it) => filed[it]?.value ?? ""),
      ...macs,
      ...ips,
      lifeCritical,
    ]);
    texts.delete("");
    return [
      id,
      name,
      sortKey(name),
      ...WEIGHED.flatMap((it) => [decided[it]?.value ?? null, decided[it]?.lead ?? null]),
      ...FILED.map((it) => filed[it]?.value ?? null),
      JSON.stringify(pick(stated, (it) => it.saidBy)),
      JSON.stringify(pick(stated, (it) => it.against)),
      JSON.stringify(names.map((it) => [it.value, it.lead])),
      lifeCritical,
      standing,
      JSON.stringify(macs),
      JSON.stringify(ips),
      ipKey(ips[0]),
      first,
      last,
      frames,
      bytes,
      this.#days.low,
      this.#days.high,
      services,
      peers,
      [...texts].join("\n").toLowerCase(),
    ];
  }
}

/** As `#row` has them. */
const COLUMNS = [
  "id", "name", "name_key", ...WEIGHED.flatMap((it) => [it, `${it}_lead`]), ...FILED, "said", "against", "names", "life_critical", "standing",
  "macs", "ips", "ip_key", "first", "last", "frames", "bytes", "days_low", "days_high", "services", "peers", "words",
]; // prettier-ignore

function pick(stated: Readonly<Record<string, Stated | null>>, of: (it: Stated) => string | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(stated).flatMap(([attribute, it]) => {
      const value = it === null ? undefined : of(it);
      return value === undefined ? [] : [[attribute, value]];
    }),
  );
}

/** 16 bytes; IPv4 as its mapped IPv6 address (RFC 4291 section 2.5.5.2), so that all are in one order. */
function ipKey(ip: string | undefined): Uint8Array | null {
  const parsed = ip === undefined ? null : ipWords(ip);
  if (parsed === null) return null;
  const key = new Uint8Array(16);
  const view = new DataView(key.buffer);
  parsed.words.forEach((word, at) => view.setUint32(at * 4, word));
  if (parsed.family === 4) view.setUint16(10, 0xffff);
  return key;
}
