/** Addresses as they were worn, summed until they are stored. */
import type { Bulk, Engine, Statement } from "./engine.ts";
import type { AddressRow } from "../model/batch.ts";
import { earlier, type EndpointRow } from "../model/heard.ts";
import { bulk } from "./bulk.ts";
import { Calendar, DAY_US, joinedBits } from "./calendar.ts";
import { HeldRows, sum, summed, type Touch } from "./held.ts";

const Column = { number: 0, frames: 1, bytes: 2, first: 3, last: 4, ttls: 5 } as const;
const STRIDE = 6;

export class Endpoints {
  readonly #rows = new HeldRows(STRIDE);
  readonly #days = new Calendar(DAY_US);
  readonly #bulk: Bulk;
  /** Numbers up to this one are stored: their addresses need not be told again. */
  #stored: number;
  readonly #new = new Map<number, AddressRow>();
  /** Of the held rows up to `firstsTo`, by number. */
  readonly #firsts = new Map<number, number>();
  #firstsTo = 0;
  readonly #first: Statement;

  constructor(database: Engine) {
    this.#stored = Number(database.prepare("SELECT max(number) AS number FROM endpoint").get()?.["number"] ?? 0);
    this.#bulk = bulk(database, { table: "endpoint", columns: COLUMNS, key: ["number"], join: JOIN });
    this.#first = database.prepare("SELECT nullif(first, 0) AS first FROM endpoint WHERE number = ?");
  }

  get held(): number {
    return this.#rows.count;
  }

  take(number: number, row: AddressRow): void {
    const at = this.#rows.add();
    const { values } = this.#rows;
    values[at + Column.number] = number;
    values[at + Column.frames] = row[4];
    values[at + Column.bytes] = row[5];
    values[at + Column.first] = row[6];
    values[at + Column.last] = row[7];
    values[at + Column.ttls] = row[8];
    if (number > this.#stored && !this.#new.has(number)) this.#new.set(number, row);
  }

  /** Within the caller's transaction. Stays held until `clear`. Each is named. */
  write(touch: Touch): void {
    const values = this.#rows.values;
    const order = this.#rows.ordered();
    const days = this.#days;
    this.#bulk.begin();
    for (let place = 0; place < order.length;) {
      const at = order[place]! * STRIDE;
      const number = values[at + Column.number]!;
      let frames = values[at + Column.frames]!;
      let bytes = values[at + Column.bytes]!;
      let first = values[at + Column.first]!;
      let last = values[at + Column.last]!;
      let ttls = values[at + Column.ttls]!;
      days.begin(first, last);
      for (place++; place < order.length && values[order[place]! * STRIDE] === number; place++) {
        const same = order[place]! * STRIDE;
        frames = sum(frames, values[same + Column.frames]!);
        bytes = sum(bytes, values[same + Column.bytes]!);
        days.join(values[same + Column.first]!, values[same + Column.last]!);
        first = earlier(first, values[same + Column.first]!);
        last = Math.max(last, values[same + Column.last]!);
        ttls |= values[same + Column.ttls]!;
      }
      const row = this.#new.get(number);
      const [space, mac, ip, child] = row ?? KNOWN;
      this.#bulk.add(row !== undefined, number, space, mac, ip, child, frames, bytes, first, last, ttls, days.low, days.high);
      touch(number);
    }
    this.#bulk.end();
  }

  /** When it was first heard, of what is held and what is stored, which does not depend on when it is; null: never. */
  firstOf(number: number): number | null {
    const { values, count } = this.#rows;
    for (; this.#firstsTo < count; this.#firstsTo++) {
      const at = this.#firstsTo * STRIDE;
      const held = values[at + Column.number]!;
      this.#firsts.set(held, earlier(this.#firsts.get(held) ?? 0, values[at + Column.first]!));
    }
    const stored = this.#first.get(number)?.["first"] as number | null | undefined;
    const first = earlier(this.#firsts.get(number) ?? 0, stored ?? 0);
    return first === 0 ? null : first;
  }

  clear(): void {
    this.#firsts.clear();
    this.#firstsTo = 0;
    for (const number of this.#new.keys()) this.#stored = Math.max(this.#stored, number);
    this.#new.clear();
    this.#rows.clear();
  }
}

/** All that are stored, in the order of their numbers. */
export function* storedEndpoints(database: Engine): Generator<EndpointRow> {
  const statement = database.prepare(
    `SELECT number, space, mac, ip, child, frames, bytes, first, last, ttls FROM endpoint WHERE number > ? ORDER BY number LIMIT ${READ_AT_ONCE}`,
  );
  statement.setReturnArrays(true);
  for (let after = 0; ;) {
    const rows = statement.all(after) as unknown as Stored[];
    for (const [number, space, mac, ip, child, frames, bytes, first, last, ttls] of rows)
      yield { number, space, mac, ip, child, frames, bytes, first, last, ttls };
    if (rows.length < READ_AT_ONCE) return;
    after = rows.at(-1)![0];
  }
}
type Text = string | null;
type Stored = [number: number, space: number, mac: Text, ip: Text, child: Text, frames: number, bytes: number, first: number, last: number, ttls: number]; // prettier-ignore

/** Three times as fast as one by one (measured), and still no million of objects at once. */
const READ_AT_ONCE = 10_000;

/** In place of an address that is stored: it stays as it is. */
const KNOWN = [0, null, null, null] as const;

const COLUMNS = ["number", "space", "mac", "ip", "child", "frames", "bytes", "first", "last", "ttls", "days_low", "days_high"];
const JOIN = `${summed("endpoint", "frames", "bytes")},
  ${joinedBits("endpoint", "days", DAY_US)}, ttls = endpoint.ttls | excluded.ttls,
  first = coalesce(min(nullif(endpoint.first, 0), nullif(excluded.first, 0)), max(endpoint.first, excluded.first)),
  last = max(endpoint.last, excluded.last)`;
