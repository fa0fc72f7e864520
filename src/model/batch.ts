/**
 * The only thing that goes from sensor to core: one JSON line. Everything in it is a difference for `from`..`to`, never a total,
 * and rows are tuples that name addresses by their place in `addresses`, because a hospital sends millions of them.
 */
import type { Attribute } from "./observation.ts";
import type { Trouble, Unheard } from "./packet.ts";
import type { ClinicalLimit, Dose } from "./program.ts";
import type { SignalKind, SignalWhat } from "./signal.ts";

export const BATCH_SCHEMA = 2;
/** A batch closes at the first of these: records, bytes of JSON, or packet time. Signals wait 1 s, and live whoever arrives for less, or until nothing more comes; where more is held than fits in one batch, signals go alone. */
export const BATCH_RECORDS_MAX = 4_000;
export const BATCH_BYTES_MAX = 900_000;
export const BATCH_SECONDS = 10;
export const BATCH_SECONDS_WITH_SIGNALS = 1;
export const BATCH_SECONDS_WITH_ARRIVALS = 0.25;
/** What the core refuses outright: a line longer than this is not one of ours. */
export const BATCH_LINE_BYTES_MAX = 4_000_000;

/** A live run cannot be read again: what is missing of it stays missing. */
export const LIVE_RUN = "live-";
/** What others wrote down was not heard: such a run has no frames, and its times are not the recording's. */
export const EVIDENCE_RUN = "evidence-";

export interface Batch {
  readonly schema: typeof BATCH_SCHEMA;
  readonly site: string;
  readonly sensor: string;
  /** New at each start of a live sensor, and begins with LIVE_RUN; a file's identity otherwise, after EVIDENCE_RUN where it is no capture. */
  readonly run: string;
  /** From 1, without gaps within a run. */
  readonly sequence: number;
  /** Name of the interface, or of the file without its folder. */
  readonly input: string;
  /** Packet time in microseconds since 1970, inclusive. */
  readonly from: number;
  readonly to: number;
  /** The last batch of a file, or of a sensor that ended in order. */
  readonly end?: true;
  readonly frames: FrameCounts;
  readonly addresses: readonly AddressRow[];
  readonly observations: readonly ObservationRow[];
  readonly conversations: readonly ConversationRow[];
  readonly attempts: readonly AttemptRow[];
  readonly signals: readonly SignalRow[];
  /** Absent: none. */
  readonly programs?: readonly ProgramRow[];
  readonly loss: LossCounts;
}

export interface FrameCounts {
  /** Every record of the input, also those nothing was understood of. */
  readonly frames: number;
  /** Lengths on the wire, in bytes. */
  readonly bytes: number;
  /** Number of the last frame in it, from 1: where a reading goes on. */
  readonly lastFrame: number;
  readonly duplicates: number;
  /** Copies of a routed packet heard before and after the router. */
  readonly routedCopies: number;
  readonly cut: number;
  /** Frames whose stamp lay before the latest one. */
  readonly timeBackwards: number;
  /** By layer and by protocol name. */
  readonly malformed: Readonly<Record<string, number>>;
  readonly unheard: Readonly<Partial<Record<Unheard, number>>>;
  readonly troubles?: Readonly<Partial<Record<Trouble, number>>>;
  /** Frames by VLAN id (0 untagged); at most 64 ids, the rest under "other". */
  readonly vlans?: Readonly<Record<string, number>>;
  readonly broadcast: number;
  readonly multicast: number;
  /** Flows heard in both directions, and in one only, that ended or began in this batch: what tells a one-sided mirror. */
  readonly flowsTwoWay: number;
  readonly flowsOneWay: number;
  /** Frames inside a tunnel, by kind ("vxlan"). */
  readonly tunnelled?: Readonly<Record<string, number>>;
}

export const NO_FRAMES: FrameCounts = {
  frames: 0,
  bytes: 0,
  lastFrame: 0,
  duplicates: 0,
  routedCopies: 0,
  cut: 0,
  timeBackwards: 0,
  malformed: {},
  unheard: {},
  broadcast: 0,
  multicast: 0,
  flowsTwoWay: 0,
  flowsOneWay: 0,
};

export interface LossCounts {
  /** Frames the capture program or the kernel dropped. */
  readonly drops: number;
  /** Holes in TCP streams. */
  readonly gaps: number;
  readonly gapBytes: number;
  /** What the sensor let go at a named limit: limit name to count. */
  readonly limits: Readonly<Record<string, number>>;
}

export const NO_LOSS: LossCounts = { drops: 0, gaps: 0, gapBytes: 0, limits: {} };

/**
 * `ttls`: 1 for 32, 2 for 64, 4 for 128, 8 for 255, 16 for any other: what it was heard with as a source. All 0 where it was only spoken
 * of or to. Packets to groups, of DHCP and ICMP errors are left out, and echoes where it is none of those: senders choose other values for
 * them. 32: it sent a frame to a group or to all (the target's MAC says so), and such frames stay on their link. 64: it sent to another IP
 * on the very same MAC, as no two addresses of one machine do over a wire.
 * `first` and `last`: 0 where it was not heard, but written down by others.
 */
