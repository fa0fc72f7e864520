/** Who talks to whom, summed until it is stored; and the attempts that nobody answered. */
import type { Bulk, Engine, Statement } from "./engine.ts";
import type { Batch } from "../model/batch.ts";
import { SIDES } from "../model/batch.ts";
import { bulk } from "./bulk.ts";
import { Calendar, DAY_US, hourBits, joinedBits, WEEK_US } from "./calendar.ts";
import { joinedPorts, joinedWords, lowestPorts, wordsOf } from "./joining.ts";
import { HeldRows, Numbering, sum, summed, type Touch } from "./held.ts";
import { Kind, type Told } from "./told.ts";

/** The columns up to `sensor` are the key; those from `packetsToServer` to `refused` are added. */
const Column = {
  client: 0, server: 1, port: 2, transport: 3, protocol: 4, sensor: 5,
  packetsToServer: 6, packetsToClient: 7, bytesToServer: 8, bytesToClient: 9, answered: 10, refused: 11,
  first: 12, last: 13, side: 14, encrypted: 15, operations: 16, hours: 17, spoken: 18,
} as const; // prettier-ignore
const STRIDE = 19;

export class Conversations {
  readonly #rows = new HeldRows(STRIDE);
  readonly #names = new Numbering();
  readonly #days = new Calendar(DAY_US);
  readonly #weeks = new Calendar(WEEK_US);
  readonly #bulk: Bulk;
  readonly #served: Bulk;
  readonly #told: Told;
  /** Of what is held, by server, transport, port and protocol. */
  readonly #services = new Map<string, Service>();
  /** Of the held rows up to `firstsTo`: by client and server, and by those and the protocol. */
  readonly #firsts = new Map<string, number>();
  #firstsTo = 0;
  readonly #first: Statement;

