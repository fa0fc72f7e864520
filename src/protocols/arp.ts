/**
 * ARP for IPv4 over Ethernet: RFC 826; probes and announcements RFC 5227.
 *
 * Each message says, unasked, which IP its sender's card answers for: the strongest tie between MAC and IP there is. It also names
 * the virtual addresses that redundant routers hand to each other.
 */
import { u16, u32 } from "../bytes/numbers.ts";
import { Reader } from "../bytes/reader.ts";
import { ipv4, mac } from "../bytes/text.ts";
import { isVirtualRouter } from "../knowledge/special-macs.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const arp: Protocol = {
  name: "arp",
  title: "ARP",
  over: [{ ethernet: 0x0806 }],
  privacy: {
    reads: "Who owns and who answers for which IPv4 address.",
    ends: "Nothing: it holds no text and no person.",
    keeps: ["address", "answersFor", "virtualAddress", "carrier"],
  },
  recognize: (message) =>
    new Reader(message).take(TYPES.length).every((byte, i) => byte === TYPES[i]) && (hasOddLength(message) || isWhole(message)),
  read,
};

// RFC 826: hardware type Ethernet, protocol type IPv4, their lengths; then the operation and twice a MAC with an IP.
const TYPES = [0, 1, 8, 0];
const ETHERNET_AND_IPV4 = [...TYPES, 6, 4];
const LENGTH = 28;
const Operation = { request: 1, reply: 2 } as const;

/** An address of another length than its kind has: a receiver that believes it reads or tells what lies behind. */
function hasOddLength(message: Uint8Array): boolean {
  return message.length >= ETHERNET_AND_IPV4.length && (message[4] !== 6 || message[5] !== 4);
}

function isWhole(message: Uint8Array): boolean {
  const operation = message[7];
  return message.length >= LENGTH && message[6] === 0 && (operation === Operation.request || operation === Operation.reply);
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  if (hasOddLength(message)) {
    report.notable("arpOddLength");
    return report.malformed("addresses of a length their kind does not have");
  }
  const reader = new Reader(message, ETHERNET_AND_IPV4.length);
  const operation = reader.u16();
  const hardware = reader.take(6);
  const senderMac = mac(hardware);
  const senderIp = ipv4(reader.take(4));
  reader.skip(6);
  const targetIp = ipv4(reader.take(4));
  if (reader.overrun) return report.malformed("shorter than an ARP message");

  // A probe asks whether an address is free; its sender has none yet.
  if (senderIp === "0.0.0.0") return report.operation("PROBE");
  report.operation(senderIp === targetIp ? "ANNOUNCE" : operation === Operation.request ? "REQUEST" : "REPLY");

  if ((hardware[0]! & 1) !== 0 || hardware.every((byte) => byte === 0))
    return report.malformed("the sender's hardware address is no machine's");
  if (isVirtualRouter(u16(hardware, 0), u32(hardware, 2))) {
    report.observe({ mac: senderMac }, "virtualAddress", senderIp);
    report.observe({ mac: senderMac }, "carrier", "virtual router address");
    return;
  }
  // A frame from one card that speaks for another is a relay's or a forger's: it proves nothing about either.
  if (sender.mac !== undefined && sender.mac !== senderMac) return report.malformed("the sender's hardware address is not the frame's");
  const how = senderIp === targetIp ? "announces" : operation === Operation.request ? "asks" : "answers";
  report.claims(senderMac, senderIp, how, targetIp);
  // A proxy answers for others, but never asks in their name.
  const answers = operation === Operation.reply && senderIp !== targetIp;
  report.observe({ mac: senderMac }, answers ? "answersFor" : "address", senderIp);
}
