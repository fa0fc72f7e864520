/**
 * Frames aimed at the rules of a wall, with what a judge is told of each: three of four at a rule's edge (an address or a port at one of its
 * bounds or one beyond, its flags, its fragments, the other family), the rest anywhere. Each carries a number by which it is known again.
 *
 * What is told is what the kernel can see of a frame; `kind` says in what it is unlike a plain one. Tried against the kernel, and written
 * down here so that it stays so: src/proofs/wall.system.test.ts.
 */
import type { AddressRange, CompiledPolicy, CompiledRule, JudgedPacket, PolicyTransport } from "../model/policy.ts";
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

export interface AimedPacket {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly isServers: boolean;
  /** A SYN-ACK: it answers, or is nothing. */
  readonly isAnswer: boolean;
  /** Of ICMP, which is judged packet by packet. Null: by the conversation. */
  readonly judged: JudgedPacket | null;
}

export interface AimedConversation {
  readonly family: Family;
  readonly client: string;
  readonly server: string;
  readonly transport: PolicyTransport;
  readonly port: number;
  readonly clientPort: number;
  readonly packets: readonly AimedPacket[];
}

/** Everything both sides send, in order; one in five is heard from the middle on, by the server's packet first as often as not. */
export function aimedConversation(random: Random, policy: CompiledPolicy, which: number, number: number): AimedConversation {
  let shot: Shot;
  do shot = chance(random, 0.75) ? aimedAt(random, policy, pick(random, policy.rules), false) : anywhere(random);
  while (!isConversation(shot));
  const { family, protocol } = shot;
  const transport = TRANSPORTS[protocol] ?? "ip";
  const clientPort = CLIENT_PORTS_FROM + (which % CLIENT_PORTS);
  const conversation = {
    family,
    client: shot.sender,
    server: shot.receiver,
    transport,
    port: transport === "icmp" ? shot.icmpType : transport === "ip" ? protocol : shot.ports.to,
    clientPort,
  };
  const said = spoken(random, transport, family, shot.icmpType);
  return {
    ...conversation,
    packets: said.map(({ isServers, flags, sequence, acknowledgment, icmpType }, at) => {
      const word = numbered(number + at);
      const [sender, receiver] = isServers ? [shot.receiver, shot.sender] : [shot.sender, shot.receiver];
      const ports = isServers ? { from: shot.ports.to, to: clientPort } : { from: clientPort, to: shot.ports.to };
      const packet: Shot = { ...shot, sender, receiver, ports, flags, icmpType };
      const inside = transport === "tcp" ? tcp({ ...ports, flags, sequence, acknowledgment }, word) : transportOf(packet, word);
      const judged = { family, sender, receiver, protocol, ports: null, tcpFlags: null, icmpType, fragmentOffset: 0 };
      return {
        number: number + at,
        bytes: ethernet({ from: MACS[0], to: ROUTER_MAC, type: family === 4 ? 0x0800 : 0x86dd }, network(packet, inside)),
        isServers,
        isAnswer: flags === "SA",
        judged: transport === "icmp" ? judged : null,
      };
    }),
  };
}

const TRANSPORTS: Readonly<Record<number, PolicyTransport>> = { 1: "icmp", 6: "tcp", 17: "udp", 58: "icmp" };
const CLIENT_PORTS_FROM = 10_000;
const CLIENT_PORTS = 50_000;
const WORD_BYTES = numbered(0).length;

/**
 * SCTP and DCCP open with messages of their own, GRE is told apart by its keys, UDP-Lite has a checksum: a kernel that keeps state reads them. It keeps none of what says that nothing follows (59). No router forwards to groups
 * without being told how, and what belongs to the ground, or is about another packet, is no conversation.
 */
function isConversation({ protocol, sender, receiver, ports, icmpType, family }: Shot): boolean {
  if ([2, 33, 47, 59, 132, 136].includes(protocol) || (protocol === 1 && family === 6) || (protocol === 58 && family === 4)) return false;
  if ([sender, receiver].some((it) => it.startsWith("2") || it.startsWith("ff"))) return false;
  if (sender === receiver || GROUND.some(({ toPort }) => toPort === ports.to)) return false;
  return TRANSPORTS[protocol] !== "icmp" || icmpType === (family === 4 ? 8 : 128);
}

interface Spoken {
  readonly isServers: boolean;
  readonly flags: string;
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly icmpType: number;
}

function spoken(random: Random, transport: PolicyTransport, family: Family, icmpType: number): readonly Spoken[] {
  const said = (isServers: boolean, flags = "", at = 0, heard = 0): Spoken => ({
    isServers,
    flags,
    sequence: (isServers ? 5_000 : 1_000) + at,
    acknowledgment: flags === "S" ? 0 : (isServers ? 1_000 : 5_000) + heard,
    icmpType: isServers ? (family === 4 ? 0 : 129) : icmpType,
  });
  if (transport !== "tcp")
    return chance(random, 0.2) && transport !== "icmp" ? [said(true), said(false), said(true)] : [said(false), said(true), said(false)];
  // The word is data, also of what opens.
  const opened = 1 + WORD_BYTES;
  const opening = [said(false, "S"), said(true, "SA", 0, opened), said(false, "A", opened, opened)];
  const after = [said(true, "PA", opened, opened + WORD_BYTES), said(false, "PA", opened + WORD_BYTES, opened + WORD_BYTES)];
  if (chance(random, 0.8)) return [...opening, ...after];
  return chance(random, 0.5) ? after : [opening[2]!, ...after];
}

const FLAGS = ["S", "SA", "A", "PA", "FA", "R", "RA", "S", "SA", "SP", ""] as const;

function aimedAt(random: Random, policy: CompiledPolicy, { from, to, service }: CompiledRule, isAnswer = chance(random, 0.35)): Shot {
  const [client, server] = [policy.sets[from]!, policy.sets[to]!];
  const possible = ([4, 6] as const).filter((it) => rangesOf(client, it).length > 0 && rangesOf(server, it).length > 0);
  // One that only one end has an address in is the edge of another kind.
  const family = possible.length === 0 || chance(random, 0.03) ? pick(random, [4, 6] as const) : pick(random, possible);
  const one = edgeAddress(random, rangesOf(client, family), family);
  const other = edgeAddress(random, rangesOf(server, family), family);
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
  const inside = transportOf(shot, word);
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

function transportOf({ protocol, ports, flags, icmpType }: Shot, word: Uint8Array): Uint8Array {
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
