/** Reads one open descriptor from its beginning: a file by position, so that whoever shares the descriptor loses nothing; a pipe as it comes. */
import { read } from "node:fs";

export class Descriptor {
  /** Bytes read so far. */
  bytesRead = 0;
  /** Why reading failed, in words; reads return 0 from then on. */
  trouble: string | undefined;

  readonly #fd: number;
  readonly #bytesMax: number;
  #seekable = true;

  /** Reads at most `bytesMax`, and then behaves as if the input ended. */
  constructor(fd: number, bytesMax = Number.POSITIVE_INFINITY) {
    this.#fd = fd;
    this.#bytesMax = bytesMax;
  }

  /** How many bytes came, 0 at the end. Never rejects. */
  read(into: Uint8Array, from: number, length: number): Promise<number> {
    return new Promise((resolve) => this.#read(into, from, Math.min(length, this.#bytesMax - this.bytesRead), resolve));
  }

  /** The same from its beginning; undefined where it can be read only once. */
  again(): Descriptor | undefined {
    return this.#seekable ? new Descriptor(this.#fd, this.#bytesMax) : undefined;
  }

  #read(into: Uint8Array, from: number, length: number, resolve: (count: number) => void): void {
    if (length <= 0 || this.trouble !== undefined) return resolve(0);
    read(this.#fd, into, from, length, this.#seekable ? this.bytesRead : null, (error, count) => {
      if (error === null) {
        this.bytesRead += count;
        resolve(count);
      } else if (error.code === "ESPIPE" && this.#seekable) {
        this.#seekable = false;
        this.#read(into, from, length, resolve);
      } else if (error.code === "EAGAIN") {
        setTimeout(() => this.#read(into, from, length, resolve), AGAIN_MS);
      } else {
        this.trouble = `reading failed at byte ${this.bytesRead}: ${error.code ?? error.message}`;
        resolve(0);
      }
    });
  }
}

/** A pipe whose other end made it non-blocking has nothing to say just now. */
const AGAIN_MS = 5;
