/**
 * KNXnet/IP: ISO 22510, EN 13321-2; in KNX's own specification part 3/8.
 *
 * Interfaces and routers between the network and the wires of light, blinds, air and doors. Each answers a search with its name and serial
 * number. What the wires carry is not read; who changes a device's settings is told.
 */
import { Reader } from "../bytes/reader.ts";
import { ascii, hex } from "../bytes/text.ts";
import type { Address, Context, Protocol, Report, Side } from "../model/protocol.ts";

export const knxnetip: Protocol = {
  name: "knxnetip",
  title: "KNXnet/IP",
  over: [{ udp: [3671] }, { tcp: [3671] }],
  setting: "building",
  privacy: {
    reads: "Services asked for; a device's name and serial number.",
    ends: "All telegrams of the wires.",
    keeps: ["description", "serial", "dialect"],
  },
  recognize,
  messageLength: (stream) => (stream.length < HEADER_BYTES ? 0 : Math.max(new Reader(stream, LENGTH_OFFSET).u16(), HEADER_BYTES)),
  resume: (stream) => (isHeader(stream) ? 0 : -1),
  read,
};

/** Part 3/8/2 section 2.3: length of the header, version 1.0, service, length of it all. */
const HEADER_BYTES = 6;
const HEADER = 0x0610;
const LENGTH_OFFSET = 4;
/** An address and a port, or over TCP zeros: section 7.5.1, 8 bytes. */
const ADDRESS_BYTES = 8;

/** Section 7.3 and parts 3/8/3 to 3/8/9; with the least that follows. Those of a server have no verb. */
const SERVICES: Readonly<Record<number, { readonly verb: string; readonly bytes: number; readonly by?: Side }>> = {
  0x0201: { verb: "SEARCH", bytes: 8, by: "client" },
  0x0202: { verb: "", bytes: 8 + 54, by: "server" },
  0x0203: { verb: "DESCRIBE", bytes: 8, by: "client" },
  0x0204: { verb: "", bytes: 54, by: "server" },
  0x0205: { verb: "CONNECT", bytes: 18, by: "client" },
  0x0206: { verb: "", bytes: 2, by: "server" },
  0x0207: { verb: "STATE", bytes: 10, by: "client" },
  0x0208: { verb: "", bytes: 2, by: "server" },
  0x0209: { verb: "DISCONNECT", bytes: 10 },
  0x020a: { verb: "", bytes: 2 },
  0x020b: { verb: "SEARCH", bytes: 8, by: "client" },
  0x020c: { verb: "", bytes: 8, by: "server" },
  0x0310: { verb: "CONFIGURE", bytes: 5 },
  0x0311: { verb: "", bytes: 4 },
  0x0420: { verb: "TUNNEL", bytes: 5 },
  0x0421: { verb: "", bytes: 4 },
  0x0423: { verb: "TUNNEL_FEATURE", bytes: 6, by: "client" },
  0x0424: { verb: "", bytes: 6, by: "server" },
  0x0425: { verb: "TUNNEL_FEATURE", bytes: 6, by: "client" },
  0x0530: { verb: "ROUTE", bytes: 2 },
  0x0531: { verb: "", bytes: 4 },
  0x0532: { verb: "", bytes: 6 },
  0x0950: { verb: "SECURE", bytes: 32 },
};
const Service = { searchResponse: 0x0202, descriptionResponse: 0x0204, extendedResponse: 0x020c, secure: 0x0950 } as const;

/** Section 7.5.4: blocks of a length and a kind; of a device medium, state, address, project, serial number, group, MAC, name. */
const DEVICE_BLOCK = 1;
const DEVICE_BYTES = 54;
const BLOCKS_MAX = 16;
const BEFORE_SERIAL_BYTES = 1 + 1 + 2 + 2;
const SERIAL_BYTES = 6;
const BEFORE_NAME_BYTES = 4 + 6;
const NAME_BYTES = 30;

function recognize(message: Uint8Array, side: Side): boolean {
  if (!isHeader(message)) return false;
  const service = SERVICES[new Reader(message, 2).u16()]!;
  return side === "unknown" || service.by === undefined || service.by === side;
}

/** What follows must be enough for its service; of a datagram it is all, of a stream the next begins behind it. */
function isHeader(bytes: Uint8Array): boolean {
  const reader = new Reader(bytes);
  if (reader.u16() !== HEADER) return false;
  const service = SERVICES[reader.u16()];
  const length = reader.u16();
  if (service === undefined || reader.overrun || length < HEADER_BYTES + service.bytes) return false;
  return bytes.length === length || (bytes.length > length && new Reader(bytes, length).u16() === HEADER);
}

function read(message: Uint8Array, report: Report, { sender }: Context): void {
  const reader = new Reader(message);
  if (reader.u16() !== HEADER) return report.malformed("another header");
  const number = reader.u16();
  const verb = SERVICES[number]?.verb ?? "";
  if (verb !== "") report.operation(verb);
  reader.skip(2);
  if (number === Service.secure) report.observe(sender, "dialect", "KNX IP Secure");
  if (number === Service.searchResponse || number === Service.extendedResponse) reader.skip(ADDRESS_BYTES);
  else if (number !== Service.descriptionResponse) return;
  for (let i = 0; i < BLOCKS_MAX && reader.remaining > 0; i++) {
    const length = reader.u8();
    const block = reader.inner(length - 1);
    if (reader.overrun) return report.malformed("a block runs past the end");
    if (block.u8() === DEVICE_BLOCK && length === DEVICE_BYTES) readDevice(block, report, sender);
  }
}

function readDevice(block: Reader, report: Report, device: Address): void {
  block.skip(BEFORE_SERIAL_BYTES);
  const serial = block.take(SERIAL_BYTES);
  block.skip(BEFORE_NAME_BYTES);
  // As it comes it is the product's, and an installer may have put a place in it.
  report.observe(device, "description", ascii(block.take(NAME_BYTES)));
  if (serial.some((byte) => byte !== 0)) report.observe(device, "serial", hex(serial));
}
