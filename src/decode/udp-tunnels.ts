/** Tunnels that ride on UDP. The port only says what to look for: a payload that does not look like it stays a payload. */
import { u16, u32 } from "../bytes/numbers.ts";
import { Layer, type Walk } from "./walk.ts";

export function insideUdp(walk: Walk): Layer {
  const { sourcePort, targetPort } = walk.packet;
  switch (targetPort) {
    case Port.vxlan:
    case Port.vxlanLinux:
    case Port.vxlanGpe:
      return vxlan(walk, targetPort === Port.vxlanGpe);
    case Port.geneve:
      return geneve(walk);
    case Port.gtp:
      return gtp(walk);
  }
  // These answer from the port they were asked at.
  if (targetPort === Port.teredo || sourcePort === Port.teredo) return teredo(walk);
  if (targetPort === Port.capwapData || sourcePort === Port.capwapData) return capwap(walk);
  if (targetPort === Port.capwapControl || sourcePort === Port.capwapControl) return capwapControl(walk);
  return Layer.none;
}

/** A datagram from or to one of these is looked into. */
export function isTunnelPort(port: number): boolean {
  return isPort[port] === 1;
}

/** RFC 7348; the group policy extension carries a security tag; GPE says what is inside in its fourth byte. */
function vxlan(walk: Walk, generic: boolean): Layer {
  const { bytes, at } = walk;
  if (walk.end - at < 8 || (bytes[at]! & 0x08) === 0) return Layer.none;
  const network = u32(bytes, at + 4) >>> 8;
  const securityTag = (bytes[at]! & 0x80) !== 0 && !generic ? u16(bytes, at + 2) : 0;
  const inside = generic && (bytes[at]! & 0x04) !== 0 ? bytes[at + 3]! : GPE_ETHERNET;
  const space = walk.spaceOf("vxlan", network);
  if (inside === GPE_ETHERNET) {
    if (!walk.enter("vxlan", space)) return Layer.none;
  } else if (inside === GPE_IPV4 || inside === GPE_IPV6) {
    if (!walk.enterBare("vxlan", space)) return Layer.none;
  } else {
    return Layer.none;
  }
  walk.packet.securityTag = securityTag;
  walk.at = at + 8;
  return inside === GPE_ETHERNET ? Layer.ethernet : Layer.ip;
}

/** RFC 8926. */
function geneve(walk: Walk): Layer {
  const { bytes, at } = walk;
  if (walk.end - at < 8 || bytes[at]! >> 6 !== 0) return Layer.none;
  const length = 8 + (bytes[at]! & 0x3f) * 4;
  const type = u16(bytes, at + 2);
  if (type !== 0x6558 && type !== 0x0800 && type !== 0x86dd) return Layer.none;
  if (walk.lacks(length, "geneve")) return Layer.none;
  const space = walk.spaceOf("geneve", u32(bytes, at + 4) >>> 8);
  if (!(type === 0x6558 ? walk.enter("geneve", space) : walk.enterBare("geneve", space))) return Layer.none;
  walk.at = at + length;
  walk.asked = type;
  return Layer.etherType;
}

/**
 * 3GPP TS 29.281 section 5.1. A tunnel number belongs to one direction, and both directions of a subscriber must meet: the space is that
 * of the two ends.
 */
function gtp(walk: Walk): Layer {
  const { bytes, at } = walk;
  if (walk.end - at < 12 || (bytes[at]! & 0xf0) !== 0x30 || bytes[at + 1] !== 0xff) return Layer.none;
  let inside = at + 8;
  if ((bytes[at]! & 0x07) !== 0) {
    inside += 4;
    // Each extension says its length in words and, in its last byte, what follows.
    let next = (bytes[at]! & 0x04) === 0 ? 0 : bytes[at + 11]!;
    for (let extensions = 0; next !== 0; extensions++) {
      const length = inside < walk.end ? bytes[inside]! * 4 : 0;
      if (length === 0 || inside + length > walk.end || extensions >= GTP_EXTENSIONS_MAX) return walk.trouble("gtp");
      inside += length;
      next = bytes[inside - 1]!;
    }
  }
  const version = inside < walk.end ? bytes[inside]! >> 4 : 0;
  if ((version !== 4 && version !== 6) || !walk.enterBare("gtp", walk.spaceOf("gtp", "ends"))) return Layer.none;
  walk.at = inside;
  return Layer.ip;
}

/** RFC 4380: authentication and origin may stand before the packet. */
function teredo(walk: Walk): Layer {
  const { bytes, end } = walk;
  let { at } = walk;
  if (end - at >= 13 && u16(bytes, at) === 0x0001) at += 13 + bytes[at + 2]! + bytes[at + 3]!;
  if (end - at >= 8 && u16(bytes, at) === 0x0000) at += 8;
  if (end - at < 40 || bytes[at]! >> 4 !== 6 || u16(bytes, at + 4) + 40 > walk.wireEnd - at) return Layer.none;
  if (!walk.enterBare("teredo", walk.spaceOf("teredo", "ends"))) return Layer.none;
  walk.at = at;
  return Layer.ipv6;
}

/** RFC 5415 section 4.3, RFC 5416 section 2: what an access point hands to its controller is the site's own network. */
function capwap(walk: Walk): Layer {
  const { bytes, at } = walk;
  if (walk.end - at < 8 || bytes[at]! >> 4 !== 0) return Layer.none;
  if ((bytes[at]! & 0x0f) === 1) return walk.unreadable("capwapDtls");
  if ((bytes[at]! & 0x0f) !== 0) return Layer.none;
  const length = (bytes[at + 1]! >> 3) * 4;
  const binding = (bytes[at + 2]! >> 1) & 0x1f;
  const native = (bytes[at + 2]! & 0x01) !== 0;
  const fragment = (bytes[at + 3]! & 0x80) !== 0;
  const keepAlive = (bytes[at + 3]! & 0x08) !== 0;
  if (length < 8 || walk.lacks(length, "capwap")) return Layer.none;
  // A later fragment begins in the middle of a frame; the first one says who speaks.
  if (keepAlive || (fragment && (u16(bytes, at + 6) & 0xfff8) !== 0)) return Layer.none;
  if (native && binding !== IEEE_80211) return Layer.none;
  if (!walk.enter("capwap", walk.packet.space)) return Layer.none;
  walk.at = at + length;
  walk.shortened ||= fragment;
  // Some controllers swap the bytes of frame control: then the one that says "data" comes second.
  walk.swapped = native && walk.end - walk.at >= 2 && !isData(bytes[walk.at]!) && isData(bytes[walk.at + 1]!);
  return native ? Layer.wifi : Layer.ethernet;
}

function isData(control: number): boolean {
  return (control & 0x0f) === 0x08;
}

function capwapControl(walk: Walk): Layer {
  return walk.end > walk.at && walk.bytes[walk.at] === 0x01 ? walk.unreadable("capwapDtls") : Layer.none;
}

const Port = {
  gtp: 2152,
  teredo: 3544,
  vxlan: 4789,
  vxlanGpe: 4790,
  capwapControl: 5246,
  capwapData: 5247,
  geneve: 6081,
  /** Linux, before there was a standard. */
  vxlanLinux: 8472,
} as const;

const isPort = new Uint8Array(65_536);
for (const port of Object.values(Port)) isPort[port] = 1;

const GPE_IPV4 = 1;
const GPE_IPV6 = 2;
const GPE_ETHERNET = 3;
const GTP_EXTENSIONS_MAX = 8;
const IEEE_80211 = 1;
