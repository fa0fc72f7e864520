/**
 * Frames aimed at the rules of a wall, with what a judge is told of each: three of four at a rule's edge (an address or a port at one of its
 * bounds or one beyond, its flags, its fragments, the other family), the rest anywhere. Each carries a number by which it is known again.
 *
 * What is told is what the kernel can see of a frame; `kind` says in what it is unlike a plain one. Tried against the kernel, and written
 * down here so that it stays so: src/proofs/wall.system.test.ts.
 */
import type { AddressRange, CompiledPolicy, CompiledRule, JudgedPacket } from "../model/policy.ts";
import { GROUND } from "../model/policy.ts";
import { FRAGMENT_OFFSET_MIN, ICMP_ANSWERS } from "../policies/evaluate.ts";
import { rangesOf, textOf, valueOf, type Family } from "../policies/ranges.ts";
import { arp, bytes, ethernet, ipv4, ipv6, tcp, u16, u32, udp } from "./frames.ts";
import type { Random } from "../simulation/random.ts";
import { numbered, ROUTER_MAC, type Hook } from "./crossing.ts";
import { ADDRESSES, chance, FIRST_ADDRESS, pick, PROTOCOLS } from "./random-wall.ts";

export const FRAME_KINDS = [
  "plain",
  "first fragment",
  "later fragment",
  "overlapping fragment",
  "options",
  "one tag",
  "two tags",
  "wrong version",
  "length too long",
  "wrong checksum",
  "cut header",
  "ARP",
  "unknown type",
] as const;
export type FrameKind = (typeof FRAME_KINDS)[number];

export interface AimedFrame {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly kind: FrameKind;
  /** What a judge of IP packets is told. Null: it is none, and nobody judges it. */
  readonly packet: JudgedPacket | null;
  /** Where ports would be read by somebody who does not know that it is a later fragment. */
  readonly portsBehind: JudgedPacket["ports"];
}

/** What a frame shall be, before it is written. */
interface Shot {
  readonly family: Family;
  readonly sender: string;
  readonly receiver: string;
  readonly protocol: number;
  readonly ports: { readonly from: number; readonly to: number };
  readonly flags: string;
  readonly icmpType: number;
}

export function aimedFrame(random: Random, policy: CompiledPolicy, hook: Hook, number: number): AimedFrame {
  const shot = chance(random, 0.75) && policy.rules.length > 0 ? aimedAt(random, policy, pick(random, policy.rules)) : anywhere(random);
  return written(random, shot, kindFor(random, shot, hook), hook, number);
}

/** Kept to whole packets: what a kernel that keeps state puts together again never arrives in pieces. */
export function plainFrame(shot: Shot, hook: Hook, number: number): AimedFrame {
  return framed(shot, "plain", hook, number, MACS, NOTHING);
}

const FLAGS = ["S", "SA", "A", "PA", "FA", "R", "RA", "S", "SA", "SP", ""] as const;

function aimedAt(random: Random, policy: CompiledPolicy, { from, to, service }: CompiledRule): Shot {
  const [client, server] = [policy.sets[from]!, policy.sets[to]!];
  const possible = ([4, 6] as const).filter((it) => rangesOf(client, it).length > 0 && rangesOf(server, it).length > 0);
  // One that only one end has an address in is the edge of another kind.
  const family = possible.length === 0 || chance(random, 0.03) ? pick(random, [4, 6] as const) : pick(random, possible);
  const one = edgeAddress(random, rangesOf(client, family), family);
  const other = edgeAddress(random, rangesOf(server, family), family);
  const isAnswer = chance(random, 0.35);
  const { transport, ports } = service;
  const edge = ports.length === 0 ? random.below(255) : edgePort(random, ports, transport === "ip" || transport === "icmp" ? 255 : 65_535);
  const farPort = chance(random, 0.9) ? 40_000 + random.below(2_000) : edge;
  const ends = isAnswer ? { sender: other, receiver: one } : { sender: one, receiver: other };
  const answerTypes = Object.entries(ICMP_ANSWERS[family]).flatMap(([answer, question]) => (question === edge ? [Number(answer)] : []));
  const protocol = {
    tcp: 6,
    udp: 17,
    sctp: 132,
    icmp: family === 4 ? 1 : 58,
    ip: isRead(edge, family) ? 253 : edge,
  }[transport];
  return {
    family,
    ...ends,
    protocol: chance(random, 0.04) ? pick(random, [6, 17, 132, ...PROTOCOLS]) : protocol,
    ports: isAnswer ? { from: edge, to: farPort } : { from: farPort, to: edge },
    // A server's first answer and a connection of its own differ in one flag only.
    flags: isAnswer ? pick(random, ["SA", "SA", "A", "S", "R", "PA"]) : pick(random, FLAGS),
    icmpType: transport !== "icmp" ? pick(random, [8, 0, 3, 128, 129, 135]) : isAnswer ? (answerTypes[0] ?? edge) : edge,
  };
}

