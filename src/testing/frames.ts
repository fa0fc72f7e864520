/** Capture files of built frames, and the frames most tests need. The layers themselves are the sample hospital's too. */
import { bytes, ethernet, IP_A, IP_B, ipv4, tcp, u16, u32, u64, udp, type TcpFields, type UdpFields } from "../simulation/frames.ts";

export * from "../simulation/frames.ts";

/** The whole of what most tests need: one TCP segment in IPv4 in Ethernet. */
export function tcpFrame(fields: TcpFields & { readonly fromIp?: string; readonly toIp?: string }, payload?: Uint8Array): Uint8Array {
  return ethernet({ type: 0x0800 }, ipv4({ protocol: 6, from: fields.fromIp ?? IP_A, to: fields.toIp ?? IP_B }, tcp(fields, payload)));
}

export function udpFrame(fields: UdpFields & { readonly fromIp?: string; readonly toIp?: string }, payload?: Uint8Array): Uint8Array {
  return ethernet({ type: 0x0800 }, ipv4({ protocol: 17, from: fields.fromIp ?? IP_A, to: fields.toIp ?? IP_B }, udp(fields, payload)));
}

export interface Frame {
  readonly bytes: Uint8Array;
  /** Microseconds since 1970; from one frame to the next a millisecond passes unless given. */
  readonly at?: number;
  /** When the capture cut it. */
  readonly wireLength?: number;
}

/** When the first frame of a built file was heard unless it says so: 2024-01-01 00:00 UTC. */
export const FIRST_AT = 1_704_067_200_000_000;

interface PcapOptions {
  readonly linkType?: number;
  readonly bigEndian?: boolean;
  readonly nanoseconds?: boolean;
  /** Alexey Kuznetsov's variant: 24 bytes before each frame instead of 16. */
  readonly modified?: boolean;
}

export function pcapFile(frames: readonly (Frame | Uint8Array)[], options: PcapOptions = {}): Uint8Array {
  const little = options.bigEndian !== true;
  const magic = options.modified === true ? 0xa1b2cd34 : options.nanoseconds === true ? 0xa1b23c4d : 0xa1b2c3d4;
  const head = bytes(
    u32(magic, little),
    u16(2, little),
    u16(4, little),
    u32(0),
    u32(0),
    u32(262_144, little),
    u32(options.linkType ?? 1, little),
  );
  const records = timed(frames).map((frame) =>
    bytes(
      u32(Math.floor(frame.at / 1e6), little),
      u32((frame.at % 1e6) * (options.nanoseconds === true ? 1000 : 1), little),
      u32(frame.bytes.length, little),
      u32(frame.wireLength, little),
      options.modified === true ? new Uint8Array(8) : new Uint8Array(0),
      frame.bytes,
    ),
  );
  return bytes(head, ...records);
}

interface PcapngOptions {
  readonly linkType?: number;
  readonly bigEndian?: boolean;
  /** if_tsresol as it stands in the file; absent: 6, microseconds. */
  readonly resolution?: number;
  /** if_tsoffset, in seconds. */
  readonly offsetSeconds?: number;
  /** Blocks after the frames. */
  readonly after?: readonly Uint8Array[];
}

/** One section, one interface, enhanced packet blocks. */
export function pcapngFile(frames: readonly (Frame | Uint8Array)[], options: PcapngOptions = {}): Uint8Array {
  const little = options.bigEndian !== true;
  const resolution = options.resolution ?? 6;
  const ticks = (resolution & 0x80) === 0 ? 10n ** BigInt(resolution) : 2n ** BigInt(resolution & 0x7f);
  const described = interfaceBlock(options.linkType ?? 1, {
    little,
    options: [
      ...(options.resolution === undefined ? [] : [option(9, Uint8Array.of(resolution), little)]),
      ...(options.offsetSeconds === undefined ? [] : [option(14, u64(BigInt(options.offsetSeconds), little), little)]),
    ],
  });
  const blocks = timed(frames).map((frame) => {
    const at = ((BigInt(frame.at) - BigInt(options.offsetSeconds ?? 0) * 1_000_000n) * ticks) / 1_000_000n;
    return block(
      6,
      bytes(
        u32(0, little),
        u32(Number(at >> 32n), little),
        u32(Number(at & 0xffff_ffffn), little),
        u32(frame.bytes.length, little),
        u32(frame.wireLength, little),
        padded(frame.bytes),
      ),
      little,
    );
  });
  return bytes(sectionBlock(little), described, ...blocks, ...(options.after ?? []));
}

export function sectionBlock(little = true): Uint8Array {
  return block(
    0x0a0d0d0a,
    bytes(u32(0x1a2b3c4d, little), u16(1, little), u16(0, little), [255, 255, 255, 255, 255, 255, 255, 255]),
    little,
  );
}

export function interfaceBlock(
  linkType: number,
  { little = true, snapLength = 262_144, options = [] }: { little?: boolean; snapLength?: number; options?: readonly Uint8Array[] } = {},
): Uint8Array {
  return block(
    1,
    bytes(u16(linkType, little), u16(0), u32(snapLength, little), ...options, options.length > 0 ? u32(0) : new Uint8Array(0)),
    little,
  );
}

/** A pcapng block: type, length, body, length again. The body is a multiple of 4 bytes. */
export function block(type: number, body: Uint8Array, little = true): Uint8Array {
  const length = u32(12 + body.length, little);
  return bytes(u32(type, little), length, body, length);
}

export function option(code: number, value: Uint8Array, little = true): Uint8Array {
  return bytes(u16(code, little), u16(value.length, little), padded(value));
}

function timed(frames: readonly (Frame | Uint8Array)[]): { bytes: Uint8Array; at: number; wireLength: number }[] {
  return frames.map((frame, index) => {
    const it: Frame = frame instanceof Uint8Array ? { bytes: frame } : frame;
    return { bytes: it.bytes, at: it.at ?? FIRST_AT + index * 1000, wireLength: it.wireLength ?? it.bytes.length };
  });
}

function padded(value: Uint8Array): Uint8Array {
  return bytes(value, new Uint8Array(-value.length & 3));
}
