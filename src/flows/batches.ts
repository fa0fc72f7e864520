/**
 * What has been heard since the last batches, as differences, and the lines it becomes.
 *
 * It is told on packet time or when it has grown too large, never on wall time, so the same file gives the same batches. A busy second
 * is worth waiting for its end: what repeats adds up in place instead of being told again, and what does not fit in one batch follows
 * in the next.
 */
import type {
  AddressRow,
  AttemptRow,
  Batch,
  ConversationRow,
  FrameCounts,
  LossCounts,
  ObservationRow,
  SignalRow,
  Transport,
} from "../model/batch.ts";
import { BATCH_BYTES_MAX, BATCH_RECORDS_MAX, BATCH_SCHEMA } from "../model/batch.ts";
import type { Attribute } from "../model/observation.ts";
import { ConversedTable, transportOf } from "./conversed.ts";
import { NOBODY, type Hosts } from "./hosts.ts";
import { ObservedTable, type Observed } from "./observed.ts";
import type { Spoken } from "./spoken.ts";
import type { FlowTable } from "./table.ts";
import type { Verbs } from "./verbs.ts";

/** What a record takes as JSON, about: for the limit of a batch in bytes. */
const ADDRESS_BYTES = 90;
const CONVERSATION_BYTES = 110;
const OBSERVATION_BYTES = 90;
const ATTEMPT_BYTES = 80;
const SIGNAL_BYTES = 90;
/** What is held until it is told: hosts, flows and what was said are numbers in tables, attempts and signals are objects. */
const HELD_MAX = 131_072;
const HELD_OBJECTS_MAX = 20_000;
/** While the core is slow, or in a jump of time that ends many flows at once: beyond so many what is new is let go and counted. */
const HELD_OBJECTS_LAST = 262_144;
/** The first ports of each pair. */
const ATTEMPT_PORTS_MAX = 8;
/** Machines behind others that are remembered as told; beyond them new ones are told in the order of the batch they came in. */
const CHILDREN_MAX = 100_000;

export interface Part {
  readonly site: string;
  readonly sensor: string;
  readonly run: string;
  readonly input: string;
  /** Batches up to this sequence are stored already and are not sent again. */
  readonly skipTo: number;
}

/** Somebody spoken of: a host, or a machine behind it known by a serial. */
export interface Subject {
  readonly host: number;
  readonly serial: string | null;
}

/** A machine behind a host that was never told of. `after`: the hosts there were when it came. */
interface NewChild {
  readonly host: number;
  readonly serial: string;
  readonly after: number;
  readonly at: number;
}

type Attempted = { client: number; server: number; transport: Transport; count: number; ports: number[]; first: number; last: number };

export class Batches {
  /** Counts up with each seal: stamps what has something to tell in the open one. From 1. */
  stamp = 1;
  /** Packet time at which the open one began, -1 while it is empty: clocks that were never set begin at 0. */
  from = -1;

  readonly #hosts: Hosts;
  readonly #send: (batch: Batch) => void;
  #part: Part | undefined;
  #sequence = 0;
  readonly #observed = new ObservedTable();
  readonly #conversed: ConversedTable;
  readonly #attempted = new Map<string, Attempted>();
  #signals: { row: SignalRow; sender: number; receiver: number }[] = [];
  #touched = new Uint32Array(HELD_MAX);
  #touchedCount = 0;
  #refused = { attempts: 0, signals: 0 };
  /** Hosts up to this one were told of. */
  #toldTo = 0;
  readonly #children = new Set<string>();
  readonly #newChildren = new Map<string, NewChild>();

  constructor(hosts: Hosts, spoken: Spoken, verbs: Verbs, send: (batch: Batch) => void) {
    this.#hosts = hosts;
    this.#conversed = new ConversedTable(spoken, verbs);
    this.#send = send;
  }

  begin(part: Part): void {
    this.#part = part;
    this.#sequence = 0;
  }

