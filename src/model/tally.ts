/** Sums of what went into recordings since a program began to write them: for whoever watches the program, of no device. */
export interface Tally {
  readonly frames: number;
  /** Frames the capture program or the kernel dropped. */
  readonly drops: number;
  /** Holes in TCP streams. */
  readonly gaps: number;
  /** By protocol and by layer. */
  readonly malformed: Readonly<Record<string, number>>;
  readonly batchesStored: number;
  readonly batchesRefused: number;
  readonly flushes: number;
  readonly flushSeconds: number;
  /** Taking in what a broker delivered, without storing it. */
  readonly takeSeconds: number;
  /** The last packet from an interface that is stored, in microseconds since 1970; 0 before the first. */
  readonly heardUntil: number;
}
