/** Whole messages on their way to their protocol, one at a time: who takes them, who sent them, and what they report of their flow. */
import { macWords } from "../bytes/address.ts";
import type { Notable } from "../model/notable.ts";
import type { Packet } from "../model/packet.ts";
import type { Program, ProgramJudge } from "../model/program.ts";
import type { Address, Attempt, ExpectedFlow, Protocol, Side } from "../model/protocol.ts";
import type { Batches } from "./batches.ts";
import type { Claims, How } from "./claims.ts";
import type { Contacts } from "./contacts.ts";
import type { Expected } from "./expected.ts";
import { hashText } from "./hash.ts";
import { NOBODY, type Hosts } from "./hosts.ts";
import type { Names } from "./names.ts";
import type { Recognition } from "./recognition.ts";
import { Reporter } from "./reporter.ts";
import type { Signals } from "./signals.ts";
import type { Spoken } from "./spoken.ts";
import { FLOW_STRIDE, FlowFlag, Ip, NO_FLOW, Word, type FlowTable } from "./table.ts";
import type { Verbs } from "./verbs.ts";
import { Witnesses } from "./witnesses.ts";

/** A protocol inside a protocol inside a protocol: real ones nest twice. */
const INSIDE_DEPTH_MAX = 4;
/** Dialogues with a name of their own inside one conversation: a program holds a few pipes open; the oldest is forgotten. */
const DIALOGUES_MAX = 16;

export interface MessagesNeed {
  readonly table: FlowTable;
  readonly hosts: Hosts;
  readonly batches: Batches;
  readonly signals: Signals;
  readonly contacts: Contacts;
  readonly recognition: Recognition;
  readonly spoken: Spoken;
  readonly verbs: Verbs;
  readonly expected: Expected;
  readonly claims: Claims;
  readonly names: Names;
  readonly deviceMaker: (macHigh: number, macLow: number) => boolean;
  readonly programs: ProgramJudge;
  readonly owner: MessagesOwner;
}

/** What messages ask of whoever keeps the flows. */
export interface MessagesOwner {
  /** The protocol of the flow whose entry begins at `base` is known. */
  settled(base: number): void;
  /** Its server spoke the protocol of its client. */
  spoke(base: number): void;
  /** Count the rest of this flow, read no more. */
  enough(flow: number): void;
}

export class Messages {
  /** Of the message at hand; NO_FLOW for one without. */
  flow = NO_FLOW;
  /** Packet time. */
  now = 0;
  readonly reporter: Reporter;

  readonly #table: FlowTable;
  readonly #hosts: Hosts;
  readonly #signals: Signals;
  readonly #batches: Batches;
  readonly #programs: ProgramJudge;
  readonly #recognition: Recognition;
  readonly #spoken: Spoken;
  readonly #verbs: Verbs;
  readonly #expected: Expected;
  readonly #claims: Claims;
  readonly #owner: MessagesOwner;

  // The message at hand, for what it reports.
  #depth = 0;
  #side: Side = "unknown";
  #cut = false;
  #sender: Address = {};
  #receiver: Address = {};
  #senderHost = NOBODY;
  #receiverHost = NOBODY;
  #senderPort = 0;
  #receiverPort = 0;
  #protocol = "";
  #memory: unknown;
  /** What protocols inside remember of dialogues that have a name of their own; it ends with what the outer one remembers. */
  readonly #insides = new WeakMap<object, Map<string, unknown>>();

  constructor(need: MessagesNeed) {
    this.#table = need.table;
    this.#hosts = need.hosts;
    this.#signals = need.signals;
    this.#batches = need.batches;
    this.#programs = need.programs;
    this.#recognition = need.recognition;
    this.#spoken = need.spoken;
    this.#verbs = need.verbs;
    this.#expected = need.expected;
    this.#claims = need.claims;
    this.#owner = need.owner;
    this.reporter = new Reporter(need.hosts, need.batches, need.names, need.deviceMaker, {
      operation: (verb) => this.#operation(verb),
      attempt: (what, outcome, who) => this.#attempt(what, outcome, who),
      program: (program) => this.#program(program),
      touched: (serial, begins) => this.#programs.touched(serial, begins),
      answered: (outcome) => this.#answered(outcome),
      notable: (what, thing, amount, sender, receiver, group) => this.#notable(what, thing, amount, sender, receiver, group),
      claims: (mac, ip, how, other) => this.#claimed(mac, ip, how, other),
      named: (machine, asker) => need.contacts.isNamed(asker, machine),
      malformed: () => this.#malformed(),
      inside: (as, bytes, within) => this.#inside(as, bytes, within),
      expect: (flow) => this.#expect(flow),
      enough: () => this.#owner.enough(this.flow),
    });
  }

