/**
 * Where in a frame we are, and what was understood so far. Each layer is a function that reads its header here, moves `at` behind it,
 * and returns which layer follows; the loop over them is in `decoder.ts`.
 */
import type { Packet, Trouble, Unheard } from "../model/packet.ts";
import { TROUBLES, UNHEARD } from "../model/packet.ts";
import { Fragments } from "./fragments.ts";
import { Spaces, type Tunnel } from "./spaces.ts";

/** Every layer must consume bytes, and returns what its header says is inside. `none`: nothing more is understood. */
export const Layer = {
  none: 0,
  ethernet: 1,
  etherType: 2,
  llc: 3,
  ipv4: 4,
  ipv6: 5,
  ip: 6,
  ipProtocol: 7,
  tcp: 8,
  udp: 9,
  sctp: 10,
  icmp: 11,
  mpls: 12,
  pppoe: 13,
  ppp: 14,
  gre: 15,
  etherIp: 16,
  wifi: 17,
  arp: 18,
  linkType: 19,
} as const;
export type Layer = (typeof Layer)[keyof typeof Layer];

/** Tunnels inside tunnels. Real mirrors wrap twice or three times; a hundred layers are made to keep us busy. */
const DEPTH_MAX = 8;

export class Walk {
  readonly packet: Packet = emptyPacket();
  readonly troubles = zeros(TROUBLES);
  readonly unheard = zeros(UNHEARD);
  readonly tunnelled: Record<string, number> = {};
  readonly fragments = new Fragments();
  readonly spaces = new Spaces();

  bytes = this.packet.bytes;
  at = 0;
  /** End of what was captured of the layer at `at`. */
  end = 0;
  /** Where that layer ended on the wire: at or after `end`. */
  wireEnd = 0;
  /** The mirror cut the inner frame and said so: lengths inside may point past what was on the wire. */
  shortened = false;
  /** A controller that swaps the two bytes of a wireless frame's control handed it to us. */
  swapped = false;
  /** What the next layer is asked about: an EtherType, an IP protocol or a link type. */
  asked = 0;

  begin(bytes: Uint8Array, start: number, end: number, wireLength: number): void {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.wireEnd = start + wireLength;
    this.shortened = this.swapped = false;
    const { packet } = this;
    packet.hasMac = false;
    packet.macSourceHigh = packet.macSourceLow = packet.macTargetHigh = packet.macTargetLow = 0;
    packet.vlan = packet.space = packet.tunnels = packet.securityTag = 0;
    this.#forgetNetwork();
  }

  /** True when the header at `at` is not all there. Trouble only when it was not on the wire either. */
  lacks(length: number, kind: Trouble): boolean {
    if (this.end - this.at >= length) return false;
    if (this.wireEnd - this.at < length) this.troubles[kind]++;
    return true;
  }

  trouble(kind: Trouble): typeof Layer.none {
    this.troubles[kind]++;
    return Layer.none;
  }

  unreadable(kind: Unheard): typeof Layer.none {
    this.unheard[kind]++;
    return Layer.none;
  }

  /** What is left belongs to this layer up to so many bytes; what is behind them is padding. */
  limit(length: number): void {
    const wireEnd = this.at + length;
    if (wireEnd >= this.wireEnd && !this.shortened) return;
    this.wireEnd = wireEnd;
    if (wireEnd < this.end) this.end = wireEnd;
  }

  /**
   * Into a tunnel, whose header is behind us: what was understood of the network outside is forgotten.
   * False when it would be one too many.
   */
  enter(kind: Tunnel, space: number): boolean {
    if (this.packet.tunnels >= DEPTH_MAX) {
      this.troubles.tooDeep++;
      return false;
    }
    this.tunnelled[kind] = (this.tunnelled[kind] ?? 0) + 1;
    if (this.packet.tunnels === 0) this.#keepOuter();
    this.packet.tunnels++;
    this.packet.space = space;
    this.#forgetNetwork();
    return true;
  }

