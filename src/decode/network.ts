/** IPv4 (RFC 791) and IPv6 with its extension headers (RFC 8200), and what their protocol number says is inside. */
import { u16, u32 } from "../bytes/numbers.ts";
import { EtherType } from "./ethernet.ts";
import { Fragment } from "./fragments.ts";
import { Layer, type Walk } from "./walk.ts";

/** Where only the first four bits tell which of the two it is. */
export function ip(walk: Walk): Layer {
  if (walk.lacks(1, "ipv4")) return Layer.none;
  const version = walk.bytes[walk.at]! >> 4;
  return version === 4 ? Layer.ipv4 : version === 6 ? Layer.ipv6 : Layer.none;
}

export function ipv4(walk: Walk): Layer {
  const { bytes, at, packet } = walk;
  packet.etherType = EtherType.ipv4;
  if (walk.lacks(20, "ipv4")) return Layer.none;
  const headerLength = (bytes[at]! & 0x0f) * 4;
  if (bytes[at]! >> 4 !== 4 || headerLength < 20) return walk.trouble("ipv4");
  const totalLength = u16(bytes, at + 2);
  // A capture host that hands segments to its card in bulk sees them with a length of 0.
  if (totalLength !== 0) {
    if (totalLength < headerLength) return walk.trouble("ipv4");
    if (totalLength > walk.wireEnd - at && !walk.shortened) walk.trouble("ipv4");
    walk.limit(totalLength);
  }
  packet.family = 4;
  packet.source0 = packet.source1 = packet.source2 = 0;
  packet.target0 = packet.target1 = packet.target2 = 0;
  packet.source3 = u32(bytes, at + 12);
  packet.target3 = u32(bytes, at + 16);
  packet.ttl = bytes[at + 8]!;
  packet.ipProtocol = bytes[at + 9]!;
  packet.ipId = u16(bytes, at + 4);
  const fragment = u16(bytes, at + 6);
  packet.dontFragment = (fragment & 0x4000) !== 0;
  if (walk.lacks(headerLength, "ipv4")) {
    walk.at = walk.end;
    return Layer.none;
  }
  walk.at = at + headerLength;
  walk.asked = packet.ipProtocol;
  if ((fragment & 0x3fff) === 0) return Layer.ipProtocol;
  return fragmentOf(walk, packet.ipId, (fragment & 0x1fff) * 8, (fragment & 0x2000) !== 0);
}

export function ipv6(walk: Walk): Layer {
  const { bytes, at, packet } = walk;
  packet.etherType = EtherType.ipv6;
  if (walk.lacks(40, "ipv6")) return Layer.none;
  if (bytes[at]! >> 4 !== 6) return walk.trouble("ipv6");
  packet.family = 6;
  packet.source0 = u32(bytes, at + 8);
  packet.source1 = u32(bytes, at + 12);
  packet.source2 = u32(bytes, at + 16);
  packet.source3 = u32(bytes, at + 20);
  packet.target0 = u32(bytes, at + 24);
  packet.target1 = u32(bytes, at + 28);
  packet.target2 = u32(bytes, at + 32);
  packet.target3 = u32(bytes, at + 36);
  packet.ttl = bytes[at + 7]!;
  packet.ipProtocol = walk.asked = bytes[at + 6]!;
  packet.ipId = 0;
  packet.dontFragment = false;
  walk.at = at + 40;
  const payloadLength = u16(bytes, at + 4);
  // 0 with a payload: a jumbogram (RFC 2675), or segments handed to the card in bulk.
  if (payloadLength !== 0) {
    if (payloadLength > walk.wireEnd - walk.at && !walk.shortened) walk.trouble("ipv6");
    walk.limit(payloadLength);
  }
  return Layer.ipProtocol;
}

