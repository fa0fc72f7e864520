/** Where a text, one byte a character, first occurs at or after `from`, or -1. Native search: a stream may ask it of every segment. */
export function find(bytes: Uint8Array, text: string, from = 0): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(text, from, "latin1");
}