  /** Into a tunnel that carries packets without a link header of their own: the addresses outside are the tunnel's ends. */
  enterBare(kind: Tunnel, space: number): boolean {
    if (!this.enter(kind, space)) return false;
    const { packet } = this;
    packet.hasMac = false;
    packet.macSourceHigh = packet.macSourceLow = packet.macTargetHigh = packet.macTargetLow = 0;
    packet.vlan = 0;
    return true;
  }

  /** The address space of a tunnel that is told by a number of its own, or by its two ends. */
  spaceOf(kind: Tunnel, number: number | "ends"): number {
    return this.spaces.numberOf(this.packet, kind, number);
  }

  #keepOuter(): void {
    const { packet } = this;
    packet.outerHasMac = packet.hasMac;
    packet.outerMacSourceHigh = packet.macSourceHigh;
    packet.outerMacSourceLow = packet.macSourceLow;
    packet.outerMacTargetHigh = packet.macTargetHigh;
    packet.outerMacTargetLow = packet.macTargetLow;
    packet.outerFamily = packet.family;
    packet.outerSource0 = packet.source0;
    packet.outerSource1 = packet.source1;
    packet.outerSource2 = packet.source2;
    packet.outerSource3 = packet.source3;
    packet.outerTarget0 = packet.target0;
    packet.outerTarget1 = packet.target1;
    packet.outerTarget2 = packet.target2;
    packet.outerTarget3 = packet.target3;
  }

  #forgetNetwork(): void {
    const { packet } = this;
    packet.etherType = 0;
    packet.family = 0;
    packet.source0 = packet.source1 = packet.source2 = packet.source3 = 0;
    packet.target0 = packet.target1 = packet.target2 = packet.target3 = 0;
    packet.ttl = packet.ipId = packet.ipProtocol = 0;
    packet.dontFragment = packet.isFragment = packet.visitsInTurn = packet.hasTransport = false;
    packet.sourcePort = packet.targetPort = packet.sequence = packet.acknowledgment = 0;
    packet.tcpFlags = packet.window = packet.tcpOptionsStart = packet.tcpOptionsEnd = 0;
  }
}

/** Names of all kinds to 0. */
function zeros<Kind extends string>(kinds: readonly Kind[]): Record<Kind, number> {
  return Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>;
}

function emptyPacket(): Packet {
  return {
    bytes: new Uint8Array(0),
    at: 0,
    frameBytes: new Uint8Array(0),
    frameStart: 0,
    frameEnd: 0,
    wireLength: 0,
    linkType: 1,
    frameNumber: 0,
    hasMac: false,
    macSourceHigh: 0,
    macSourceLow: 0,
    macTargetHigh: 0,
    macTargetLow: 0,
    etherType: 0,
    vlan: 0,
    space: 0,
    tunnels: 0,
    outerHasMac: false,
    outerMacSourceHigh: 0,
    outerMacSourceLow: 0,
    outerMacTargetHigh: 0,
    outerMacTargetLow: 0,
    outerFamily: 0,
    outerSource0: 0,
    outerSource1: 0,
    outerSource2: 0,
    outerSource3: 0,
    outerTarget0: 0,
    outerTarget1: 0,
    outerTarget2: 0,
    outerTarget3: 0,
    securityTag: 0,
    family: 0,
    source0: 0,
    source1: 0,
    source2: 0,
    source3: 0,
    target0: 0,
    target1: 0,
    target2: 0,
    target3: 0,
    ttl: 0,
    ipId: 0,
    dontFragment: false,
    ipProtocol: 0,
    isFragment: false,
    visitsInTurn: false,
    hasTransport: false,
    sourcePort: 0,
    targetPort: 0,
    sequence: 0,
    acknowledgment: 0,
    tcpFlags: 0,
    window: 0,
    tcpOptionsStart: 0,
    tcpOptionsEnd: 0,
    payloadStart: 0,
    payloadEnd: 0,
    payloadLength: 0,
  };
}
