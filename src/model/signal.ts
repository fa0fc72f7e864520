/**
 * Counts that only packets show, over one second of packet time. The sensor counts, the core judges: the one threshold in the sensor is
 * `floor`, below which a second of that kind is not worth saying.
 */
import type { Notable } from "./notable.ts";

interface About {
  /** What is counted, what tells its things apart (`distinct`), what failing means, and what `amount` adds up where it does. */
  readonly doc: string;
  /** Fewer in one second are not told. */
  readonly floor: number;
  /** Its frames are kept as evidence: the first 4 and the last 4 of the second, cut after the transport header. */
  readonly witness?: true;
}

const list = {
  broadcast: { doc: "Frames to all of a segment; told apart by their senders.", floor: 50 },
  multicast: { doc: "Frames to groups on a segment; told apart by their senders.", floor: 50 },
  icmp: { doc: "ICMP messages of one sender; told apart by whom they went to.", floor: 10 },
  contacts: { doc: "Flows one sender began; told apart by whom they went to.", floor: 5 },
  ports: { doc: "Flows one sender began to one receiver; told apart by port.", floor: 5 },
  refusals: {
    doc: "Log-ins that a server turned down after credentials were offered, and with them those it took since the last refusal told, of 5 minutes at most (`failed` is the refused ones); `what` is the protocol; told apart by who wanted in, where the protocol says so. Of users not known, associations and orders `what` says so behind the protocol (kerberos user).",
    floor: 1,
    witness: true,
  },
  malformed: {
    doc: "Messages that break their own format, by sender and receiver; `what` is the protocol or layer.",
    floor: 1,
    witness: true,
  },
  notable: {
    doc: "What a protocol finds worth saying at once; `what` is its name in model/notable.ts, which also says what is told apart and what adds up.",
    floor: 1,
    witness: true,
  },
  addressConflict: { doc: "An address claimed by two cards in turn.", floor: 1, witness: true },
  load: { doc: "Packets that reached one receiver.", floor: 20 },
  others: { doc: "Subjects beyond the limit of one second, which were not told apart.", floor: 1 },
} as const satisfies Record<string, About>;

export type SignalKind = keyof typeof list;
export const signalKinds: Readonly<Record<SignalKind, About>> = list;
export const SIGNAL_KINDS = Object.keys(list) as readonly SignalKind[];

/** What is told apart within a kind: a protocol or layer, a notable thing; "" where nothing is. */
export type SignalWhat = Notable | (string & {});
