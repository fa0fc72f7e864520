/**
 * DHCP for IPv4: RFC 2131, options in RFC 2132.
 *
 * A device asking for an address introduces itself: its MAC, the name it wants, the vendor class its firmware carries, and a list
 * of parameters whose order is a fingerprint of its IP stack. The relay adds the switch port, and the server's answer ties the MAC
 * to an address.
 */
import { domainName } from "../bytes/domain-name.ts";
import { Reader } from "../bytes/reader.ts";
import { ascii, hex, ipv4, mac, utf8 } from "../bytes/text.ts";
import type { Address, Context, Protocol, Report } from "../model/protocol.ts";

export const dhcp: Protocol = {
  name: "dhcp",
  title: "DHCP",
  over: [{ udp: [67, 68] }],
  privacy: {
    reads: "How a client introduces itself, what its relay adds, and the address it is given.",
    ends: "All other options, and client identifiers written as text, where some put a name.",
    keeps: [
      "address",
      "carrier",
      "clientId",
      "uuid",
      "switchPort",
      "hostname",
      "domain",
      "dhcpFingerprint",
      "vendorClass",
      "userClass",
      "mudUrl",
      "service",
    ],
  },
  recognize: (message, side) =>
    new Reader(message, COOKIE_OFFSET).u32() === COOKIE && (side === "unknown" || message[0] === (side === "client" ? REQUEST : REPLY)),
  read,
};

// RFC 2131 section 2: a fixed header, a cookie, then options to the end. The fields for a server's name and a file may hold options too.
const REQUEST = 1;
const REPLY = 2;
const NUMBER_OFFSET = 4;
const CLIENT_ADDRESS_OFFSET = 12;
const YOUR_ADDRESS_OFFSET = 16;
const RELAY_ADDRESS_OFFSET = 24;
const CLIENT_HARDWARE_OFFSET = 28;
const SERVER_NAME_OFFSET = 44;
const FILE_OFFSET = 108;
const COOKIE_OFFSET = 236;
const OPTIONS_OFFSET = 240;
const COOKIE = 0x63825363;
const ETHERNET = 1;
const NO_ADDRESS = "0.0.0.0";

const Option = {
  pad: 0, subnetMask: 1, router: 3, nameServers: 6, hostName: 12, domainName: 15, overload: 52, messageType: 53, serverIdentifier: 54, parameterList: 55, vendorClass: 60, clientId: 61,
  userClass: 77, fullName: 81, relayAgent: 82, machineId: 97, mudUrl: 161, end: 255,
} as const; // prettier-ignore

/** RFC 2132 section 9.6; without the option it is BOOTP. */
const MESSAGE_TYPES: Readonly<Record<number, string>> = {
  1: "DISCOVER", 2: "OFFER", 3: "REQUEST", 4: "DECLINE", 5: "ACK", 6: "NAK", 7: "RELEASE", 8: "INFORM", 10: "LEASEQUERY",
}; // prettier-ignore
const OFFER = 2;
const REQUESTED = 3;
const ACK = 5;

type Options = Map<number, Uint8Array>;

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  const hardware = new Reader(message, CLIENT_HARDWARE_OFFSET).take(6);
  // Another kind of hardware, or one without an address of its own, can only be known by the address it sends from.
  const device = message[1] === ETHERNET && hardware.some((byte) => byte !== 0) ? { mac: mac(hardware) } : sender;
  const options: Options = new Map();
  const trouble = optionsOf(message, options);
  const type = options.get(Option.messageType)?.[0];
  report.operation(type === undefined ? "BOOTP" : (MESSAGE_TYPES[type] ?? "OTHER"));

  const relay = ipv4(new Reader(message, RELAY_ADDRESS_OFFSET).take(4));
  if (relay !== NO_ADDRESS) report.observe({ ip: relay }, "carrier", "DHCP relay");

  if (message[0] === REPLY) answer(message, options, type, device, sender, report);
  else {
    introduction(options, device, report);
    if (relay === NO_ADDRESS) forClient(message, options, type, device, sender, report);
  }
  if (message[0] === REPLY && relay === NO_ADDRESS) offered(message, options, type, sender, report);

  const port = options.get(Option.relayAgent);
  if (port !== undefined) report.observe(device, "switchPort", switchPort(port));
  if (trouble !== "") report.malformed(trouble);
}

