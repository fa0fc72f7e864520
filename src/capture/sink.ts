/** Where frames go: `decode`, by way of the sensor. Plain calls, no object for a packet. */
export interface FrameSink {
  /**
   * One record. `bytes` is reused after the call; `start`..`end` is what was captured, `wireLength` what was on the wire; `at` is
   * microseconds since 1970, already put right by the input's clock.
   */
  frame(bytes: Uint8Array, start: number, end: number, wireLength: number, at: number, linkType: number): void;
  /** Frames the capture program says it dropped since the last call. */
  drops(count: number): void;
  /** Live only: a frame of no bytes, so that time goes on when the link is quiet. */
  tick(at: number): void;
  /** Live only: the capture program had no more to say for a moment. */
  pause(): void;
  /** Between two reads: how much of the input, as it lies on disk, has been read. */
  progress(bytesRead: number): void;
}
