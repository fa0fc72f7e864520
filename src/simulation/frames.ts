/**
 * Builds frames, one function per layer, the payload last:
 *
 *     ethernet({ type: 0x0800 }, ipv4({ protocol: 6, from: "10.0.0.1", to: "10.0.0.2" }, tcp({ from: 40000, to: 104, flags: "S" })))
 *
 * Checksums of TCP and UDP are left 0, as capture hosts see them before the card fills them in; `sealed` fills them in.
 */

export interface EthernetFields {
  readonly from?: string;
  readonly to?: string;
  readonly type: number;
  /** 802.1Q tags, outermost first. */
  readonly vlans?: readonly number[];
}

export const MAC_A = "02:00:00:00:00:0a";
export const MAC_B = "02:00:00:00:00:0b";
export const IP_A = "10.0.0.1";
export const IP_B = "10.0.0.2";

export function ethernet(fields: EthernetFields, payload: Uint8Array = NOTHING): Uint8Array {
  const tags = (fields.vlans ?? []).map((vlan) => bytes(u16(0x8100), u16(vlan)));
  return bytes(macBytes(fields.to ?? MAC_B), macBytes(fields.from ?? MAC_A), ...tags, u16(fields.type), payload);
}

/** 802.3: a length instead of a type, then LLC. */
export function ethernetLlc(fields: Omit<EthernetFields, "type">, llc: Uint8Array): Uint8Array {
  return ethernet({ ...fields, type: llc.length }, llc);
}

/** LLC with SNAP: who gave the type, and the type. */
export function snap(organization: number, type: number, payload: Uint8Array): Uint8Array {
  return bytes([0xaa, 0xaa, 0x03, organization >> 16, organization >> 8, organization], u16(type), payload);
}

export interface Ipv4Fields {
  readonly from?: string;
  readonly to?: string;
  readonly protocol: number;
  readonly ttl?: number;
  readonly id?: number;
  readonly dontFragment?: boolean;
  readonly moreFragments?: boolean;
  /** In bytes, a multiple of 8. */
  readonly fragmentOffset?: number;
  readonly options?: Uint8Array;
  /** Instead of the true one. */
  readonly totalLength?: number;
}

export function ipv4(fields: Ipv4Fields, payload: Uint8Array = NOTHING): Uint8Array {
  const options = fields.options ?? NOTHING;
  const headerLength = 20 + options.length;
  const flags =
    (fields.dontFragment === true ? 0x4000 : 0) | (fields.moreFragments === true ? 0x2000 : 0) | ((fields.fragmentOffset ?? 0) >> 3);
  const header = bytes(
    [0x40 | (headerLength >> 2), 0],
    u16(fields.totalLength ?? headerLength + payload.length),
    u16(fields.id ?? 1),
    u16(flags),
    [fields.ttl ?? 64, fields.protocol, 0, 0],
    ipBytes(fields.from ?? IP_A),
    ipBytes(fields.to ?? IP_B),
    options,
  );
  let sum = 0;
  for (let i = 0; i < header.length; i += 2) sum += (header[i]! << 8) | header[i + 1]!;
  sum = (sum & 0xffff) + (sum >>> 16);
  sum = ~((sum & 0xffff) + (sum >>> 16)) & 0xffff;
  header[10] = sum >> 8;
  header[11] = sum;
  return bytes(header, payload);
}

export interface Ipv6Fields {
  readonly from?: string;
  readonly to?: string;
  readonly nextHeader: number;
  readonly hopLimit?: number;
  /** Instead of the true one. */
  readonly payloadLength?: number;
}

export function ipv6(fields: Ipv6Fields, payload: Uint8Array = NOTHING): Uint8Array {
  return bytes(
    [0x60, 0, 0, 0],
    u16(fields.payloadLength ?? payload.length),
    [fields.nextHeader, fields.hopLimit ?? 64],
    ipBytes(fields.from ?? "2001:db8::1"),
    ipBytes(fields.to ?? "2001:db8::2"),
    payload,
  );
}