  constructor(database: Engine, told: Told) {
    this.#told = told;
    this.#bulk = bulk(database, { table: "conversation", columns: COLUMNS, key: KEY, join: JOIN });
    this.#first = database.prepare(
      "SELECT min(first) AS first FROM conversation WHERE client = ? AND server = ? AND protocol = coalesce(?, protocol)",
    );
    this.#served = bulk(database, { table: "served", columns: [...SERVED_KEY, "answered"], key: SERVED_KEY, join: SERVED_JOIN });
  }

  get held(): number {
    return this.#rows.count;
  }

  /** `endpoints` by their places in the batch, 0 for those there was no room for. */
  take(batch: Batch, endpoints: readonly number[]): void {
    const sensor = this.#names.of(batch.sensor);
    for (const row of batch.conversations) {
      const client = endpoints[row[0]]!;
      const server = endpoints[row[1]]!;
      if (client === 0 || server === 0) continue;
      const at = this.#rows.add();
      const { values } = this.#rows;
      values[at + Column.client] = client;
      values[at + Column.server] = server;
      values[at + Column.port] = row[3];
      values[at + Column.transport] = this.#names.of(row[2]);
      values[at + Column.protocol] = this.#names.of(row[4]);
      values[at + Column.sensor] = sensor;
      values[at + Column.packetsToServer] = row[6];
      values[at + Column.packetsToClient] = row[7];
      values[at + Column.bytesToServer] = row[8];
      values[at + Column.bytesToClient] = row[9];
      values[at + Column.answered] = row[10];
      values[at + Column.refused] = row[11];
      values[at + Column.first] = row[12];
      values[at + Column.last] = row[13];
      values[at + Column.side] = SIDES.indexOf(row[14]);
      values[at + Column.encrypted] = row[15];
      values[at + Column.spoken] = row[16] ?? row[10];
      values[at + Column.operations] = this.#names.of(wordsOf(row[5]));
      values[at + Column.hours] = hourBits(row[12], row[13]);
    }
  }

  /** Within the caller's transaction. Stays held until `clear`. The two of each conversation are named. */
  write(touch: Touch): void {
    const values = this.#rows.values;
    const order = this.#rows.ordered(this.#compare);
    this.#bulk.begin();
    this.#services.clear();
    const sums = new Float64Array(STRIDE);
    const of = (column: number) => sums[column]!;
    const text = (column: number) => this.#names.text(sums[column]!);
    let touched = 0;
    let isNew = false;
    for (let place = 0; place < order.length;) {
      const row = order[place]!;
      sums.set(values.subarray(row * STRIDE, (row + 1) * STRIDE));
      this.#days.begin(of(Column.first), of(Column.last));
      this.#weeks.begin(of(Column.first), of(Column.last));
      for (place++; place < order.length && this.#same(row, order[place]!); place++) this.#join(sums, order[place]! * STRIDE);
      if (of(Column.client) !== touched) {
        touched = of(Column.client);
        touch(touched);
        isNew = this.#told.add(touched, Kind.client);
      }
      touch(of(Column.server));
      this.#told.add(of(Column.server), Kind.server);
      this.#bulk.add(
        isNew, of(Column.client), of(Column.server), text(Column.transport), of(Column.port), text(Column.protocol), text(Column.sensor),
        text(Column.operations), of(Column.packetsToServer), of(Column.packetsToClient), of(Column.bytesToServer), of(Column.bytesToClient),
        of(Column.answered), of(Column.refused), of(Column.first), of(Column.last), SIDES[of(Column.side)]!, of(Column.encrypted),
        this.#days.low, this.#days.high, this.#weeks.low, this.#weeks.high, of(Column.hours),
      ); // prettier-ignore
      this.#serve(sums);
    }
    this.#bulk.end();
    this.#writeServices();
  }

  clear(): void {
    this.#rows.clear();
    this.#names.clear();
    this.#firsts.clear();
    this.#firstsTo = 0;
  }

  /** When these two were first heard to converse, in this protocol or, null, in any: of what is held and what is stored, which does not depend on when it is; null: never. */
  firstOf(client: number, server: number, protocol: string | null): number | null {
    const { values, count } = this.#rows;
    // Few ask, so what is held has an order for them only then.
    for (; this.#firstsTo < count; this.#firstsTo++) {
      const at = this.#firstsTo * STRIDE;
      const key = `${values[at + Column.client]} ${values[at + Column.server]}`;
      const first = values[at + Column.first]!;
      for (const it of [key, `${key} ${this.#names.text(values[at + Column.protocol]!)}`])
        this.#firsts.set(it, Math.min(this.#firsts.get(it) ?? Number.POSITIVE_INFINITY, first));
    }
    const held = this.#firsts.get(protocol === null ? `${client} ${server}` : `${client} ${server} ${protocol}`);
    const mayBeStored = this.#told.has(client, Kind.client) && this.#told.has(server, Kind.server);
    const stored = mayBeStored ? (this.#first.get(client, server, protocol)!["first"] as number | null) : null;
    return held === undefined ? stored : Math.min(held, stored ?? held);
  }

  /** A port that answered is a service; one of a protocol where its server spoke that too. Both are kept, since one may be told before the other. */
  #serve(sums: Float64Array): void {
    const protocol = this.#names.text(sums[Column.protocol]!);
    this.#serveAs(sums, "", sums[Column.answered]!);
    if (protocol !== "") this.#serveAs(sums, protocol, sums[Column.spoken]!);
  }

  #serveAs(sums: Float64Array, protocol: string, answered: number): void {
    if (answered === 0) return;
    const key = `${sums[Column.server]} ${sums[Column.transport]} ${sums[Column.port]} ${protocol}`;
    const known = this.#services.get(key);
    if (known !== undefined) {
      known.answered = sum(known.answered, answered);
      return;
    }
    this.#services.set(key, {
      server: sums[Column.server]!,
      transport: this.#names.text(sums[Column.transport]!),
      port: sums[Column.port]!,
      protocol,
      answered,
    });
  }

  #writeServices(): void {
    this.#served.begin();
    for (const it of [...this.#services.values()].sort((a, b) => a.server - b.server))
      this.#served.add(false, it.server, it.transport, it.port, it.protocol, it.answered);
    this.#served.end();
    this.#services.clear();
  }

  #join(sums: Float64Array, at: number): void {
    const { values } = this.#rows;
    for (let column: number = Column.packetsToServer; column <= Column.refused; column++)
      sums[column] = sum(sums[column]!, values[at + column]!);
    const first = values[at + Column.first]!;
    const last = values[at + Column.last]!;
    this.#days.join(first, last);
    this.#weeks.join(first, last);
    sums[Column.first] = Math.min(sums[Column.first]!, first);
    sums[Column.last] = Math.max(sums[Column.last]!, last);
    sums[Column.side] = Math.min(sums[Column.side]!, values[at + Column.side]!);
    sums[Column.spoken] = sum(sums[Column.spoken]!, values[at + Column.spoken]!);
    sums[Column.encrypted] = Math.max(sums[Column.encrypted]!, values[at + Column.encrypted]!);
    sums[Column.hours]! |= values[at + Column.hours]!;
    const operations = values[at + Column.operations]!;
    if (operations !== sums[Column.operations])
      sums[Column.operations] = this.#names.of(joinedWords(this.#names.text(sums[Column.operations]!), this.#names.text(operations)));
  }

  /** Of one client. */
  readonly #compare = (a: number, b: number): number => {
    const { values } = this.#rows;
    for (let column: number = Column.server; column <= Column.sensor; column++) {
      const difference = values[a * STRIDE + column]! - values[b * STRIDE + column]!;
      if (difference !== 0) return difference;
    }
    return 0;
  };

  #same(a: number, b: number): boolean {
    const { values } = this.#rows;
    return values[a * STRIDE] === values[b * STRIDE] && this.#compare(a, b) === 0;
  }
}

