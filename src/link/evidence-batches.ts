/** Batches of what a file of evidence says: entries in its order, so many to a batch, so that the same file makes the same ones. */
import { clean, TEXT_LENGTH_MAX } from "../bytes/text.ts";
import { alertWhat, type Alert } from "../model/alert.ts";
import { BATCH_SCHEMA, NO_FRAMES, NO_LOSS, type AddressRow, type Batch, type ObservationRow, type SignalRow } from "../model/batch.ts";
import type { Attribute } from "../model/observation.ts";

/** Each is an address and a handful of observations: well within what a batch may hold. */
const ENTRIES_A_BATCH = 500;

/** Of which it is said: a card where it is known, else an IP. */
export type Subject = { readonly mac: string } | { readonly ip: string };

interface Source {
  readonly site: string;
  readonly run: string;
  /** The file, without its folder. */
  readonly input: string;
  /** In place of a protocol. */
  readonly protocol: string;
}

export class EvidenceBatches {
  /** Batches made so far. */
  sequence = 0;
  readonly #source: Source;
  readonly #send: (batch: Batch) => void;
  readonly #places = new Map<string, number>();
  #addresses: AddressRow[] = [];
  #observations: ObservationRow[] = [];
  #signals: SignalRow[] = [];
  #entries = 0;
  #from = Number.POSITIVE_INFINITY;
  #to = 0;

  constructor(source: Source, send: (batch: Batch) => void) {
    this.#source = source;
    this.#send = send;
  }

  /** One entry: all of it is in one batch. */
  add(subject: Subject, at: number, says: readonly (readonly [Attribute, string])[]): void {
    const place = this.#placeOf(subject);
    for (const [attribute, text] of says) {
      const value = clean(text).slice(0, TEXT_LENGTH_MAX);
      if (value !== "") this.#observations.push([place, attribute, value, this.#source.protocol, -1, at, at, 1]);
    }
    this.#added(at);
  }

  /** From whom to whom by their IPs; null where one is not known. */
  alert(from: string | null, to: string | null, at: number, alert: Alert): void {
    const [sender, receiver] = [from, to].map((ip) => (ip === null ? -1 : this.#placeOf({ ip })));
    this.#signals.push([at, "alerts", sender!, receiver!, "", alertWhat(alert), 1, 0, 0, 0]);
    this.#added(at);
  }

  #added(at: number): void {
    this.#from = Math.min(this.#from, at);
    this.#to = Math.max(this.#to, at);
    if (++this.#entries === ENTRIES_A_BATCH) this.#close(false);
  }

  end(): void {
    this.#close(true);
  }

  #placeOf(subject: Subject): number {
    const [mac, ip] = "mac" in subject ? [subject.mac, null] : [null, subject.ip];
    const key = mac ?? ip;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    // It was not heard: no frames, no times.
    const place = this.#addresses.push([0, mac, ip, null, 0, 0, 0, 0, 0]) - 1;
    this.#places.set(key, place);
    return place;
  }

  #close(end: boolean): void {
    const { protocol: _, ...source } = this.#source;
    this.#send({
      schema: BATCH_SCHEMA,
      sensor: "evidence",
      ...source,
      sequence: ++this.sequence,
      from: Math.min(this.#from, this.#to),
      to: this.#to,
      ...(end ? { end } : {}),
      frames: NO_FRAMES,
      addresses: this.#addresses,
      observations: this.#observations,
      conversations: [],
      attempts: [],
      signals: this.#signals,
      loss: NO_LOSS,
    });
    this.#places.clear();
    this.#addresses = [];
    this.#observations = [];
    this.#signals = [];
    this.#entries = 0;
    this.#from = Number.POSITIVE_INFINITY;
    this.#to = 0;
  }
}
