/** Who looks for whose card, and who answers: ARP (RFC 826) and neighbor discovery of IPv6 (RFC 4861). */
import { u16, u32 } from "../bytes/numbers.ts";
import type { Packet } from "../model/packet.ts";
import type { Contacts } from "./contacts.ts";
import { hashEnd } from "./hash.ts";
import { isUnspecified } from "./headers.ts";
import { NOBODY, type Hosts } from "./hosts.ts";

/** RFC 826: hardware Ethernet, protocol IPv4, their lengths, the operation, twice a MAC with an IP. */
const ARP_ETHERNET_IPV4 = 0x0001_0800;
const ARP_LENGTHS = 0x0604;
const ARP_REQUEST = 1;
const ARP_REPLY = 2;
const ARP_BYTES = 28;
/** RFC 4861 section 4.3: type, code, checksum, flags, then the address looked for. */
const SOLICITATION = 135;
const ADVERTISEMENT = 136;
const TARGET_OFFSET = 8;
const ND_BYTES = 24;

export class Neighbors {
  readonly #hosts: Hosts;
  readonly #contacts: Contacts;

  constructor(hosts: Hosts, contacts: Contacts) {
    this.#hosts = hosts;
    this.#contacts = contacts;
  }

  /** A frame of ARP. A machine is counted by its address where that is known to be its, else by its card: `from` and `to`. */
  arp(packet: Packet, from: number, to: number): void {
    const { bytes, payloadStart: start, payloadEnd, space } = packet;
    if (payloadEnd - start < ARP_BYTES || u32(bytes, start) !== ARP_ETHERNET_IPV4 || u16(bytes, start + 4) !== ARP_LENGTHS) return;
    const operation = u16(bytes, start + 6);
    const sender = u32(bytes, start + 14);
    const target = u32(bytes, start + 24);
    if (sender === target) return;
    if (operation === ARP_REQUEST) {
      const host = this.#hosts.known4(space, u16(bytes, start + 8), u32(bytes, start + 10), sender) || from;
      if (host !== NOBODY) this.#contacts.looksFor("arp", host, this.#hosts.hash(host), hashEnd(0, 0, 0, target, 0), packet);
    } else if (operation === ARP_REPLY) {
      const host = this.#hosts.known4(space, u16(bytes, start + 18), u32(bytes, start + 20), target) || to;
      if (host !== NOBODY) this.#contacts.neighborAnswers("arp", host, this.#hosts.hash(host), hashEnd(0, 0, 0, sender, 0), packet.vlan);
    }
  }

  /** An ICMPv6 message of this type. Who only makes sure that an address is free has none to ask from. */
  icmp6(type: number, packet: Packet, from: number, to: number): void {
    if (type !== SOLICITATION && type !== ADVERTISEMENT) return;
    const { bytes, payloadStart: start, payloadEnd } = packet;
    if (payloadEnd - start < ND_BYTES || isUnspecified(packet) || from === NOBODY) return;
    const at = start + TARGET_OFFSET;
    const target = hashEnd(u32(bytes, at), u32(bytes, at + 4), u32(bytes, at + 8), u32(bytes, at + 12), 0);
    if (type === SOLICITATION) this.#contacts.looksFor("nd", from, this.#hosts.hash(from), target, packet);
    else if (to !== NOBODY) this.#contacts.neighborAnswers("nd", to, this.#hosts.hash(to), target, packet.vlan);
  }
}
