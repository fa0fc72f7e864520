/**
 * What was said since it was last told, each thing once with how often. Numbers in typed arrays, since a busy second says a hundred
 * thousand things and an object for each would keep the garbage collector from everything else.
 */
import { attributes, type Attribute } from "../model/observation.ts";
import { hashText, mix } from "./hash.ts";

/** While the core is slow things add up in place; different ones beyond this are let go and counted. */
const ENTRIES_MAX = 262_144;
const INDEX_SIZE = 1 << 18;
const STRIDE = 12;
const Word = { next: 0, hash: 1, host: 2, serial: 3, attribute: 4, protocol: 5, via: 7, count: 8 } as const;
/** Float of the time it was first said; the last time is `count`'s neighbor, kept as microseconds after the first. */
const FIRST = 5;

const ATTRIBUTES = Object.keys(attributes) as readonly Attribute[];
const ATTRIBUTE_NUMBERS: ReadonlyMap<Attribute, number> = new Map(ATTRIBUTES.map((name, index) => [name, index]));

export interface Observed {
  readonly host: number;
  /** Serial of a machine behind the host; null when it is about the host itself. */
  readonly serial: string | null;
  readonly attribute: Attribute;
  readonly value: string;
  readonly protocol: string;
  readonly via: number;
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

export class ObservedTable {
  size = 0;

  readonly #words = new Uint32Array((ENTRIES_MAX + 1) * STRIDE);
  readonly #floats = new Float64Array(this.#words.buffer);
  readonly #index = new Uint32Array(INDEX_SIZE);
  /** By entry: what was said. Most values are one machine's own, so they are compared, not numbered. */
  readonly #values: string[] = [""];
  /** Of protocols and of machines behind others. */
  readonly #texts: string[] = [""];
  readonly #numbers = new Map<string, number>([["", 0]]);
  #refused = 0;
  /** Messages of one protocol come in runs, and say several things each. */
  #protocol = "";
  #protocolNumber = 0;

  /** `serial`: null for the host itself. */
  add(host: number, serial: string | null, attribute: Attribute, value: string, protocol: string, via: number, at: number): void {
    if (serial !== null && this.size >= ENTRIES_MAX && !this.#numbers.has(serial)) {
      this.#refused++;
      return;
    }
    const words = this.#words;
    const serialNumber = serial === null ? 0 : this.#number(serial);
    const attributeNumber = ATTRIBUTE_NUMBERS.get(attribute)!;
    const valueHash = hashText(value);
    if (protocol !== this.#protocol) {
      this.#protocol = protocol;
      this.#protocolNumber = this.#number(protocol);
    }
    const protocolNumber = this.#protocolNumber;
    const hash = mix(
      mix(Math.imul(host, 31) ^ valueHash, Math.imul(attributeNumber, 0x9e3779b1) ^ via),
      Math.imul(protocolNumber, 7) ^ (serialNumber << 8),
    );
    const bucket = hash & (INDEX_SIZE - 1);
    for (let entry = this.#index[bucket]!; entry !== 0; entry = words[entry * STRIDE]!) {
      const base = entry * STRIDE;
      if (
        words[base + Word.hash] === hash &&
        words[base + Word.host] === host &&
        this.#values[entry] === value &&
        words[base + Word.attribute] === attributeNumber &&
        words[base + Word.via] === via &&
        words[base + Word.protocol] === protocolNumber &&
        words[base + Word.serial] === serialNumber
      ) {
        words[base + Word.count]!++;
        this.#last(base, at);
        return;
      }
    }
    if (this.size >= ENTRIES_MAX) {
      this.#refused++;
      return;
    }
    const entry = ++this.size;
    const base = entry * STRIDE;
    words[base] = this.#index[bucket]!;
    this.#index[bucket] = entry;
    words[base + Word.hash] = hash;
    words[base + Word.host] = host;
    words[base + Word.serial] = serialNumber;
    words[base + Word.attribute] = attributeNumber;
    words[base + Word.protocol] = protocolNumber;
    this.#values[entry] = value;
    words[base + Word.via] = via;
    words[base + Word.count] = 1;
    this.#floats[(base >>> 1) + FIRST] = at;
    words[base + LAST] = 0;
  }

  host(entry: number): number {
    return this.#words[entry * STRIDE + Word.host]!;
  }

  /** Number `entry`, from 1, in the order they first came. */
  at(entry: number): Observed {
    const words = this.#words;
    const base = entry * STRIDE;
    const serial = words[base + Word.serial]!;
    const first = this.#floats[(base >>> 1) + FIRST]!;
    return {
      host: words[base + Word.host]!,
      serial: serial === 0 ? null : this.#texts[serial]!,
      attribute: ATTRIBUTES[words[base + Word.attribute]!]!,
      value: this.#values[entry]!,
      protocol: this.#texts[words[base + Word.protocol]!]!,
      via: words[base + Word.via]!,
      first,
      last: first + words[base + LAST]!,
      count: words[base + Word.count]!,
    };
  }

  /** All of it was told. */
  clear(): void {
    const words = this.#words;
    for (let entry = 1; entry <= this.size; entry++) this.#index[words[entry * STRIDE + Word.hash]! & (INDEX_SIZE - 1)] = 0;
    this.size = 0;
    this.#values.length = 1;
    if (this.#texts.length > TEXTS_KEPT_MAX) {
      this.#texts.length = 1;
      this.#numbers.clear();
      this.#numbers.set("", 0);
      this.#protocol = "";
      this.#protocolNumber = 0;
    }
  }

  /** Things let go because there were too many, since the last call. */
  takeRefused(): number {
    const taken = this.#refused;
    this.#refused = 0;
    return taken;
  }

  #last(base: number, at: number): void {
    // Held for more than an hour only when nobody takes what we tell: then the last time is a little early.
    this.#words[base + LAST] = Math.min(at - this.#floats[(base >>> 1) + FIRST]!, 0xffff_ffff);
  }

  #number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#texts.push(text) - 1;
    this.#numbers.set(text, number);
    return number;
  }
}

const LAST = 9;
/** Texts that are kept from one time to the next: machines behind others are few. */
const TEXTS_KEPT_MAX = 100_000;
