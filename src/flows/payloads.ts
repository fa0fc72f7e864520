/** What flows carry, on its way to messages: streams put together, datagrams as they come. Only a flow that is read has objects. */
import type { Packet } from "../model/packet.ts";
import type { Coverage } from "./coverage.ts";
import type { Hosts } from "./hosts.ts";
import type { Messages } from "./messages.ts";
import { Reading, type Reader } from "./reading.ts";
import type { Spoken } from "./spoken.ts";
import type { Budget } from "./stream.ts";
import { FLOW_STRIDE, FlowFlag, Word, type FlowTable } from "./table.ts";

/** RFC 9293 section 3.1: the flag that begins a connection. */
const SYN = 2;
/** Datagrams of an unknown flow that are looked at. */
const LOOKS_MAX = 6;
/** Flows that are read at once: objects, a few hundred bytes each. */
const READINGS_MAX = 200_000;

export interface PayloadsNeed {
  readonly table: FlowTable;
  readonly hosts: Hosts;
  readonly coverage: Coverage;
  readonly spoken: Spoken;
  readonly messages: Messages;
  /** Count the rest of this flow, read no more. */
  readonly enough: (flow: number) => void;
}

export class Payloads {
  readonly #table: FlowTable;
  readonly #hosts: Hosts;
  readonly #coverage: Coverage;
  readonly #spoken: Spoken;
  readonly #messages: Messages;
  readonly #enough: (flow: number) => void;
  readonly #budget: Budget = { held: 0, waiting: 0, refused: 0 };
  readonly #reader: Reader;
  readonly #readings: (Reading | undefined)[] = [undefined];
  readonly #free: number[] = [];
  /** What datagram protocols keep between messages. */
  readonly #memories = new Map<number, unknown>();

  constructor({ table, hosts, coverage, spoken, messages, enough }: PayloadsNeed) {
    this.#table = table;
    this.#hosts = hosts;
    this.#coverage = coverage;
    this.#spoken = spoken;
    this.#messages = messages;
    this.#enough = enough;
    this.#reader = {
      budget: this.#budget,
      gap: (bytes) => {
        coverage.gaps++;
        coverage.gapBytes += bytes;
      },
      recognize: (reading, bytes, fromA) => {
        reading.protocol = messages.recognize("tcp", reading.flow * FLOW_STRIDE, fromA, bytes);
        reading.memory = reading.protocol?.remember?.();
        return reading.protocol !== null;
      },
      read: (reading, message, cut, fromA) => {
        messages.flow = reading.flow;
        const base = reading.flow * FLOW_STRIDE;
        messages.serverSays(base, fromA, reading.protocol!, message);
        messages.ofFlow(base, fromA, cut);
        messages.read(reading.protocol!, message, reading.memory);
      },
    };
  }

  /** A segment of the flow whose entry begins at `base`. */
  tcp(flow: number, base: number, fromA: boolean, packet: Packet): void {
    const { words } = this.#table;
    const flags = words[base + Word.flags]!;
    const number = words[base + Word.reading]!;
    if (packet.payloadLength === 0) {
      this.#messages.flow = flow;
      // Nearly always nothing waits, and what a stream keeps lies far from all this.
      if (number !== 0 && this.#budget.waiting > 0) this.#readings[number]!.acknowledged(fromA, packet.acknowledgment);
      return;
    }
    if ((flags & (FlowFlag.counted | FlowFlag.reset)) !== 0) return;
    const reading = number === 0 ? this.#begin(flow, base) : this.#readings[number]!;
    if (reading === undefined) return;
    this.#messages.flow = flow;
    reading.acknowledged(fromA, packet.acknowledgment);
    // Data may ride on a SYN, which takes a number of its own.
    reading.segment(fromA, packet, (packet.tcpFlags & SYN) === 0 ? 0 : 1);
    if (reading.isDone) this.#enough(flow);
  }

  /** Of the flow whose entry begins at `base` a side is amid a message. */
  isAmidMessage(base: number): boolean {
    return this.#readings[this.#table.words[base + Word.reading]!]?.isAmidMessage ?? false;
  }

  #begin(flow: number, base: number): Reading | undefined {
    const { words } = this.#table;
    const number = this.#free.pop() ?? this.#readings.length;
    if (number > READINGS_MAX) {
      this.#coverage.limit("readings", 1);
      this.#enough(flow);
      return undefined;
    }
    const reading = new Reading(this.#reader, flow);
    const flags = words[base + Word.flags]!;
    if ((flags & FlowFlag.beginA) !== 0) reading.begin(true, words[base + Word.firstA]!);
    if ((flags & FlowFlag.beginB) !== 0) reading.begin(false, words[base + Word.firstB]!);
    // Agreed on before it began: then its protocol is known before its first byte.
    const agreed = this.#spoken.protocol(words[base + Word.protocol]!);
    if (agreed !== undefined) {
      reading.protocol = agreed;
      reading.memory = agreed.remember?.();
    }
    this.#readings[number] = reading;
    words[base + Word.reading] = number;
    return reading;
  }

  /** A datagram of the flow whose entry begins at `base`. */
  udp(flow: number, base: number, fromA: boolean, packet: Packet): void {
    const { words } = this.#table;
    if ((words[base + Word.flags]! & FlowFlag.counted) !== 0 || packet.payloadEnd <= packet.payloadStart) return;
    const message = packet.bytes.subarray(packet.payloadStart, packet.payloadEnd);
    this.#messages.flow = flow;
    const protocol = this.#spoken.protocol(words[base + Word.protocol]!) ?? this.#messages.recognize("udp", base, fromA, message);
    if (protocol === null) {
      if (++words[base + Word.looks]! >= LOOKS_MAX) this.#enough(flow);
      return;
    }
    if (protocol.remember !== undefined && !this.#memories.has(flow)) this.#memories.set(flow, protocol.remember());
    // The sender of this very datagram: those without an address of their own yet share a flow's ports.
    this.#messages.between(
      this.#table.side(base, fromA),
      packet.payloadEnd - packet.payloadStart < packet.payloadLength,
      this.#hosts.of(packet, false),
      this.#hosts.of(packet, true),
      packet.sourcePort,
      packet.targetPort,
    );
    this.#messages.read(protocol, message, this.#memories.get(flow));
  }

  /** What was kept to read the flow whose entry begins at `base` goes. */
  letGo(flow: number, base: number): void {
    const { words } = this.#table;
    const number = words[base + Word.reading]!;
    if (number !== 0) {
      this.#readings[number]!.stop();
      this.#readings[number] = undefined;
      this.#free.push(number);
      words[base + Word.reading] = 0;
    }
    this.#memories.delete(flow);
  }

  /** Segments that found no room to wait in, since the last call. */
  takeRefused(): number {
    const { refused } = this.#budget;
    this.#budget.refused = 0;
    return refused;
  }
}
