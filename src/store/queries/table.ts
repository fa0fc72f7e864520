/**
 * The table of devices as it is filtered, sorted, counted and paged.
 *
 * At 350,000 devices SQLite takes 100 to 400 ms for a walk over their rows, and there is one for each new filter, order and count; an
 * index for each column would be written a thousand times for each time it is read. So what can be asked about lies here in columns:
 * texts once each with a number in every row, numbers as numbers, and one long text that is searched for words. It is loaded in
 * steps, since that takes a second; a page's rows come from the store, as they are now.
 */
import { ipWords } from "../../bytes/address.ts";
import { CARE_CLASSES, FILED, LEAD_ASSERTED, LEAD_PROBABLY, SURENESS, WEIGHED } from "../../model/device.ts";
import type { DevicePage, DeviceQuery, Facet } from "../../model/store.ts";
import { BadQuery } from "../../model/store.ts";
import { asksAbout, fieldNamed, parseFilter, valueTests } from "../../model/filter.ts";
import type { Field, Filter, Network, Order, Test } from "../../model/filter.ts";
import type { Store } from "../reader.ts";
import { and, Column, or, ordered, Search, Values } from "./columns.ts";
import type { Mask } from "./columns.ts";
import { sortKey } from "../order.ts";
import { endOf } from "./days.ts";
import { summariesOf } from "./device.ts";

const ROWS_A_STEP = 2_000;
export const PAGE_MAX = 1_000;
/** Lists of matching rows that are kept: 1.4 MB each in the largest hospital. One page asks for its rows and a few counts. */
const ANSWERS_MAX = 12;
/** More values part nothing for a person. */
const FACET_VALUES_MAX = 1_000;

const TEXTS = ["name", ...WEIGHED, ...FILED, "care", "sure", "standing"] as const;
type TextName = (typeof TEXTS)[number];
const NUMBERS = ["services", "peers", "frames", "bytes", "first", "last"] as const;
type NumberName = (typeof NUMBERS)[number];
const SORTED_BY: readonly Field[] = [...TEXTS, ...NUMBERS, "ip", "id"];
/** What the heads of the page's table sort by. Each order takes 1.4 MB in the largest hospital. */
const SORTED_OFTEN: readonly Field[] = [
  "care",
  "name",
  "kind",
  "location",
  "ip",
  "os",
  "last",
  "first",
  "services",
  "peers",
  "controlNumber",
];
const PARTED_BY: readonly Field[] = ["care", "kind", "sure", "maker", "model", "os", "software", "location", "owner", "status", "standing"];
/** An order of their own, where letters have none. */
const IN_ORDER: Partial<Record<TextName, readonly string[]>> = { care: CARE_CLASSES, sure: SURENESS };

const READ = ["id", "name", "name_key", ...WEIGHED, ...FILED, "care", "sure", "standing", ...NUMBERS, "words", "macs", "ips"] as const;
/** Of what is not known, "other" would be a care class nobody knows. Each column of a step is one JSON list: a value at a time would cost five times as much. */
const STEP = `
  SELECT ${READ.map((it) => `json_group_array(${it}) AS ${it}`).join(", ")}
  FROM (
    SELECT id, name, name_key, ${WEIGHED.map((it) => `iif(${it}_lead >= ${LEAD_PROBABLY}, ${it}, '') AS ${it}`).join(", ")},
      ${FILED.map((it) => `coalesce(${it}, '') AS ${it}`).join(", ")},
      iif(life_critical = 'other' AND coalesce(kind_lead, 0) < ${LEAD_PROBABLY}, '', life_critical) AS care, standing, ${NUMBERS.join(", ")}, ips, words, macs,
      CASE WHEN kind_lead >= ${LEAD_ASSERTED} THEN 'known' WHEN kind_lead >= ${LEAD_PROBABLY} THEN 'probably' ELSE 'unknown' END AS sure
    FROM device WHERE id > ? ORDER BY id LIMIT ${ROWS_A_STEP}) AS listed`;