  /** After a defect: whatever was under way is over. */
  abandon(): void {
    this.#depth = 0;
  }

  /** Whoever takes these bytes of the flow whose entry begins at `base`; null where nobody does. Their direction is known then, if it was not. */
  recognize(layer: "tcp" | "udp", base: number, fromA: boolean, bytes: Uint8Array): Protocol | null {
    const { words } = this.#table;
    const ports = words[base + Word.ports]!;
    const [portA, portB] = [ports >>> 16, ports & 0xffff];
    const found = this.#recognition.ask(layer, bytes, fromA ? portA : portB, fromA ? portB : portA, this.#table.side(base, fromA));
    if (found === null) return null;
    const flags = words[base + Word.flags]!;
    if (found.side !== "unknown" && (flags & (FlowFlag.syn | FlowFlag.synAck)) === 0) {
      const serverIsA = fromA === (found.side === "server");
      words[base + Word.flags] =
        (flags & ~(FlowFlag.serverIsA | FlowFlag.sideByPort)) | FlowFlag.sideByProtocol | (serverIsA ? FlowFlag.serverIsA : 0);
    }
    this.serverSays(base, fromA, found.protocol, bytes);
    this.decide(base, found.protocol.name);
    if (layer === "tcp") this.#greeted(base, fromA, found.protocol);
    this.#spoke(found.protocol, words[base + Word.hostA]!, words[base + Word.hostB]!, this.#table.server(base));
    return found.protocol;
  }

