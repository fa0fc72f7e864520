/** Days with connections in them, as frames with times: who called whom, when, and how much was sent. For tests of what is usual. */
import { dialogue } from "./dialogue.ts";
import { heardAt } from "./hear.ts";
import type { Batch } from "../model/batch.ts";

const BEGIN_US = 1_700_000_000_000_000;
const SECOND_US = 1_000_000;
const FRAME_US = 2_000;

export interface Call {
  /** Seconds since the test began. */
  readonly at: number;
  readonly client: string;
  readonly server: string;
  readonly port?: number;
  /** What the client says, in bytes, and seconds later again for each more: a connection that stays open. */
  readonly bytes?: number;
  readonly again?: readonly number[];
}

export function calls(all: readonly Call[]): readonly Batch[] {
  const frames = all.flatMap(({ at, client, server, port = 4_444, bytes = 120, again = [] }, number) => {
    const said = ["client", new Uint8Array(bytes).fill(120)] as const;
    const sent = dialogue({ client, server, port, clientPort: 20_000 + (number % 40_000) }, [said, ...again.map(() => said)]);
    // Three frames of a handshake, what is said at once, and then a frame each.
    const first = sent.length - 3 - again.length;
    return sent.map((frame, place) => {
      const later = place < first ? 0 : (again[Math.min(place - first, again.length - 1)] ?? 0);
      return { bytes: frame, at: BEGIN_US + Math.round((at + later) * SECOND_US) + place * FRAME_US };
    });
  });
  return heardAt(frames.toSorted((a, b) => a.at - b.at));
}
