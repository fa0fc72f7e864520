/**
 * EtherNet/IP, CIP over TCP and UDP: ODVA, The CIP Networks Library, volume 2, chapter 2 (encapsulation).
 *
 * Controllers and drives of air, water and transport. Each answers a question that everybody may ask with its product's name, revision and
 * serial number. What is then asked of its objects is not read, but for a restart.
 */
import { Reader } from "../bytes/reader.ts";
import { ascii } from "../bytes/text.ts";
import type { Address, Context, Protocol, Report, Side } from "../model/protocol.ts";

export const enip: Protocol = {
  name: "enip",
  title: "EtherNet/IP",
  over: [{ tcp: [44818] }, { udp: [44818] }],
  setting: "building",
  privacy: {
    reads: "A device's identity; commands, and whether one restarts it.",
    ends: "All objects and values.",
    keeps: ["maker", "model", "serial", "software", "capability"],
  },
  recognize,
  messageLength: (stream) => (stream.length < HEADER_BYTES ? 0 : HEADER_BYTES + new Reader(stream, 2).u16le()),
  resume: (stream) => (recognize(stream, "unknown") ? 0 : -1),
  read,
};

/** Section 2-3: command, length of what follows, session, status, eight bytes of the sender's own, options, which are 0. */
const HEADER_BYTES = 24;
const COMMANDS: Readonly<Record<number, string>> = {
  0x04: "LIST_SERVICES",
  0x63: "LIST_IDENTITY",
  0x64: "LIST_INTERFACES",
  0x65: "REGISTER_SESSION",
  0x66: "UNREGISTER_SESSION",
  0x6f: "SEND",
  0x70: "SEND_CONNECTED",
};
const Command = {
  listServices: 0x04,
  listIdentity: 0x63,
  listInterfaces: 0x64,
  registerSession: 0x65,
  unregister: 0x66,
  send: 0x6f,
  connected: 0x70,
} as const;
/** Section 2-4: lengths of requests and answers; of the lists' answers and of data the least. */
const REGISTER_BYTES = 4;
const DATA_BYTES_MIN = 8;
/** Table 2-3.2: the highest is 0x6a. */
const STATUS_MAX = 0x6a;

/** Section 2-6: items of a type and a length. */
const Item = { identity: 0x0c, connected: 0xb1, unconnected: 0xb2 } as const;
const ITEMS_MAX = 8;
/** An address as in sockets, big end first. */
const SOCKET_BYTES = 16;
/** Volume 1, 5A-2: services of the identity object, which is class 1. */
const RESET = 0x05;
const IDENTITY_PATH = 0x2001;

/** ODVA's vendor numbers. Only the one that captures confirm; the others have no list that may be copied. */
const VENDORS: Readonly<Record<number, string>> = { 1: "Rockwell Automation" };
/** Volume 1, chapter 6: profiles. */
const PROFILES: Readonly<Record<number, string>> = {
  0x02: "AC drive",
  0x0c: "communications adapter",
  0x0e: "programmable logic controller",
  0x18: "human-machine interface",
};

function recognize(message: Uint8Array, side: Side): boolean {
  const reader = new Reader(message);
  const command = reader.u16le();
  if (!(command in COMMANDS) || message.length < HEADER_BYTES) return false;
  const length = reader.u16le();
  const session = reader.u32le();
  const status = reader.u32le();
  reader.skip(8);
  if (reader.u32le() !== 0 || status > STATUS_MAX) return false;
  switch (command) {
    case Command.listServices:
    case Command.listIdentity:
    case Command.listInterfaces:
      if (length === 0) return side !== "server" && status === 0 && message.length === HEADER_BYTES;
      return side !== "client" && status === 0 && listed(reader, length);
    case Command.registerSession:
      return (length === REGISTER_BYTES || status !== 0) && reader.u16le() === 1 && message.length >= HEADER_BYTES + length;
    case Command.unregister:
      return length === 0 && session !== 0 && message.length === HEADER_BYTES;
    default:
      // An interface that is 0, the time to wait, and the number of items.
      return session !== 0 && length >= DATA_BYTES_MIN && reader.u32le() === 0 && reader.u32le() >> 16 <= ITEMS_MAX && !reader.overrun;
  }
}

/** A list whose items end where the message does. */
function listed(reader: Reader, length: number): boolean {
  const body = reader.inner(length);
  const items = body.u16le();
  for (let i = 0; i < Math.min(items, ITEMS_MAX); i++) {
    body.skip(2);
    body.skip(body.u16le());
  }
  return !reader.overrun && !body.overrun && body.remaining === 0;
}

function read(message: Uint8Array, report: Report, { side, sender }: Context): void {
  const reader = new Reader(message);
  const command = reader.u16le();
  const length = reader.u16le();
  reader.skip(HEADER_BYTES - 4);
  const name = COMMANDS[command];
  if (name !== undefined && side !== "server" && !(command === Command.listIdentity && length > 0)) report.operation(name);
  const body = reader.inner(length);
  if (command === Command.listIdentity && length > 0) readItems(body, report, sender);
  else if ((command === Command.send || command === Command.connected) && side !== "server") {
    body.skip(4 + 2);
    readItems(body, report, sender);
  }
  if (reader.overrun || body.overrun) report.malformed("an item runs past the end");
}

function readItems(body: Reader, report: Report, sender: Address): void {
  const items = Math.min(body.u16le(), ITEMS_MAX);
  for (let i = 0; i < items; i++) {
    const type = body.u16le();
    const item = body.inner(body.u16le());
    if (type === Item.identity) readIdentity(item, report, sender);
    else if (type === Item.connected || type === Item.unconnected) readRequest(item, type === Item.connected ? 2 : 0, report);
    if (item.overrun) body.overrun = true;
    if (body.overrun) return;
  }
}

/** In a connection a number first; then a service, the length of its path in words, the path. */
function readRequest(item: Reader, numberBytes: number, report: Report): void {
  item.skip(numberBytes);
  const isReset = item.u8() === RESET;
  if (item.u8() > 0 && item.u16() === IDENTITY_PATH && isReset) report.operation("RESET");
}

/** Section 2-4.2: version, address, vendor, profile, product, revision, status, serial number, name. */
function readIdentity(item: Reader, report: Report, device: Address): void {
  item.skip(2 + SOCKET_BYTES);
  const vendor = item.u16le();
  const profile = item.u16le();
  item.skip(2);
  const revision = `${item.u8()}.${item.u8()}`;
  item.skip(2);
  const serial = item.u32le();
  const name = item.take(item.u8());
  if (item.overrun) return;
  report.observe(device, "maker", VENDORS[vendor] ?? "");
  report.observe(device, "model", ascii(name));
  report.observe(device, "software", revision);
  // Written as on the label.
  if (serial !== 0) report.observe(device, "serial", serial.toString(16).toUpperCase().padStart(8, "0"));
  report.observe(device, "capability", PROFILES[profile] ?? "");
}