type Step = Readonly<Record<(typeof READ)[number], string>>;

export class DeviceTable {
  readonly #end: number;
  readonly #ids = new Column(Uint32Array);
  readonly #texts = Object.fromEntries(TEXTS.map((name) => [name, new Values(name !== "name")])) as Record<TextName, Values>;
  readonly #numbers = Object.fromEntries(NUMBERS.map((name) => [name, new Column(Float64Array)])) as Record<NumberName, Column>;
  readonly #words = new Search();
  readonly #macs = new Search();
  readonly #ips = new Search();
  /** Four words for each address; a row has those from its place in `#addressAt` to the next row's. */
  readonly #addresses = new Column(Uint32Array);
  readonly #addressAt = new Column(Uint32Array);
  readonly #orders = new Map<string, Uint32Array>();
  readonly #answers = new Map<string, Uint32Array>();

  /** Loads in steps; whoever drives it may do something else between them. */
  static *load(store: Store): Generator<undefined, DeviceTable> {
    const table = new DeviceTable(endOf(store) ?? 0);
    for (let last = 0; ;) {
      const ids = table.#add(store.get<Step>(STEP, last)!);
      if (ids.length === 0) break;
      last = ids.at(-1)!;
      yield;
    }
    // The order one sees first.
    table.#order("care", false);
    return table;
  }

  /** Finds the orders a person may ask for before anybody does; whoever drives it may do something else between them. */
  *prepare(): Generator<undefined> {
    for (const field of SORTED_OFTEN) {
      if (isText(field)) yield* this.#texts[field].place();
      this.#order(field, false);
      yield;
    }
  }

  private constructor(end: number) {
    this.#end = end;
    this.#addressAt.add([0]);
  }

