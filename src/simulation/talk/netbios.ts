/** Windows among its neighbors: names (RFC 1002 section 4.2) and the browser's announcements ([MS-BRWS] section 2.2). */
import { bytes, ipBytes, latin, le16, le32, u16, u32 } from "../frames.ts";
import type { Station, Wire } from "../wire.ts";

export const Suffix = { workstation: 0x00, domainControllers: 0x1c, masterBrowser: 0x1d, server: 0x20 } as const;
/** [MS-BRWS] section 2.2.1: what a machine is, as bits. */
export const Role = { workstation: 0x1, server: 0x2, domainController: 0x8, windows: 0x1000 } as const;

const Port = { names: 137, datagrams: 138 } as const;
const REGISTRATION = 0x2910;
const GROUP = 0x8000;
const LIFE_SECONDS = 300_000;
const NAMES = 0x20;
const INTERNET = 1;
/** The question's name, 12 bytes into the message. */
const POINTER = 0xc00c;

/** A machine says that a name is its own, or that it belongs to a group. */
export function register(wire: Wire, at: number, it: Station, name: string, suffix: number, broadcast: string, id: number): void {
  const flags = suffix === Suffix.domainControllers ? GROUP : 0;
  const asked = bytes(encoded(name, suffix), u16(NAMES), u16(INTERNET));
  const record = bytes(u16(POINTER), u16(NAMES), u16(INTERNET), u32(LIFE_SECONDS), u16(6), u16(flags), ipBytes(it.ip));
  const message = bytes(u16(id), u16(REGISTRATION), u16(1), u16(0), u16(0), u16(1), asked, record);
  wire.datagram(at, it, broadcast, Port.names, Port.names, message);
}

interface Host {
  readonly name: string;
  readonly group: string;
  readonly version: readonly [major: number, minor: number];
  readonly roles: number;
  readonly comment: string;
}

/** Announces itself to its workgroup: a datagram, in it an SMB transaction to a mailslot, in it the announcement. */
export function announceHost(wire: Wire, at: number, it: Station, host: Host, broadcast: string, id: number): void {
  const announcement = bytes(
    [HOST_ANNOUNCEMENT, 0],
    le32(ANNOUNCED_EVERY_MS),
    latin(host.name.padEnd(16, "\0")),
    host.version,
    le32(host.roles),
    [15, 1],
    le16(0xaa55),
    latin(`${host.comment}\0`),
  );
  const names = bytes(encoded(host.name, Suffix.workstation), encoded(host.group, Suffix.masterBrowser));
  const mail = transaction(announcement);
  const size = u16(names.length + mail.length);
  const message = bytes([DIRECT_GROUP, 0x02], u16(id), ipBytes(it.ip), u16(Port.datagrams), size, u16(0), names, mail);
  wire.datagram(at, it, broadcast, Port.datagrams, Port.datagrams, message);
}

const DIRECT_GROUP = 0x11;
const HOST_ANNOUNCEMENT = 1;
const ANNOUNCED_EVERY_MS = 720_000;
const SLOT = latin("\\MAILSLOT\\BROWSE\0");
const TRANSACTION = 0x25;

/** [MS-CIFS] section 2.2.4.33: 17 words, of which the counts and the place of the data matter; they count from the SMB header. */
function transaction(data: Uint8Array): Uint8Array {
  const offset = 32 + 1 + 2 * 17 + 2 + SLOT.length;
  return bytes(
    [0xff],
    latin("SMB"),
    [TRANSACTION],
    new Uint8Array(27),
    [17],
    le16(0),
    le16(data.length),
    new Uint8Array(18),
    le16(data.length),
    le16(offset),
    [3, 0],
    le16(1),
    le16(1),
    le16(2),
    le16(SLOT.length + data.length),
    SLOT,
    data,
  );
}

/** RFC 1001 section 14.1: 15 letters and a suffix, each half byte a letter from A on. */
function encoded(name: string, suffix: number): Uint8Array {
  const plain = bytes(latin(name.toUpperCase().slice(0, 15).padEnd(15)), [suffix]);
  return bytes([32], Array.from(plain).flatMap((byte) => [0x41 + (byte >> 4), 0x41 + (byte & 15)]), [0]); // prettier-ignore
}
