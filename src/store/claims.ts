/** What was said of endpoints, summed until it is stored: a thing said twice is one claim that was heard twice. */
import type { Bulk, Engine } from "./engine.ts";
import type { Batch } from "../model/batch.ts";
import type { Attribute } from "../model/observation.ts";
import { bulk } from "./bulk.ts";
import { VALUES_MAX } from "./retention.ts";
import { HeldRows, Numbering, sum, summed, type Touch } from "./held.ts";
import { Kind, type Told } from "./told.ts";

const Column = { endpoint: 0, attribute: 1, protocol: 2, via: 3, first: 4, last: 5, count: 6 } as const;
const STRIDE = 7;

export class Claims {
  readonly #rows = new HeldRows(STRIDE);
  readonly #names = new Numbering();
  #values: string[] = [];
  /** By row: few claims have one. */
  readonly #witnesses = new Map<number, string>();
  readonly #bulk: Bulk;
  readonly #told: Told;
  /** Rows written of each endpoint; those with many may have said too much. */
  #written = new Uint16Array(1_024);
  readonly #crowded = new Set<number>();

  constructor(database: Engine, told: Told) {
    this.#told = told;
    this.#bulk = bulk(database, { table: "claim", columns: COLUMNS, key: KEY, join: JOIN });
  }

  get held(): number {
    return this.#rows.count;
  }

  /** `endpoints` by their places in the batch, 0 for those there was no room for. */
  take(batch: Batch, endpoints: readonly number[]): void {
    for (const row of batch.observations) {
      const endpoint = endpoints[row[0]]!;
      const via = row[4] < 0 ? 0 : endpoints[row[4]]!;
      // Said by another, of whom there is no room to say who: as its own word it would weigh too much.
      if (endpoint === 0 || (via === 0 && row[4] >= 0)) continue;
      const at = this.#rows.add();
      const { values } = this.#rows;
      values[at + Column.endpoint] = endpoint;
      values[at + Column.attribute] = this.#names.of(row[1]);
      values[at + Column.protocol] = this.#names.of(row[3]);
      values[at + Column.via] = via;
      values[at + Column.first] = row[5];
      values[at + Column.last] = row[6];
      values[at + Column.count] = row[7];
      const number = this.#values.push(row[2]) - 1;
      if (row[8] !== undefined) this.#witnesses.set(number, JSON.stringify(row[8]));
    }
  }

  /** Within the caller's transaction. Stays held until `clear`. Each endpoint that something was said of is named. */
  write(touch: Touch): void {
    const values = this.#rows.values;
    const order = this.#rows.ordered(this.#compare);
    this.#bulk.begin();
    let touched = 0;
    let isNew = false;
    for (let place = 0; place < order.length;) {
      const row = order[place]!;
      const at = row * STRIDE;
      let first = values[at + Column.first]!;
      let last = values[at + Column.last]!;
      let count = values[at + Column.count]!;
      let witness = this.#witnesses.get(row) ?? null;
      for (place++; place < order.length && this.#same(row, order[place]!); place++) {
        const same = order[place]! * STRIDE;
        first = Math.min(first, values[same + Column.first]!);
        last = Math.max(last, values[same + Column.last]!);
        count = sum(count, values[same + Column.count]!);
        const another = this.#witnesses.get(order[place]!);
        if (another !== undefined && (witness === null || another < witness)) witness = another;
      }
      const endpoint = values[at + Column.endpoint]!;
      const attribute = this.#names.text(values[at + Column.attribute]!);
      const protocol = this.#names.text(values[at + Column.protocol]!);
      if (endpoint !== touched) {
        touched = endpoint;
        touch(endpoint);
        isNew = this.#told.add(endpoint, Kind.claim);
      }
      this.#bulk.add(isNew, endpoint, attribute, this.#values[row]!, protocol, values[at + Column.via]!, first, last, count, witness);
      this.#count(endpoint);
    }
    this.#bulk.end();
  }

  clear(): void {
    this.#rows.clear();
    this.#names.clear();
    this.#values = [];
    this.#witnesses.clear();
  }

  /** Endpoints of which so many claims were written that they may have said too much, since the last call. */
  takeCrowded(): readonly number[] {
    const crowded = [...this.#crowded];
    this.#crowded.clear();
    return crowded;
  }

  #count(endpoint: number): void {
    if (endpoint >= this.#written.length) {
      const larger = new Uint16Array(Math.max(endpoint + 1, this.#written.length * 2));
      larger.set(this.#written);
      this.#written = larger;
    }
    if (++this.#written[endpoint]! < VALUES_MAX) return;
    this.#written[endpoint] = 0;
    this.#crowded.add(endpoint);
  }

  /** Of one endpoint. Any order will do that puts equal ones together. */
  readonly #compare = (a: number, b: number): number => {
    const { values } = this.#rows;
    for (let column: number = Column.attribute; column <= Column.via; column++) {
      const difference = values[a * STRIDE + column]! - values[b * STRIDE + column]!;
      if (difference !== 0) return difference;
    }
    const one = this.#values[a]!;
    const other = this.#values[b]!;
    return one < other ? -1 : one > other ? 1 : 0;
  };

  #same(a: number, b: number): boolean {
    const { values } = this.#rows;
    return values[a * STRIDE] === values[b * STRIDE] && this.#compare(a, b) === 0;
  }
}

/** Those of these attributes, as they were said of endpoints. */
export function* storedClaims(database: Engine, attributes: readonly Attribute[]): Generator<StoredClaim> {
  const statement = database.prepare(
    "SELECT endpoint, attribute, value, first, last FROM claim WHERE attribute IN (SELECT value FROM json_each(?)) ORDER BY endpoint, attribute, value, protocol, via",
  );
  statement.setReturnArrays(true);
  yield* statement.iterate(JSON.stringify(attributes)) as Iterable<unknown> as Iterable<StoredClaim>;
}
type StoredClaim = readonly [endpoint: number, attribute: Attribute, value: string, first: number, last: number];

const KEY = ["endpoint", "attribute", "value", "protocol", "via"];
const COLUMNS = [...KEY, "first", "last", "count", "witness"];
/** The least witness in the order of texts is mostly the earliest; what matters is that it does not depend on what came first. */
const JOIN = `first = min(claim.first, excluded.first), last = max(claim.last, excluded.last), ${summed("claim", "count")},
  witness = coalesce(min(claim.witness, excluded.witness), claim.witness, excluded.witness)`;
