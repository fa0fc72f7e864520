/** What flows have to tell goes into the open batch: of each the differences since the last, once, when its protocol is settled. */
import type { Batches } from "./batches.ts";
import { BytesA, BytesB, FirstAt, FLOW_STRIDE, FlowFlag, Ip, isWaiting, LastAt, Word, type FlowTable } from "./table.ts";
import { NO_VERBS } from "./verbs.ts";

export class Telling {
  readonly #table: FlowTable;
  readonly #batches: Batches;
  #touched = new Uint32Array(1 << 14);
  #count = 0;

  constructor(table: FlowTable, batches: Batches) {
    this.#table = table;
    this.#batches = batches;
  }

  /** Flows that wait to be told. */
  get count(): number {
    return this.#count;
  }

  /** It has something to tell in the open batch. One whose protocol is not settled, or that waits for an answer, is told of when that is over. */
  touch(flow: number, base: number): void {
    const { words } = this.#table;
    if (words[base + Word.batch] === this.#batches.stamp || (words[base + Word.flags]! & FlowFlag.decided) === 0) return;
    words[base + Word.batch] = this.#batches.stamp;
    if (this.#count === this.#touched.length) {
      const larger = new Uint32Array(this.#touched.length * 2);
      larger.set(this.#touched);
      this.#touched = larger;
    }
    this.#touched[this.#count++] = flow;
  }

  /** All that waits. */
  all(): void {
    const { words } = this.#table;
    for (let i = 0; i < this.#count; i++) {
      const flow = this.#touched[i]!;
      const base = flow * FLOW_STRIDE;
      // Gone and told meanwhile, or its place taken by another that stands in the list itself.
      if ((words[base + Word.flags]! & FlowFlag.live) !== 0 && words[base + Word.batch] === this.#batches.stamp) this.#tell(base);
    }
    this.#count = 0;
  }

  /** Every flow there is, also what waits longer: the part is over. `whole`: nothing follows it. */
  everything(whole: boolean, finish: (flow: number) => void): void {
    this.#table.each((flow) => (whole ? finish(flow) : this.#tellIfClear(flow * FLOW_STRIDE)));
    this.#count = 0;
  }

  /** It is over: an attempt that nobody answered is one, anything else is told. */
  last(base: number): void {
    const { words, floats } = this.#table;
    const transport = words[base + Word.transport]!;
    if (!isWaiting(words[base + Word.flags]!, transport)) return this.#tell(base);
    const half = base >>> 1;
    this.#batches.attempt(
      this.#table.client(base),
      this.#table.server(base),
      transport,
      this.#table.port(base),
      floats[half + FirstAt]!,
      floats[half + LastAt]!,
    );
    words[base + Word.packetsA] = words[base + Word.packetsB] = 0;
    floats[half + BytesA] = floats[half + BytesB] = 0;
  }

  /** Of an attempt nothing is told until it is answered or over, and of a flow whose protocol is not settled until it is. */
  #tellIfClear(base: number): void {
    const { words } = this.#table;
    const flags = words[base + Word.flags]!;
    if ((flags & FlowFlag.decided) !== 0 && !isWaiting(flags, words[base + Word.transport]!)) this.#tell(base);
  }

  /** Hands the differences on to the open batch; afterwards there are none. */
  #tell(base: number): void {
    const { words, floats } = this.#table;
    const half = base >>> 1;
    const packets = words[base + Word.packetsA]! + words[base + Word.packetsB]!;
    if (packets === 0 && words[base + Word.verbs] === NO_VERBS && words[base + Word.refused] === 0) return;
    const spoken = this.#spokenOf(base);
    this.#batches.converse(this.#table, base, spoken);
    if (spoken > 0) words[base + Word.flags]! |= FlowFlag.spokenTold;
    words[base + Word.verbs] = NO_VERBS;
    words[base + Word.packetsA] = words[base + Word.packetsB] = words[base + Word.answered] = words[base + Word.refused] = 0;
    floats[half + BytesA] = floats[half + BytesB] = 0;
  }

  /** How many of its connections, not told yet, were answered in the protocol. Of a stream one, of datagrams each that was answered. */
  #spokenOf(base: number): number {
    const { words } = this.#table;
    if (words[base + Word.transport] !== Ip.tcp) return words[base + Word.answered]!;
    const flags = words[base + Word.flags]!;
    const spoke = FlowFlag.answerHeard | FlowFlag.serverSpoke;
    return (flags & (spoke | FlowFlag.spokenTold)) === spoke ? 1 : 0;
  }
}