/** What an IP protocol number says is inside; `walk.asked` is the number. */
export function ipProtocol(walk: Walk): Layer {
  const { bytes, packet } = walk;
  for (let headers = 0; ; headers++) {
    const { at } = walk;
    const next = walk.asked;
    packet.ipProtocol = next;
    switch (next) {
      case IpProtocol.tcp:
        return Layer.tcp;
      case IpProtocol.udp:
        return Layer.udp;
      case IpProtocol.sctp:
        return Layer.sctp;
      case IpProtocol.icmp:
      case IpProtocol.icmp6:
        return Layer.icmp;
      case IpProtocol.gre:
        return Layer.gre;
      case IpProtocol.etherIp:
        return Layer.etherIp;
      case IpProtocol.mpls:
        return walk.enterBare("mpls", walk.spaceOf("mpls", "ends")) ? Layer.mpls : Layer.none;
      case IpProtocol.ipv4:
        return walk.enterBare("ipip", walk.spaceOf("ipip", "ends")) ? Layer.ipv4 : Layer.none;
      case IpProtocol.ipv6:
        return walk.enterBare("6in4", walk.spaceOf("6in4", "ends")) ? Layer.ipv6 : Layer.none;
      case IpProtocol.encrypted:
        return walk.unreadable("esp");
      case IpProtocol.authentication: {
        if (walk.lacks(8, "extension")) return Layer.none;
        const length = (bytes[at + 1]! + 2) * 4;
        if (walk.lacks(length, "extension")) return Layer.none;
        walk.asked = bytes[at]!;
        walk.at = at + length;
        break;
      }
      case IpProtocol.hopByHop:
      case IpProtocol.routing:
      case IpProtocol.destination:
      case IpProtocol.mobility:
      case IpProtocol.hostIdentity:
      case IpProtocol.shim: {
        if (packet.family !== 6) return Layer.none;
        if (walk.lacks(8, "extension")) return Layer.none;
        const length = (bytes[at + 1]! + 1) * 8;
        if (walk.lacks(length, "extension")) return Layer.none;
        // Routing type 0 lets a packet visit machines in turn; it is forbidden since RFC 5095.
        if (next === IpProtocol.routing && bytes[at + 2] === 0) {
          packet.visitsInTurn = true;
          walk.trouble("extension");
        }
        walk.asked = bytes[at]!;
        walk.at = at + length;
        break;
      }
      case IpProtocol.fragment: {
        if (packet.family !== 6) return Layer.none;
        if (walk.lacks(8, "fragment")) return Layer.none;
        const offset = u16(bytes, at + 2) & 0xfff8;
        const more = (bytes[at + 3]! & 1) !== 0;
        const id = u32(bytes, at + 4);
        packet.ipId = id;
        packet.ipProtocol = walk.asked = bytes[at]!;
        walk.at = at + 8;
        // An atomic fragment is a whole packet with a needless header (RFC 6946).
        if (offset === 0 && !more) break;
        if (offset === 0 && walk.asked === IpProtocol.routing && walk.end - walk.at > 2 && bytes[walk.at + 2] === 0)
          packet.visitsInTurn = true;
        return fragmentOf(walk, id, offset, more);
      }
      default:
        return Layer.none;
    }
    if (headers >= EXTENSIONS_MAX) return walk.trouble("extension");
  }
}

/** The layer behind the fragment that completed its datagram; nothing behind all others. */
function fragmentOf(walk: Walk, id: number, offset: number, more: boolean): Layer {
  const { packet } = walk;
  packet.isFragment = true;
  // What the capture cut cannot be put together.
  if (walk.end < walk.wireEnd) return Layer.none;
  const whole = walk.fragments.add(packet, id, walk.bytes, walk.at, walk.end, offset, more);
  if (whole === Fragment.overlaps) return walk.trouble("fragmentOverlap");
  if (whole === Fragment.impossible) return walk.trouble("fragment");
  if (whole < 0) return Layer.none;
  packet.isFragment = false;
  walk.bytes = walk.fragments.bytes;
  walk.at = walk.fragments.start;
  walk.end = walk.wireEnd = walk.at + whole;
  walk.asked = packet.ipProtocol;
  return Layer.ipProtocol;
}

/** IANA, Assigned Internet Protocol Numbers. */
const IpProtocol = {
  hopByHop: 0,
  icmp: 1,
  ipv4: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  routing: 43,
  fragment: 44,
  gre: 47,
  encrypted: 50,
  authentication: 51,
  icmp6: 58,
  destination: 60,
  etherIp: 97,
  sctp: 132,
  mobility: 135,
  mpls: 137,
  hostIdentity: 139,
  shim: 140,
} as const;

/** RFC 8200 section 4.1 lists six, each once. */
const EXTENSIONS_MAX = 10;