export type AddressRow = readonly [
  space: number,
  mac: string | null,
  ip: string | null,
  child: string | null,
  frames: number,
  bytes: number,
  first: number,
  last: number,
  ttls: number,
];

/** `via`: who said it, -1 when `about` said it itself. */
export type ObservationRow = readonly [
  about: number,
  attribute: Attribute,
  value: string,
  protocol: string,
  via: number,
  first: number,
  last: number,
  count: number,
  witness?: readonly Witness[],
];

/** How the direction of a conversation is known. A guessed one is never learned from. */
export const SIDES = ["handshake", "protocol", "port", "guessed"] as const;
export type SideKnown = (typeof SIDES)[number];

/**
 * `answered`: connections whose SYN was answered, or UDP flows whose server answered. `refused`: those answered by a reset or an
 * ICMP unreachable, and log-ins, associations and orders turned down. `transport`: tcp, udp, sctp, icmp or ip; ICMP uses its type
 * for port, ip its protocol number. `protocol` is "" while unknown. `spoken`: of the answered, those in which what the server said is of
 * the protocol too; absent: all of them.
 */
export type ConversationRow = readonly [
  client: number,
  server: number,
  transport: Transport,
  port: number,
  protocol: string,
  operations: readonly string[],
  packetsToServer: number,
  packetsToClient: number,
  bytesToServer: number,
  bytesToClient: number,
  answered: number,
  refused: number,
  first: number,
  last: number,
  side: SideKnown,
  encrypted: 0 | 1,
  spoken?: number,
];
export type Transport = "tcp" | "udp" | "sctp" | "icmp" | "ip";

/** Attempts nobody answered: no conversation. The first 8 ports of each pair. */
export type AttemptRow = readonly [
  client: number,
  server: number,
  transport: Transport,
  count: number,
  ports: readonly number[],
  first: number,
  last: number,
];

/**
 * A count that only packets show, over one second (model/signal.ts). `sender` and `receiver` are -1 where they do not apply; on a flow they
 * are its client and its server. `at`: the second's end. `distinct`: how many things told apart; of a kind that says `what` it is, those
 * not heard in the last 5 minutes, so that over that time sums count each once.
 */
export type SignalRow = readonly [
  at: number,
  kind: SignalKind,
  sender: number,
  receiver: number,
  segment: string,
  what: SignalWhat,
  count: number,
  distinct: number,
  failed: number,
  amount: number,
  witness?: readonly Witness[],
];

/** A step of a pump's program as the sensor compared it (model/program.ts): who said it to whom, of which pump, and the ratios it made of it. */
export type ProgramRow = readonly [at: number, sender: number, receiver: number, pump: number, dose: Dose, witness: readonly Witness[]];

/** The first bytes of a frame (at most 128, cut after the transport header) as base64, with its time, number in its input, wire length and link type (LINKTYPE_ as pcap numbers them). */
export type Witness = readonly [at: number, frameNumber: number, wireLength: number, bytes: string, linkType: number];

/** The one line that goes down to a sensor, at its start. */
export interface StartLine {
  readonly schema: typeof BATCH_SCHEMA;
  readonly site: string;
  readonly sensor: string;
  /** 32 bytes in hex: this site's key for hashes that are compared and never printed. */
  readonly hashKey: string;
  /** The site's own ranges in CIDR notation; empty: the private ranges. */
  readonly ownRanges: readonly string[];
  /** Networks left out whole: counted, never parsed. */
  readonly leftOut: readonly string[];
  readonly flowIdleMinutes: number;
  readonly flowsMax: number;
  /** Hard limits of the pharmacy; absent: none. */
  readonly limits?: readonly ClinicalLimit[];
  readonly inputs: readonly InputLine[];
}

export interface InputLine {
  /** Descriptors the frames come by, one after the other: files that follow each other, or one pipe. */
  readonly parts: readonly PartLine[];
  readonly live: boolean;
  readonly name: string;
}

export interface PartLine {
  readonly fd: number;
  readonly name: string;
  readonly run: string;
  /** Batches up to this sequence are stored already: they are worked out again and not sent. */
  readonly skipTo: number;
  /** Its first frame, peeked before reading; null when unknown. A part that begins before the one before it ended is an input of its own. */
  readonly firstAt: number | null;
}

/** What a sensor prints beside batches: lines that begin with this key instead of "schema". */
export type SensorLine =
  | { readonly say: "ready"; readonly pid: number }
  | { readonly say: "progress"; readonly input: string; readonly bytesRead: number; readonly frames: number }
  | { readonly say: "part"; readonly input: string; readonly name: string; readonly frames: number; readonly trouble?: string }
  | { readonly say: "done" };
