/**
 * One direction of a TCP connection, put in order, and cut into the messages of its protocol.
 *
 * In order is the fast path: whoever reads gets a view of the frame itself. Only what is cut by the end of a segment is copied, and
 * what a protocol says it does not want (pixels, files) passes uncopied by its length. After a hole the protocol is asked where a
 * message surely begins again; one that cannot say is only counted from there on.
 */
import type { Protocol } from "../model/protocol.ts";

/** A message whose end is awaited, or first bytes nobody recognized yet. */
const HELD_BYTES_MAX = 262_144;
/** What a protocol gets of one message that says no limit of its own. */
const WANTED_BYTES_MAX = 65_536;
/** First bytes after which an unknown stream stays unknown. */
const RECOGNIZE_BYTES_MAX = 4_096;
/** Segments of a stream heard from its middle that are asked in turn. */
const LOOKS_MAX = 32;
/** Segments waiting for one that is missing: a window of a busy sender. */
const WAITING_SEGMENTS_MAX = 32;
const WAITING_BYTES_MAX = 65_536;
/** Of all streams of an input together; beyond, a stream that would hold more is only counted. */
export const ALL_HELD_BYTES_MAX = 64 << 20;

/** What a stream needs of the flow it belongs to. */
export interface StreamOwner {
  /** Null while the protocol is unknown. */
  protocol: Protocol | null;
  /** Asks the protocols that could be meant; true when one took it and `protocol` is set. */
  recognize(bytes: Uint8Array, stream: Stream): boolean;
  read(message: Uint8Array, cut: boolean, stream: Stream): void;
  gap(bytes: number): void;
  readonly budget: Budget;
}

/** How much all streams hold together. */
export interface Budget {
  held: number;
  /** Segments that wait for one that is missing. */
  waiting: number;
  refused: number;
}

interface Waiting {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  readonly wireLength: number;
}

export class Stream {
  /** Nothing more of it is read. */
  stopped = false;
  /** It began before we listened: its first bytes may be the middle of a message. */
  late = false;

  readonly #owner: StreamOwner;
  #expected = -1;
  /** Bytes of the current message still to pass unread. */
  #skip = 0;
  #held: Uint8Array = EMPTY;
  #heldLength = 0;
  #waiting: Waiting[] = NONE;
  #waitingBytes = 0;
  #looks = 0;
  /** Segments in a row from outside every window. */
  #strays = 0;
  /** After a hole, until the protocol says where a message begins. */
  #lost = false;

  constructor(owner: StreamOwner) {
    this.#owner = owner;
  }

  /** The other side's first number, known from its SYN: what comes first is the beginning. */
  begin(sequence: number): void {
    this.#expected = sequence >>> 0;
  }

