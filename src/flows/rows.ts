/** Rows as they go into the lines of batches, and the lines a tale is cut into. */
import type { AddressRow, AttemptRow, ConversationRow, ObservationRow, ProgramRow, SignalRow, Transport, Witness } from "../model/batch.ts";
import { BATCH_BYTES_MAX, BATCH_RECORDS_MAX } from "../model/batch.ts";
import type { Dose } from "../model/program.ts";
import type { ConversedTable } from "./conversed.ts";
import { NOBODY, type Hosts } from "./hosts.ts";
import type { Observed } from "./observed.ts";

/** What a record takes as JSON, about: for the limit of a batch in bytes. */
const ADDRESS_BYTES = 90;
const CONVERSATION_BYTES = 110;
const OBSERVATION_BYTES = 90;
const ATTEMPT_BYTES = 80;
const SIGNAL_BYTES = 110;
const WITNESS_BYTES = 210;
const PROGRAM_BYTES = 320;

/** A machine behind a host that was never told of. `after`: the hosts there were when it came. */
export interface NewChild {
  readonly host: number;
  readonly serial: string;
  readonly after: number;
  readonly at: number;
}

/** One step of a pump's program; `pump` is a machine behind a host. */
export interface Programmed {
  readonly at: number;
  readonly sender: number;
  readonly receiver: number;
  readonly pump: { readonly host: number; readonly serial: string | null };
  readonly dose: Dose;
  readonly witnesses: readonly Witness[];
}

export type Attempted = {
  client: number;
  server: number;
  transport: Transport;
  count: number;
  ports: number[];
  first: number;
  last: number;
};

export function childKey(gateway: number, serial: string): string {
  return `${gateway}\0${serial}`;
}

/** The rows of one line, which name addresses by their place in it. */
export class Rows {
  readonly addresses: AddressRow[] = [];
  readonly observations: ObservationRow[] = [];
  readonly conversations: ConversationRow[] = [];
  readonly attempts: AttemptRow[] = [];
  readonly signals: SignalRow[] = [];
  readonly programs: ProgramRow[] = [];

  readonly #hosts: Hosts;
  readonly #places = new Map<number, number>();
  readonly #placeOf = (host: number) => this.#place(host);
  readonly #children = new Map<string, number>();
  #bytes = 0;

  constructor(hosts: Hosts) {
    this.#hosts = hosts;
  }

  isFull(): boolean {
    const records =
      this.addresses.length +
      this.observations.length +
      this.conversations.length +
      this.attempts.length +
      this.signals.length +
      this.programs.length;
    return records >= BATCH_RECORDS_MAX || this.#bytes >= BATCH_BYTES_MAX;
  }

  touch(host: number): void {
    this.#place(host);
  }

  child({ host, serial, at }: NewChild): void {
    this.#child(host, serial, at, at);
  }

  observation({ host, serial, attribute, value, protocol, via, first, last, count }: Observed): void {
    const place = serial === null ? this.#place(host) : this.#child(host, serial, first, last);
    this.observations.push([place, attribute, value, protocol, via === NOBODY ? -1 : this.#place(via), first, last, count]);
    this.#bytes += OBSERVATION_BYTES + value.length;
  }

  conversation(conversed: ConversedTable, entry: number): void {
    this.conversations.push(conversed.row(entry, this.#placeOf));
    this.#bytes += CONVERSATION_BYTES;
  }

  attempt(it: Attempted): void {
    this.attempts.push([this.#place(it.client), this.#place(it.server), it.transport, it.count, it.ports, it.first, it.last]);
    this.#bytes += ATTEMPT_BYTES;
  }

  signal(
    [at, kind, , , segment, what, count, distinct, failed, amount]: SignalRow,
    ends: readonly [sender: number, receiver: number],
    witnesses: readonly Witness[],
  ): void {
    const [sender, receiver] = ends.map((host) => (host === NOBODY ? -1 : this.#place(host))) as [number, number];
    const counts = [at, kind, sender, receiver, segment, what, count, distinct, failed, amount] as const;
    this.signals.push(witnesses.length === 0 ? counts : [...counts, witnesses]);
    this.#bytes += SIGNAL_BYTES + witnesses.length * WITNESS_BYTES;
  }

  program({ at, sender, receiver, pump, dose, witnesses }: Programmed): void {
    const place = pump.serial === null ? this.#place(pump.host) : this.#child(pump.host, pump.serial, at, at);
    this.programs.push([at, this.#place(sender), this.#place(receiver), place, dose, witnesses]);
    this.#bytes += PROGRAM_BYTES + witnesses.length * WITNESS_BYTES;
  }

  #place(host: number): number {
    const known = this.#places.get(host);
    if (known !== undefined) return known;
    const place = this.addresses.push(this.#hosts.takeDifference(host)) - 1;
    this.#places.set(host, place);
    this.#bytes += ADDRESS_BYTES;
    return place;
  }

  #child(gateway: number, serial: string, first: number, last: number): number {
    const key = childKey(gateway, serial);
    const known = this.#children.get(key);
    if (known !== undefined) return known;
    const { mac = null, ip = null } = this.#hosts.address(gateway);
    const place = this.addresses.length;
    this.addresses.push([this.#hosts.spaceOf(gateway), mac, ip, serial, 0, 0, first, last, 0]);
    this.#children.set(key, place);
    this.#bytes += ADDRESS_BYTES;
    return place;
  }
}

/** Lines with what is said in one go. Each is sent as soon as it is full: a busy second is forty, and held at once they would be a heap to be collected. */
export class Lines {
  readonly #hosts: Hosts;
  readonly #send: (rows: Rows, isFirst: boolean, isLast: boolean) => void;
  #open: Rows;
  #isFirst = true;

  constructor(hosts: Hosts, send: (rows: Rows, isFirst: boolean, isLast: boolean) => void) {
    this.#hosts = hosts;
    this.#send = send;
    this.#open = new Rows(hosts);
  }

  /** A line with room for another row. */
  room(): Rows {
    if (this.#open.isFull()) {
      this.#send(this.#open, this.#isFirst, false);
      this.#isFirst = false;
      this.#open = new Rows(this.#hosts);
    }
    return this.#open;
  }

  end(): void {
    this.#send(this.#open, this.#isFirst, true);
  }
}
