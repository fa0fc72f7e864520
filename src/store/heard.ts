/**
 * What was heard: batches are summed in memory and stored in the order of their keys, their effect and their numbers in one transaction.
 * So a batch that arrives twice counts once, the order in which batches arrive does not matter to any sum, and what a kill takes from
 * memory is told again.
 */
import type { Engine, Statement } from "./engine.ts";
import type { AddressRow, Batch } from "../model/batch.ts";
import { Claims } from "./claims.ts";
import { Attempts, Conversations } from "./conversations.ts";
import { Endpoints } from "./endpoints.ts";
import { summed, type Touch } from "./held.ts";
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
  #signals: (readonly (string | number | null)[])[] = [];
  #notes: (readonly [input: string, words: string])[] = [];
  readonly #writeSignal: Statement;
  readonly #writeNote: Statement;

  constructor(database: Engine) {
    this.runs = new Runs(database);
    this.told = new Told(database);
    this.#endpoints = new Endpoints(database);
    this.#claims = new Claims(database, this.told);
    this.#conversations = new Conversations(database, this.told);
    this.#attempts = new Attempts(database);
    this.#writeSignal = database.prepare(SIGNAL);
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
    for (const it of this.#signals) this.#writeSignal.run(...it);
    for (const it of this.#notes) this.#writeNote.run(...it);
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

const SIGNAL = `INSERT INTO signal (at, kind, sender, receiver, segment, what, run, count, distinct_count, failed, amount, witness)
  VALUES (?, ?, ?, ?, ?, ?, (SELECT number FROM run WHERE run = ?), ?, ?, ?, ?, ?)
  ON CONFLICT (at, kind, sender, receiver, segment, what, run) DO UPDATE SET ${summed("signal", "count", "distinct_count", "failed", "amount")},
    witness = coalesce(min(signal.witness, excluded.witness), signal.witness, excluded.witness)`;
