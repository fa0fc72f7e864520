/**
 * A program as the first that crosses on a connection of no protocol: ELF (System V ABI, chapter 4) and PE (Microsoft, PE Format).
 * Files are carried by protocols that agree on them first; who opens a port to push a program in means something by it.
 */
import { Reader } from "../bytes/reader.ts";
import type { Protocol, Report, Side } from "../model/protocol.ts";

export const program: Protocol = {
  name: "program",
  title: "Program",
  over: [{ tcp: [] }, { udp: [] }],
  privacy: { reads: "That it begins as a program does.", ends: "The program.", keeps: [] },
  recognize: (message) => isElf(message) || isPe(message),
  speaker: (): Side => "unknown",
  read: (_message, report: Report) => {
    report.notable("program");
    report.enough();
  },
};

/** Magic, 32 or 64 bits, little or big endian, version 1; behind 16 bytes a type of 1 to 4, a machine, and version 1 again. */
function isElf(message: Uint8Array): boolean {
  const reader = new Reader(message);
  if (reader.u32() !== 0x7f454c46) return false;
  const isWord = (byte: number) => byte === 1 || byte === 2;
  return isWord(reader.u8()) && isWord(reader.u8()) && reader.u8() === 1;
}

/** "MZ", and at its offset 0x3c where "PE" and two zeros stand. */
function isPe(message: Uint8Array): boolean {
  if (message[0] !== 0x4d || message[1] !== 0x5a) return false;
  const at = new Reader(message, 0x3c).take(4);
  const offset = (at[0] ?? 0) | ((at[1] ?? 0) << 8) | ((at[2] ?? 0) << 16);
  return at.length === 4 && at[3] === 0 && new Reader(message, offset).u32() === 0x50450000;
}
