/** The contract between `flows`, which finds whole messages, and `protocols`, which read them. */
import type { Notable } from "./notable.ts";
import type { Attribute } from "./observation.ts";
import type { Program } from "./program.ts";

/** An address as a message or a frame showed it. At least one of the two is there. `mac` is lower case with colons, `ip` dotted IPv4 or RFC 5952. */
export interface Address {
  readonly mac?: string;
  readonly ip?: string;
}

/** A device that speaks through another: identity inside a message belongs to the serial, not to the gateway that carries it. */
export interface Child {
  readonly gateway: Address;
  readonly serial: string;
}

export type Side = "client" | "server" | "unknown";

/**
 * What carries a protocol. Ports are a hint for what to try first; the payload decides.
 * `ethernet` is an EtherType; below 0x600 it is an LLC service access point (0x42 spanning tree); Cisco's SNAP protocols
 * (OUI 00-00-0C) are given by their SNAP type (0x2000 CDP). `inside` names what another protocol hands on by `report.inside`.
 */
export type Carrier =
  | { readonly tcp: readonly number[] }
  | { readonly udp: readonly number[] }
  | { readonly ethernet: number }
  | { readonly ip: number }
  | { readonly inside: string; readonly as?: string };

export interface Protocol<Memory = unknown> {
  readonly name: string;
  /** As its own books write it, and people read it. */
  readonly title: string;
  readonly over: readonly Carrier[];
  /** Whose word a host name may be kept for: devices that speak these are clinical, building, network or server machines (README.md, promise 4). */
  readonly setting?: "clinical" | "building" | "network" | "server";
  /** What follows on a flow of this protocol only its two ends can read. */
  readonly encrypted?: true;
  /** Ordinary programs speak it at ports of every number. Absent: whoever greets in it at a port not in `over` is worth noting. */
  readonly atAnyPort?: true;
  /** For docs/privacy.md, in sentences. A test demands it of every protocol in the list. */
  readonly privacy?: Privacy;
  /** Asked once per flow and side; on a stream again as bytes arrive, up to a limit, so "not yet" is a no. */
  recognize(message: Uint8Array, side: Side): boolean;
  /** Where nobody heard the flow begin: who would send this message. Absent: whoever `recognize` takes it from. */
  speaker?(message: Uint8Array): Side;
  /** On streams, where an answer alone is too little to know the protocol by: whether a server of it answers so. Absent: `recognize` tells. */
  answers?(message: Uint8Array): boolean;
  /** On streams: the length of the message at the front, 0 while that is unknown. `flows` does the buffering. */
  messageLength?(stream: Uint8Array): number;
  /** On streams: how many bytes of that message, from its front, `read` wants; the rest passes uncopied. Absent: all, up to a limit. */
  wanted?(stream: Uint8Array): number;
  /** On streams, after a gap or a late start: where a message surely begins, -1 while unsure. Absent: from there on the flow is only counted. */
  resume?(stream: Uint8Array): number;
  /** Quiet for so long and still the same conversation. Absent: the setting. MLLP and DICOM: 120. */
  readonly idleMinutes?: number;
  /** What to keep between the messages of one conversation, if anything: DICOM keeps its negotiated contexts. At most a few KB. */
  remember?(): Memory;
  read(message: Uint8Array, report: Report, context: Context<Memory>): void;
}

interface Privacy {
  /** What the parser looks at. */
  readonly reads: string;
  /** What of it, or beside it, goes no further than the parser. */
  readonly ends: string;
  /** All it may observe; tests hold it to that. */
  readonly keeps: readonly Attribute[];
}

/** One message's surroundings. Valid during the call only. */
export interface Context<Memory = unknown> {
  /** Packet time in microseconds since 1970. */
  readonly at: number;
  /** Who sent this message. */
  readonly side: Side;
  readonly sender: Address;
  readonly receiver: Address;
  readonly senderPort: number;
  readonly receiverPort: number;
  /** The end is missing: `wanted`, or the capture cut it. */
  readonly cut: boolean;
  readonly memory: Memory;
}

/** A flow agreed on inside another: filed under the protocol and conversation that agreed on it. */
export interface ExpectedFlow {
  readonly transport: "tcp" | "udp";
  /** Who will be asked. */
  readonly server: Address;
  readonly port: number;
  /** Who will ask; absent: anyone. */
  readonly client?: Address;
  /** The protocol's name the flow is filed under: "ftp-data", "tftp". */
  readonly protocol: string;
  /** The server speaks first, from a port of its own choice: then `port` is the client's. */
  readonly begins?: "server";
}

/** Who a notable thing is between, where that is not simply the two ends of its flow. */
export interface NotableEnds {
  readonly sender?: Address;
  /** Empty: nobody's, where what is told apart is so whoever heard it. */
  readonly receiver?: Address;
  /** Counted apart from others between the same two, under a keyed hash: a domain, the number of an exchange. */
  readonly group?: string;
}

/** A log-in with credentials; somebody asked for whom the server does not know, before any; a dialogue of programs; an order. */
export type Attempt = "login" | "user" | "association" | "order";

export interface Report {
  /** One thing this message said about one address. Values are bounded to TEXT_LENGTH_MAX; an empty one is ignored. */
  observe(about: Address | Child, attribute: Attribute, value: string): void;
  /** A verb of the protocol: C-STORE, ORU^R01, SET. From a closed set of the protocol's own, never free text. */
  operation(verb: string): void;
  /**
   * Refused only where credentials or content had been offered: a first 401, or a demand for pre-authentication, is how a protocol begins.
   * `who` wanted in, where the protocol says so: it is hashed, told apart from others, and goes no further.
   */
  attempt(what: Attempt, outcome: "accepted" | "refused", who?: string): void;
  /** A step of a pump's program: compared in the sensor, and told as ratios. */
  program(program: Program): void;
  /** The pump with this serial number tells of a hand on it; `begins`: its delivery starts. */
  touched(serial: string, begins: boolean): void;
  /**
   * Worth saying at once (model/notable.ts): goes into this second's signals with the frames that made it, from the flow's client to its
   * server, or from sender to receiver of a message without a flow. `thing` is hashed and tells repetitions apart: a name asked for, a
   * user. `amount` adds up: bytes. `ends` where it is of others than these two, or is counted apart within them.
   */
  notable(what: Notable, thing?: string, amount?: number, ends?: NotableEnds): void;
  /**
   * A card says which IP is its own, by a question of its own, an answer or an announcement; `other` is whom it asks for or answers. Two
   * that claim one are told apart from honest changes in one place (flows/claims.ts).
   */
  claims(mac: string, ip: string, how: "asks" | "answers" | "announces" | "overrides", other: string): void;
  /**
   * Hands bytes to whatever protocol is `over` `{ inside: <this protocol's name>, as }`. What it remembers is forgotten with the message,
   * unless `within` names which of several dialogues inside this conversation it is: a pipe's number.
   */
  inside(as: string, bytes: Uint8Array, within?: string): void;
  expect(flow: ExpectedFlow): void;
  /** Count the rest of this flow, read no more. */
  enough(): void;
  malformed(why: string): void;
}
