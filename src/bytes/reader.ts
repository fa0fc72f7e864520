/**
 * Reads untrusted bytes from front to back and never throws.
 *
 * Past the end every number is 0, every slice is empty, and `overrun` stays true from then on, so a
 * parser may read a whole structure and ask once at the end whether it was all there.
 */
export class Reader {
  readonly bytes: Uint8Array;
  offset: number;
  readonly end: number;
  /** Something was asked for that was not there. */
  overrun = false;

  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.bytes = bytes;
    this.end = Math.min(Math.max(end, 0), bytes.length);
    this.offset = offset;
    if (offset < 0 || offset > this.end) {
      this.overrun = true;
      this.offset = this.end;
    }
  }

  get remaining(): number {
    return this.end - this.offset;
  }

  u8(): number {
    const at = this.#advance(1);
    return at < 0 ? 0 : this.bytes[at]!;
  }

  u16(): number {
    const at = this.#advance(2);
    return at < 0 ? 0 : (this.bytes[at]! << 8) | this.bytes[at + 1]!;
  }

  u16le(): number {
    const at = this.#advance(2);
    return at < 0 ? 0 : (this.bytes[at + 1]! << 8) | this.bytes[at]!;
  }

  u24(): number {
    const at = this.#advance(3);
    return at < 0 ? 0 : (this.bytes[at]! << 16) | (this.bytes[at + 1]! << 8) | this.bytes[at + 2]!;
  }

  u32(): number {
    const at = this.#advance(4);
    return at < 0 ? 0 : ((this.bytes[at]! << 24) | (this.bytes[at + 1]! << 16) | (this.bytes[at + 2]! << 8) | this.bytes[at + 3]!) >>> 0;
  }

  u32le(): number {
    const at = this.#advance(4);
    return at < 0 ? 0 : ((this.bytes[at + 3]! << 24) | (this.bytes[at + 2]! << 16) | (this.bytes[at + 1]! << 8) | this.bytes[at]!) >>> 0;
  }

  /** The next `length` bytes as a view, not a copy; what is there when fewer are left. */
  take(length: number): Uint8Array {
    const from = this.offset;
    if (length < 0 || length > this.end - from) {
      this.overrun = true;
      this.offset = this.end;
      return length < 0 ? this.bytes.subarray(from, from) : this.bytes.subarray(from, this.end);
    }
    this.offset = from + length;
    return this.bytes.subarray(from, from + length);
  }

  skip(length: number): void {
    if (length < 0 || length > this.end - this.offset) {
      this.overrun = true;
      this.offset = this.end;
    } else {
      this.offset += length;
    }
  }

  /** Everything that is left. */
  rest(): Uint8Array {
    return this.take(this.remaining);
  }

  /** A Reader over the next `length` bytes, which this one skips. */
  inner(length: number): Reader {
    return new Reader(this.take(length));
  }

  #advance(length: number): number {
    const at = this.offset;
    if (length > this.end - at) {
      this.overrun = true;
      this.offset = this.end;
      return -1;
    }
    this.offset = at + length;
    return at;
  }
}
