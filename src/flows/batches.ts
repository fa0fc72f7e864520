/**
 * What has been heard since the last batches, as differences, and the lines it becomes.
 *
 * It is told on packet time or when it has grown too large, never on wall time, so the same file gives the same batches. A busy second
 * is worth waiting for its end: what repeats adds up in place instead of being told again, and what does not fit in one batch follows
 * in the next.
 */
import type { Batch, FrameCounts, LossCounts, SignalRow, Witness } from "../model/batch.ts";
import { BATCH_RECORDS_MAX, BATCH_SCHEMA, NO_FRAMES, NO_LOSS } from "../model/batch.ts";
import type { Attribute } from "../model/observation.ts";
import { ConversedTable, transportOf } from "./conversed.ts";
import type { Hosts } from "./hosts.ts";
import { ObservedTable } from "./observed.ts";
import { childKey, Lines, type Attempted, type NewChild, type Programmed, type Rows } from "./rows.ts";
import type { Spoken } from "./spoken.ts";
import type { FlowTable } from "./table.ts";
import type { Verbs } from "./verbs.ts";

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
  #signals: { row: SignalRow; sender: number; receiver: number; witnesses: readonly Witness[] }[] = [];
  #programs: Programmed[] = [];
  #touched = new Uint32Array(HELD_MAX);
  #touchedCount = 0;
  #refused = { attempts: 0, signals: 0, programs: 0 };
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
      this.#attempted.size + this.#signals.length + this.#programs.length >= HELD_OBJECTS_MAX
    );
  }

  /** Everything, `flows` among it, in about one batch. */
  fitsOne(flows: number): boolean {
    return (
      flows + this.#touchedCount + this.#observed.size + this.#attempted.size + this.#signals.length + this.#programs.length <=
      BATCH_RECORDS_MAX
    );
  }

  get hasSignals(): boolean {
    return this.#signals.length > 0 || this.#programs.length > 0;
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
    const { attempts, signals, programs } = this.#refused;
    this.#refused = { attempts: 0, signals: 0, programs: 0 };
    return [
      ["observations", this.#observed.takeRefused()],
      ["conversations", this.#conversed.takeRefused()],
      ["attempts", attempts],
      ["signals", signals],
      ["programs", programs],
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
    [kind, sender, receiver]: readonly [kind: SignalRow[1], sender: number, receiver: number],
    at: number,
    segment: string,
    what: string,
    count: number,
    distinct: number,
    failed: number,
    amount: number,
    witnesses: readonly Witness[] = [],
  ): void {
    if (this.#signals.length >= HELD_OBJECTS_LAST) return void this.#refused.signals++;
    const row: SignalRow = [at, kind, -1, -1, segment, what, count, distinct, failed, amount];
    this.#signals.push({ row, sender, receiver, witnesses });
  }

  program(it: Programmed): void {
    if (this.#programs.length >= HELD_OBJECTS_LAST) return void this.#refused.programs++;
    this.#child(it.pump.host, it.pump.serial!, it.at);
    this.#programs.push(it);
  }

  #child(host: number, serial: string, at: number): void {
    const key = childKey(host, serial);
    if (this.#children.has(key) || this.#children.size >= CHILDREN_MAX) return;
    this.#children.add(key);
    this.#newChildren.set(key, { host, serial, after: this.#hosts.count, at });
  }

  /** Machines behind others that came before any host that is still to be told of. */
  #tellChildren(lines: Lines): void {
    for (const [key, child] of this.#newChildren) {
      if (child.after > this.#toldTo) return;
      lines.room().child(child);
      this.#newChildren.delete(key);
    }
  }

  /**
   * Whoever was never told of is told in the order of arrival, up to `host`, whatever rows name them first: the core numbers them as
   * they come, and where a batch ends must change no number.
   */
  #arrived(host: number, lines: Lines): void {
    if (this.#newChildren.size > 0) this.#tellChildren(lines);
    while (this.#toldTo < host) {
      lines.room().touch(++this.#toldTo);
      if (this.#newChildren.size > 0) this.#tellChildren(lines);
    }
  }

  /** Sends the signals alone, which cannot wait; what else is held stays held. */
  tellSignals(to: number, lastFrame: number): void {
    const lines = new Lines(this.#hosts, (rows) => this.#sendRows(rows, to, { ...NO_FRAMES, lastFrame }, NO_LOSS, false));
    this.#signalRows(lines);
    lines.end();
  }

  #signalRows(lines: Lines): void {
    for (const { row, sender, receiver, witnesses } of this.#signals) {
      this.#arrived(Math.max(sender, receiver), lines);
      lines.room().signal(row, [sender, receiver], witnesses);
    }
    this.#signals = [];
    for (const it of this.#programs) {
      const child = this.#newChildren.get(childKey(it.pump.host, it.pump.serial!));
      this.#arrived(Math.max(it.sender, it.receiver, it.pump.host, child?.after ?? 0), lines);
      lines.room().program(it);
    }
    this.#programs = [];
  }

  /** Sends all that is in it. `end`: the part's last. */
  seal(to: number, frames: FrameCounts, loss: LossCounts, end: boolean): void {
    const lines = new Lines(this.#hosts, (rows, isFirst, isLast) =>
      this.#sendRows(rows, to, isFirst ? frames : { ...NO_FRAMES, lastFrame: frames.lastFrame }, isFirst ? loss : NO_LOSS, end && isLast),
    );
    // Machine by machine, so that one batch names most of them, and once.
    const observed = this.#observed;
    const conversed = this.#conversed;
    const said = inOrder(observed.size, (entry) => observed.host(entry));
    const done = inOrder(conversed.size, (entry) => conversed.client(entry));
    for (let i = 0, j = 0; i < said.length || j < done.length;) {
      if (j === done.length || (i < said.length && observed.host(said[i]!) <= conversed.client(done[j]!))) {
        const row = observed.at(said[i++]!);
        const child = row.serial === null ? undefined : this.#newChildren.get(childKey(row.host, row.serial));
        this.#arrived(Math.max(row.host, row.via, child?.after ?? 0), lines);
        lines.room().observation(row);
      } else {
        const entry = done[j++]!;
        this.#arrived(Math.max(conversed.client(entry), conversed.server(entry)), lines);
        lines.room().conversation(conversed, entry);
      }
    }
    this.#arrived(this.#hosts.count, lines);
    for (const it of this.#attempted.values()) lines.room().attempt(it);
    this.#signalRows(lines);
    for (let at = 0; at < this.#touchedCount; at++) {
      const host = this.#touched[at]!;
      if (this.#hosts.hasDifference(host)) lines.room().touch(host);
    }

    lines.end();
    this.#touchedCount = 0;
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
      ...(rows.programs.length === 0 ? {} : { programs: rows.programs }),
      loss,
    });
  }
}

/** Entries 1 to `size` by their host, those of one host as they came. */
function inOrder(size: number, hostOf: (entry: number) => number): Uint32Array {
  const keys = new Float64Array(size);
  for (let entry = 1; entry <= size; entry++) keys[entry - 1] = hostOf(entry) * TWO_32 + entry;
  // Its low word is the entry.
  return Uint32Array.from(keys.sort(), (key) => key % TWO_32);
}
const TWO_32 = 2 ** 32;
