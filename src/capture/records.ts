/** A capture format, fed in pieces of any size. What it understood before it met damage has been handed on. */
export interface RecordReader {
  /** Records handed on. */
  readonly frames: number;
  /** Why nothing more is read: what was expected, what came, at which byte. Absent while all is well. */
  readonly trouble: string | undefined;
  /** Hands on the whole records of `bytes` from `start`; returns where the first begins that is not whole. */
  take(bytes: Uint8Array, start: number, end: number): number;
  /** What to say when the input ends with a record begun: undefined when it may end here. */
  cutShort(left: number): string | undefined;
}

/** Largest frame believed. Linux hands up to 64 KB of coalesced segments, USB and others at most 256 KB; more is damage, not data. */
export const FRAME_BYTES_MAX = 262_144;
/** What it was long on the wire, as far as that can be: a record that claims more than any frame has says nothing of it. */
export function wireLengthOf(captured: number, claimed: number): number {
  return claimed > captured && claimed <= FRAME_BYTES_MAX ? claimed : captured;
}

/** A frame with the longest header and options around it. This much may have to be carried from one piece to the next. */
export const RECORD_BYTES_MAX = FRAME_BYTES_MAX + 65_536;

/** Largest time that is still exact: the year 2255. */
export const STAMP_MAX = Number.MAX_SAFE_INTEGER;

export function u16(bytes: Uint8Array, at: number, little: boolean): number {
  return little ? (bytes[at + 1]! << 8) | bytes[at]! : (bytes[at]! << 8) | bytes[at + 1]!;
}

export function u32(bytes: Uint8Array, at: number, little: boolean): number {
  return little
    ? ((bytes[at + 3]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 1]! << 8) | bytes[at]!) >>> 0
    : ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
