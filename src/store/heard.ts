/**
 * What was heard: batches are summed in memory and stored in the order of their keys, their effect and their numbers in one transaction.
 * So a batch that arrives twice counts once, the order in which batches arrive does not matter to any sum, and what a kill takes from
 * memory is told again.
 */
import { bulk } from "./bulk.ts";
import type { Bulk, Engine, Statement } from "./engine.ts";
import type { AddressRow, Batch } from "../model/batch.ts";
import { Claims } from "./claims.ts";
import { Attempts, Conversations } from "./conversations.ts";
import { Endpoints } from "./endpoints.ts";
import { sum, summed, type Touch } from "./held.ts";
import { Runs } from "./runs.ts";
import { Told } from "./told.ts";

/** Rows held until they are stored: 60 MB at most, and more of them would not be stored faster (measured). */
const HELD_ROWS_MAX = 400_000;

export class HeardStore {
  readonly runs: Runs;
  readonly told: Told;
  readonly #endpoints: Endpoints;
  readonly #claims: Claims;
  readonly #conversations: Conversations;
  readonly #attempts: Attempts;
  #signals: SignalRow[] = [];
  #notes: (readonly [input: string, words: string])[] = [];
  readonly #writeSignals: Bulk;
  readonly #runNumber: Statement;
  readonly #writeNote: Statement;

  constructor(database: Engine) {
    this.runs = new Runs(database);
    this.told = new Told(database);
    this.#endpoints = new Endpoints(database);
    this.#claims = new Claims(database, this.told);
    this.#conversations = new Conversations(database, this.told);
    this.#attempts = new Attempts(database);
    this.#writeSignals = bulk(database, { table: "signal", columns: SIGNAL_COLUMNS, key: SIGNAL_KEY, join: SIGNAL_JOIN });
    this.#runNumber = database.prepare("SELECT number FROM run WHERE run = ?");
    this.#writeNote = database.prepare("INSERT INTO note (input, words) VALUES (?, ?) ON CONFLICT (input, words) DO NOTHING");
  }

  get isFull(): boolean {
    const { held } = this.#endpoints;
    return held + this.#claims.held + this.#conversations.held + this.#attempts.held + this.#signals.length >= HELD_ROWS_MAX;
  }

  /** There is nothing to store. */
  get isEmpty(): boolean {
    return !this.runs.isChanged && this.#endpoints.held === 0 && this.#notes.length === 0;
  }

  /** Adds a batch that `runs` does not have. `endpoints`: their numbers, by their places in it; 0 for those there was no room for. */
  take(batch: Batch, endpoints: readonly number[]): void {
    this.runs.take(batch);
    for (let place = 0; place < endpoints.length; place++) this.takeAddress(endpoints[place]!, batch.addresses[place]!);
    this.#claims.take(batch, endpoints);
    this.#conversations.take(batch, endpoints);
    this.#attempts.take(batch, endpoints);
    const who = (place: number) => (place < 0 ? 0 : endpoints[place]!);
    for (const [at, kind, sender, receiver, segment, what, count, distinct, failed, amount, witness] of batch.signals) {
      const frames = witness === undefined ? null : JSON.stringify(witness);
      this.#signals.push([at, kind, who(sender), who(receiver), segment, what, batch.run, count, distinct, failed, amount, frames]);
    }
  }

  /** When these two first conversed; null: never (see Conversations). */
  firstOf(client: number, server: number, protocol: string | null): number | null {
    return this.#conversations.firstOf(client, server, protocol);
  }

  /** When a frame of it was first heard; null: never. */
  heardSince(endpoint: number): number | null {
    return this.#endpoints.firstOf(endpoint);
  }

  /** Endpoints that may have said more than is kept, since the last call. */
  takeCrowded(): readonly number[] {
    return this.#claims.takeCrowded();
  }

  takeAddress(endpoint: number, row: AddressRow): void {
    if (endpoint !== 0) this.#endpoints.take(endpoint, row);
  }

  note(input: string, words: string): void {
    this.#notes.push([input, words]);
  }

  /** Writes what is held, within the caller's transaction; it stays held until `stored`. Names each endpoint it has something of. */
  store(touch: Touch): void {
    this.#endpoints.write(touch);
    this.#claims.write(touch);
    this.#conversations.write(touch);
    this.#attempts.write();
    this.runs.write();
    this.#storeSignals();
    for (const it of this.#notes) this.#writeNote.run(...it);
  }

  #storeSignals(): void {
    const runs = new Map<string, number>();
    this.#writeSignals.begin();
    for (const [at, kind, sender, receiver, segment, what, run, ...sums] of joinedSignals(this.#signals)) {
      let number = runs.get(run);
      if (number === undefined) runs.set(run, (number = this.#runNumber.get(run)!["number"] as number));
      this.#writeSignals.add(false, at, kind, sender, receiver, segment, what, number, ...sums);
    }
    this.#writeSignals.end();
  }

  /** The transaction was committed. */
  stored(): void {
    this.#endpoints.clear();
    this.#claims.clear();
    this.#conversations.clear();
    this.#attempts.clear();
    this.runs.written();
    this.#signals = [];
    this.#notes = [];
  }
}

/** As `SIGNAL_COLUMNS` has it, but for the run, which stands here by its name. */
type SignalRow = [
  at: number, kind: string, sender: number, receiver: number, segment: string, what: string, run: string,
  count: number, distinct: number, failed: number, amount: number, witness: string | null,
]; // prettier-ignore
const SIGNAL_KEY = ["at", "kind", "sender", "receiver", "segment", "what", "run"];
const SIGNAL_COLUMNS = [...SIGNAL_KEY, "count", "distinct_count", "failed", "amount", "witness"];
const SIGNAL_JOIN = `${summed("signal", "count", "distinct_count", "failed", "amount")},
  witness = coalesce(min(signal.witness, excluded.witness), signal.witness, excluded.witness)`;
const COUNT = SIGNAL_KEY.length;
const WITNESS = SIGNAL_COLUMNS.length - 1;

/** One row for each key. */
function joinedSignals(rows: readonly Readonly<SignalRow>[]): Iterable<SignalRow> {
  const joined = new Map<string, SignalRow>();
  for (const row of rows) {
    const key = row.slice(0, COUNT).join("\n");
    const known = joined.get(key);
    if (known === undefined) {
      joined.set(key, [...row]);
      continue;
    }
    for (let at = COUNT; at < WITNESS; at++) known[at] = sum(known[at] as number, row[at] as number);
    const [one, other] = [known[WITNESS] as string | null, row[WITNESS] as string | null];
    if (one === null || (other !== null && other < one)) known[WITNESS] = other;
  }
  return joined.values();
}
