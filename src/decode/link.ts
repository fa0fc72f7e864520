/** The first header of a frame, by link type (www.tcpdump.org/linktypes.html). `walk.asked` is the type. */
import { u16, u16le, u32, u32le } from "../bytes/numbers.ts";
import { Layer, type Walk } from "./walk.ts";
import { prism, radiotap } from "./wifi.ts";

export function linkType(walk: Walk): Layer {
  switch (walk.asked) {
    case 1:
      return Layer.ethernet;
    case 0:
    case 108:
      return loopback(walk);
    case 9:
      return Layer.ppp;
    case 50:
      return serial(walk);
    case 51:
      return Layer.pppoe;
    case 104:
      return cisco(walk);
    case 166:
    case 204:
      return directedPpp(walk);
    case 12:
    case 14:
    case 101:
      return Layer.ip;
    case 228:
      return Layer.ipv4;
    case 229:
      return Layer.ipv6;
    case 105:
      return Layer.wifi;
    case 107:
      return frameRelay(walk);
    case 113:
      return cooked(walk);
    case 119:
    case 163:
      return prism(walk);
    case 127:
      return radiotap(walk);
    case 192:
      return perPacket(walk);
    case 239:
      return netfilter(walk);
    case 276:
      return cooked2(walk);
    default:
      return walk.unreadable("linkType");
  }
}

/** The address family in the order of the host that heard it; BSD systems never agreed on the number of IPv6. */
function loopback(walk: Walk): Layer {
  if (walk.lacks(4, "ethernet")) return Layer.none;
  const little = u32le(walk.bytes, walk.at);
  const family = little > 0xffff ? u32(walk.bytes, walk.at) : little;
  walk.at += 4;
  if (family === 2) return Layer.ipv4;
  return family === 24 || family === 28 || family === 30 || family === 10 ? Layer.ipv6 : Layer.none;
}

/** PPP in HDLC framing, or Cisco's own, told apart by the address. */
function serial(walk: Walk): Layer {
  if (walk.lacks(4, "pppoe")) return Layer.none;
  const address = walk.bytes[walk.at]!;
  return address === 0x0f || address === 0x8f ? cisco(walk) : Layer.ppp;
}

function cisco(walk: Walk): Layer {
  if (walk.lacks(4, "ethernet")) return Layer.none;
  walk.asked = u16(walk.bytes, walk.at + 2);
  walk.at += 4;
  return Layer.etherType;
}

/** One byte says which way it went. pppd puts it in the place of the address, so control follows. */
function directedPpp(walk: Walk): Layer {
  if (walk.lacks(2, "pppoe")) return Layer.none;
  walk.at += walk.bytes[walk.at + 1] === 0x03 ? 2 : 1;
  return Layer.ppp;
}

/** RFC 2427: an address of two to four bytes, then what follows, as ISO numbers it. */
function frameRelay(walk: Walk): Layer {
  const { bytes, end } = walk;
  let at = walk.at;
  while (at < end && at < walk.at + 4 && (bytes[at]! & 0x01) === 0) at++;
  if (end - at < 3) return walk.trouble("ethernet");
  at += 1;
  // Cisco leaves control and number out and puts an EtherType there.
  if (bytes[at] !== 0x03) {
    walk.asked = u16(bytes, at);
    walk.at = at + 2;
    return Layer.etherType;
  }
  const pad = bytes[at + 1] === 0 && at + 2 < end ? 1 : 0;
  const number = bytes[at + 1 + pad]!;
  walk.at = Math.min(at + 2 + pad, end);
  if (number === 0xcc) return Layer.ipv4;
  if (number === 0x8e) return Layer.ipv6;
  if (number !== 0x80 || walk.lacks(5, "llc")) return Layer.none;
  const organization = u32(bytes, walk.at) >>> 8;
  const type = u16(bytes, walk.at + 3);
  walk.at += 5;
  walk.asked = type;
  if (organization === 0) return Layer.etherType;
  if (organization === BRIDGED && (type === 1 || type === 7)) return Layer.ethernet;
  if (organization === CISCO) walk.packet.etherType = type;
  return Layer.none;
}

/** Linux cooked capture: who sent it, if that was said at all, and a protocol. It gives no target. */
function cooked(walk: Walk): Layer {
  if (walk.lacks(16, "ethernet")) return Layer.none;
  const { bytes, at } = walk;
  walk.at = at + 16;
  return fromCooked(walk, u16(bytes, at + 2), u16(bytes, at + 4), at + 6, u16(bytes, at + 14));
}

function cooked2(walk: Walk): Layer {
  if (walk.lacks(20, "ethernet")) return Layer.none;
  const { bytes, at } = walk;
  walk.at = at + 20;
  return fromCooked(walk, u16(bytes, at + 8), bytes[at + 11]!, at + 12, u16(bytes, at));
}

function fromCooked(walk: Walk, hardware: number, addressLength: number, address: number, protocol: number): Layer {
  const { bytes, packet } = walk;
  if (addressLength === 6) {
    packet.hasMac = true;
    packet.macSourceHigh = u16(bytes, address);
    packet.macSourceLow = u32(bytes, address + 2);
  }
  if (hardware === NETLINK) return Layer.none;
  walk.asked = protocol;
  if (protocol === COOKED_LLC) return Layer.llc;
  return protocol < 0x600 ? Layer.none : Layer.etherType;
}

/** CACE's per-packet information: a length, and the link type of what follows, both little-endian. */
function perPacket(walk: Walk): Layer {
  if (walk.lacks(8, "ethernet")) return Layer.none;
  const { bytes, at } = walk;
  const length = u16le(bytes, at + 2);
  const inside = u32le(bytes, at + 4);
  if (length < 8 || inside === 192 || walk.lacks(length, "ethernet")) return walk.trouble("ethernet");
  walk.at = at + length;
  walk.asked = inside;
  return Layer.linkType;
}

/** Netfilter's log: attributes of length and type in host order, one of which is the packet. */
function netfilter(walk: Walk): Layer {
  if (walk.lacks(4, "ethernet")) return Layer.none;
  const { bytes, end, packet } = walk;
  const family = bytes[walk.at]!;
  let at = walk.at + 4;
  while (end - at >= 4) {
    // No attribute is longer than a packet, so the order that gives the smaller length is the host's.
    const big = u16(bytes, at) < u16le(bytes, at);
    const length = big ? u16(bytes, at) : u16le(bytes, at);
    const type = (big ? u16(bytes, at + 2) : u16le(bytes, at + 2)) & 0x7fff;
    if (length < 4) return walk.trouble("ethernet");
    if (type === NETFILTER_ADDRESS && length >= 14 && end - at >= 14 && u16(bytes, at + 4) === 6) {
      packet.hasMac = true;
      packet.macSourceHigh = u16(bytes, at + 8);
      packet.macSourceLow = u32(bytes, at + 10);
    }
    if (type === NETFILTER_PAYLOAD) {
      walk.at = at + 4;
      walk.limit(length - 4);
      return family === 2 ? Layer.ipv4 : family === 10 ? Layer.ipv6 : Layer.none;
    }
    at += (length + 3) & ~3;
  }
  return Layer.none;
}

const CISCO = 0x00000c;
const BRIDGED = 0x0080c2;
const COOKED_LLC = 4;
const NETLINK = 824;
const NETFILTER_ADDRESS = 8;
const NETFILTER_PAYLOAD = 9;