function anywhere(random: Random): Shot {
  const family = pick(random, [4, 6] as const);
  const address = () => textOf(FIRST_ADDRESS[family] + BigInt(random.below(ADDRESSES)), family);
  const shot = {
    family,
    sender: address(),
    receiver: chance(random, 0.1) ? (family === 4 ? "239.1.2.3" : "ff05::2") : address(),
    protocol: pick(random, [6, 17, 132, family === 4 ? 1 : 58, ...PROTOCOLS]),
    ports: { from: 95 + random.below(40), to: 95 + random.below(40) },
    flags: pick(random, FLAGS),
    icmpType: random.below(140),
  };
  if (chance(random, 0.7)) return shot;
  const ground = pick(random, GROUND);
  if (ground.family !== family) return shot;
  return {
    ...shot,
    protocol: ground.protocol,
    ports: { from: (ground.fromPort ?? 9) + (chance(random, 0.2) ? 1 : 0), to: (ground.toPort ?? 9) + (chance(random, 0.2) ? 1 : 0) },
    icmpType: ground.icmpTypes.length === 0 ? 0 : pick(random, ground.icmpTypes) + (chance(random, 0.2) ? 1 : 0),
  };
}

/** One that begins another header: what follows would be read as that. */
function isRead(protocol: number, family: Family): boolean {
  return [1, 2, 6, 17, 58, 132].includes(protocol) || (family === 6 && [0, 43, 44, 51, 60, 135, 139, 140].includes(protocol));
}

function edgeAddress(random: Random, ranges: readonly AddressRange[], family: Family): string {
  if (ranges.length === 0) return textOf(FIRST_ADDRESS[family] + BigInt(random.below(ADDRESSES)), family);
  const range = pick(random, ranges);
  const [first, last] = [valueOf(range.first), valueOf(range.last)];
  // A group of every address has no edge; somebody of the others is meant.
  if (last - first > 1n << 20n)
    return first === 0n ? textOf(FIRST_ADDRESS[family] + BigInt(random.below(ADDRESSES)), family) : textOf(first + 5n, family);
  const inside = first + BigInt(random.below(Number(last - first) + 1));
  return textOf(pick(random, [first, first, last, last, inside, inside, inside, random.below(2) === 0 ? first - 1n : last + 1n]), family);
}

function edgePort(random: Random, ports: readonly { readonly from: number; readonly to: number }[], most: number): number {
  const { from, to } = pick(random, ports);
  const at = pick(random, [from, from, from, to, to, to, from + random.below(to - from + 1), random.below(2) === 0 ? from - 1 : to + 1]);
  return Math.min(Math.max(at, 0), most);
}

function kindFor(random: Random, { protocol, family }: Shot, hook: Hook): FrameKind {
  if (chance(random, 0.7)) return "plain";
  const kind = pick(random, FRAME_KINDS);
  // No router forwards these; a few are sent all the same.
  if (hook === "routed" && NEVER_FORWARDED.includes(kind) && chance(random, 0.9)) return "plain";
  if (kind === "cut header" && protocol !== 6) return "plain";
  return kind === "wrong checksum" && family === 6 ? "plain" : kind;
}

