/** Who a capture file is, whatever its name: the same file read twice counts once, and a reading cut short goes on where it ended. */
import { createHash } from "node:crypto";
import { readSync } from "node:fs";

/**
 * SHA-256 in hex over the length, the first and the last megabyte, and 64 blocks of 64 KB evenly between. A file of many gigabytes is
 * named in milliseconds, and two rings of the same traffic still differ somewhere in there. Short files are covered whole.
 */
export function fileIdentity(fd: number, size: number): string {
  const hash = createHash("sha256").update(`${size}\n`);
  const block = new Uint8Array(END_BYTES);
  const cover = (from: number, length: number) => {
    for (let at = from; at < from + length;) {
      const count = readSync(fd, block, 0, Math.min(block.length, from + length - at), at);
      if (count === 0) return; // It shrank meanwhile; its length says so.
      hash.update(block.subarray(0, count));
      at += count;
    }
  };
  if (size <= 2 * END_BYTES + BLOCKS * BLOCK_BYTES) {
    cover(0, size);
  } else {
    cover(0, END_BYTES);
    const gap = Math.floor((size - 2 * END_BYTES - BLOCK_BYTES) / (BLOCKS - 1));
    for (let i = 0; i < BLOCKS; i++) cover(END_BYTES + i * gap, BLOCK_BYTES);
    cover(size - END_BYTES, END_BYTES);
  }
  return hash.digest("hex");
}

const END_BYTES = 1 << 20;
const BLOCKS = 64;
const BLOCK_BYTES = 1 << 16;
