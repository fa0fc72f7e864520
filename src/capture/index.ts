/** Frames come in: from a capture file, packed or not, or from the pipe of a capture program. */
export { readFrames, type ReadOptions, type ReadResult } from "./read.ts";
export { peekCapture, type Peeked } from "./peek.ts";
export { fileIdentity } from "./identity.ts";
export { InputClock } from "./clock.ts";
export type { FrameSink } from "./sink.ts";
