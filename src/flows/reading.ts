/** A TCP flow whose protocol is sought, or whose messages are read: both its streams and what the protocol keeps between messages. */
import type { Packet } from "../model/packet.ts";
import type { Protocol } from "../model/protocol.ts";
import { Stream, type Budget, type StreamOwner } from "./stream.ts";

export interface Reader {
  readonly budget: Budget;
  recognize(reading: Reading, bytes: Uint8Array, fromA: boolean): boolean;
  read(reading: Reading, message: Uint8Array, cut: boolean, fromA: boolean): void;
  gap(bytes: number): void;
}

export class Reading implements StreamOwner {
  readonly flow: number;
  protocol: Protocol | null = null;
  memory: unknown;
  readonly #reader: Reader;
  readonly #a = new Stream(this);
  readonly #b = new Stream(this);

  constructor(reader: Reader, flow: number) {
    this.#reader = reader;
    this.flow = flow;
  }

  get budget(): Budget {
    return this.#reader.budget;
  }

  get isDone(): boolean {
    return this.#a.stopped && this.#b.stopped;
  }

  /** One side is amid a message whose end does not come. */
  get isAmidMessage(): boolean {
    return this.#a.isAmidMessage || this.#b.isAmidMessage;
  }

  /** That side's first byte has this number. */
  begin(fromA: boolean, sequence: number): void {
    (fromA ? this.#a : this.#b).begin(sequence);
  }

  /** A segment that carries something; a SYN takes a number of its own before it. */
  segment(fromA: boolean, { sequence, bytes, payloadStart, payloadEnd, payloadLength }: Packet, ahead: 0 | 1): void {
    const wasKnown = this.protocol !== null;
    (fromA ? this.#a : this.#b).segment((sequence + ahead) >>> 0, bytes, payloadStart, payloadEnd, payloadLength);
    // Known now by what this side said: what the other said before is read as well.
    if (!wasKnown && this.protocol !== null) (fromA ? this.#b : this.#a).resumeHeld();
  }

  /** What that side has received of the other. */
  acknowledged(fromA: boolean, acknowledgment: number): void {
    (fromA ? this.#b : this.#a).acknowledged(acknowledgment);
  }

  stop(): void {
    this.#a.stop();
    this.#b.stop();
  }

  recognize(bytes: Uint8Array, stream: Stream): boolean {
    return this.#reader.recognize(this, bytes, stream === this.#a);
  }

  read(message: Uint8Array, cut: boolean, stream: Stream): void {
    this.#reader.read(this, message, cut, stream === this.#a);
  }

  gap(bytes: number): void {
    this.#reader.gap(bytes);
  }
}