interface Service {
  readonly server: number;
  readonly transport: string;
  readonly port: number;
  readonly protocol: string;
  answered: number;
}

const SERVED_KEY = ["server", "transport", "port", "protocol"];
/** Also of what is told again when conversations are let go. */
export const SERVED_JOIN = summed("served", "answered");

const KEY = ["client", "server", "transport", "port", "protocol", "sensor"];
const COLUMNS = [
  ...KEY, "operations", "packets_to_server", "packets_to_client", "bytes_to_server", "bytes_to_client", "answered", "refused", "first", "last",
  "side", "encrypted", "days_low", "days_high", "weeks_low", "weeks_high", "hours",
]; // prettier-ignore

/** How well a side is known is no order of letters. */
const RANK = (column: string) => `CASE ${column} ${SIDES.map((side, rank) => `WHEN '${side}' THEN ${rank}`).join(" ")} END`;

const JOIN = `
  operations = iif(conversation.operations = excluded.operations, conversation.operations, joined_words(conversation.operations, excluded.operations)),
  ${summed("conversation", "packets_to_server", "packets_to_client", "bytes_to_server", "bytes_to_client", "answered", "refused")},
  side = iif(${RANK("excluded.side")} < ${RANK("conversation.side")}, excluded.side, conversation.side),
  encrypted = max(conversation.encrypted, excluded.encrypted),
  ${joinedBits("conversation", "days", DAY_US)}, ${joinedBits("conversation", "weeks", WEEK_US)}, hours = conversation.hours | excluded.hours,
  first = min(conversation.first, excluded.first), last = max(conversation.last, excluded.last)`;

interface Attempt {
  readonly client: number;
  readonly server: number;
  readonly transport: string;
  count: number;
  ports: string;
  first: number;
  last: number;
}

/** They are few: each pair is told once a second at most. */
export class Attempts {
  readonly #rows = new Map<string, Attempt>();
  readonly #bulk: Bulk;

  constructor(database: Engine) {
    this.#bulk = bulk(database, { table: "attempt", columns: [...PAIR, "count", "ports", "first", "last"], key: PAIR, join: JOIN_ATTEMPT });
  }

  get held(): number {
    return this.#rows.size;
  }

  take(batch: Batch, endpoints: readonly number[]): void {
    for (const [from, to, transport, count, tried, first, last] of batch.attempts) {
      const client = endpoints[from]!;
      const server = endpoints[to]!;
      if (client === 0 || server === 0) continue;
      const key = `${client} ${server} ${transport}`;
      const ports = lowestPorts(tried);
      const known = this.#rows.get(key);
      if (known === undefined) {
        this.#rows.set(key, { client, server, transport, count, ports, first, last });
        continue;
      }
      known.count = sum(known.count, count);
      known.ports = joinedPorts(known.ports, ports);
      known.first = Math.min(known.first, first);
      known.last = Math.max(known.last, last);
    }
  }

  write(): void {
    this.#bulk.begin();
    for (const it of [...this.#rows.values()].sort((a, b) => a.client - b.client || a.server - b.server))
      this.#bulk.add(false, it.client, it.server, it.transport, it.count, it.ports, it.first, it.last);
    this.#bulk.end();
  }

  clear(): void {
    this.#rows.clear();
  }
}

const PAIR = ["client", "server", "transport"];
const JOIN_ATTEMPT = `${summed("attempt", "count")}, ports = lowest_ports(attempt.ports, excluded.ports),
  first = min(attempt.first, excluded.first), last = max(attempt.last, excluded.last)`;
