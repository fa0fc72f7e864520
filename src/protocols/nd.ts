/**
 * IPv6 neighbor discovery: RFC 4861, duplicate address detection in RFC 4862 section 5.4.
 *
 * What ARP is for IPv4, with more: before a machine uses an address it asks whether that is taken, so the first frames of each
 * machine name all its addresses; and routers say that they are routers.
 */
import { Reader } from "../bytes/reader.ts";
import { ipv6, mac } from "../bytes/text.ts";
import type { Context, Protocol, Report } from "../model/protocol.ts";

export const nd: Protocol = {
  name: "nd",
  title: "ND",
  over: [{ ip: 58 }],
  privacy: {
    reads: "Who owns which IPv6 address, and who routes.",
    ends: "Nothing: it holds no text and no person.",
    keeps: ["address", "carrier"],
  },
  recognize,
  read,
};

// RFC 4861 section 4: type, code 0, checksum, then a fixed part whose length the type decides, then options in units of 8 bytes.
const Type = {
  routerSolicitation: 133,
  routerAdvertisement: 134,
  neighborSolicitation: 135,
  neighborAdvertisement: 136,
  redirect: 137,
} as const;
const FIXED_BYTES: Readonly<Record<number, number>> = { 133: 8, 134: 16, 135: 24, 136: 24, 137: 40 };
const OPERATIONS: Readonly<Record<number, string>> = {
  133: "SOLICIT ROUTER",
  134: "ADVERTISE ROUTER",
  135: "SOLICIT",
  136: "ADVERTISE",
  137: "REDIRECT",
};
const Option = { sourceLinkLayer: 1, targetLinkLayer: 2, prefix: 3, nameServers: 25 } as const;
const ROUTER_LIFETIME_OFFSET = 6;
const PREFIX_BYTES = 32;
const PREFIX_OFFSET = 16;
const FLAGS_OFFSET = 4;
const OVERRIDE = 0x20;
const TARGET_OFFSET = 8;

function recognize(message: Uint8Array): boolean {
  const fixed = FIXED_BYTES[message[0] ?? 0];
  if (fixed === undefined || message[1] !== 0 || message.length < fixed) return false;
  let at = fixed;
  while (at < message.length) {
    const units = message[at + 1] ?? 0;
    if (units === 0) return false;
    at += units * 8;
  }
  return at === message.length;
}

function read(message: Uint8Array, report: Report, { sender, receiver }: Context): void {
  const type = message[0] ?? 0;
  const fixed = FIXED_BYTES[type];
  if (fixed === undefined || message.length < fixed) return report.malformed("shorter than its type needs");
  const verb = OPERATIONS[type]!;
  const target = ipv6(message.subarray(TARGET_OFFSET, TARGET_OFFSET + 16));
  const probing = type === Type.neighborSolicitation && sender.ip === "::";
  report.operation(probing ? "PROBE" : verb);

  // RFC 4862 section 5.4.2: the target is the address the sender is about to use. Seen before any traffic, and never answered when it is free.
  if (probing && sender.mac !== undefined) report.observe({ mac: sender.mac }, "address", target);

  // RFC 4861 section 4.2: lifetime 0 says "not, or no longer, a default router".
  const isEnded = new Reader(message, ROUTER_LIFETIME_OFFSET).u16() === 0;
  if (type === Type.routerAdvertisement && isEnded) report.notable("routerEnded");
  if (type === Type.routerAdvertisement && !isEnded) {
    report.observe(sender, "carrier", "router advertisement");
    const networks = networksOf(message);
    if (networks === "") report.notable("routerAnnounced");
    else report.notable("routerAnnounced", undefined, 0, { group: networks });
  }

  const options = new Reader(message, fixed);
  while (options.remaining > 0) {
    const code = options.u8();
    const units = options.u8();
    if (units === 0) return report.malformed("an option has no length");
    const value = options.take(units * 8 - 2);
    if (options.overrun) return report.malformed("an option runs past the end of the message");
    // RFC 8106 section 5.1: 8 bytes, then 16 for each server, so its length is odd. CVE-2020-16898 is what an even one does.
    if (code === Option.nameServers && units % 2 === 0) report.notable("oddRdnss");
    const owned =
      code === Option.sourceLinkLayer
        ? sender.ip
        : code === Option.targetLinkLayer && type === Type.neighborAdvertisement
          ? target
          : undefined;
    if (owned === undefined || owned === "::" || units !== 1) continue;
    const claimed = mac(value.subarray(0, 6));
    // A proxy or a forger answers from its own card for another's: that proves nothing about either.
    if (sender.mac !== undefined && sender.mac !== claimed) return report.malformed("the link-layer address is not the frame's");
    report.observe({ mac: claimed }, "address", owned);
    if (type === Type.neighborSolicitation) report.claims(claimed, owned, "asks", target);
    else if (overrides(message)) report.claims(claimed, owned, "overrides", isToAll(receiver.ip) ? "" : receiver.ip!);
  }
}

/** RFC 4861 section 4.6.2: networks that are the segment's own, or from which machines make themselves addresses; those taken back are none. */
function networksOf(message: Uint8Array): string {
  const networks: string[] = [];
  for (let at = FIXED_BYTES[Type.routerAdvertisement]!; at + PREFIX_BYTES <= message.length; at += 8 * message[at + 1]!) {
    if (message[at + 1] === 0) break;
    const option = new Reader(message.subarray(at, at + PREFIX_BYTES));
    if (option.u8() !== Option.prefix) continue;
    option.skip(1);
    const bits = option.u8();
    option.skip(1);
    if (option.u32() > 0) networks.push(`${ipv6(message.subarray(at + PREFIX_OFFSET, at + PREFIX_BYTES))}/${bits}`);
  }
  return networks.sort().join(" ");
}

/** RFC 4861 section 4.4: what is known is to be replaced. A proxy leaves it out. */
function overrides(message: Uint8Array): boolean {
  return message[0] === Type.neighborAdvertisement && (message[FLAGS_OFFSET]! & OVERRIDE) !== 0;
}

const isToAll = (ip: string | undefined): boolean => ip === undefined || ip.startsWith("ff");
