/** Captures for tests that need a whole hospital: the sample one, as frames that can be packed again in any way. */
import { writeFileSync } from "node:fs";
import { simulate } from "../simulation/index.ts";
import { pcapFile, type Frame } from "./frames.ts";

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const RECORDS_AT_ONCE = 10_000;

/** About so many machines over so many minutes, in order of time. */
export function sampleFrames(size: number, minutes: number, seed = 1): readonly Frame[] {
  return framesOf(Buffer.concat([...simulate({ seed, minutes, size }).capture]));
}

/** Of pcap as the simulation writes it: little endian, microseconds. */
export function framesOf(file: Buffer): readonly Frame[] {
  const frames: Frame[] = [];
  for (let at = FILE_HEADER_BYTES; at < file.length;) {
    const begin = at + RECORD_HEADER_BYTES;
    const end = begin + file.readUInt32LE(at + 8);
    frames.push({
      at: file.readUInt32LE(at) * 1e6 + file.readUInt32LE(at + 4),
      bytes: file.subarray(begin, end),
      wireLength: file.readUInt32LE(at + 12),
    });
    at = end;
  }
  return frames;
}

/** As pcap, however many there are. */
export function writeCapture(path: string, frames: readonly Frame[]): void {
  writeFileSync(path, pcapFile([]));
  for (let from = 0; from < frames.length; from += RECORDS_AT_ONCE)
    writeFileSync(path, pcapFile(frames.slice(from, from + RECORDS_AT_ONCE)).subarray(FILE_HEADER_BYTES), { flag: "a" });
}
