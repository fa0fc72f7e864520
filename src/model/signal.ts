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
  newCards: {
    doc: "Senders on a segment that were not heard before; of those whose card's address is its maker's (`failed`; others are made up by systems, lawfully) told apart by the maker's prefix.",
    floor: 50,
  },
  contacts: {
    doc: "Endpoints one sender asked that never answered it before; `what` is the way it asked; `distinct` of them did not answer within the second; `failed` turned it down or were silent, also such as were asked before this second; `amount` answered since this was last told, of neighbors (arp, nd) apart from all others.",
    floor: 1,
    witness: true,
  },
  probes: { doc: "The same of one sender at one receiver: at most 64 receivers of a sender a second.", floor: 1 },
  lateAnswers: { doc: "Endpoints that answered after they counted as silent: each takes a failure back; `what` is the way.", floor: 1 },
  recontacts: {
    doc: "Endpoints asked again, whatever came of it; `what` is the way; told apart by whom; `amount` is how many others beside them were asked first.",
    floor: 5,
  },
  contacted: { doc: "First contacts that reached one receiver; told apart by who asked.", floor: 10 },
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
  load: {
    doc: "What one receiver was asked, whoever asked, from who sent most of it where one did: echoes, connections (`syn`), or packets of flows nobody answered (`stranger`; of datagrams the first of each flow); `what` is which.",
    floor: 10,
  },
  held: {
    doc: "Connections of one sender to one receiver that stand for 10 s or longer while nothing is served in them: no word was said, or the server does not answer the client's; or for 2 s amid the client's first message. Counted each second, of very many flows each half minute.",
    floor: 20,
  },
  largeEchoes: { doc: "Echoes of one sender to one receiver that do not fit in one frame of Ethernet.", floor: 1, witness: true },
  alerts: {
    doc: "What another watcher of the network found worth an alert, read from its log; `what` is which, its rule and the flow (model/alert.ts). From who did it to whom, either of which may be unknown.",
    floor: 1,
  },
  others: { doc: "Subjects beyond the limit of one second, which were not told apart.", floor: 1 },
} as const satisfies Record<string, About>;

/**
 * How an endpoint was asked first: by TCP, with flags that no program's segments have, with an acknowledgment of nothing, by UDP or SCTP, by another protocol over IP, by an echo, by
 * ARP or neighbor discovery. Apart from these, whatever the way: of a receiver that a name server had just named to the sender, and
 * neighbors looked for by a router, which does so for others.
 */
export const CONTACT_WAYS = ["tcp", "odd", "ack", "udp", "sctp", "ip", "echo", "arp", "nd", "named", "gateway"] as const;
export type ContactWay = (typeof CONTACT_WAYS)[number];

/** What of a receiver's load is told apart. */
export const LOADS = ["echo", "syn", "stranger"] as const;
export type Load = (typeof LOADS)[number];

export type SignalKind = keyof typeof list;
export const signalKinds: Readonly<Record<SignalKind, About>> = list;
export const SIGNAL_KINDS = Object.keys(list) as readonly SignalKind[];

/** What is told apart within a kind: a protocol or layer, a notable thing; "" where nothing is. */
export type SignalWhat = Notable | (string & {});
