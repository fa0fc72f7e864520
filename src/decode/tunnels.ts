/** What wraps frames below UDP: GRE and the mirrors that use it, MPLS, PPPoE and PPP, Ethernet in IP. */
import { u16, u32 } from "../bytes/numbers.ts";
import { EtherType } from "./ethernet.ts";
import { Layer, type Walk } from "./walk.ts";

/** RFC 2784, key and sequence in RFC 2890, version 1 in RFC 2637. */
export function gre(walk: Walk): Layer {
  const { bytes, at } = walk;
  if (walk.lacks(4, "gre")) return Layer.none;
  const flags = u16(bytes, at);
  const type = u16(bytes, at + 2);
  const version = flags & 0x07;
  // Source routes in GRE (RFC 1701) are gone from every network; their length is a list to walk.
  if ((flags & ROUTING) !== 0 || version > 1) return walk.trouble("gre");
  const checksum = (flags & CHECKSUM) === 0 ? 0 : 4;
  const key = (flags & KEY) === 0 ? 0 : 4;
  const sequence = (flags & SEQUENCE) === 0 ? 0 : 4;
  const acknowledgment = version === 1 && (flags & ACKNOWLEDGMENT) !== 0 ? 4 : 0;
  const length = 4 + checksum + key + sequence + acknowledgment;
  if (walk.lacks(length, "gre")) return Layer.none;
  walk.at = at + length;

  if (version === 1) {
    if (type !== PPP || key === 0) return walk.trouble("gre");
    const payloadLength = u16(bytes, at + 4 + checksum);
    if (payloadLength === 0 || !walk.enterBare("pptp", walk.spaceOf("pptp", "ends"))) return Layer.none;
    walk.limit(payloadLength);
    return Layer.ppp;
  }
  if (type === ERSPAN) return sequence === 0 ? mirrored(walk) : erspan2(walk);
  if (type === ERSPAN_3) return erspan3(walk);
  // Between Aruba's access points and their controller runs the site's own network.
  if ((type >= ARUBA_FIRST && type <= ARUBA_LAST && (type & 0x0f) === 0) || type === ARUBA_OTHER)
    return walk.enter("gre", walk.packet.space) ? Layer.wifi : Layer.none;

  const space = walk.spaceOf("gre", key === 0 ? "ends" : u32(bytes, at + 4 + checksum));
  if (type === EtherType.bridged) return walk.enter("gre", space) ? Layer.ethernet : Layer.none;
  if (type === PPP) return walk.enterBare("gre", space) ? Layer.ppp : Layer.none;
  if (type !== EtherType.ipv4 && type !== EtherType.ipv6 && type !== EtherType.mpls) return Layer.none;
  walk.asked = type;
  return walk.enterBare("gre", space) ? Layer.etherType : Layer.none;
}

/** Labels of 4 bytes up to the one that says it is the last (RFC 3032). What follows has no type: its first bits tell. */
export function mpls(walk: Walk): Layer {
  const { bytes } = walk;
  for (let labels = 0; ; labels++) {
    if (labels >= LABELS_MAX) return walk.trouble("mpls");
    if (walk.lacks(4, "mpls")) return Layer.none;
    walk.at += 4;
    if ((bytes[walk.at - 2]! & 0x01) !== 0) break;
  }
  if (walk.lacks(1, "mpls")) return Layer.none;
  const { at, end } = walk;
  const first = bytes[at]! >> 4;
  // RFC 4928: 4 and 6 are IP, 1 is the operator's own talk. The rest is Ethernet, behind a control word or not (RFC 4448).
  if (first === 1) return Layer.none;
  const isIp = first === 4 || first === 6;
  if (!walk.enter("mpls", walk.packet.space)) return Layer.none;
  if (isIp) return Layer.ip;
  if (first === 0 && end - at >= 18 && bytes[at] === 0 && bytes[at + 1] === 0) walk.at = at + 4;
  return Layer.ethernet;
}

