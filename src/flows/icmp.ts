/** What ICMP asks, answers and reports (RFC 792, RFC 4443). */
import { u16, u32 } from "../bytes/numbers.ts";
import type { Packet } from "../model/packet.ts";
import { hashEnd, mix } from "./hash.ts";
import { Ip } from "./table.ts";

/** Types that ask or answer, by the type that asks: RFC 792, and RFC 4443 section 4. */
const QUESTIONS: Readonly<Record<number, number>> = { 0: 8, 8: 8, 13: 13, 14: 13, 15: 15, 16: 15, 17: 17, 18: 17 };
const QUESTIONS_6: Readonly<Record<number, number>> = { 128: 128, 129: 128 };
const UNREACHABLE = 3;
const PORT_UNREACHABLE = 3;
/** RFC 1191: the way is there, the datagram was too large for it. */
const FRAGMENTATION_NEEDED = 4;
/** RFC 4443 section 3.1. */
const UNREACHABLE_6 = 1;
const PROBLEM_6 = 4;
const NEXT_HEADER_UNKNOWN = 1;
const HEADER_BYTES = 8;
/** RFC 4861 section 4: from router solicitation to redirect. */
const DISCOVERY_MIN = 133;
const DISCOVERY_MAX = 137;

export function isIcmp({ ipProtocol }: Packet): boolean {
  return ipProtocol === Ip.icmp || ipProtocol === Ip.icmp6;
}

/** −1: it has none, being empty or another protocol's. */
export function icmpType(packet: Packet): number {
  return isIcmp(packet) && packet.payloadEnd > packet.payloadStart ? packet.bytes[packet.payloadStart]! : -1;
}

/** The type that asks, of a question or an answer of this type; undefined for what is neither. */
export function questionOf(ipProtocol: number, type: number): number | undefined {
  return ipProtocol === Ip.icmp ? QUESTIONS[type] : QUESTIONS_6[type];
}

/** An echo's question or answer, whole or its first fragment. */
export function isEcho({ ipProtocol, bytes, payloadStart, payloadEnd }: Packet): boolean {
  const [question, answer] = ipProtocol === Ip.icmp ? [8, 0] : [128, 129];
  return payloadEnd > payloadStart && (bytes[payloadStart] === question || bytes[payloadStart] === answer);
}

export function isUnreachable({ ipProtocol, bytes, payloadStart }: Packet, type: number): boolean {
  // By IPv4 a protocol nobody speaks is unreachable; by IPv6 it is a problem of the packet (RFC 4443 section 3.4).
  if (ipProtocol === Ip.icmp6) return type === UNREACHABLE_6 || (type === PROBLEM_6 && bytes[payloadStart + 1] === NEXT_HEADER_UNKNOWN);
  return ipProtocol === Ip.icmp && type === UNREACHABLE && bytes[payloadStart + 1] !== FRAGMENTATION_NEEDED;
}

/** Neighbor discovery (RFC 4861) in pieces, which RFC 6980 forbids: put together from fragments, it lies in bytes of its own. */
export function isFragmentedDiscovery({ ipProtocol, bytes, frameBytes }: Packet, type: number): boolean {
  return ipProtocol === Ip.icmp6 && bytes !== frameBytes && type >= DISCOVERY_MIN && type <= DISCOVERY_MAX;
}

/** The datagram that a machine says reached nobody: `hash` as flows have it, `ports` from its sender to where it went. */
export interface Quoted {
  readonly hash: number;
  readonly ports: number;
}

/** Of port unreachable the header it quotes, which names the flow (RFC 792). Null: it says another thing, or quotes no UDP over IPv4. */
export function quotedDatagram({ ipProtocol, bytes, payloadStart, payloadEnd, space }: Packet, type: number): Quoted | null {
  if (ipProtocol !== Ip.icmp || type !== UNREACHABLE || bytes[payloadStart + 1] !== PORT_UNREACHABLE) return null;
  const quoted = payloadStart + HEADER_BYTES;
  const ports = quoted + (bytes[quoted]! & 15) * 4;
  if (payloadEnd - ports < 4 || bytes[quoted]! >> 4 !== 4 || bytes[quoted + 9] !== Ip.udp) return null;
  const from = hashEnd(0, 0, 0, u32(bytes, quoted + 12), u16(bytes, ports));
  const to = hashEnd(0, 0, 0, u32(bytes, quoted + 16), u16(bytes, ports + 2));
  return { hash: mix((from + to) | 0, Ip.udp ^ (space << 8)), ports: u32(bytes, ports) };
}
