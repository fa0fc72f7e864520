/** How programs begin: ELF (System V ABI, chapter 4) and PE (Microsoft, PE Format). */
import { Reader } from "./reader.ts";

/** So many bytes of a file show what it is: linkers put the head of a PE within them. */
export const EXECUTABLE_FRONT_BYTES = 512;

export function isExecutable(bytes: Uint8Array): boolean {
  return isElf(bytes) || isPe(bytes);
}

/** Magic, 32 or 64 bits, little or big endian, version 1; behind 16 bytes a type of 1 to 4, a machine, and version 1 again. */
function isElf(bytes: Uint8Array): boolean {
  const reader = new Reader(bytes);
  if (reader.u32() !== 0x7f454c46) return false;
  const isWord = (byte: number) => byte === 1 || byte === 2;
  return isWord(reader.u8()) && isWord(reader.u8()) && reader.u8() === 1;
}

/** "MZ", and at its offset 0x3c where "PE" and two zeros stand. */
function isPe(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x4d || bytes[1] !== 0x5a) return false;
  const at = new Reader(bytes, 0x3c).take(4);
  const offset = (at[0] ?? 0) | ((at[1] ?? 0) << 8) | ((at[2] ?? 0) << 16);
  return at.length === 4 && at[3] === 0 && new Reader(bytes, offset).u32() === 0x50450000;
}
