/**
 * Community ID, version 1 (github.com/corelight/community-id-spec): the same short name of a flow in whatever program saw it, in both
 * directions. SHA-1 of the two addresses, the IP protocol and the two ports in one order; here always with the seed 0 that programs have
 * unless somebody sets another.
 */
import { createHash } from "node:crypto";
import { ipWords } from "./address.ts";

export interface FlowEnds {
  /** IP protocol number. */
  readonly ipProtocol: number;
  readonly from: string;
  readonly to: string;
  /** ICMP: its type, and its code. Null where the protocol has none. */
  readonly fromPort: number | null;
  readonly toPort: number | null;
}

const IPPROTO = { icmp: 1, tcp: 6, udp: 17, icmp6: 58, sctp: 132 } as const;
const WITH_PORTS: ReadonlySet<number> = new Set([IPPROTO.tcp, IPPROTO.udp, IPPROTO.sctp]);
/** Questions and answers of ICMP take the place of ports; what nobody answers has one direction only. */
const ANSWERS: ReadonlyMap<number, ReadonlyMap<number, number>> = new Map([
  [IPPROTO.icmp, bothWays([8, 0], [13, 14], [15, 16], [17, 18], [10, 9])],
  [IPPROTO.icmp6, bothWays([128, 129], [130, 131], [133, 134], [135, 136], [139, 140], [144, 145])],
]);

/** Null where an address is none, the two are of different families, or a port is out of range. */
export function communityId({ ipProtocol, from, to, fromPort, toPort }: FlowEnds): string | null {
  const [source, target] = [bytesOf(from), bytesOf(to)];
  const answers = ANSWERS.get(ipProtocol);
  const hasPorts = answers !== undefined || WITH_PORTS.has(ipProtocol);
  if (source === null || source.length !== target?.length || !isByte(ipProtocol)) return null;
  if (hasPorts && !(isPort(fromPort) && isPort(toPort))) return null;
  const answer = answers?.get(fromPort ?? 0);
  const ports = [fromPort ?? 0, answer ?? toPort ?? 0] as const;
  const order = source.compare(target);
  const isTurned = (answers === undefined || answer !== undefined) && (order > 0 || (order === 0 && ports[0] > ports[1]));
  const tail = hasPorts ? Buffer.alloc(6) : Buffer.alloc(2);
  tail[0] = ipProtocol;
  if (hasPorts) {
    tail.writeUInt16BE(ports[isTurned ? 1 : 0], 2);
    tail.writeUInt16BE(ports[isTurned ? 0 : 1], 4);
  }
  const [first, second] = isTurned ? [target, source] : [source, target];
  return `1:${createHash("sha1").update(SEED).update(first).update(second).update(tail).digest("base64")}`;
}
const SEED = Buffer.alloc(2);

/** A name as another program wrote it. */
export function isCommunityId(text: string): boolean {
  return /^1:[A-Za-z0-9+/]{27}=$/.test(text);
}

function bytesOf(text: string): Buffer | null {
  const parsed = ipWords(text);
  if (parsed === null) return null;
  const bytes = Buffer.alloc(16);
  for (const [at, word] of parsed.words.entries()) bytes.writeUInt32BE(word >>> 0, at * 4);
  return parsed.family === 4 ? bytes.subarray(12) : bytes;
}

function bothWays(...pairs: readonly (readonly [number, number])[]): ReadonlyMap<number, number> {
  return new Map(pairs.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]));
}

function isByte(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xff;
}

function isPort(value: number | null): value is number {
  return value !== null && Number.isInteger(value) && value >= 0 && value <= 0xffff;
}