export interface TcpFields {
  readonly from?: number;
  readonly to: number;
  readonly sequence?: number;
  readonly acknowledgment?: number;
  /** Any of F, S, R, P, A, U. */
  readonly flags?: string;
  readonly window?: number;
  /** A multiple of 4 bytes. */
  readonly options?: Uint8Array;
}

export function tcp(fields: TcpFields, payload: Uint8Array = NOTHING): Uint8Array {
  const options = fields.options ?? NOTHING;
  const flags = Array.from(fields.flags ?? "A").reduce((sum, letter) => sum | (1 << "FSRPAU".indexOf(letter)), 0);
  return bytes(
    u16(fields.from ?? 40_000),
    u16(fields.to),
    u32(fields.sequence ?? 1),
    u32(fields.acknowledgment ?? 0),
    [(20 + options.length) << 2, flags],
    u16(fields.window ?? 64_240),
    [0, 0, 0, 0],
    options,
    payload,
  );
}

export interface UdpFields {
  readonly from?: number;
  readonly to: number;
}

export function udp(fields: UdpFields, payload: Uint8Array = NOTHING): Uint8Array {
  return bytes(u16(fields.from ?? 40_000), u16(fields.to), u16(8 + payload.length), [0, 0], payload);
}

export function arp(operation: 1 | 2, sender: readonly [mac: string, ip: string], target: readonly [mac: string, ip: string]): Uint8Array {
  const who = ([mac, ip]: readonly [string, string]) => bytes(macBytes(mac), ipBytes(ip));
  return bytes(u16(1), u16(0x0800), [6, 4], u16(operation), who(sender), who(target));
}

/** The same frame with the checksum of its TCP or UDP filled in (RFC 9293 section 3.1, RFC 768). Ethernet and IPv4 without options. */
export function sealed(frame: Uint8Array): Uint8Array {
  const protocol = frame[IP_OFFSET + 9]!;
  const at = IP_OFFSET + 20;
  const place = at + (protocol === 6 ? 16 : 6);
  const length = frame.length - at;
  let sum = protocol + length;
  const add = (from: number, to: number) => {
    for (let i = from; i < to; i += 2) sum += (frame[i]! << 8) | (i + 1 < to ? frame[i + 1]! : 0);
  };
  add(IP_OFFSET + 12, IP_OFFSET + 20);
  frame[place] = frame[place + 1] = 0;
  add(at, frame.length);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  const checksum = ~sum & 0xffff || 0xffff;
  frame[place] = checksum >> 8;
  frame[place + 1] = checksum & 0xff;
  return frame;
}

const IP_OFFSET = 14;

/** Everything one after the other. */
export function bytes(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function u16(value: number, little = false): Uint8Array {
  return little ? Uint8Array.of(value, value >> 8) : Uint8Array.of(value >> 8, value);
}

export function u32(value: number, little = false): Uint8Array {
  const out = Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
  return little ? out.toReversed() : out;
}

export const le16 = (value: number): Uint8Array => u16(value, true);
export const le32 = (value: number): Uint8Array => u32(value, true);

/** Text of one byte a letter. */
export function latin(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "latin1"));
}

export function u64(value: bigint, little = false): Uint8Array {
  const high = u32(Number((value >> 32n) & 0xffff_ffffn), little);
  const low = u32(Number(value & 0xffff_ffffn), little);
  return little ? bytes(low, high) : bytes(high, low);
}

export function macBytes(mac: string): Uint8Array {
  const out = new Uint8Array(6);
  for (let i = 0; i < 6; i++) out[i] = Number.parseInt(mac.slice(3 * i, 3 * i + 2), 16);
  return out;
}

/** Dotted IPv4, or IPv6 with at most one "::". */
export function ipBytes(ip: string): Uint8Array {
  if (!ip.includes(":")) {
    const [a, b, c, d] = ip.split(".");
    return Uint8Array.of(Number(a), Number(b), Number(c), Number(d));
  }
  const groups = (text: string) => (text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16)));
  const [before = "", after] = ip.split("::");
  const front = groups(before);
  const back = after === undefined ? [] : groups(after);
  const all = [...front, ...new Uint8Array(8 - front.length - back.length), ...back];
  return bytes(...all.map((group) => u16(group)));
}

const NOTHING = new Uint8Array(0);