  page(store: Store, query: DeviceQuery): DevicePage {
    const sort = fieldNamed(query.sort, undefined, SORTED_BY, "a field to sort by");
    if (!(query.limit <= PAGE_MAX)) throw new BadQuery(`expected at most ${PAGE_MAX} rows at once, got ${query.limit}`);
    // Who only counts needs no order.
    const matching = query.limit === 0 ? this.#matching(query.filter, "id", false) : this.#matching(query.filter, sort, query.descending);
    const ids = [...matching.subarray(query.offset, query.offset + query.limit)].map((row) => this.#ids.values[row]!);
    const instead = matching.length === 0 ? this.#instead(query.filter) : undefined;
    return {
      total: this.#total(query.filter),
      matching: matching.length,
      rows: summariesOf(store, ids),
      ...(instead === undefined ? {} : { instead }),
    };
  }

  /** The filter with a value devices have, in place of the first that none has. */
  #instead(text: string): string | undefined {
    const filter = parseFilter(text);
    for (const { field, values } of filter === null ? [] : valueTests(filter))
      for (const value of values) {
        if (value === "" || field === "id" || this.#texts[field].has(value)) continue;
        const near = this.#texts[field].near(value);
        const asked = new RegExp(`\\b${field}\\s*=\\s*(?:"${literal(value)}"|${literal(value)}(?![^\\s()=~<>!,"]))`, "iu");
        if (near !== undefined && asked.test(text)) return text.replace(asked, () => `${field} ${near.op} "${near.text}"`);
      }
    return undefined;
  }

  facets(filter: string, fields: readonly string[]): Facet[] {
    const names = fields.map((field) => fieldNamed(field, undefined, PARTED_BY, "a field to count") as TextName);
    const rows = this.#matching(filter, "id", false);
    return names.map((field) => ({ field, values: this.#texts[field].counts(rows).slice(0, FACET_VALUES_MAX) }));
  }

  #add(step: Step): readonly number[] {
    const ids = JSON.parse(step.id) as number[];
    if (ids.length === 0) return ids;
    this.#ids.add(ids);
    for (const name of TEXTS) {
      const texts = JSON.parse(step[name]) as string[];
      const order = IN_ORDER[name];
      const keys =
        name === "name"
          ? (JSON.parse(step.name_key) as string[])
          : name === "location"
            ? texts.map(sortKey)
            : order && texts.map((it) => String(order.indexOf(it)));
      this.#texts[name].add(texts, keys);
    }
    for (const name of NUMBERS) this.#numbers[name].add(JSON.parse(step[name]) as number[]);
    const words: number[] = [];
    const ends: number[] = [];
    const ips = JSON.parse(step.ips) as string[];
    for (const list of ips) {
      for (const ip of JSON.parse(list) as string[]) words.push(...(ipWords(ip)?.words ?? NO_ADDRESS));
      ends.push((this.#addresses.length + words.length) / 4);
    }
    this.#addresses.add(words);
    this.#addressAt.add(ends);
    this.#words.add(JSON.parse(step.words) as string[]);
    this.#macs.add(JSON.parse(step.macs) as string[]);
    this.#ips.add(ips);
    return ids;
  }

  /** Of which those that match are a part: the devices, and what matches besides where others are asked for. */
  #total(text: string): number {
    const devices = this.#matching("", "id", false).length;
    const filter = parseFilter(text);
    if (filter === null || !asksAbout(filter, "standing")) return devices;
    const machines = this.#machines();
    return devices + this.#matching(text, "id", false).filter((row) => machines[row] === 0).length;
  }

  /**
   * Rows that match, in order. Groups are nobody's machine, and peers outside (web sites, clouds) are not the hospital's: they match
   * only when a filter asks for `standing`.
   */
  #matching(text: string, sort: Field, descending: boolean): Uint32Array {
    const key = JSON.stringify([text, sort, descending]);
    const known = this.#answers.get(key);
    this.#answers.delete(key);
    const answer = known ?? this.#answered(parseFilter(text), this.#order(sort, descending));
    this.#answers.set(key, answer);
    if (this.#answers.size > ANSWERS_MAX) this.#answers.delete(this.#answers.keys().next().value!);
    return answer;
  }

  #answered(filter: Filter | null, order: Uint32Array): Uint32Array {
    const mask = filter === null ? this.#machines() : this.#mask(filter);
    if (filter !== null && !asksAbout(filter, "standing")) and(mask, this.#machines());
    const rows = new Uint32Array(order.length);
    let length = 0;
    for (let at = 0; at < order.length; at++) if (mask[order[at]!] === 1) rows[length++] = order[at]!;
    return rows.slice(0, length);
  }

  #machines(): Mask {
    return this.#texts.standing.mask((standing) => standing !== "group" && standing !== "outside");
  }

  #mask(filter: Filter): Mask {
    switch (filter.kind) {
      case "and":
      case "or": {
        const [first, ...others] = filter.parts;
        const mask = this.#mask(first!);
        for (const part of others) (filter.kind === "and" ? and : or)(mask, this.#mask(part));
        return mask;
      }
      case "not":
        return this.#mask(filter.part).map((it) => 1 - it);
      default:
        return this.#test(filter);
    }
  }

  #test(test: Test): Mask {
    switch (test.kind) {
      case "word":
        return this.#words.mask(test.text);
      case "is": {
        const { field, values } = test;
        if (field === "id") return this.#rows((row) => values.includes(`d${this.#ids.values[row]!}`));
        return this.#texts[field].mask((text) => values.includes(text));
      }
      case "contains": {
        const { field, text } = test;
        if (field === "id") return this.#rows((row) => `d${this.#ids.values[row]!}`.includes(text));
        if (field === "ip" || field === "mac") return (field === "ip" ? this.#ips : this.#macs).mask(text);
        return this.#texts[field].mask((it) => it.includes(text));
      }
      case "network":
        return test.networks.map((network) => this.#inNetwork(network)).reduce(or);
      case "card":
        // The column is a JSON list: what stands after a quote is a beginning.
        return test.starts.map((start) => this.#macs.mask(start === "" ? "[]" : `"${start}`)).reduce(or);
      case "number":
        return this.#compare(test.field, test.op, test.value);
      case "time":
        // Younger than an age is later than a moment.
        return test.from === "epoch"
          ? this.#compare(test.field, test.op, test.value)
          : this.#compare(test.field, TURNED[test.op], this.#end - test.value);
    }
  }

  #compare(field: NumberName, op: Order | "=", than: number): Mask {
    const { values } = this.#numbers[field];
    switch (op) {
      case "<":
        return this.#rows((row) => values[row]! < than);
      case "<=":
        return this.#rows((row) => values[row]! <= than);
      case ">":
        return this.#rows((row) => values[row]! > than);
      case ">=":
        return this.#rows((row) => values[row]! >= than);
      case "=":
        return this.#rows((row) => values[row] === than);
    }
  }

  #inNetwork(network: Network | null): Mask {
    if (network === null) return this.#rows((row) => !this.#hasAddress(row));
    const masks = [0, 1, 2, 3].map((word) => maskOf(network.bits + (network.family === 4 ? 96 : 0) - 32 * word));
    const wanted = network.words.map((word, at) => (word & masks[at]!) >>> 0);
    // A version 4 address has zeros before it, as no version 6 address of a machine has.
    const agrees = (address: number) =>
      wanted.every((word, at) => (this.#addresses.values[address * 4 + at]! & masks[at]!) >>> 0 === word) &&
      (this.#addresses.values[address * 4] === 0) === (network.family === 4);
    return this.#rows((row) => {
      for (let address = this.#addressAt.values[row]!; address < this.#addressAt.values[row + 1]!; address++)
        if (agrees(address)) return true;
      return false;
    });
  }

  #hasAddress(row: number): boolean {
    return this.#addressAt.values[row]! < this.#addressAt.values[row + 1]!;
  }

  #rows(matches: (row: number) => boolean): Mask {
    const mask = new Uint8Array(this.#ids.length);
    for (let row = 0; row < mask.length; row++) if (matches(row)) mask[row] = 1;
    return mask;
  }

  /** Every row; equal ones by id, and what is not known at the end, either way round. */
  #order(sort: Field, descending: boolean): Uint32Array {
    const key = `${sort} ${descending}`;
    let order = this.#orders.get(key);
    if (order === undefined) this.#orders.set(key, (order = ordered(this.#ids.length, this.#keys(sort, descending))));
    return order;
  }

  /** What a row is ordered by: 32-bit words, the least significant first. */
  #keys(sort: Field, descending: boolean): readonly ((row: number) => number)[] {
    const turned = (word: number) => (descending ? 0xffff_ffff - word : word);
    if (sort === "id" || isNumber(sort)) {
      const { values } = sort === "id" ? this.#ids : this.#numbers[sort];
      // The rest of a division is found faster so than by `%`.
      const upper = (row: number) => Math.floor(values[row]! / 2 ** 32);
      return [(row) => turned(values[row]! - upper(row) * 2 ** 32), (row) => turned(upper(row))];
    }
    if (sort === "ip")
      return [
        ...[3, 2, 1, 0].map(
          (word) => (row: number) => turned(this.#hasAddress(row) ? this.#addresses.values[this.#addressAt.values[row]! * 4 + word]! : 0),
        ),
        (row: number) => (this.#hasAddress(row) ? 0 : 1),
      ];
    const ranks = this.#texts[sort as TextName].ranks(descending);
    const { values } = this.#texts[sort as TextName].codes;
    return [(row) => ranks[values[row]!]!];
  }
}

/** In a pattern. */
function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

const NO_ADDRESS = [0, 0, 0, 0];
const TURNED = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;

function isText(field: Field): field is TextName {
  return (TEXTS as readonly string[]).includes(field);
}

function isNumber(field: Field): field is NumberName {
  return (NUMBERS as readonly string[]).includes(field);
}

/** The upper `bits` of a 32-bit word. */
function maskOf(bits: number): number {
  return bits <= 0 ? 0 : bits >= 32 ? 0xffff_ffff : (0xffff_ffff << (32 - bits)) >>> 0;
}
