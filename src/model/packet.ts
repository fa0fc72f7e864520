/**
 * A frame understood. There is one object, refilled for each frame; nothing in it may be kept. Addresses are numbers, because
 * making text for each packet would cost more than everything else together; offsets point into `bytes`.
 */
export interface Packet {
  /** Where the payload lies: the frame itself, or the reassembled datagram after the last fragment. */
  bytes: Uint8Array;
  /** Packet time in microseconds since 1970; never runs backwards within one input. */
  at: number;
  /** The record as captured: offsets into `frameBytes`, and its length on the wire. */
  frameBytes: Uint8Array;
  frameStart: number;
  frameEnd: number;
  wireLength: number;
  /** LINKTYPE_ of its record, as pcap numbers them. */
  linkType: number;
  /** Number of this frame in its input, from 1. */
  frameNumber: number;

  /** 1 where the innermost Ethernet (or 802.11, or cooked) header gave a source MAC; a cooked header gives no destination. */
  hasMac: boolean;
  /** MAC as its upper 16 and lower 32 bits (unsigned). 0 where there is none. */
  macSourceHigh: number;
  macSourceLow: number;
  macTargetHigh: number;
  macTargetLow: number;
  /** EtherType of the innermost frame; an LLC access point below 0x600; Cisco SNAP types as they are. 0 when unknown. */
  etherType: number;
  /** Innermost VLAN id, 0 when untagged. It never parts addresses. */
  vlan: number;
  /** Number of this tunnel's address space: 0 outside every tunnel. Equal addresses in two spaces are two endpoints. */
  space: number;
  /** Tunnels it came through, the mirror's own among them. The ends of the outermost follow; they hold when this is above 0. */
  tunnels: number;
  outerHasMac: boolean;
  outerMacSourceHigh: number;
  outerMacSourceLow: number;
  outerMacTargetHigh: number;
  outerMacTargetLow: number;
  /** 0 when a tunnel of the link layer (PPPoE, MPLS) is the outermost. */
  outerFamily: 0 | 4 | 6;
  outerSource0: number;
  outerSource1: number;
  outerSource2: number;
  outerSource3: number;
  outerTarget0: number;
  outerTarget1: number;
  outerTarget2: number;
  outerTarget3: number;
  /** Cisco security group tag, 0 when none. */
  securityTag: number;

  /** 4, 6, or 0 for what carries no IP. */
  family: 0 | 4 | 6;
  /** Addresses as four unsigned 32-bit words, most significant first; IPv4 in the last, the others 0. */
  source0: number;
  source1: number;
  source2: number;
  source3: number;
  target0: number;
  target1: number;
  target2: number;
  target3: number;
  ttl: number;
  /** IPv4 identification; 0 for IPv6 without a fragment header. */
  ipId: number;
  dontFragment: boolean;
  /** IP protocol number after all extension headers; 0 when `family` is 0. */
  ipProtocol: number;
  /** A fragment other than the one that completed its datagram: no transport is given. */
  isFragment: boolean;
  /** An IPv6 routing header of type 0 stands in it, which would have it visit machines in turn. Holds where `family` is 6. */
  visitsInTurn: boolean;

  /** True when the transport header was whole and the ports and flags below hold. */
  hasTransport: boolean;
  sourcePort: number;
  targetPort: number;
  sequence: number;
  acknowledgment: number;
  /** FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32. */
  tcpFlags: number;
  window: number;
  /** Options of a TCP header: offsets into `bytes`. */
  tcpOptionsStart: number;
  tcpOptionsEnd: number;

  /** Payload of the innermost understood layer: after the TCP or UDP header, else after the IP header, else after the link header. Offsets into `bytes`. */
  payloadStart: number;
  /** What was captured of it. */
  payloadEnd: number;
  /** How long it was on the wire: larger than what was captured when the capture cut it. */
  payloadLength: number;
}

/** Why a frame is counted as malformed or unheard, by kind. The order is the one of the counters. */
export const TROUBLES = [
  "ethernet",
  "vlan",
  "llc",
  "arp",
  "ipv4",
  "ipv6",
  "extension",
  "fragment",
  "fragmentOverlap",
  "tcp",
  "udp",
  "sctp",
  "icmp",
  "gre",
  "erspan",
  "vxlan",
  "geneve",
  "mpls",
  "pppoe",
  "gtp",
  "capwap",
  "wifi",
  "tooDeep",
] as const;
export type Trouble = (typeof TROUBLES)[number];

/** Frames that are whole but whose inside nobody without the key can read. */
export const UNHEARD = ["macsec", "esp", "wifiProtected", "capwapDtls", "linkType"] as const;
export type Unheard = (typeof UNHEARD)[number];

/** What `decode` makes of one frame. */
export interface Decoded {
  readonly packet: Packet;
  readonly troubles: Record<Trouble, number>;
  readonly unheard: Record<Unheard, number>;
}