  /** One segment: what was captured of it lies in `bytes` from `start` to `end`; on the wire it was `wireLength` long. */
  segment(sequence: number, bytes: Uint8Array, start: number, end: number, wireLength: number): void {
    if (this.stopped) return;
    if (this.#expected < 0) {
      this.#expected = sequence;
      this.late = true;
    }
    const ahead = (sequence - this.#expected) | 0;
    // Nobody's window is that large: garbage, or where we believe the stream to be is wrong, as after a forged beginning.
    if (Math.abs(ahead) > AHEAD_BYTES_MAX) {
      if (++this.#strays < STRAYS_MAX) return;
      this.#startAnew(sequence);
      return this.segment(sequence, bytes, start, end, wireLength);
    }
    this.#strays = 0;
    if (ahead === 0) {
      this.#inOrder(bytes, start, end, wireLength);
    } else if (ahead < 0) {
      // Sent again; what is new behind it counts. The first copy of a byte stands.
      if (wireLength + ahead <= 0) return;
      this.#inOrder(bytes, Math.min(start - ahead, end), end, wireLength + ahead);
    } else {
      this.#wait(sequence, bytes, start, end, wireLength);
      return;
    }
    if (this.#waiting.length > 0) this.#drain();
  }

  /** The other side says it has everything before `acknowledgment`: what is missing here was never captured. */
  acknowledged(acknowledgment: number): void {
    if (this.#waiting.length > 0 && ((acknowledgment - this.#expected) | 0) > 0) this.#skipHole();
  }

  /** What was held while nobody knew the protocol is read now. */
  resumeHeld(): void {
    if (this.stopped || this.#heldLength === 0) return;
    const held = this.#held.subarray(0, this.#heldLength);
    this.#drop();
    this.#take(held, 0, held.length);
  }

  /** The front of a message is here, and its end is not. */
  get isAmidMessage(): boolean {
    return this.#heldLength > 0;
  }

  /** Gives back what it holds. */
  stop(): void {
    this.stopped = true;
    this.#drop();
    this.#dropWaiting();
  }

  /** What comes now is heard as from the middle. */
  #startAnew(sequence: number): void {
    this.#drop();
    this.#dropWaiting();
    this.#skip = this.#strays = 0;
    this.#expected = sequence;
    this.late = true;
    const { protocol } = this.#owner;
    if (protocol === null) return;
    if (protocol.resume === undefined && protocol.messageLength !== undefined) this.stop();
    else this.#lost = true;
  }

  #inOrder(bytes: Uint8Array, start: number, end: number, wireLength: number): void {
    this.#expected = (this.#expected + wireLength) >>> 0;
    if (end > start) this.#take(bytes, start, end);
    const missing = wireLength - (end - start);
    if (missing > 0 && !this.stopped) this.#missed(missing);
  }

  /** Bytes that were on the wire and are not here. Harmless where they would have been skipped. */
  #missed(length: number): void {
    if (this.#skip >= length) {
      this.#skip -= length;
      return;
    }
    this.#owner.gap(length);
    this.#skip = 0;
    // The message that was under way has no end any more; what was heard of it is read as cut.
    if (this.#heldLength > 0 && this.#owner.protocol !== null && !this.#lost) {
      const held = this.#held.subarray(0, this.#heldLength);
      this.#drop();
      this.#owner.read(held, true, this);
    }
    this.#drop();
    if (this.#owner.protocol !== null && this.#owner.protocol.resume === undefined && this.#owner.protocol.messageLength !== undefined)
      this.stop();
    else this.#lost = true;
  }

  #take(bytes: Uint8Array, from: number, end: number): void {
    let start = from;
    if (this.#skip > 0) {
      const passed = Math.min(this.#skip, end - start);
      this.#skip -= passed;
      start += passed;
      if (start === end) return;
    }
    let view: Uint8Array;
    if (this.#heldLength > 0) {
      if (!this.#hold(bytes, start, end)) return;
      view = this.#held.subarray(0, this.#heldLength);
    } else {
      view = bytes.subarray(start, end);
    }
    const left = this.#messages(view);
    if (this.stopped) return;
    if (left === view.length) this.#drop();
    else if (this.#heldLength > 0) {
      if (left > 0) {
        this.#held.copyWithin(0, left, this.#heldLength);
        this.#heldLength -= left;
      }
    } else this.#hold(view, left, view.length);
  }

  /** Reads the whole messages of `view`; returns where the first begins that is not whole. */
  #messages(view: Uint8Array): number {
    const owner = this.#owner;
    let at = 0;
    while (at < view.length && !this.stopped) {
      const rest = at === 0 ? view : view.subarray(at);
      const { protocol } = owner;
      if (protocol === null) {
        if (owner.recognize(rest, this)) continue;
        if (this.late) {
          // The middle of something: whatever begins next begins with a segment of its own.
          if (++this.#looks >= LOOKS_MAX) this.stop();
          return view.length;
        }
        if (rest.length >= RECOGNIZE_BYTES_MAX) this.stop();
        return at;
      }
      if (this.#lost || (this.late && protocol.resume !== undefined && !protocol.recognize(rest, "unknown"))) {
        const begins = protocol.resume === undefined ? 0 : protocol.resume(rest);
        if (begins < 0) return Math.max(at, view.length - RESUME_TAIL_BYTES);
        this.#lost = false;
        this.late = false;
        at += begins;
        continue;
      }
      this.late = false;
      const length = protocol.messageLength === undefined ? rest.length : protocol.messageLength(rest);
      if (!(length > 0)) return at;
      const wanted = Math.min(length, protocol.wanted?.(rest) ?? WANTED_BYTES_MAX, HELD_BYTES_MAX);
      if (rest.length < wanted) return at;
      owner.read(wanted === rest.length ? rest : rest.subarray(0, wanted), wanted < length, this);
      if (length > rest.length) {
        this.#skip = length - rest.length;
        return view.length;
      }
      at += length;
    }
    return at;
  }

  #hold(bytes: Uint8Array, start: number, end: number): boolean {
    const needed = this.#heldLength + end - start;
    if (needed > this.#held.length) {
      const size = Math.min(Math.max(HELD_BYTES_FIRST, 1 << (32 - Math.clz32(needed - 1))), HELD_BYTES_MAX);
      const { budget } = this.#owner;
      if (needed > HELD_BYTES_MAX || budget.held + size - this.#held.length > ALL_HELD_BYTES_MAX) {
        budget.refused++;
        this.stop();
        return false;
      }
      budget.held += size - this.#held.length;
      const larger = new Uint8Array(size);
      larger.set(this.#held.subarray(0, this.#heldLength));
      this.#held = larger;
    }
    this.#held.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end), this.#heldLength);
    this.#heldLength = needed;
    return true;
  }

  #drop(): void {
    if (this.#held.length > 0) this.#owner.budget.held -= this.#held.length;
    this.#held = EMPTY;
    this.#heldLength = 0;
  }

  #dropWaiting(): void {
    const { budget } = this.#owner;
    budget.held -= this.#waitingBytes;
    budget.waiting -= this.#waiting.length;
    this.#waiting = NONE;
    this.#waitingBytes = 0;
  }

  #wait(sequence: number, bytes: Uint8Array, start: number, end: number, wireLength: number): void {
    const { budget } = this.#owner;
    const length = end - start;
    if (
      this.#waiting.length >= WAITING_SEGMENTS_MAX ||
      this.#waitingBytes + length > WAITING_BYTES_MAX ||
      budget.held + length > ALL_HELD_BYTES_MAX
    ) {
      // What is missing does not come any more.
      this.#skipHole();
      if (!this.stopped) this.segment(sequence, bytes, start, end, wireLength);
      return;
    }
    if (this.#waiting.some((it) => it.sequence === sequence && it.wireLength >= wireLength)) return;
    budget.held += length;
    budget.waiting++;
    this.#waitingBytes += length;
    const at = this.#waiting.findIndex((it) => ((it.sequence - sequence) | 0) > 0);
    const waiting = { sequence, bytes: bytes.slice(start, end), wireLength };
    if (this.#waiting === NONE) this.#waiting = [waiting];
    else if (at < 0) this.#waiting.push(waiting);
    else this.#waiting.splice(at, 0, waiting);
  }

  #drain(): void {
    while (this.#waiting.length > 0 && !this.stopped) {
      const next = this.#waiting[0]!;
      const ahead = (next.sequence - this.#expected) | 0;
      if (ahead > 0) return;
      this.#waiting.shift();
      this.#waitingBytes -= next.bytes.length;
      this.#owner.budget.held -= next.bytes.length;
      this.#owner.budget.waiting--;
      if (next.wireLength + ahead > 0)
        this.#inOrder(next.bytes, Math.min(-ahead, next.bytes.length), next.bytes.length, next.wireLength + ahead);
    }
  }

  #skipHole(): void {
    const next = this.#waiting[0];
    if (next === undefined) return;
    const length = (next.sequence - this.#expected) | 0;
    this.#expected = next.sequence;
    if (length > 0) this.#missed(length);
    if (!this.stopped) this.#drain();
  }
}

const EMPTY = new Uint8Array(0);
/** Of the many streams that come in order: never pushed to. */
const NONE: Waiting[] = [];
const HELD_BYTES_FIRST = 512;
/** A beginning may be cut by the end of a segment: so much of it is kept while none was found. */
const RESUME_TAIL_BYTES = 16;
const AHEAD_BYTES_MAX = 1 << 24;
const STRAYS_MAX = 8;
