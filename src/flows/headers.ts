/** What the headers of one packet say, whatever came before it. */
import { u16 } from "../bytes/numbers.ts";
import type { Packet } from "../model/packet.ts";
import { INITIAL_TTLS, TO_GROUP, ttlBits } from "./hosts.ts";
import { isEcho, isIcmp } from "./icmp.ts";
import { Ip } from "./table.ts";

const DHCP_SERVER_PORT = 67;
const DHCP_CLIENT_PORT = 68;
const LOOPBACK_NET = 127;
/** LINKTYPE_ETHERNET as pcap numbers it. */
const ETHERNET = 1;
const ETHERNET_BYTES = 14;
const VLAN_BYTES = 4;

export function isUnspecified(packet: Packet): boolean {
  return (packet.source0 | packet.source1 | packet.source2 | packet.source3) === 0;
}

/** 224.0.0.0/4, 255.255.255.255, ff00::/8. */
export function isGroup({ family, target0, target3 }: Packet): boolean {
  return family === 4 ? target3 >>> 28 === 14 || target3 === 0xffff_ffff : target0 >>> 24 === 0xff;
}

/** One MAC on both sides, of which zeros are nobody's to begin with: of rewritten captures, or of somebody who forges. */
export function isToOwnCard(packet: Packet): boolean {
  return (
    packet.macSourceLow === packet.macTargetLow &&
    packet.macSourceHigh === packet.macTargetHigh &&
    packet.hasMac &&
    packet.family !== 0 &&
    (packet.macSourceLow !== 0 || packet.macSourceHigh !== 0) &&
    !isToOwnAddress(packet)
  );
}

function isToOwnAddress({ source0, source1, source2, source3, target0, target1, target2, target3 }: Packet): boolean {
  return source3 === target3 && source2 === target2 && source1 === target1 && source0 === target0;
}

/**
 * Forged so that its receiver answers itself without end (CVE-1999-0016): a machine keeps to itself what it says to itself. Of the outermost
 * header, on Ethernet.
 */
export function isForgedToItself(packet: Packet): boolean {
  const { source0, source1, source2, source3, family } = packet;
  if (!isToOwnAddress(packet) || packet.tunnels > 0 || packet.linkType !== ETHERNET) return false;
  const isNobody = isUnspecified(packet);
  const isLoopback = family === 4 ? source3 >>> 24 === LOOPBACK_NET : (source0 | source1 | source2) === 0 && source3 === 1;
  // A whole connection with itself was written so by whoever made the capture; nobody answers a first segment to its own port.
  const isTalk = packet.ipProtocol === Ip.tcp && packet.sourcePort !== packet.targetPort;
  // Linux gives frames no cards where it speaks with itself, also by its own address.
  const isOnNoLink = (packet.macSourceHigh | packet.macSourceLow | packet.macTargetHigh | packet.macTargetLow) === 0;
  // What is sent to all breaks nobody: a machine that does not know its neighbors yet may well mean itself.
  const isToAll = (packet.macTargetHigh & 0x100) !== 0;
  return !isNobody && !isLoopback && !isOnNoLink && !isToAll && !isTalk && hasIntactHeader(packet);
}

/** RFC 791 section 3.1: what a failing card garbled no receiver takes. Of IPv6 the header has no sum. */
function hasIntactHeader({ family, frameBytes, frameStart, frameEnd, vlan }: Packet): boolean {
  if (family !== 4) return true;
  const at = frameStart + ETHERNET_BYTES + (vlan === 0 ? 0 : VLAN_BYTES);
  const end = at + (frameBytes[at]! & 15) * 4;
  if (end > frameEnd || frameBytes[at]! >> 4 !== 4) return false;
  let sum = 0;
  for (let word = at; word < end; word += 2) sum += u16(frameBytes, word);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
}

/** Initial values its TTL may have had. Groups, DHCP clients and ICMP errors write TTLs of their own (identity-notes: none of them tells); but what goes to a group stays on its link. */
export function ttlEvidence(packet: Packet, toGroup: boolean): number {
  if (packet.family === 0) return 0;
  if (toGroup) return TO_GROUP;
  // Who traces a route counts up the TTLs of his own echoes: that they are other than a machine starts from tells nothing.
  if (isIcmp(packet)) return isEcho(packet) ? ttlBits(packet.ttl) & INITIAL_TTLS : 0;
  if (packet.ipProtocol === Ip.udp && (isOfDhcp(packet.sourcePort) || isOfDhcp(packet.targetPort))) return 0;
  return ttlBits(packet.ttl);
}

function isOfDhcp(port: number): boolean {
  return port === DHCP_SERVER_PORT || port === DHCP_CLIENT_PORT;
}
