/**
 * What was heard answering, summed over all who asked: numbers side by side, since the largest hospital has millions of conversations and
 * an object for each would take longer to clear away than to read.
 */
import type { AnsweredService } from "../../model/weakness.ts";
import type { Texts } from "./fleet-values.ts";

/** Of one address: whoever answers on more is an address of many, or a trap for scanners. */
const SERVICES_MAX = 256;
const ROWS_MIN = 1_024;

/** Columns of conversations that were answered. */
export interface Conversations {
  readonly client: readonly number[];
  readonly server: readonly number[];
  readonly transport: readonly string[];
  readonly port: readonly number[];
  readonly protocol: readonly string[];
  readonly operations: readonly string[];
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly encrypted: readonly number[];
}

const Field = { transport: 0, port: 1, protocol: 2, operations: 3, clear: 4, clients: 5, lastClient: 6, outsiders: 7, first: 8, last: 9, spoken: 10 } as const; // prettier-ignore
const STRIDE = 11;
const NONE = -1;

export class FleetServices {
  readonly #texts: Texts;
  /** The first row of each endpoint, and of each row the next one. */
  readonly #heads: Int32Array;
  #next = new Int32Array(ROWS_MIN);
  #values = new Float64Array(ROWS_MIN * STRIDE);
  #count = 0;

  constructor(texts: Texts, endpoints: number) {
    this.#texts = texts;
    this.#heads = new Int32Array(endpoints).fill(NONE);
  }

  /** One row of them; clients must come one after the other. */
  add(from: Conversations, row: number, isOutside: boolean): void {
    const values = this.#values;
    const [transport, port, protocol] = [this.#texts.of(from.transport[row]!), from.port[row]!, this.#texts.of(from.protocol[row]!)];
    const at = this.#find(from.server[row]!, transport, port, protocol) * STRIDE;
    if (at < 0) return this.#begin(from, row, isOutside);
    if (values[at + Field.lastClient] !== from.client[row]) {
      values[at + Field.clients]!++;
      if (isOutside) values[at + Field.outsiders]!++;
    }
    values[at + Field.lastClient] = from.client[row]!;
    values[at + Field.clear] = Math.max(values[at + Field.clear]!, 1 - from.encrypted[row]!);
    values[at + Field.first] = Math.min(values[at + Field.first]!, from.first[row]!);
    values[at + Field.last] = Math.max(values[at + Field.last]!, from.last[row]!);
    const operations = this.#texts.of(from.operations[row]!);
    const before = values[at + Field.operations]!;
    if (operations !== before) values[at + Field.operations] = this.#texts.joined(before, operations);
  }

  /** A protocol names a service where its server spoke it too: a client alone may say anything to any port. */
  spoken(server: number, transport: string, port: number, protocol: string): void {
    const row = this.#find(server, this.#texts.of(transport), port, this.#texts.of(protocol));
    if (row !== NONE) this.#values[row * STRIDE + Field.spoken] = 1;
  }

  *of(server: number): Generator<Omit<AnsweredService, "ip">> {
    const values = this.#values;
    for (let row = this.#heads[server]!; row !== NONE; row = this.#next[row]!) {
      const at = row * STRIDE;
      yield {
        transport: this.#texts.at(values[at + Field.transport]!),
        port: values[at + Field.port]!,
        protocol: values[at + Field.spoken] === 1 ? this.#texts.at(values[at + Field.protocol]!) : null,
        operations: this.#texts.words(values[at + Field.operations]!),
        clear: values[at + Field.clear] === 1,
        clients: values[at + Field.clients]!,
        outsiders: values[at + Field.outsiders]!,
        first: values[at + Field.first]!,
        last: values[at + Field.last]!,
      };
    }
  }

  #find(server: number, transport: number, port: number, protocol: number): number {
    const values = this.#values;
    for (let row = this.#heads[server] ?? NONE; row !== NONE; row = this.#next[row]!) {
      const at = row * STRIDE;
      if (values[at + Field.port] === port && values[at + Field.protocol] === protocol && values[at + Field.transport] === transport)
        return row;
    }
    return NONE;
  }

  /** At the end of its server's, so that they stand in the order in which they were first asked. */
  #begin(from: Conversations, row: number, isOutside: boolean): void {
    const server = from.server[row]!;
    let length = 0;
    let end = NONE;
    for (let it = this.#heads[server]!; it !== NONE; it = this.#next[it]!, length++) end = it;
    if (length >= SERVICES_MAX) return;
    const added = this.#count++;
    if (added === this.#next.length) this.#grow();
    if (end === NONE) this.#heads[server] = added;
    else this.#next[end] = added;
    this.#next[added] = NONE;
    const values = this.#values;
    const at = added * STRIDE;
    values[at + Field.transport] = this.#texts.of(from.transport[row]!);
    values[at + Field.port] = from.port[row]!;
    values[at + Field.protocol] = this.#texts.of(from.protocol[row]!);
    values[at + Field.operations] = this.#texts.of(from.operations[row]!);
    values[at + Field.clear] = 1 - from.encrypted[row]!;
    values[at + Field.clients] = 1;
    values[at + Field.outsiders] = isOutside ? 1 : 0;
    values[at + Field.lastClient] = from.client[row]!;
    values[at + Field.first] = from.first[row]!;
    values[at + Field.last] = from.last[row]!;
  }

  #grow(): void {
    const next = new Int32Array(this.#next.length * 2);
    next.set(this.#next);
    this.#next = next;
    const values = new Float64Array(this.#values.length * 2);
    values.set(this.#values);
    this.#values = values;
  }
}