/** What a client says about itself. A server repeats some of it in its answer, in its own words, which are not the device's. */
function introduction(options: Options, device: Address, report: Report): void {
  for (const [code, value] of options) {
    switch (code) {
      case Option.hostName:
        report.observe(device, "hostname", utf8(value));
        break;
      case Option.parameterList:
        report.observe(device, "dhcpFingerprint", value.subarray(0, WISHES_MAX).join(","));
        break;
      case Option.vendorClass:
        report.observe(device, "vendorClass", ascii(value));
        break;
      case Option.clientId:
        if (!isMac(value, device) && !isText(value)) report.observe(device, "clientId", hex(value.subarray(0, CLIENT_ID_BYTES_MAX)));
        break;
      case Option.userClass:
        report.observe(device, "userClass", userClass(value));
        break;
      case Option.fullName:
        report.observe(device, "hostname", fullName(value));
        break;
      case Option.machineId:
        report.observe(device, "uuid", machineId(value));
        break;
      case Option.mudUrl:
        report.observe(device, "mudUrl", ascii(value));
    }
  }
}

/** Which client asks, as far as one card may ask for many: who invents them empties the server. And which server it chose, in a message all hear. */
function forClient(
  message: Uint8Array,
  options: Options,
  type: number | undefined,
  device: Address,
  sender: Address,
  report: Report,
): void {
  const chosen = options.get(Option.serverIdentifier);
  if (type === REQUESTED && chosen?.length === 4)
    report.notable("dhcpServerChosen", undefined, 0, { sender: device, receiver: { ip: ipv4(chosen) } });
  if (sender.mac === undefined || device.mac === undefined) return;
  const card = { mac: sender.mac };
  const own = ipv4(message.subarray(CLIENT_ADDRESS_OFFSET, CLIENT_ADDRESS_OFFSET + 4));
  const number = hex(new Reader(message, NUMBER_OFFSET).take(4));
  // Behind a router are many clients, each with a number of its own; on its own segment each has its own card.
  if (own !== NO_ADDRESS) report.notable("dhcpClient", own, 0, { sender: card, group: number });
  else if (device.mac !== sender.mac) report.notable("dhcpClient", device.mac, 0, { sender: card });
}

/** Where an address lies, and what else is given with it: what tells a stranger from the second of a pair. Not through a relay, which a stranger has none of. */
function offered(message: Uint8Array, options: Options, type: number | undefined, sender: Address, report: Report): void {
  const given = message.subarray(YOUR_ADDRESS_OFFSET, YOUR_ADDRESS_OFFSET + 4);
  const mask = options.get(Option.subnetMask);
  const identifier = options.get(Option.serverIdentifier);
  if ((type !== OFFER && type !== ACK) || ipv4(given) === NO_ADDRESS || mask?.length !== 4) return;
  const network = ipv4(given.map((byte, i) => byte & mask[i]!));
  const receiver = identifier?.length === 4 ? { ip: ipv4(identifier) } : sender;
  report.notable("dhcpNetwork", undefined, 0, { sender, receiver, group: network });
  const rest = [Option.router, Option.nameServers].map((code) => hex(options.get(code) ?? new Uint8Array(0)));
  report.notable("dhcpOptions", undefined, 0, { sender, receiver, group: `${network} ${rest.join(" ")}` });
}

function answer(message: Uint8Array, options: Options, type: number | undefined, device: Address, sender: Address, report: Report): void {
  if (type !== OFFER && type !== ACK) return;
  const server = ipv4(options.get(Option.serverIdentifier) ?? new Uint8Array(4));
  // Through a relay the answer comes from the relay; the option says who gave it.
  report.observe(server === NO_ADDRESS || server === sender.ip ? sender : { ip: server }, "service", "dhcp");

  // Only an ACK makes the address real; an offer may be refused or lost. An ACK to an INFORM gives none.
  const given = ipv4(message.subarray(YOUR_ADDRESS_OFFSET, YOUR_ADDRESS_OFFSET + 4));
  if (type !== ACK || given === NO_ADDRESS) return;
  report.observe(device, "address", given);
  const domain = options.get(Option.domainName);
  if (domain !== undefined) report.observe(device, "domain", ascii(domain));
}

