/** Dialogues of lines: one is a message. */
import { find } from "./find.ts";

/** What has no line end for so long is not a dialogue: it passes as one message. */
const LINELESS_BYTES_MAX = 8192;

/** Bytes of the first line, its end included; 0: more are needed to tell. */
export function lineLength(stream: Uint8Array): number {
  const end = find(stream, "\n") + 1;
  return end === 0 && stream.length >= LINELESS_BYTES_MAX ? stream.length : end;
}