  /** Time to tell, `flows` among it. */
  isFull(flows: number): boolean {
    return (
      flows >= HELD_MAX ||
      this.#touchedCount >= HELD_MAX ||
      this.#observed.size >= HELD_MAX ||
      this.#attempted.size + this.#signals.length >= HELD_OBJECTS_MAX
    );
  }

  get hasSignals(): boolean {
    return this.#signals.length > 0;
  }

  /** A host has something to tell in this batch. Called once for each. */
  touch(host: number): void {
    if (this.#touchedCount === this.#touched.length) {
      const larger = new Uint32Array(this.#touched.length * 2);
      larger.set(this.#touched);
      this.#touched = larger;
    }
    this.#touched[this.#touchedCount++] = host;
  }

  observe(about: Subject, attribute: Attribute, value: string, protocol: string, via: number, at: number): void {
    if (about.serial !== null) this.#child(about.host, about.serial, at);
    this.#observed.add(about.host, about.serial, attribute, value, protocol, via, at);
  }

  /** What was let go because too much was held, since the last call: how often, by the name of its limit. */
  takeRefused(): readonly (readonly [limit: string, count: number])[] {
    const { attempts, signals } = this.#refused;
    this.#refused = { attempts: 0, signals: 0 };
    return [
      ["observations", this.#observed.takeRefused()],
      ["conversations", this.#conversed.takeRefused()],
      ["attempts", attempts],
      ["signals", signals],
    ];
  }

  /** What the flow that begins at `base` of its table has to tell; `spoken` as `ConversationRow` has it. */
  converse(flows: FlowTable, base: number, spoken: number): void {
    this.#conversed.add(flows, base, spoken);
  }

  /** `ipProtocol`: TCP, SCTP or ICMP by the number IP gives it. */
  attempt(client: number, server: number, ipProtocol: number, port: number, first: number, last: number): void {
    const transport = transportOf(ipProtocol);
    const key = `${client} ${server} ${transport}`;
    const known = this.#attempted.get(key);
    if (known === undefined) {
      if (this.#attempted.size >= HELD_OBJECTS_LAST) return void this.#refused.attempts++;
      this.#attempted.set(key, { client, server, transport, count: 1, ports: [port], first, last });
      return;
    }
    known.count++;
    known.first = Math.min(known.first, first);
    known.last = Math.max(known.last, last);
    if (known.ports.length < ATTEMPT_PORTS_MAX && !known.ports.includes(port)) known.ports.push(port);
  }

  /** `sender` and `receiver` are hosts, NOBODY where they do not apply. */
  signal(
    kind: SignalRow[1],
    at: number,
    sender: number,
    receiver: number,
    segment: string,
    count: number,
    distinct: number,
    failed: number,
    peak: number,
  ): void {
    if (this.#signals.length >= HELD_OBJECTS_LAST) return void this.#refused.signals++;
    this.#signals.push({ row: [at, kind, -1, -1, segment, count, distinct, failed, peak], sender, receiver });
  }

  #child(host: number, serial: string, at: number): void {
    const key = childKey(host, serial);
    if (this.#children.has(key) || this.#children.size >= CHILDREN_MAX) return;
    this.#children.add(key);
    this.#newChildren.set(key, { host, serial, after: this.#hosts.count, at });
  }

  /** Those that came before any host that is still to be told of. */
  #tellChildren(room: () => Rows): void {
    for (const [key, child] of this.#newChildren) {
      if (child.after > this.#toldTo) return;
      room().child(child);
      this.#newChildren.delete(key);
    }
  }

  /**
   * Sends what is in it. `end`: the part's last. Whoever was never told of is told in the order of arrival, whatever rows name them first:
   * the core numbers them as they come, and where a batch ends must change no number.
   */
  seal(to: number, frames: FrameCounts, loss: LossCounts, end: boolean): void {
    // Sent as soon as it is full: a busy second is forty batches, and held at once they would be a heap to be collected.
    let open = new Rows(this.#hosts);
    let isFirst = true;
    const send = (last: boolean) => {
      this.#sendRows(open, to, isFirst ? frames : { ...NO_FRAMES, lastFrame: frames.lastFrame }, isFirst ? loss : NO_LOSS, end && last);
      isFirst = false;
    };
    const room = () => {
      if (open.isFull()) {
        send(false);
        open = new Rows(this.#hosts);
      }
      return open;
    };
    const arrived = (host: number) => {
      if (this.#newChildren.size > 0) this.#tellChildren(room);
      while (this.#toldTo < host) {
        room().touch(++this.#toldTo);
        if (this.#newChildren.size > 0) this.#tellChildren(room);
      }
    };
    // Both lists are in order of time, so in step most of what is said and done by one machine names it once.
    const observed = this.#observed;
    const conversed = this.#conversed;
    const steps = Math.ceil(Math.max(observed.size, conversed.size) / STEP);
    for (let step = 0; step < steps; step++) {
      for (let at = share(observed.size, step, steps); at < share(observed.size, step + 1, steps); at++) {
        const row = observed.at(at + 1);
        const child = row.serial === null ? undefined : this.#newChildren.get(childKey(row.host, row.serial));
        arrived(Math.max(row.host, row.via, child?.after ?? 0));
        room().observation(row);
      }
      for (let entry = 1 + share(conversed.size, step, steps); entry <= share(conversed.size, step + 1, steps); entry++) {
        arrived(Math.max(conversed.client(entry), conversed.server(entry)));
        room().conversation(conversed, entry);
      }
    }
    arrived(this.#hosts.count);
    for (const it of this.#attempted.values()) room().attempt(it);
    for (const it of this.#signals) room().signal(it.row, it.sender, it.receiver);
    for (let at = 0; at < this.#touchedCount; at++) {
      const host = this.#touched[at]!;
      if (this.#hosts.hasDifference(host)) room().touch(host);
    }

    send(true);
    this.#touchedCount = 0;
    this.#signals = [];
    this.#observed.clear();
    this.#conversed.clear();
    this.#attempted.clear();
    this.from = -1;
    this.stamp++;
  }

  #sendRows(rows: Rows, to: number, frames: FrameCounts, loss: LossCounts, end: boolean): void {
    const part = this.#part!;
    if (++this.#sequence <= part.skipTo) return;
    this.#send({
      schema: BATCH_SCHEMA,
      site: part.site,
      sensor: part.sensor,
      run: part.run,
      sequence: this.#sequence,
      input: part.input,
      from: this.from < 0 ? to : this.from,
      to,
      ...(end ? { end: true as const } : {}),
      frames,
      addresses: rows.addresses,
      observations: rows.observations,
      conversations: rows.conversations,
      attempts: rows.attempts,
      signals: rows.signals,
      loss,
    });
  }
}

const STEP = 64;

function childKey(gateway: number, serial: string): string {
  return `${gateway}\0${serial}`;
}

function share(length: number, step: number, steps: number): number {
  return Math.floor((length * step) / steps);
}

const NO_FRAMES: FrameCounts = {
  frames: 0,
  bytes: 0,
  lastFrame: 0,
  duplicates: 0,
  routedCopies: 0,
  cut: 0,
  timeBackwards: 0,
  malformed: {},
  unheard: {},
  broadcast: 0,
  multicast: 0,
  flowsTwoWay: 0,
  flowsOneWay: 0,
};
const NO_LOSS: LossCounts = { drops: 0, gaps: 0, gapBytes: 0, limits: {} };

/** The rows of one line, which name addresses by their place in it. */
class Rows {
  readonly addresses: AddressRow[] = [];
  readonly observations: ObservationRow[] = [];
  readonly conversations: ConversationRow[] = [];
  readonly attempts: AttemptRow[] = [];
  readonly signals: SignalRow[] = [];

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
      this.addresses.length + this.observations.length + this.conversations.length + this.attempts.length + this.signals.length;
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

  signal(row: SignalRow, sender: number, receiver: number): void {
    const [at, kind, , , ...rest] = row;
    this.signals.push([at, kind, sender === NOBODY ? -1 : this.#place(sender), receiver === NOBODY ? -1 : this.#place(receiver), ...rest]);
    this.#bytes += SIGNAL_BYTES;
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