/** RFC 2516, in a session. */
export function pppoe(walk: Walk): Layer {
  const { bytes, at } = walk;
  if (walk.lacks(6, "pppoe")) return Layer.none;
  if (bytes[at] !== 0x11 || bytes[at + 1] !== 0) return walk.trouble("pppoe");
  const length = u16(bytes, at + 4);
  if (!walk.enter("pppoe", walk.packet.space)) return Layer.none;
  walk.at = at + 6;
  walk.limit(length);
  return Layer.ppp;
}

/** RFC 1661; address and control may be left out (RFC 1331), and the first byte of a protocol that has a zero there. */
export function ppp(walk: Walk): Layer {
  const { bytes } = walk;
  if (walk.end - walk.at >= 2 && bytes[walk.at] === 0xff && bytes[walk.at + 1] === 0x03) walk.at += 2;
  if (walk.lacks(2, "pppoe")) return Layer.none;
  const short = (bytes[walk.at]! & 0x01) !== 0;
  const protocol = short ? bytes[walk.at]! : u16(bytes, walk.at);
  walk.at += short ? 1 : 2;
  if (protocol === 0x0021) return Layer.ipv4;
  if (protocol === 0x0057) return Layer.ipv6;
  return protocol === 0x0281 ? Layer.mpls : Layer.none;
}

/** RFC 3378: two bytes of version, then a frame. */
export function etherIp(walk: Walk): Layer {
  if (walk.lacks(2, "ethernet")) return Layer.none;
  const space = walk.spaceOf("etherip", "ends");
  if (!walk.enter("etherip", space)) return Layer.none;
  walk.at += 2;
  return Layer.ethernet;
}

/** ERSPAN is the mirror's own wrapping: what is inside lies in the space the mirror hears. Type I has no header at all. */
function mirrored(walk: Walk): Layer {
  return walk.enter("erspan", walk.packet.space) ? Layer.ethernet : Layer.none;
}

/** draft-foschiano-erspan, type II: version 1 and VLAN, class and session; the frame may have been cut to fit. */
function erspan2(walk: Walk): Layer {
  const { bytes, at } = walk;
  if (walk.lacks(8, "erspan")) return Layer.none;
  if (bytes[at]! >> 4 !== 1) return walk.trouble("erspan");
  if ((u16(bytes, at + 2) & 0x0400) !== 0) walk.shortened = true;
  walk.at = at + 8;
  return mirrored(walk);
}

/** Type III: version 2, a time stamp, the security tag, what kind of frame, and perhaps 8 bytes of the platform's own. */
function erspan3(walk: Walk): Layer {
  const { bytes, at } = walk;
  if (walk.lacks(12, "erspan")) return Layer.none;
  if (bytes[at]! >> 4 !== 2) return walk.trouble("erspan");
  if ((u16(bytes, at + 2) & 0x0400) !== 0) walk.shortened = true;
  const securityTag = u16(bytes, at + 8);
  const kind = (u16(bytes, at + 10) >> 10) & 0x1f;
  const length = (bytes[at + 11]! & 0x01) === 0 ? 12 : 20;
  if (walk.lacks(length, "erspan")) return Layer.none;
  walk.at = at + length;
  const space = walk.packet.space;
  if (!(kind === ERSPAN_IP ? walk.enterBare("erspan", space) : walk.enter("erspan", space))) return Layer.none;
  walk.packet.securityTag = securityTag;
  return kind === ERSPAN_IP ? Layer.ip : Layer.ethernet;
}

const CHECKSUM = 0x8000;
const ROUTING = 0x4000;
const KEY = 0x2000;
const SEQUENCE = 0x1000;
const ACKNOWLEDGMENT = 0x0080;
const PPP = 0x880b;
const ERSPAN = 0x88be;
const ERSPAN_3 = 0x22eb;
const ERSPAN_IP = 2;
const ARUBA_FIRST = 0x8200;
const ARUBA_LAST = 0x8370;
const ARUBA_OTHER = 0x9000;

/** Three or four are used; each costs 4 bytes, so a frame of them would be a long walk. */
const LABELS_MAX = 16;
