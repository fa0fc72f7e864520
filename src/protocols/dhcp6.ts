/**
 * DHCP for IPv6: RFC 8415.
 *
 * As in version 4 a client introduces itself by name, vendor class and the order of its wishes; by its DUID it stays the same
 * over all its interfaces. Relays wrap its message whole, some several times.
 */
import { domainName } from "../bytes/domain-name.ts";
import { Reader } from "../bytes/reader.ts";
import { ascii, hex, ipv6, mac } from "../bytes/text.ts";
import type { Address, Context, Protocol, Report } from "../model/protocol.ts";

export const dhcp6: Protocol = {
  name: "dhcp6",
  title: "DHCPv6",
  over: [{ udp: [546, 547] }],
  privacy: {
    reads: "How a client introduces itself, what its relay adds, and the addresses it is given.",
    ends: "All other options.",
    keeps: ["address", "carrier", "duid", "switchPort", "hostname", "dhcp6Fingerprint", "vendorClass", "userClass", "mudUrl", "service"],
  },
  recognize,
  read,
};

/** RFC 8415 section 7.3. */
const MESSAGE_TYPES: Readonly<Record<number, string>> = {
  1: "SOLICIT", 2: "ADVERTISE", 3: "REQUEST", 4: "CONFIRM", 5: "RENEW", 6: "REBIND", 7: "REPLY", 8: "RELEASE", 9: "DECLINE", 10: "RECONFIGURE",
  11: "INFORMATION-REQUEST", 12: "RELAY-FORW", 13: "RELAY-REPL",
}; // prettier-ignore
const FROM_SERVER = [2, 7, 10, 13];
const Type = { advertise: 2, reply: 7, relayForward: 12, relayReply: 13 } as const;

// RFC 8415 section 21: code and length of two bytes each.
const Option = {
  clientId: 1, serverId: 2, addresses: 3, address: 5, wishes: 6, relayMessage: 9, userClass: 15, vendorClass: 16, interfaceId: 18, remoteId: 37,
  nameServers: 23, fullName: 39, mudUrl: 112,
} as const; // prettier-ignore

// Type and transaction id; or type, hop count, link address, peer address.
const CLIENT_HEADER_BYTES = 4;
const RELAY_HEADER_BYTES = 34;
const PEER_OFFSET = 18;

/** RFC 8415 section 7.6: HOP_COUNT_LIMIT. */
const RELAYS_MAX = 8;
/** RFC 8415 section 11.1: a type and at most 128 bytes. */
const DUID_BYTES_MAX = 130;
/** RFC 3646 section 3: 16 for each; resolvers ask three. */
const NAME_SERVERS_BYTES_MAX = 128;

/** The options must close exactly on the end, and one must be what every message of the protocol has. */
function recognize(message: Uint8Array, side: string): boolean {
  const type = message[0] ?? 0;
  if (!(type in MESSAGE_TYPES) || (side !== "unknown" && FROM_SERVER.includes(type) !== (side === "server"))) return false;
  const reader = new Reader(message, headerBytes(type));
  let belongs = false;
  while (reader.remaining > 0) {
    const code = reader.u16();
    const length = reader.u16();
    reader.skip(length);
    if (
      isRelayed(type)
        ? code === Option.relayMessage
        : (code <= Option.serverId && length >= 4 && length <= DUID_BYTES_MAX) || code === Option.wishes
    )
      belongs = true;
  }
  return belongs && !reader.overrun;
}

function read(message: Uint8Array, report: Report, { sender, receiver }: Context): void {
  report.operation(MESSAGE_TYPES[message[0] ?? 0] ?? "OTHER");
  let client: Address | undefined;
  let switchPort = "";
  let inner = message;

  for (let relays = 0; isRelayed(inner[0] ?? 0); relays++) {
    if (relays === RELAYS_MAX) return report.malformed("more relays than the protocol allows");
    if (relays === 0 && inner[0] === Type.relayForward) report.observe(sender, "carrier", "DHCPv6 relay");
    client = { ip: ipv6(new Reader(inner, PEER_OFFSET).take(16)) };
    let wrapped: Uint8Array | undefined;
    const trouble = eachOption(new Reader(inner, RELAY_HEADER_BYTES), (code, value) => {
      if (code === Option.relayMessage) wrapped = value;
      else if (code === Option.interfaceId) switchPort = `${readable(value)}${switchPort && ` of ${switchPort}`}`;
      // RFC 4649: an enterprise number, then what the relay calls itself.
      else if (code === Option.remoteId) switchPort = `${switchPort && `${switchPort} of `}${readable(value.subarray(4))}`;
    });
    if (trouble !== "") report.malformed(trouble);
    if (wrapped === undefined) return;
    inner = wrapped;
  }

  const relayed = client !== undefined;
  if (FROM_SERVER.includes(inner[0] ?? 0)) answer(inner, relayed ? undefined : sender, relayed ? undefined : receiver, report);
  else introduction(inner, client ?? sender, report);
  if (client !== undefined && switchPort !== "") report.observe(client, "switchPort", switchPort);
}

