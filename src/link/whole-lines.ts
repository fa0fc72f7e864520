/** Lines of a stream that comes in pieces: each is put together once, when its end is there. A batch is a line of many pieces. */

const NEWLINE = 10;

export class WholeLines {
  /** Bytes of the line that has no end yet. */
  waiting = 0;
  #pieces: Uint8Array[] = [];

  /** The lines that end in `piece`, which is kept as it is while the end of its last line is missing. */
  *of(piece: Uint8Array): Generator<string> {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      const last = bytes.subarray(from, end);
      from = end + 1;
      if (this.waiting === 0) {
        yield last.toString();
        continue;
      }
      const line = Buffer.concat([...this.#pieces, last]);
      this.forget();
      yield line.toString();
    }
    if (from === bytes.length) return;
    this.#pieces.push(bytes.subarray(from));
    this.waiting += bytes.length - from;
  }

  /** The line that has no end yet. */
  forget(): void {
    this.#pieces = [];
    this.waiting = 0;
  }
}
