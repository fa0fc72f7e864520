/** TCP (RFC 9293), UDP (RFC 768), the common header of SCTP (RFC 9260), ICMP (RFC 792, RFC 4443). */
import { u16, u32 } from "../bytes/numbers.ts";
import { insideUdp } from "./udp-tunnels.ts";
import { Layer, type Walk } from "./walk.ts";

export function tcp(walk: Walk): Layer {
  const { bytes, at, packet } = walk;
  if (walk.lacks(20, "tcp")) return Layer.none;
  const headerLength = (bytes[at + 12]! >> 4) * 4;
  if (headerLength < 20 || headerLength > walk.wireEnd - at) return walk.trouble("tcp");
  packet.hasTransport = true;
  packet.sourcePort = u16(bytes, at);
  packet.targetPort = u16(bytes, at + 2);
  packet.sequence = u32(bytes, at + 4);
  packet.acknowledgment = u32(bytes, at + 8);
  packet.tcpFlags = bytes[at + 13]! & 0x3f;
  packet.window = u16(bytes, at + 14);
  packet.tcpOptionsStart = at + 20;
  // Options the capture cut are given as far as they go.
  walk.at = packet.tcpOptionsEnd = Math.min(at + headerLength, walk.end);
  walk.wireEnd -= at + headerLength - walk.at;
  return Layer.none;
}

export function udp(walk: Walk): Layer {
  const { bytes, at, packet } = walk;
  if (walk.lacks(8, "udp")) return Layer.none;
  const length = u16(bytes, at + 4);
  // 0: a jumbogram, or datagrams handed to the card in bulk.
  if (length !== 0) {
    if (length < 8) return walk.trouble("udp");
    if (length > walk.wireEnd - at && !walk.shortened) walk.trouble("udp");
    walk.limit(length);
  }
  packet.hasTransport = true;
  packet.sourcePort = u16(bytes, at);
  packet.targetPort = u16(bytes, at + 2);
  walk.at = at + 8;
  return insideUdp(walk);
}

export function sctp(walk: Walk): Layer {
  const { bytes, at, packet } = walk;
  if (walk.lacks(12, "sctp")) return Layer.none;
  packet.hasTransport = true;
  packet.sourcePort = u16(bytes, at);
  packet.targetPort = u16(bytes, at + 2);
  walk.at = at + 12;
  return Layer.none;
}

/** The message is read by those it concerns; here it is only looked at whether type, code and checksum are there. */
export function icmp(walk: Walk): Layer {
  walk.lacks(4, "icmp");
  return Layer.none;
}
