/** Ethernet and what stands between it and the network: tags, LLC, ARP. IEEE 802.3, 802.1Q, 802.2. */
import { u16, u32 } from "../bytes/numbers.ts";
import { Layer, type Walk } from "./walk.ts";

export function ethernet(walk: Walk): Layer {
  const { bytes, at, packet } = walk;
  if (walk.end - at >= 12) {
    packet.hasMac = true;
    packet.macTargetHigh = u16(bytes, at);
    packet.macTargetLow = u32(bytes, at + 2);
    packet.macSourceHigh = u16(bytes, at + 6);
    packet.macSourceLow = u32(bytes, at + 8);
    packet.vlan = 0;
  }
  if (walk.lacks(14, "ethernet")) return Layer.none;
  walk.at = at + 14;
  return typeOrLength(walk, u16(bytes, at + 12));
}

/** What an EtherType says is inside; `walk.asked` is the type. */
export function etherType(walk: Walk): Layer {
  const { bytes, packet } = walk;
  for (let tags = 0; ; tags++) {
    packet.etherType = walk.asked;
    const { at } = walk;
    switch (walk.asked) {
      case EtherType.ipv4:
        return Layer.ipv4;
      case EtherType.ipv6:
        return Layer.ipv6;
      case EtherType.arp:
        return Layer.arp;
      case EtherType.vlan:
      case EtherType.serviceVlan:
      case EtherType.oldServiceVlan:
      case EtherType.otherServiceVlan: {
        if (walk.lacks(4, "vlan")) return Layer.none;
        // Id 0 is a priority without a VLAN: what an outer tag said still holds.
        const vlan = u16(bytes, at) & 0x0fff;
        if (vlan !== 0) packet.vlan = vlan;
        walk.asked = u16(bytes, at + 2);
        walk.at = at + 4;
        break;
      }
      case EtherType.ciscoMetadata:
        // Version, length, option length and type, security group tag, then the type of what it was put before.
        if (walk.lacks(8, "vlan")) return Layer.none;
        packet.securityTag = u16(bytes, at + 4);
        walk.asked = u16(bytes, at + 6);
        walk.at = at + 8;
        break;
      case EtherType.vnTag:
        if (walk.lacks(6, "vlan")) return Layer.none;
        walk.asked = u16(bytes, at + 4);
        walk.at = at + 6;
        break;
      case EtherType.mpls:
      case EtherType.mplsMulticast:
        return Layer.mpls;
      case EtherType.pppoeSession:
        return Layer.pppoe;
      case EtherType.bridged:
        return Layer.ethernet;
      case EtherType.macsec:
        return walk.unreadable("macsec");
      default:
        return walk.asked < TYPE_MIN ? typeOrLength(walk, walk.asked) : Layer.none;
    }
    if (tags >= TAGS_MAX) return walk.trouble("vlan");
    if (walk.asked < TYPE_MIN) return typeOrLength(walk, walk.asked);
  }
}

/** LLC, with SNAP or without. */
export function llc(walk: Walk): Layer {
  const { bytes, at, packet } = walk;
  if (walk.lacks(3, "llc")) return Layer.none;
  const target = bytes[at]!;
  const control = bytes[at + 2]!;
  if (target === SNAP && bytes[at + 1] === SNAP && control === UNNUMBERED_INFORMATION) {
    if (walk.lacks(8, "llc")) return Layer.none;
    const organization = u32(bytes, at + 2) & 0xffffff;
    const type = u16(bytes, at + 6);
    walk.at = at + 8;
    if (organization === 0 || organization === BRIDGE_TUNNEL) {
      walk.asked = type;
      return Layer.etherType;
    }
    packet.etherType = organization === CISCO || organization === APPLE ? type : 0;
    return Layer.none;
  }
  // Novell's IPX puts no LLC here at all; its checksum, always ffff, looks like an access point and is shown as one.
  packet.etherType = target;
  if (target === 0xff) return Layer.none;
  walk.at = at + ((control & 3) === 3 ? 3 : 4);
  if (walk.at > walk.end) walk.at = walk.end;
  return target === IP_ACCESS_POINT ? Layer.ipv4 : Layer.none;
}

/** RFC 826. The protocol reads it; here it is only looked at whether it is all there. */
export function arp(walk: Walk): Layer {
  const { bytes, at } = walk;
  if (walk.lacks(8, "arp")) return Layer.none;
  const length = 8 + 2 * (bytes[at + 4]! + bytes[at + 5]!);
  if (!walk.lacks(length, "arp")) walk.limit(length);
  return Layer.none;
}

export const EtherType = {
  ipv4: 0x0800,
  arp: 0x0806,
  bridged: 0x6558,
  vlan: 0x8100,
  ipv6: 0x86dd,
  mpls: 0x8847,
  mplsMulticast: 0x8848,
  pppoeSession: 0x8864,
  macsec: 0x88e5,
  serviceVlan: 0x88a8,
  ciscoMetadata: 0x8909,
  vnTag: 0x8926,
  oldServiceVlan: 0x9100,
  otherServiceVlan: 0x9200,
} as const;

/** IEEE 802.3 section 3.2.6: from 0x600 a type, up to 1500 a length, between them nothing. */
function typeOrLength(walk: Walk, value: number): Layer {
  walk.asked = value;
  if (value >= TYPE_MIN) return Layer.etherType;
  if (value > LENGTH_MAX) return walk.trouble("ethernet");
  if (value > walk.wireEnd - walk.at && !walk.shortened) walk.trouble("llc");
  walk.limit(value);
  return Layer.llc;
}

const TYPE_MIN = 0x600;
const LENGTH_MAX = 1_500;
/** Two are used, four have been seen; more are made to keep us busy. */
const TAGS_MAX = 8;

const SNAP = 0xaa;
const IP_ACCESS_POINT = 0x06;
const UNNUMBERED_INFORMATION = 0x03;
const CISCO = 0x00000c;
const APPLE = 0x080007;
/** RFC 1042 encapsulation as bridges translate it (IEEE 802.1H). */
const BRIDGE_TUNNEL = 0x0000f8;
