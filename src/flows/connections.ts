/** How far connections came, as their TCP flags tell: who began, what was answered or refused, what is over; also without a SYN, and on mirrors that hear one direction only. */
import type { Packet } from "../model/packet.ts";
import type { Contacts } from "./contacts.ts";
import type { Coverage } from "./coverage.ts";
import { synHash, synText } from "./fingerprint.ts";
import { NOBODY, type Hosts } from "./hosts.ts";
import type { Reporter } from "./reporter.ts";
import { BytesA, BytesB, FirstAt, FLOW_STRIDE, FlowFlag, Ip, isEnding, Word, type FlowTable } from "./table.ts";

const Tcp = { fin: 1, syn: 2, reset: 4, ack: 16 } as const;
const ALL_TCP_FLAGS = 63;
/** Segments heard of one direction only before a flow counts as one-sided. */
const ONE_WAY_PACKETS = 4;

/** What connections ask of whoever keeps the flows. */
export interface FlowOwner {
  /** Tells all it has to tell. */
  finish(flow: number): void;
  /** It has something to tell. */
  touch(flow: number, base: number): void;
  /** Somebody who listens waits for what was told last. */
  soon(): void;
}

export class Connections {
  readonly #table: FlowTable;
  readonly #hosts: Hosts;
  readonly #coverage: Coverage;
  readonly #contacts: Contacts;
  readonly #reporter: Reporter;
  readonly #owner: FlowOwner;

  constructor(table: FlowTable, hosts: Hosts, coverage: Coverage, contacts: Contacts, reporter: Reporter, owner: FlowOwner) {
    this.#table = table;
    this.#hosts = hosts;
    this.#coverage = coverage;
    this.#contacts = contacts;
    this.#reporter = reporter;
    this.#owner = owner;
  }

  /** One segment of the flow whose entry begins at `base`. */
  segment(flow: number, base: number, fromA: boolean, packet: Packet): void {
    const { tcpFlags } = packet;
    if ((tcpFlags & Tcp.syn) !== 0) this.#syn(flow, base, fromA, packet);
    else if ((tcpFlags & Tcp.reset) !== 0) this.#reset(base, fromA, packet);
    else this.#underWay(base, fromA, packet);
  }

  #syn(flow: number, base: number, fromA: boolean, packet: Packet): void {
    const { words } = this.#table;
    const isAnswer = (packet.tcpFlags & Tcp.ack) !== 0;
    if (!isAnswer) {
      const begun = words[base + Word.flags]! & (fromA ? FlowFlag.beginA : FlowFlag.beginB);
      const isAnother = this.#isAnother(base, fromA, packet);
      if (isAnother) this.#again(flow, base, fromA, packet);
      this.#asks(base, fromA, isAnother || begun === 0, packet);
    }
    const serverIsA = isAnswer ? fromA : !fromA;
    const side = FlowFlag.serverIsA | FlowFlag.sideByPort | FlowFlag.sideByProtocol;
    words[base + Word.flags] =
      (words[base + Word.flags]! & ~side) |
      (serverIsA ? FlowFlag.serverIsA : 0) |
      (isAnswer ? FlowFlag.synAck : FlowFlag.syn) |
      (fromA ? FlowFlag.beginA : FlowFlag.beginB);
    words[base + (fromA ? Word.firstA : Word.firstB)] = packet.sequence + 1;
    if (isAnswer) return this.#handshake(base, true, packet);
    const host = words[base + (fromA ? Word.hostA : Word.hostB)]!;
    if (this.#hosts.newSyn(host, synHash(packet)))
      this.#reporter.said({ host, serial: null }, "tcpSyn", synText(packet), "tcp", NOBODY, packet.at);
  }