const NEVER_FORWARDED: readonly FrameKind[] = [
  "one tag",
  "two tags",
  "wrong version",
  "length too long",
  "wrong checksum",
  "ARP",
  "unknown type",
];

const MACS = ["02:00:00:00:00:0a", "02:00:00:00:00:0b"] as const;
const NOTHING = new Uint8Array(0);

function written(random: Random, shot: Shot, kind: FrameKind, hook: Hook, number: number): AimedFrame {
  const mac = () => `02:${Array.from({ length: 5 }, () => random.below(256).toString(16).padStart(2, "0")).join(":")}`;
  return framed(shot, kind, hook, number, [mac(), mac()], shot.family === 4 ? OPTIONS : DESTINATION_OPTIONS);
}

function framed(
  shot: Shot,
  kind: FrameKind,
  hook: Hook,
  number: number,
  [from, mac]: readonly [string, string],
  options: Uint8Array,
): AimedFrame {
  const { family, sender, receiver, protocol } = shot;
  const word = numbered(number);
  const ends = { from, to: hook === "routed" ? ROUTER_MAC : mac };
  const type = family === 4 ? 0x0800 : 0x86dd;
  const hasPorts = protocol === 6 || protocol === 17 || protocol === 132;
  const known = { family, sender, receiver, protocol };
  const readable: JudgedPacket = {
    ...known,
    ports: hasPorts ? shot.ports : null,
    tcpFlags: protocol === 6 ? flagBits(shot.flags) : null,
    icmpType: protocol === (family === 4 ? 1 : 58) ? shot.icmpType : null,
    fragmentOffset: 0,
  };
  const addressesOnly: JudgedPacket = { ...known, protocol: UNREADABLE, ports: null, tcpFlags: null, icmpType: null, fragmentOffset: 0 };
  const inside = transport(shot, word);
  const told = (frame: Uint8Array, packet: JudgedPacket | null): AimedFrame => ({
    number,
    bytes: frame,
    kind,
    packet,
    portsBehind: hasPorts ? shot.ports : null,
  });
  const whole = network(shot, inside);
  switch (kind) {
    case "plain":
      return told(ethernet({ ...ends, type }, whole), readable);
    case "options":
      return told(ethernet({ ...ends, type }, network(shot, inside, { options })), readable);
    case "first fragment":
      return told(ethernet({ ...ends, type }, network(shot, inside, { fragment: { offset: 0, more: true } })), readable);
    case "later fragment":
    case "overlapping fragment": {
      // At the edge of what may write over the first one's header, as often as where a full link cuts.
      const edges = kind === "later fragment" ? [1480, FRAGMENT_OFFSET_MIN] : [8, FRAGMENT_OFFSET_MIN - 8];
      const fragmentOffset = edges[number % 2]!;
      const frame = ethernet({ ...ends, type }, network(shot, inside, { fragment: { offset: fragmentOffset, more: number % 4 === 0 } }));
      return told(frame, { ...readable, ports: null, tcpFlags: null, icmpType: null, fragmentOffset });
    }
    case "one tag":
      return told(ethernet({ ...ends, type, vlans: [7] }, whole), readable);
    case "two tags":
      return told(ethernet({ ...ends, type, vlans: [7, 8] }, whole), null);
    case "wrong version": {
      const wrong = Uint8Array.from(whole);
      wrong[0] = wrong[0]! ^ 0x20;
      return told(ethernet({ ...ends, type }, wrong), addressesOnly);
    }
    case "length too long":
      return told(ethernet({ ...ends, type }, network(shot, inside, { extraLength: 64 })), addressesOnly);
    case "wrong checksum": {
      const wrong = Uint8Array.from(whole);
      wrong[10] = wrong[10]! ^ 0xff;
      return told(ethernet({ ...ends, type }, wrong), readable);
    }
    case "cut header": {
      // Ports, and nothing behind them. A bridge reads on in what fills the frame up; a router cuts that off.
      const cut = network(shot, bytes(u16(shot.ports.from), u16(shot.ports.to)), {
        options: family === 4 ? numberedOption(word) : numberedDestination(word),
      });
      const filled = bytes(ethernet({ ...ends, type }, cut), new Uint8Array(20));
      return told(filled, { ...readable, tcpFlags: hook === "bridge" ? 0 : null });
    }
    case "ARP":
      return told(ethernet({ ...ends, type: 0x0806 }, bytes(arp(1, [from, "10.20.0.1"], [mac, "10.20.0.2"]), word)), null);
    case "unknown type":
      return told(ethernet({ ...ends, type: 0x88b6 }, bytes(word, new Uint8Array(34))), null);
  }
}