  /** Who tries what a port serves says one greeting after the other. */
  #greeted(base: number, fromA: boolean, protocol: Protocol): void {
    const isServer = fromA === ((this.#table.words[base + Word.flags]! & FlowFlag.serverIsA) !== 0);
    if (isServer || protocol.over.every((it) => !("tcp" in it) || it.tcp.length === 0)) return;
    if (!this.#recognition.isAtHome("tcp", protocol, this.#table.port(base))) this.#noted("greetedElsewhere", base, protocol);
  }

  /** Anybody can say anything to an open port: it is a service of this protocol when the server's own bytes are of it. */
  serverSays(base: number, fromA: boolean, protocol: Protocol, message: Uint8Array): void {
    const { words } = this.#table;
    const flags = words[base + Word.flags]!;
    if ((flags & FlowFlag.serverSpoke) !== 0 || fromA !== ((flags & FlowFlag.serverIsA) !== 0)) return;
    if (!protocol.recognize(message, "server") && protocol.answers?.(message) !== true) return;
    words[base + Word.flags]! |= FlowFlag.serverSpoke;
    this.#owner.spoke(base);
    // Servers of HTTP that want TLS say so in the clear.
    const mayBeClear = protocol.encrypted === true || protocol.atAnyPort === true || words[base + Word.transport] !== Ip.tcp;
    if (!mayBeClear && this.#recognition.isForEncryption("tcp", this.#table.port(base))) this.#noted("clearAtTlsPort", base, protocol);
  }

  #noted(what: Notable, base: number, { name }: Protocol): void {
    this.#signals.count("notable", this.#table.client(base), this.#table.server(base), this.#vlan, hashText(name), false, what);
  }

  /** The flow is of this protocol, whether we read it or not. */
  decide(base: number, name: string): void {
    this.#table.words[base + Word.protocol] = this.#spoken.numberOf(name);
    this.#owner.settled(base);
  }

  /** Who speaks it may be called by its name: both ends of a clinical or building protocol, the server of any other that says so. */
  #spoke(protocol: Protocol, hostA: number, hostB: number, server?: number): void {
    if (protocol.setting === undefined) return;
    for (const host of [hostA, hostB]) if (protocol.setting !== "server" || host === server) this.reporter.serves(host, this.now);
  }

  /** What follows is read as of this flow. */
  ofFlow(base: number, fromA: boolean, cut: boolean): void {
    const { words } = this.#table;
    const ports = words[base + Word.ports]!;
    const sender = words[base + (fromA ? Word.hostA : Word.hostB)]!;
    const receiver = words[base + (fromA ? Word.hostB : Word.hostA)]!;
    const [portA, portB] = [ports >>> 16, ports & 0xffff];
    this.between(this.#table.side(base, fromA), cut, sender, receiver, fromA ? portA : portB, fromA ? portB : portA);
  }

  /** What follows is read as of these two. NOBODY and port 0 where there is none. */
  between(side: Side, cut: boolean, senderHost: number, receiverHost: number, senderPort: number, receiverPort: number): void {
    this.#side = side;
    this.#cut = cut;
    if (this.#senderHost !== senderHost) this.#sender = this.#hosts.address(senderHost);
    if (this.#receiverHost !== receiverHost) this.#receiver = this.#hosts.address(receiverHost);
    this.#senderHost = senderHost;
    this.#receiverHost = receiverHost;
    this.#senderPort = senderPort;
    this.#receiverPort = receiverPort;
  }

  /** One whole message, or what is there of it. */
  read(protocol: Protocol, message: Uint8Array, memory: unknown): void {
    this.#protocol = protocol.name;
    this.#memory = memory;
    this.reporter.message(protocol.name, this.now, this.#sender, this.#senderHost, this.#receiver, this.#receiverHost);
    protocol.read(message, this.reporter, {
      at: this.now,
      side: this.#side,
      sender: this.#sender,
      receiver: this.#receiver,
      senderPort: this.#senderPort,
      receiverPort: this.#receiverPort,
      cut: this.#cut,
      memory,
    });
  }

  #inside(as: string, bytes: Uint8Array, within: string | undefined): void {
    const outer = this.#protocol;
    const outerMemory = this.#memory;
    if (this.#depth >= INSIDE_DEPTH_MAX || bytes.length === 0) return;
    const protocol = this.#recognition.insideOf(outer, as).find((it) => it.recognize(bytes, this.#side));
    if (protocol === undefined) return;
    this.#depth++;
    try {
      this.read(protocol, bytes, within === undefined ? protocol.remember?.() : this.#remembered(protocol, within));
    } finally {
      this.#depth--;
      this.#protocol = outer;
      this.#memory = outerMemory;
      this.reporter.message(outer, this.now, this.#sender, this.#senderHost, this.#receiver, this.#receiverHost);
    }
    this.#spoke(protocol, this.#senderHost, this.#receiverHost, this.#side === "server" ? this.#senderHost : this.#receiverHost);
  }

  #remembered(protocol: Protocol, within: string): unknown {
    const outer = this.#memory;
    if (protocol.remember === undefined || typeof outer !== "object" || outer === null) return protocol.remember?.();
    let dialogues = this.#insides.get(outer);
    if (dialogues === undefined) this.#insides.set(outer, (dialogues = new Map()));
    const name = `${protocol.name} ${within}`;
    let memory = dialogues.get(name);
    if (memory === undefined) {
      if (dialogues.size >= DIALOGUES_MAX) dialogues.delete(dialogues.keys().next().value!);
      dialogues.set(name, (memory = protocol.remember()));
    }
    return memory;
  }

  #operation(verb: string): void {
    if (this.flow === NO_FLOW) return;
    const at = this.flow * FLOW_STRIDE + Word.verbs;
    this.#table.words[at] = this.#verbs.with(this.#table.words[at]!, verb);
  }

  #attempt(what: Attempt, outcome: "accepted" | "refused", who: string | undefined): void {
    if (this.flow === NO_FLOW) return;
    const [client, server] = this.#ends();
    const named = what === "login" ? this.#protocol : `${this.#protocol} ${what}`;
    if (outcome === "accepted") return this.#signals.accepted(client, server, named, this.now);
    this.#table.words[this.flow * FLOW_STRIDE + Word.refused]!++;
    // Who wanted in is told apart and goes no further.
    this.#signals.count("refusals", client, server, this.#vlan, who === undefined ? 0 : hashText(who), true, named);
  }

  #notable(what: Notable, thing: string | undefined, amount: number, sender: number | null, receiver: number | null, group: string): void {
    const [client, server] = this.#ends();
    const apart = thing === undefined ? 0 : hashText(thing);
    const named = group === "" ? what : `${what} ${group}`;
    this.#signals.count("notable", sender ?? client, receiver ?? server, this.#vlan, apart, false, named, amount);
  }

  #program(program: Program): void {
    const dose = this.#programs.heard(program, this.flow);
    const pump = this.reporter.childOf(program.pump);
    if (dose === null || pump === null) return;
    if (dose.said === "order") {
      if (dose.uncompared !== null) this.reporter.observe(program.pump, "programming", "not comparable");
      else this.reporter.observe(program.pump, "programming", dose.tells ? "compared" : "cannot tell");
    }
    const witnesses = new Witnesses();
    if (this.#signals.packet !== null) witnesses.add(this.#signals.packet);
    this.#batches.program({
      at: this.now,
      sender: this.#senderHost,
      receiver: this.#receiverHost,
      pump,
      dose,
      witnesses: witnesses.rows(),
    });
  }

  #answered(outcome: "accepted" | "refused"): void {
    if (this.flow !== NO_FLOW) this.#programs.answered(this.flow, outcome === "accepted", this.now);
  }

