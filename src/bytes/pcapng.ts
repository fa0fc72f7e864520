/** Frames as a pcapng file (draft-ietf-opsawg-pcapng): one section, one interface for each input and link type, times in microseconds. */
export interface PcapngFrame {
  readonly input: string;
  readonly linkType: number;
  /** Microseconds since 1970. */
  readonly at: number;
  /** What there was on the wire, of which `bytes` are the first. */
  readonly wireLength: number;
  readonly bytes: Uint8Array;
}

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const BYTE_ORDER = 0x1a2b3c4d;
const Option = { end: 0, comment: 1, interfaceName: 2 } as const;

/** In the order given; little-endian. */
export function pcapng(frames: readonly PcapngFrame[], comment: string): Uint8Array {
  const interfaces = new Map<string, number>();
  const blocks = [block(SECTION_HEADER, [u32(BYTE_ORDER), u16(1), u16(0), u64(UNKNOWN_LENGTH), ...options([[Option.comment, comment]])])];
  for (const { input, linkType, at, wireLength, bytes } of frames) {
    const name = `${linkType} ${input}`;
    let number = interfaces.get(name);
    if (number === undefined) {
      interfaces.set(name, (number = interfaces.size));
      // A length of 0 is no limit.
      blocks.push(block(INTERFACE_DESCRIPTION, [u16(linkType), u16(0), u32(0), ...options([[Option.interfaceName, input]])]));
    }
    const time = BigInt(at);
    const head = [number, Number(time >> 32n), Number(time & 0xffff_ffffn), bytes.length, Math.max(wireLength, bytes.length)];
    blocks.push(block(ENHANCED_PACKET, [...head.map(u32), padded(bytes)]));
  }
  return Buffer.concat(blocks);
}

const UNKNOWN_LENGTH = 0xffff_ffff_ffff_ffffn;

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts);
  const length = u32(body.length + 12);
  return Buffer.concat([u32(type), length, body, length]);
}

function options(list: readonly (readonly [code: number, text: string])[]): Uint8Array[] {
  const written = list.map(([code, text]) => {
    const bytes = Buffer.from(text).subarray(0, 0xffff);
    return Buffer.concat([u16(code), u16(bytes.length), padded(bytes)]);
  });
  return [...written, u16(Option.end), u16(0)];
}

function padded(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function u16(value: number): Uint8Array {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}