/** Nothing of what follows the addresses can be read: no protocol has this number. */
const UNREADABLE = -1;
/** No operation, four times: RFC 791. */
const OPTIONS = Uint8Array.of(1, 1, 1, 1);
/** Padding within a header of options for the destination: RFC 8200 section 4.6. */
const DESTINATION_OPTIONS = Uint8Array.of(1, 4, 0, 0, 0, 0);

/** Option 0x9e is for experiments (RFC 4727) and handed on by whoever does not know it. */
function numberedOption(word: Uint8Array): Uint8Array {
  return bytes([0x9e, word.length + 2], word, [0, 0]);
}

/** Option 0x1e is for experiments (RFC 4727): skipped by whoever does not know it. */
function numberedDestination(word: Uint8Array): Uint8Array {
  return bytes([0x1e, word.length], word);
}

interface Unlike {
  readonly options?: Uint8Array;
  readonly fragment?: { readonly offset: number; readonly more: boolean };
  readonly extraLength?: number;
}

function network(
  { family, sender, receiver, protocol }: Shot,
  inside: Uint8Array,
  { options, fragment, extraLength }: Unlike = {},
): Uint8Array {
  if (family === 4)
    return ipv4(
      {
        protocol,
        from: sender,
        to: receiver,
        ...(options === undefined ? {} : { options }),
        ...(fragment === undefined ? {} : { fragmentOffset: fragment.offset, moreFragments: fragment.more, id: 7 }),
        ...(extraLength === undefined ? {} : { totalLength: 20 + inside.length + extraLength }),
      },
      inside,
    );
  let next = protocol;
  let body = inside;
  if (fragment !== undefined) {
    body = bytes([next, 0], u16(fragment.offset | (fragment.more ? 1 : 0)), u32(7), body);
    next = 44;
  }
  if (options !== undefined) {
    const padding = -(2 + options.length) & 7;
    // Padding of one byte is one zero; of more, type 1, its length and zeros.
    const pad = padding === 0 ? NOTHING : padding === 1 ? Uint8Array.of(0) : bytes([1, padding - 2], new Uint8Array(padding - 2));
    const header = bytes([next, (2 + options.length + padding) / 8 - 1], options, pad);
    body = bytes(header, body);
    next = 60;
  }
  return ipv6(
    { nextHeader: next, from: sender, to: receiver, ...(extraLength === undefined ? {} : { payloadLength: body.length + extraLength }) },
    body,
  );
}

function transport({ protocol, ports, flags, icmpType }: Shot, word: Uint8Array): Uint8Array {
  switch (protocol) {
    case 6:
      return tcp({ ...ports, flags }, word);
    case 17:
      return udp(ports, word);
    case 132:
      return bytes(u16(ports.from), u16(ports.to), u32(1), u32(0), word);
    case 1:
    case 58:
      return bytes([icmpType, 0], u16(0), u32(1), word);
    default:
      return bytes(u32(0), word);
  }
}

function flagBits(flags: string): number {
  return Array.from(flags).reduce((sum, letter) => sum | (1 << "FSRPAU".indexOf(letter)), 0);
}
