/** A disk without room. */
import { closeSync, openSync, writeSync } from "node:fs";

const BALLAST_BYTES = 1_000_000;

/** Fills the disk on which `file` is, by it; answers it. */
export function filled(file: string): string {
  const fd = openSync(file, "w");
  try {
    const zeros = Buffer.alloc(BALLAST_BYTES);
    for (let size = zeros.length; size > 0;) {
      try {
        writeSync(fd, zeros, 0, size);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
        size = Math.floor(size / 2);
      }
    }
  } finally {
    closeSync(fd);
  }
  return file;
}
