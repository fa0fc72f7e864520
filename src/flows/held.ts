/**
 * Connections that stand while nothing is served in them: nobody ever said a word, or the client greeted and the server waits for the rest.
 * Counted by who holds them and at whom, each once, as the table's sweep passes; told when it has passed all.
 */
import { signalKinds } from "../model/signal.ts";
import type { Batches } from "./batches.ts";
import { FirstAt, FlowFlag, Ip, Word, type FlowTable } from "./table.ts";

/** A server is given so long to say something, and a client to say the rest of what it began: programs send that in one go. */
const WAITED_US = 10_000_000;
const UNFINISHED_US = 2_000_000;
/** Different pairs counted in one round; more are not told apart, and each of them holds one connection at least. */
const PAIRS_MAX = 1 << 16;
/** Numbers of hosts are below it. */
const HOSTS = 0x40_0000;

export class Held {
  readonly #counts = new Map<number, number>();
  readonly #isAmidMessage: (base: number) => boolean;

  /** `isAmidMessage`: whether of the flow whose entry begins there a message was begun and not ended. */
  constructor(isAmidMessage: (base: number) => boolean) {
    this.#isAmidMessage = isAmidMessage;
  }

  /** The sweep is at the flow whose entry begins at `base`. */
  pass(table: FlowTable, base: number, now: number): void {
    const { words, floats } = table;
    const flags = words[base + Word.flags]!;
    // Of a connection whose answer was not heard, nor would be what the server says.
    if (words[base + Word.transport] !== Ip.tcp || (flags & FlowFlag.answerHeard) === 0) return;
    const waited = now - floats[(base >>> 1) + FirstAt]!;
    if (waited < UNFINISHED_US) return;
    const saidNothing = words[base + Word.reading] === 0 && (flags & FlowFlag.counted) === 0;
    const waits = words[base + Word.protocol] !== 0 && (flags & (FlowFlag.serverSpoke | FlowFlag.counted)) === 0;
    if (waited < WAITED_US ? !waits || !this.#isAmidMessage(base) : !saidNothing && !waits) return;
    const pair = table.client(base) * HOSTS + table.server(base);
    const count = this.#counts.get(pair);
    if (count !== undefined || this.#counts.size < PAIRS_MAX) this.#counts.set(pair, (count ?? 0) + 1);
  }

  /** The sweep has passed all. */
  round(batches: Batches, at: number): void {
    for (const [pair, count] of this.#counts)
      if (count >= signalKinds.held.floor) batches.signal(["held", Math.floor(pair / HOSTS), pair % HOSTS], at, "", "", count, 0, 0, 0);
    this.#counts.clear();
  }
}