/** All options, an option that comes in parts put together (RFC 3396), those in the overloaded fields after the others. Returns what is wrong with them, "" if nothing. */
function optionsOf(message: Uint8Array, options: Options): string {
  const trouble = collect(new Reader(message, OPTIONS_OFFSET), options);
  const overload = options.get(Option.overload)?.[0] ?? 0;
  // RFC 2132 section 9.3: 1 the file field, 2 the server's name, 3 both. An overload inside them is not followed.
  const inFile = (overload & 1) === 0 ? "" : collect(new Reader(message, FILE_OFFSET, COOKIE_OFFSET), options);
  const inServerName = (overload & 2) === 0 ? "" : collect(new Reader(message, SERVER_NAME_OFFSET, FILE_OFFSET), options);
  return trouble || inFile || inServerName;
}

/** Four parts put together: a relay's circuit or a list of routes; nothing read here is longer. */
const OPTION_BYTES_MAX = 1020;

function collect(reader: Reader, options: Options): string {
  while (reader.remaining > 0) {
    const code = reader.u8();
    if (code === Option.pad) continue;
    if (code === Option.end) return reader.rest().every((byte) => byte === 0) ? "" : "bytes after the end of the options";
    const value = reader.take(reader.u8());
    if (reader.overrun) return "an option runs past the end of the message";
    const before = options.get(code);
    if (before === undefined) options.set(code, value);
    else if (before.length < OPTION_BYTES_MAX) options.set(code, joined(before, value));
  }
  return "";
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** RFC 2132 section 9.14: usually the hardware type and the MAC once more. */
function isMac(clientId: Uint8Array, device: Address): boolean {
  return clientId.length === 7 && clientId[0] === ETHERNET && mac(clientId.subarray(1)) === device.mac;
}

/** Some put their name here instead of where names belong; in hex it would pass for a number. */
function isText(clientId: Uint8Array): boolean {
  return clientId.length > 2 && clientId.subarray(1).every((byte) => byte >= 0x20 && byte < 0x7f);
}

/** A DUID with its IAID is 135 bytes at most (RFC 8415 section 11.1, RFC 4361 section 6.1). */
const CLIENT_ID_BYTES_MAX = 135;

/** There are 254 options to wish for; who repeats them is no client. */
const WISHES_MAX = 254;

/** RFC 3004 has each class begin with its length; most programs write plain text. */
function userClass(value: Uint8Array): string {
  return value[0] === value.length - 1 ? ascii(value.subarray(1)) : ascii(value);
}

/** RFC 4702: flags, two codes of old, then the name: as in DNS when the flag E is set, else ASCII. */
function fullName(value: Uint8Array): string {
  const ENCODED = 0x04;
  const name = value.subarray(3);
  if (((value[0] ?? 0) & ENCODED) === 0) return ascii(name);
  // A client that knows only its first label leaves out the zero that would end the name.
  const ended = joined(name, new Uint8Array(1));
  return domainName(new Reader(ended)) ?? "";
}

/** RFC 4578 section 2.3: type 0, then the firmware's UUID, its first three parts in the byte order of the PC. */
function machineId(value: Uint8Array): string {
  if (value.length !== 17 || value[0] !== 0) return "";
  const part = (...at: number[]) => hex(Uint8Array.from(at, (i) => value[1 + i]!));
  const empty = value.subarray(1).every((byte) => byte === value[1]);
  return empty ? "" : `${part(3, 2, 1, 0)}-${part(5, 4)}-${part(7, 6)}-${part(8, 9)}-${part(10, 11, 12, 13, 14, 15)}`;
}

/** RFC 3046: 1 the circuit (port), 2 the remote id (switch). Cisco's binary form is put in words, other binary in hex. */
function switchPort(value: Uint8Array): string {
  const reader = new Reader(value);
  let circuit = "";
  let remote = "";
  while (reader.remaining > 1) {
    const code = reader.u8();
    const part = reader.take(reader.u8());
    if (code === 1)
      circuit =
        part.length === 6 && part[0] === 0 && part[1] === 4
          ? `VLAN ${(part[2]! << 8) | part[3]!} port ${part[4]!}/${part[5]!}`
          : readable(part);
    if (code === 2)
      remote = part.length === 8 && part[0] === 0 && part[1] === 6 ? mac(part.subarray(2)) : part.length === 6 ? mac(part) : readable(part);
  }
  return circuit !== "" && remote !== "" ? `${circuit} of ${remote}` : circuit || remote;
}

/** A relay's binary port number is a few bytes. */
const HEX_BYTES_MAX = 64;

function readable(bytes: Uint8Array): string {
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f) ? ascii(bytes) : hex(bytes.subarray(0, HEX_BYTES_MAX));
}