function introduction(message: Uint8Array, client: Address, report: Report): void {
  const trouble = eachOption(new Reader(message, CLIENT_HEADER_BYTES), (code, value) => {
    switch (code) {
      case Option.clientId:
        report.observe(client, "duid", hex(value.subarray(0, DUID_BYTES_MAX)));
        break;
      case Option.wishes:
        report.observe(client, "dhcp6Fingerprint", numbers(value));
        break;
      case Option.userClass:
        report.observe(client, "userClass", texts(new Reader(value)));
        break;
      case Option.vendorClass:
        // An enterprise number, then texts with a length each.
        report.observe(client, "vendorClass", texts(new Reader(value, 4)));
        break;
      case Option.fullName:
        report.observe(client, "hostname", fullName(value));
        break;
      case Option.mudUrl:
        report.observe(client, "mudUrl", ascii(value));
    }
  });
  if (trouble !== "") report.malformed(trouble);
}

/** `server` and `client` are known only when no relay stands between them. */
function answer(message: Uint8Array, server: Address | undefined, client: Address | undefined, report: Report): void {
  if (server !== undefined && (message[0] === Type.advertise || message[0] === Type.reply)) report.observe(server, "service", "dhcp6");
  let nameServers = "";
  const trouble = eachOption(new Reader(message, CLIENT_HEADER_BYTES), (code, value) => {
    if (code === Option.nameServers) nameServers = hex(value.subarray(0, NAME_SERVERS_BYTES_MAX));
    if (code === Option.serverId && server !== undefined) report.observe(server, "duid", hex(value.subarray(0, DUID_BYTES_MAX)));
    // An answer on the link goes to the client's own card; only a reply makes its addresses real.
    if (code !== Option.addresses || message[0] !== Type.reply || client?.mac === undefined || !(client.ip ?? "").startsWith("fe80:"))
      return;
    const owner = { mac: client.mac };
    eachOption(new Reader(value, 12), (inner, part) => {
      if (inner === Option.address && part.length >= 16) report.observe(owner, "address", ipv6(part.subarray(0, 16)));
    });
  });
  if (trouble !== "") report.malformed(trouble);
  // A confirmation of what the client has, or a refusal, brings none.
  if (server !== undefined && client !== undefined && nameServers !== "")
    report.notable("dhcp6Options", undefined, 0, { sender: server, receiver: client, group: nameServers });
}

/** Returns what is wrong with the options, "" if nothing. */
function eachOption(reader: Reader, take: (code: number, value: Uint8Array) => void): string {
  while (reader.remaining > 0) {
    const code = reader.u16();
    const value = reader.take(reader.u16());
    if (reader.overrun) return "an option runs past the end of the message";
    take(code, value);
  }
  return reader.overrun ? "shorter than its header" : "";
}

function isRelayed(type: number): boolean {
  return type === Type.relayForward || type === Type.relayReply;
}

function headerBytes(type: number): number {
  return isRelayed(type) ? RELAY_HEADER_BYTES : CLIENT_HEADER_BYTES;
}

/** Fewer than 150 options are defined; who wishes for more is no client. */
const WISHES_MAX = 128;

function numbers(value: Uint8Array): string {
  const reader = new Reader(value);
  const codes: number[] = [];
  while (reader.remaining > 1 && codes.length < WISHES_MAX) codes.push(reader.u16());
  return codes.join(",");
}

/** A client has one vendor class, seldom two. */
const CLASSES_MAX = 4;

function texts(reader: Reader): string {
  const all: string[] = [];
  while (reader.remaining > 1 && all.length < CLASSES_MAX) all.push(ascii(reader.take(reader.u16())));
  return all.join(" ").trim();
}

/** RFC 4704: flags, then a name as in DNS that may lack its end. */
function fullName(value: Uint8Array): string {
  const ended = new Uint8Array(value.length);
  ended.set(value.subarray(1));
  return domainName(new Reader(ended)) ?? "";
}

/** A relay's binary port number is a few bytes. */
const HEX_BYTES_MAX = 64;

function readable(bytes: Uint8Array): string {
  if (bytes.length === 6) return mac(bytes);
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f) ? ascii(bytes) : hex(bytes.subarray(0, HEX_BYTES_MAX));
}