  #claimed(mac: string, ip: string, how: How, other: string): void {
    const space = this.#hosts.spaceOf(this.#senderHost);
    const it = this.#claims.heard(`${space}/${this.#vlan}`, mac, ip, how, other, this.now);
    if (it === null) return;
    const taken = this.#hosts.ofText(space, macWords(it.owner), ip);
    // A message of neighbor discovery is sent from the very address it claims: who takes it is known by the card alone.
    const taker = how === "overrides" ? this.#hosts.ofText(space, macWords(it.taker ?? mac), undefined) : this.#senderHost;
    this.#signals.count("notable", taker, taken, this.#vlan, hashText(other), false, it.what);
  }

  #malformed(): void {
    // Who sent it is who may mean it, whichever end of the flow that is.
    this.#signals.count("malformed", this.#senderHost, this.#receiverHost, this.#vlan, 0, true, this.#protocol);
  }

  /** Client and server of the flow at hand; sender and receiver of a message without one. */
  #ends(): readonly [client: number, server: number] {
    if (this.flow === NO_FLOW) return [this.#senderHost, this.#receiverHost];
    const base = this.flow * FLOW_STRIDE;
    return [this.#table.client(base), this.#table.server(base)];
  }

  get #vlan(): number {
    return this.#signals.packet?.vlan ?? 0;
  }

  #expect({ transport, server, port, client, protocol, begins }: ExpectedFlow): void {
    const serves = begins !== "server";
    const [spokenTo, other] = serves ? [server.ip, client?.ip] : [client?.ip, server.ip];
    if (spokenTo !== undefined)
      this.#expected.add(transport, spokenTo, port, other, protocol, serves, serves ? 0 : this.#receiverPort, this.now);
  }

  /** A message without a flow, for who takes it. */
  alone(protocols: readonly Protocol[], packet: Packet, from: number, to: number): void {
    if (protocols.length === 0 || from === NOBODY || packet.payloadEnd <= packet.payloadStart) return;
    const message = packet.bytes.subarray(packet.payloadStart, packet.payloadEnd);
    const protocol = protocols.find((it) => it.recognize(message, "client"));
    if (protocol === undefined) return;
    this.between("unknown", packet.payloadEnd - packet.payloadStart < packet.payloadLength, from, to, 0, 0);
    this.read(protocol, message, protocol.remember?.());
    this.#spoke(protocol, from, to);
  }
}