  /** Somebody asks for a connection, or again for the same. */
  #asks(base: number, fromA: boolean, isFirst: boolean, packet: Packet): void {
    const { words } = this.#table;
    if ((words[base + Word.flags]! & FlowFlag.toGroup) !== 0) return;
    const client = words[base + (fromA ? Word.hostA : Word.hostB)]!;
    const server = words[base + (fromA ? Word.hostB : Word.hostA)]!;
    this.#contacts.load(client, server, "syn", packet.vlan);
    if ((packet.tcpFlags & (Tcp.fin | Tcp.reset)) !== 0) this.#contacts.stray("odd", client, server, packet.targetPort, packet);
    else if (isFirst) this.#contacts.begun(Ip.tcp, client, server, packet.targetPort, packet);
    else if ((words[base + Word.flags]! & FlowFlag.unanswered) !== 0)
      // The client itself says that nothing came.
      this.#contacts.failed(Ip.tcp, client, server, packet.targetPort, packet);
  }

  /** Whether this SYN begins another connection: after a good-bye, or without one, as after a loss of power. A SYN sent again has the same number. */
  #isAnother(base: number, fromA: boolean, packet: Packet): boolean {
    const { words } = this.#table;
    const flags = words[base + Word.flags]!;
    if (isEnding(flags)) return true;
    if ((flags & (fromA ? FlowFlag.beginA : FlowFlag.beginB)) === 0) return (flags & FlowFlag.unanswered) === 0;
    if (words[base + (fromA ? Word.firstA : Word.firstB)] !== (packet.sequence + 1) >>> 0) return true;
    // Some machines begin at the same number after each start: but nobody sends a SYN again who has sent data.
    const saidSomething = words[base + Word.reading] !== 0 || (flags & FlowFlag.counted) !== 0;
    return (flags & FlowFlag.handshake) !== 0 && saidSomething;
  }

  /** The same ports for a new connection. What the old one has to tell is told first. */
  #again(flow: number, base: number, fromA: boolean, packet: Packet): void {
    const { words, floats } = this.#table;
    // The packet at hand was counted already, and belongs to the new one.
    const half = base >>> 1;
    words[base + (fromA ? Word.packetsA : Word.packetsB)]!--;
    floats[half + (fromA ? BytesA : BytesB)]! -= packet.wireLength;
    this.#owner.finish(flow);
    words[base + Word.flags] = FlowFlag.live | FlowFlag.unanswered | (words[base + Word.flags]! & FlowFlag.toGroup);
    words[base + Word.protocol] = words[base + Word.looks] = words[base + Word.batch] = 0;
    words[base + (fromA ? Word.packetsA : Word.packetsB)] = 1;
    floats[half + (fromA ? BytesA : BytesB)] = packet.wireLength;
    floats[half + FirstAt] = packet.at;
    this.#owner.touch(flow, base);
  }

  /** The connection stands. `heard`: the server was heard to answer, which is what makes it a service. */
  #handshake(base: number, heard: boolean, { at, vlan }: Packet): void {
    const { words } = this.#table;
    if (heard && (words[base + Word.flags]! & FlowFlag.answerHeard) === 0) {
      words[base + Word.flags]! |= FlowFlag.answerHeard;
      words[base + Word.answered]!++;
      this.#reporter.serves(this.#table.server(base), at);
    }
    if ((words[base + Word.flags]! & FlowFlag.handshake) !== 0) return;
    words[base + Word.flags] = (words[base + Word.flags]! & ~FlowFlag.unanswered) | FlowFlag.handshake;
    this.#prove(base);
    this.#contacts.answered(Ip.tcp, this.#table.client(base), this.#table.server(base), this.#serverPort(base), vlan);
    if ((words[base + Word.flags]! & FlowFlag.bothWays) !== 0) this.#countDirections(base, true);
  }

  #reset(base: number, fromA: boolean, packet: Packet): void {
    const { words } = this.#table;
    const flags = words[base + Word.flags]!;
    const byServer = fromA === ((flags & FlowFlag.serverIsA) !== 0);
    if ((flags & FlowFlag.syn) !== 0 && (flags & (FlowFlag.handshake | FlowFlag.reset)) === 0 && byServer) {
      this.refused(base);
      // Nobody will say more in it: it is told now, since somebody may be asking why it does not work.
      words[base + Word.flags]! |= FlowFlag.decided;
      this.#owner.touch(base / FLOW_STRIDE, base);
      this.#contacts.failed(Ip.tcp, this.#table.client(base), this.#table.server(base), this.#serverPort(base), packet);
    } else if ((flags & FlowFlag.bareAck) !== 0 && !fromA && words[base + Word.packetsA] === 1 && words[base + Word.packetsB] === 1) {
      this.#contacts.stray("ack", words[base + Word.hostA]!, words[base + Word.hostB]!, packet.sourcePort, packet);
    }
    words[base + Word.flags]! |= FlowFlag.reset;
  }

  /** Somebody turned it down. */
  refused(base: number): void {
    const { words } = this.#table;
    words[base + Word.refused]!++;
    words[base + Word.flags]! &= ~FlowFlag.unanswered;
    // Who asks whether a wall stopped it wants to know that its server did.
    this.#owner.soon();
  }

  #underWay(base: number, fromA: boolean, packet: Packet): void {
    const { words } = this.#table;
    const { tcpFlags } = packet;
    if (fromA && words[base + Word.packetsA] === 1 && words[base + Word.packetsB] === 0) this.#begins(base, packet);
    let flags = words[base + Word.flags]!;
    const byServer = fromA === ((flags & FlowFlag.serverIsA) !== 0);
    if ((tcpFlags & Tcp.fin) !== 0) flags = words[base + Word.flags]! |= byServer ? FlowFlag.finServer : FlowFlag.finClient;
    if ((flags & FlowFlag.handshake) !== 0) {
      if ((flags & FlowFlag.directionTold) === 0) this.#directions(base, flags);
      return;
    }
    if ((flags & FlowFlag.syn) === 0) {
      // Heard from its middle: it is there, whoever began it.
      words[base + Word.flags]! &= ~FlowFlag.unanswered;
      this.#directions(base, flags);
    } else if (!byServer && (tcpFlags & (Tcp.ack | Tcp.fin)) === Tcp.ack && (flags & FlowFlag.reset) === 0) {
      // On a mirror that hears one direction only, the client's own acknowledgment proves the handshake.
      this.#handshake(base, false, packet);
    }
  }

  /** Its first segment asks for no connection: of one under way, or of somebody who looks what comes back. */
  #begins(base: number, packet: Packet): void {
    const { words } = this.#table;
    const flags = words[base + Word.flags]!;
    if ((flags & FlowFlag.toGroup) !== 0) return;
    // Without an acknowledgment there is no such segment (RFC 9293 section 3.10.7.4).
    if ((packet.tcpFlags & Tcp.ack) === 0)
      this.#contacts.stray("odd", words[base + Word.hostA]!, words[base + Word.hostB]!, packet.targetPort, packet);
    // A server's may be one that keeps alive what the client has forgotten.
    // A good-bye to nothing tells a scanner as much as an acknowledgment of nothing (Uriel Maimon, Phrack 49-15).
    else if ((packet.tcpFlags & ALL_TCP_FLAGS & ~Tcp.fin) === Tcp.ack && packet.payloadLength === 0 && (flags & FlowFlag.serverIsA) === 0)
      words[base + Word.flags]! |= FlowFlag.bareAck;
  }

  #directions(base: number, flags: number): void {
    if ((flags & FlowFlag.bothWays) !== 0) {
      this.#prove(base);
      this.#countDirections(base, true);
    } else if (this.#table.words[base + Word.packetsA]! >= ONE_WAY_PACKETS) {
      this.#countDirections(base, false);
    }
  }

  /** The side that did not begin spoke for the first time. */
  secondSide(base: number, transport: number, vlan: number): void {
    const { words } = this.#table;
    words[base + Word.flags]! |= FlowFlag.bothWays;
    if (transport === Ip.tcp) return; // Its handshake tells more.
    words[base + Word.flags]! &= ~FlowFlag.unanswered;
    words[base + Word.answered]!++;
    this.#prove(base);
    this.#countDirections(base, true);
    const port = words[base + Word.ports]! & 0xffff;
    this.#contacts.answered(transport, words[base + Word.hostA]!, words[base + Word.hostB]!, port, vlan);
  }

  /** Its own, whatever it is filed under. */
  #serverPort(base: number): number {
    const { words } = this.#table;
    const ports = words[base + Word.ports]!;
    return (words[base + Word.flags]! & FlowFlag.serverIsA) !== 0 ? ports >>> 16 : ports & 0xffff;
  }

  #prove(base: number): void {
    for (const at of ENDS) {
      const host = this.#table.words[base + at]!;
      this.#hosts.prove(host);
      if (this.#hosts.converses(host)) this.#contacts.converses(host);
    }
  }

  /** Once for each flow: a mirror that hears one direction only shows in the sum. */
  #countDirections(base: number, both: boolean): void {
    const { words } = this.#table;
    if ((words[base + Word.flags]! & (FlowFlag.directionTold | FlowFlag.toGroup)) !== 0) return;
    words[base + Word.flags]! |= FlowFlag.directionTold;
    if (both) this.#coverage.flowsTwoWay++;
    else this.#coverage.flowsOneWay++;
  }
}

const ENDS = [Word.hostA, Word.hostB] as const;

export function asksForConnection({ ipProtocol, tcpFlags }: Packet): boolean {
  return ipProtocol === Ip.tcp && (tcpFlags & (Tcp.syn | Tcp.ack)) === Tcp.syn;
}
