/**
 * Frame to packet. Everything a mirror port wraps around a frame is taken off; what is left in `packet` is the innermost layer that was
 * understood. The packet is one object, refilled for each frame, and nothing is allocated on the way.
 */
import { u16, u32 } from "../bytes/numbers.ts";
import type { Decoded, Packet, Trouble, Unheard } from "../model/packet.ts";
import { arp, ethernet, etherType, EtherType, llc } from "./ethernet.ts";
import { linkType as byLinkType } from "./link.ts";
import { ip, ipProtocol, ipv4, ipv6 } from "./network.ts";
import { icmp, sctp, tcp, udp } from "./transport.ts";
import { etherIp, gre, mpls, ppp, pppoe } from "./tunnels.ts";
import { Layer, Walk } from "./walk.ts";
import { wifi } from "./wifi.ts";
import { isTunnelPort } from "./udp-tunnels.ts";

export class Decoder implements Decoded {
  readonly #walk = new Walk();
  readonly packet: Packet = this.#walk.packet;
  readonly troubles: Record<Trouble, number> = this.#walk.troubles;
  readonly unheard: Record<Unheard, number> = this.#walk.unheard;
  /** Tunnels entered, by kind ("vxlan"). */
  readonly tunnelled: Record<string, number> = this.#walk.tunnelled;
  /** Frames of which the capture kept less than was on the wire. */
  cut = 0;

  /** What was let go at a limit: fragmented datagrams, tunnels that share a space because there are too many. */
  get limits(): { readonly fragments: number; readonly spaces: number } {
    return { fragments: this.#walk.fragments.evicted, spaces: this.#walk.spaces.overflowed };
  }

  /** Fills `packet`. Counts its frame number on by one; whoever begins a new file sets that back. */
  decode(bytes: Uint8Array, start: number, end: number, wireLength: number, at: number, linkType: number): void {
    const { packet } = this;
    packet.at = at;
    // Storing a pointer tells the garbage collector, which costs a fifth of all this; a buffer holds thousands of frames.
    if (packet.frameBytes !== bytes) packet.frameBytes = bytes;
    if (packet.bytes !== bytes) packet.bytes = bytes;
    packet.frameStart = start;
    packet.frameEnd = end;
    packet.wireLength = wireLength;
    packet.linkType = linkType;
    packet.frameNumber++;
    if (end - start < wireLength) this.cut++;
    if (linkType !== 1 || !plain(packet, bytes, start, end, wireLength)) this.#layers(bytes, start, end, wireLength, linkType);
  }

  /** Whatever it is, one layer after the other. */
  #layers(bytes: Uint8Array, start: number, end: number, wireLength: number, linkType: number): void {
    const walk = this.#walk;
    walk.begin(bytes, start, end, wireLength);
    walk.asked = linkType;
    let layer: Layer = Layer.linkType;
    while (layer !== Layer.none) layer = LAYERS[layer](walk);

    const { packet } = walk;
    packet.bytes = walk.bytes;
    packet.payloadStart = walk.at;
    packet.payloadEnd = walk.end;
    packet.payloadLength = walk.wireEnd - walk.at;
  }
}

const LAYERS: Readonly<Record<Exclude<Layer, typeof Layer.none>, (walk: Walk) => Layer>> = {
  [Layer.ethernet]: ethernet,
  [Layer.etherType]: etherType,
  [Layer.llc]: llc,
  [Layer.ipv4]: ipv4,
  [Layer.ipv6]: ipv6,
  [Layer.ip]: ip,
  [Layer.ipProtocol]: ipProtocol,
  [Layer.tcp]: tcp,
  [Layer.udp]: udp,
  [Layer.sctp]: sctp,
  [Layer.icmp]: icmp,
  [Layer.mpls]: mpls,
  [Layer.pppoe]: pppoe,
  [Layer.ppp]: ppp,
  [Layer.gre]: gre,
  [Layer.etherIp]: etherIp,
  [Layer.wifi]: wifi,
  [Layer.arp]: arp,
  [Layer.linkType]: byLinkType,
};

