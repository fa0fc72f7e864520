/** A TCP SYN as pf.os writes it: window, initial TTL, don't fragment, size of the packet, options in order. */
import { u16, u32 } from "../bytes/numbers.ts";
import type { Packet } from "../model/packet.ts";
import { mix } from "./hash.ts";

/** The values a fingerprint is made of, as one number, so that text is made only when they changed. Never 0. */
export function synHash(packet: Packet): number {
  const { bytes, tcpOptionsStart, tcpOptionsEnd } = packet;
  let hash = mix(packet.window ^ (packet.dontFragment ? 65_536 : 0), initialTtl(packet.ttl) ^ (packet.family << 9));
  for (let at = tcpOptionsStart; at < tcpOptionsEnd;) {
    const kind = bytes[at]!;
    hash = mix(hash, kind);
    if (kind === Option.end) break;
    if (kind === Option.nothing) {
      at++;
      continue;
    }
    const length = bytes[at + 1]!;
    // A time stamp differs in every SYN; only whether it is zero says something.
    if (kind === Option.timestamp) hash = mix(hash, at + 6 <= tcpOptionsEnd && u32(bytes, at + 2) === 0 ? 1 : 0);
    else for (let i = at + 1; i < at + length && i < tcpOptionsEnd; i++) hash = mix(hash, bytes[i]!);
    at += length < 2 ? tcpOptionsEnd : length;
  }
  return hash === 0 ? 1 : hash;
}

/** `65535:64:1:60:M1460,N,W8,N,N,S`. Numbers as they were; the TTL is the initial one. */
export function synText(packet: Packet): string {
  const { bytes, tcpOptionsStart, tcpOptionsEnd } = packet;
  const options: string[] = [];
  for (let at = tcpOptionsStart; at < tcpOptionsEnd && options.length < OPTIONS_MAX;) {
    const kind = bytes[at]!;
    if (kind === Option.end) {
      options.push("E");
      break;
    }
    if (kind === Option.nothing) {
      options.push("N");
      at++;
      continue;
    }
    const length = at + 1 < tcpOptionsEnd ? bytes[at + 1]! : 0;
    if (length < 2 || at + length > tcpOptionsEnd) {
      options.push("?");
      break;
    }
    if (kind === Option.segmentSize && length === 4) options.push(`M${u16(bytes, at + 2)}`);
    else if (kind === Option.windowScale && length === 3) options.push(`W${bytes[at + 2]}`);
    else if (kind === Option.selective) options.push("S");
    else if (kind === Option.timestamp && length === 10) options.push(u32(bytes, at + 2) === 0 ? "T0" : "T");
    else options.push(`?${kind}`);
    at += length;
  }
  // Size of the IP packet: of the header, whose options end where the payload begins, and what it carries.
  const ipHeader = packet.family === 6 ? 40 : 20;
  const size = ipHeader + 20 + (tcpOptionsEnd - tcpOptionsStart) + packet.payloadLength;
  return `${packet.window}:${initialTtl(packet.ttl)}:${packet.dontFragment ? 1 : 0}:${size}:${options.join(",") || "."}`;
}

/** TCP options: RFC 9293 section 3.2, RFC 7323, RFC 2018. There is room for 40 bytes of them. */
const Option = { end: 0, nothing: 1, segmentSize: 2, windowScale: 3, selective: 4, timestamp: 8 } as const;
const OPTIONS_MAX = 40;

export function initialTtl(ttl: number): number {
  return ttl <= 32 ? 32 : ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255;
}