/**
 * Nine frames of ten: Ethernet, at most one VLAN tag, IPv4 without options or fragments, TCP or UDP, nothing wrong. The same as the
 * layers make of it (a test compares them), in one function and a fifth of the time. False, and nothing lost, when it is anything else.
 */
function plain(packet: Packet, bytes: Uint8Array, start: number, end: number, wireLength: number): boolean {
  if (end - start < 46) return false;
  let at = start + 14;
  let vlan = 0;
  let type = u16(bytes, start + 12);
  if (type === EtherType.vlan) {
    vlan = u16(bytes, at) & 0x0fff;
    type = u16(bytes, at + 2);
    at += 4;
  }
  if (type !== EtherType.ipv4 || bytes[at] !== 0x45) return false;
  const totalLength = u16(bytes, at + 2);
  const flags = u16(bytes, at + 6);
  const ipEnd = at + totalLength;
  const wireEnd = start + wireLength;
  if ((flags & 0x3fff) !== 0 || ipEnd > wireEnd) return false;

  const protocol = bytes[at + 9]!;
  const from = at + 20;
  const capturedEnd = ipEnd < end ? ipEnd : end;
  const sourcePort = u16(bytes, from);
  const targetPort = u16(bytes, from + 2);
  if (protocol === 6) {
    if (capturedEnd - from < 20) return false;
    const headerLength = (bytes[from + 12]! >> 4) * 4;
    const payloadStart = from + headerLength;
    if (headerLength < 20 || payloadStart > capturedEnd) return false;
    packet.sequence = u32(bytes, from + 4);
    packet.acknowledgment = u32(bytes, from + 8);
    packet.tcpFlags = bytes[from + 13]! & 0x3f;
    packet.window = u16(bytes, from + 14);
    packet.tcpOptionsStart = from + 20;
    packet.tcpOptionsEnd = payloadStart;
    packet.payloadStart = payloadStart;
    packet.payloadEnd = capturedEnd;
    packet.payloadLength = ipEnd - payloadStart;
  } else if (protocol === 17) {
    if (capturedEnd - from < 8) return false;
    const udpEnd = from + u16(bytes, from + 4);
    if (udpEnd < from + 8 || udpEnd > ipEnd || isTunnelPort(targetPort) || isTunnelPort(sourcePort)) return false;
    packet.sequence = packet.acknowledgment = packet.tcpFlags = packet.window = packet.tcpOptionsStart = packet.tcpOptionsEnd = 0;
    packet.payloadStart = from + 8;
    packet.payloadEnd = udpEnd < capturedEnd ? udpEnd : capturedEnd;
    packet.payloadLength = udpEnd - from - 8;
  } else {
    return false;
  }

  packet.hasMac = true;
  packet.macTargetHigh = u16(bytes, start);
  packet.macTargetLow = u32(bytes, start + 2);
  packet.macSourceHigh = u16(bytes, start + 6);
  packet.macSourceLow = u32(bytes, start + 8);
  packet.etherType = EtherType.ipv4;
  packet.vlan = vlan;
  packet.space = packet.tunnels = packet.securityTag = 0;
  // After another IPv4 packet the upper words are 0 already.
  if (packet.family !== 4) {
    packet.family = 4;
    packet.source0 = packet.source1 = packet.source2 = packet.target0 = packet.target1 = packet.target2 = 0;
  }
  packet.source3 = u32(bytes, at + 12);
  packet.target3 = u32(bytes, at + 16);
  packet.ttl = bytes[at + 8]!;
  packet.ipId = u16(bytes, at + 4);
  packet.dontFragment = (flags & 0x4000) !== 0;
  packet.ipProtocol = protocol;
  packet.isFragment = false;
  packet.hasTransport = true;
  packet.sourcePort = sourcePort;
  packet.targetPort = targetPort;
  return true;
}
