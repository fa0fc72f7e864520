/**
 * Packets of one input to what was heard: who was there, who talked to whom in which protocol, what they said of themselves.
 *
 * Per packet nothing is allocated: hosts and flows are typed arrays, and only a flow whose protocol is not settled, or whose messages
 * are read, has an object. Content decides the protocol, ports only the order of guesses.
 */
import type { Batch } from "../model/batch.ts";
import { BATCH_SECONDS, BATCH_SECONDS_WITH_ARRIVALS, BATCH_SECONDS_WITH_SIGNALS } from "../model/batch.ts";
import type { Notable } from "../model/notable.ts";
import type { Packet } from "../model/packet.ts";
import type { ProgramJudge } from "../model/program.ts";
import type { Protocol } from "../model/protocol.ts";
import { Batches, type Part } from "./batches.ts";
import { Claims } from "./claims.ts";
import { asksForConnection, Connections } from "./connections.ts";
import { Contacts } from "./contacts.ts";
import { Coverage, type DecoderCounts } from "./coverage.ts";
import { Copy, Duplicates } from "./duplicates.ts";
import { Expected } from "./expected.ts";
import { hashEnd, mix } from "./hash.ts";
import { Held } from "./held.ts";
import { isForgedToItself, isGroup, isToOwnCard, isUnspecified, ttlEvidence } from "./headers.ts";
import { Hosts, NOBODY, TO_ITSELF } from "./hosts.ts";
import { icmpType, isEcho, isFragmentedDiscovery, isIcmp, isUnreachable, questionOf, quotedDatagram } from "./icmp.ts";
import { Messages } from "./messages.ts";
import { Names } from "./names.ts";
import { Neighbors } from "./neighbors.ts";
import { Networks } from "../bytes/networks.ts";
import { Payloads } from "./payloads.ts";
import { Recognition } from "./recognition.ts";
import { Signals } from "./signals.ts";
import { Spoken } from "./spoken.ts";
import { BytesA, BytesB, FirstAt, FLOW_STRIDE, FlowFlag, FlowTable, Ip, isClosed, isWaiting, LastAt, NO_FLOW, Word } from "./table.ts";
import { Telling } from "./telling.ts";
import { Verbs } from "./verbs.ts";

export interface FlowsOptions {
  readonly protocols: readonly Protocol[];
  /** 32 bytes in hex. */
  readonly hashKey: string;
  readonly flowsMax: number;
  readonly flowIdleMinutes: number;
  /** Networks in CIDR notation whose frames are counted and never parsed. */
  readonly leftOut: readonly string[];
  readonly counts: DecoderCounts;
  /** Whether a MAC's registrant makes devices for hospitals or buildings, whose names are no person's. */
  readonly deviceMaker: (macHigh: number, macLow: number) => boolean;
  /** Compares programs of pumps. */
  readonly programs: ProgramJudge;
  readonly send: (batch: Batch) => void;
  /** Live, who arrives and who is refused is told soon, since a wall or a person may wait for it; of a file nobody waits for a part. */
  readonly live: boolean;
  /** True while the core is slow: the open batch stays open and differences add up in place. */
  readonly held: () => boolean;
  /** A defect of ours: the flow that hit it is read no further, we listen on. */
  readonly defect: (error: unknown) => void;
}

const SECOND_US = 1_000_000;
/** A first packet may be answered so much later, or never. */
const UNANSWERED_US = 30 * SECOND_US;
/** After both ends said good-bye, late copies still belong to the flow. */
const CLOSED_US = 5 * SECOND_US;
/** A flow whose protocol is not clear by then is told without one. */
const UNDECIDED_US = 10 * SECOND_US;
/** Places of the table looked at in each second, so that all are within half a minute. */
const SWEEP_PLACES_MIN = 2_048;
const SWEEP_SHARE = 32;
/** A jump in time is swept over as so many seconds at most: then every place was seen. */
const SWEEPS_AT_ONCE_MAX = 32;
/** Ports below are given out by a register (RFC 6335) and used by who serves. */
const WELL_KNOWN_PORTS = 1_024;
/** EtherType (RFC 826). */
const ARP = 0x0806;
/** What Ethernet's 1,500 bytes leave after an IPv4 header. */
const ECHO_BYTES_MAX = 1_480;

/** In the upper two bytes of a MAC: of a group, or administered locally (IEEE 802, clause 8.2). */
const NO_MAKER_BITS = 0x0300;

export class Flows {
  readonly #options: FlowsOptions;
  readonly #hosts = new Hosts();
  readonly #table: FlowTable;
  readonly #duplicates = new Duplicates();
  readonly #coverage: Coverage;
  readonly #batches: Batches;
  readonly #signals: Signals;
  readonly #contacts: Contacts;
  readonly #neighbors: Neighbors;
  readonly #recognition: Recognition;
  readonly #messages: Messages;
  readonly #connections: Connections;
  readonly #expected = new Expected();
  readonly #claims = new Claims();
  readonly #held = new Held((base) => this.#payloads.isAmidMessage(base));
  readonly #leftOut: Networks;
  readonly #spoken: Spoken;
  readonly #verbs = new Verbs();
  readonly #payloads: Payloads;
  readonly #telling: Telling;

  #now = 0;
  #nextSecond = -1;
  /** Live, something was told that somebody may wait for. */
  #isWaitedFor = false;
  /** Who sent the packet at hand: whether it was the side that began its flow. */
  #fromA = true;

  constructor(options: FlowsOptions) {
    this.#options = options;
    this.#table = new FlowTable(options.flowsMax);
    this.#coverage = new Coverage(options.counts);
    this.#spoken = new Spoken(options.protocols);
    this.#batches = new Batches(this.#hosts, this.#spoken, this.#verbs, options.send);
    this.#telling = new Telling(this.#table, this.#batches);
    this.#signals = new Signals(this.#batches);
    this.#contacts = new Contacts(this.#hosts, this.#batches);
    this.#neighbors = new Neighbors(this.#hosts, this.#contacts);
    this.#recognition = new Recognition(options.protocols);
    this.#leftOut = new Networks(options.leftOut);
    this.#messages = new Messages({
      table: this.#table,
      hosts: this.#hosts,
      batches: this.#batches,
      signals: this.#signals,
      contacts: this.#contacts,
      recognition: this.#recognition,
      spoken: this.#spoken,
      verbs: this.#verbs,
      expected: this.#expected,
      claims: this.#claims,
      names: new Names(options.hashKey),
      deviceMaker: options.deviceMaker,
      programs: options.programs,
      owner: {
        settled: (base) => this.#settled(base),
        spoke: (base) => this.#telling.touch(base / FLOW_STRIDE, base),
        enough: (flow) => this.#enough(flow),
      },
    });
    this.#payloads = new Payloads({
      table: this.#table,
      hosts: this.#hosts,
      coverage: this.#coverage,
      spoken: this.#spoken,
      messages: this.#messages,
      enough: (flow) => this.#enough(flow),
    });
    this.#connections = new Connections(this.#table, this.#hosts, this.#coverage, this.#contacts, this.#messages.reporter, {
      finish: (flow) => this.#finish(flow),
      touch: (flow, base) => this.#telling.touch(flow, base),
      soon: () => (this.#isWaitedFor = true),
    });
  }

  /** The frames that follow are of this part; flows of the part before go on. */
  begin(part: Part): void {
    this.#batches.begin(part);
    this.#coverage.newPart();
  }

  /** The part is over: what is known is told, and its last batch sent. `whole`: no other follows, so what waits for an answer waits no longer. */
  end(whole: boolean): void {
    this.#signals.packet = null;
    if (whole) {
      this.#signals.second(this.#now);
      this.#contacts.end(this.#now);
    }
    this.#telling.everything(whole, (flow) => this.#finish(flow));
    this.#seal(true);
  }

  /** Frames the capture program says it dropped. */
  drops(count: number): void {
    this.#coverage.drops += count;
  }

  timeBackwards(count: number): void {
    this.#coverage.timeBackwards += count;
  }

  /** Live only: time goes on though nothing came. */
  tick(at: number): void {
    this.#time(at);
  }

  /** Live only: nothing more came for a moment. Whoever arrived need not wait for the next packet. */
  pause(): void {
    this.#signals.packet = null;
    if (this.#hasArrivals) this.#tellSome(this.#now, false);
  }

  packet(packet: Packet): void {
    this.#signals.packet = null;
    this.#time(packet.at);
    this.#signals.packet = packet;
    this.#coverage.frame(packet);
    this.#messages.flow = NO_FLOW;
    // The one place where a defect of ours is caught: what stands in the way of one flow must not deafen us to all others.
    try {
      this.#heard(packet);
    } catch (error) {
      this.#messages.abandon();
      this.#coverage.limit("defects", 1);
      this.#enough(this.#messages.flow);
      this.#options.defect(error);
    }
  }

  #heard(packet: Packet): void {
    const toGroup = packet.hasMac && (packet.macTargetHigh & 0x100) !== 0;
    if (toGroup) this.#group(packet);

    if (packet.family !== 0 && !this.#leftOut.isEmpty && this.#isLeftOut(packet)) return this.#coverage.limit("leftOut", 1);
    if (packet.family !== 0 && isForgedToItself(packet)) this.#between("sourceIsTarget", packet);
    if (packet.family === 6 && packet.visitsInTurn) this.#between("routingHeader0", packet);
    if (packet.tunnels > 0) this.#outer(packet);
    if (packet.securityTag !== 0) this.#tagged(packet);
    if (packet.family === 0) return this.#linkLayer(packet);

    const copy = this.#duplicates.of(packet);
    if (copy !== Copy.none) return this.#copy(packet, copy, toGroup);
    if (packet.hasTransport && !packet.isFragment) this.#transport(packet, toGroup);
    else this.#bare(packet, toGroup);
  }

  // Time: what ages, what closes. ---------------------------------------------------------------------------------------

  #time(at: number): void {
    this.#now = this.#messages.now = at;
    if (at >= this.#nextSecond) this.#second(at);
    const { from } = this.#batches;
    if (from < 0) {
      this.#batches.from = at;
      return;
    }
    const open = at - from;
    const isDue = open >= BATCH_SECONDS * SECOND_US || this.#batches.isFull(this.#telling.count);
    if (isDue || open >= this.#waitsFor * SECOND_US) this.#tellSome(at, isDue);
  }

  /** Seconds for which what is in the open batch may wait. */
  get #waitsFor(): number {
    if (this.#hasArrivals) return BATCH_SECONDS_WITH_ARRIVALS;
    return this.#batches.hasSignals || (this.#options.live && this.#isWaitedFor) ? BATCH_SECONDS_WITH_SIGNALS : BATCH_SECONDS;
  }

  get #hasArrivals(): boolean {
    return this.#options.live && this.#hosts.arrivals > 0;
  }

  #tellSome(at: number, isDue: boolean): void {
    if (this.#options.held()) return;
    // A second that fits in one batch is told at once. Of a busier one the signals: what else it says repeats, and adds up meanwhile.
    if (isDue || this.#batches.fitsOne(this.#telling.count)) this.#tellAll(at);
    else if (this.#batches.hasSignals) this.#batches.tellSignals(at, this.#coverage.lastFrame);
  }

  #tellAll(at: number): void {
    this.#telling.all();
    this.#seal(false);
    this.#batches.from = at;
    this.#hosts.arrivals = 0;
    this.#isWaitedFor = false;
  }

  #second(at: number): void {
    if (this.#nextSecond >= 0) {
      this.#signals.second(this.#nextSecond);
      this.#contacts.seconds(this.#nextSecond, at);
      const seconds = Math.min(SWEEPS_AT_ONCE_MAX, 1 + Math.floor((at - this.#nextSecond) / SECOND_US));
      const places = Math.max(SWEEP_PLACES_MIN, Math.ceil(this.#table.places / SWEEP_SHARE));
      this.#table.sweep(
        seconds * places,
        (flow) => this.#age(flow),
        () => this.#held.round(this.#batches, at),
      );
    }
    this.#nextSecond = at - (at % SECOND_US) + SECOND_US;
  }

  #age(flow: number): void {
    const { words, floats } = this.#table;
    const base = flow * FLOW_STRIDE;
    const flags = words[base + Word.flags]!;
    const quiet = this.#now - floats[(base >>> 1) + LastAt]!;
    if (
      (flags & FlowFlag.decided) === 0 &&
      !isWaiting(flags, words[base + Word.transport]!) &&
      this.#now - floats[(base >>> 1) + FirstAt]! >= UNDECIDED_US
    ) {
      this.#settled(base);
    }
    if (
      quiet <
      (isClosed(flags)
        ? CLOSED_US
        : isWaiting(flags, words[base + Word.transport]!)
          ? UNANSWERED_US
          : this.#idleUs(words[base + Word.protocol]!))
    )
      return this.#held.pass(this.#table, base, this.#now);
    this.#finish(flow);
    this.#table.remove(flow);
  }

  #idleUs(protocol: number): number {
    return (this.#spoken.protocol(protocol)?.idleMinutes ?? this.#options.flowIdleMinutes) * 60 * SECOND_US;
  }

  #seal(end: boolean): void {
    const coverage = this.#coverage;
    coverage.limit("hosts", this.#hosts.takeRefused());
    coverage.limit("flows", this.#table.takeEvicted());
    coverage.limit("unanswered", this.#table.takeUnansweredEvicted());
    coverage.limit("streams", this.#payloads.takeRefused());
    for (const [what, count] of this.#batches.takeRefused()) coverage.limit(what, count);
    coverage.limit("claims", this.#claims.takeRefused());
    coverage.limit("operations", this.#verbs.takeRefused());
    coverage.limit("contacts", this.#contacts.takeRefused());
    const { frames, loss } = coverage.take(this.#messages.reporter.takeMalformed());
    this.#batches.seal(this.#now, frames, loss, end);
  }

  // Frames: who sent, who is named. -------------------------------------------------------------------------------------

  #group(packet: Packet): void {
    const everyone = packet.macTargetHigh === 0xffff && packet.macTargetLow === 0xffff_ffff;
    this.#coverage.group(everyone);
    this.#signals.count(everyone ? "broadcast" : "multicast", NOBODY, NOBODY, packet.vlan, packet.macSourceLow);
  }

  #isLeftOut({ family, source0, source1, source2, source3, target0, target1, target2, target3 }: Packet): boolean {
    return this.#leftOut.has(family, source0, source1, source2, source3) || this.#leftOut.has(family, target0, target1, target2, target3);
  }

  #between(what: Notable, packet: Packet): void {
    this.#signals.count("notable", this.#hosts.of(packet, false), this.#hosts.of(packet, true), packet.vlan, 0, false, what);
  }

  /** The ends of a tunnel are machines: routers, switches, access points. */
  #outer(packet: Packet): void {
    this.#named(this.#hosts.ofOuter(packet, false));
    this.#named(this.#hosts.ofOuter(packet, true));
  }

  /** The switch put its sender into a group (Cisco TrustSec): what a policy there goes by. */
  #tagged(packet: Packet): void {
    const host = this.#hosts.of(packet, false);
    if (host !== NOBODY)
      this.#messages.reporter.said({ host, serial: null }, "securityTag", String(packet.securityTag), "ethernet", NOBODY, packet.at);
  }

  /** Heard before: nothing new but the MACs of another hop, which are machines too. */
  #copy(packet: Packet, copy: Copy, toGroup: boolean): void {
    if (copy === Copy.plain) {
      this.#coverage.copies++;
      return;
    }
    this.#coverage.routedCopies++;
    this.#sent(this.#hosts.of(packet, false), packet, toGroup);
    this.#named(this.#hosts.of(packet, true));
  }

  #sent(host: number, packet: Packet, toGroup: boolean): void {
    if (host === NOBODY) return;
    if (packet.hasMac && this.#hosts.isUnheard(host)) this.#newCard(packet);
    const bits = ttlEvidence(packet, toGroup) | (isToOwnCard(packet) ? TO_ITSELF : 0);
    if (this.#hosts.sent(host, packet.wireLength, packet.at, bits, this.#batches.stamp)) this.#batches.touch(host);
  }

  /** Systems that make up addresses say so in a bit of them; makers' prefixes are the upper three bytes. */
  #newCard({ vlan, macSourceHigh, macSourceLow }: Packet): void {
    const isOfMaker = (macSourceHigh & NO_MAKER_BITS) === 0;
    const prefix = isOfMaker ? macSourceHigh * 0x100 + (macSourceLow >>> 24) : 0;
    this.#signals.count("newCards", NOBODY, NOBODY, vlan, prefix, isOfMaker);
  }

  #named(host: number): void {
    if (host !== NOBODY && this.#hosts.named(host, this.#now, this.#batches.stamp)) this.#batches.touch(host);
  }

  /** No IP in it: ARP, announcements to neighbors, spanning tree, and whatever else has a MAC. */
  #linkLayer(packet: Packet): void {
    if (!packet.hasMac) return;
    const from = this.#hosts.ofMac(packet.space, packet.macSourceHigh, packet.macSourceLow);
    const to = this.#hosts.ofMac(packet.space, packet.macTargetHigh, packet.macTargetLow);
    this.#sent(from, packet, true);
    this.#named(to);
    this.#messages.alone(this.#recognition.overEtherType(packet.etherType), packet, from, to);
    if (packet.etherType === ARP) this.#neighbors.arp(packet, from, to);
  }

  /** IP without ports: ICMP, IGMP, OSPF, ESP, and the later fragments of a datagram. */
  #bare(packet: Packet, toGroup: boolean): void {
    const { ipProtocol } = packet;
    const hasPorts = ipProtocol === Ip.tcp || ipProtocol === Ip.udp || ipProtocol === Ip.sctp;
    const type = icmpType(packet);
    const question = questionOf(ipProtocol, type);
    // Everything else that is heard between two addresses is a conversation, told apart by its protocol number.
    const port = isIcmp(packet) ? question : hasPorts ? undefined : ipProtocol;
    const from = this.#hosts.of(packet, false);
    const to = this.#hosts.of(packet, true);
    if (port === undefined || packet.isFragment) {
      this.#sent(from, packet, toGroup);
      this.#named(to);
    } else {
      const flow = this.#flowOf(packet, toGroup, port, port);
      if (isIcmp(packet)) this.#messages.flow = flow;
    }
    if (packet.isFragment) return;
    if (isIcmp(packet)) this.#icmp(type, packet, toGroup, from, to);
    this.#messages.alone(this.#recognition.overIp(ipProtocol), packet, from, to);
  }

  #icmp(type: number, packet: Packet, toGroup: boolean, from: number, to: number): void {
    if (isFragmentedDiscovery(packet, type)) this.#between("fragmentedDiscovery", packet);
    if (questionOf(packet.ipProtocol, type) === type && isEcho(packet) && !toGroup && !isGroup(packet)) this.#echo(packet, from, to);
    this.#unreachable(type, packet);
    if (to !== NOBODY && isUnreachable(packet, type)) this.#contacts.unreachable(packet, from, to);
    if (packet.ipProtocol === Ip.icmp6) this.#neighbors.icmp6(type, packet, from, to);
  }

  #echo(packet: Packet, from: number, to: number): void {
    if (to !== NOBODY) this.#contacts.load(from, to, "echo", packet.vlan);
    // Put together from fragments, or longer than a frame of Ethernet holds beside its headers.
    if (packet.bytes !== packet.frameBytes || packet.payloadLength > ECHO_BYTES_MAX)
      this.#signals.count("largeEchoes", from, to, packet.vlan, 0);
  }

  // Flows: found or opened, counted. --------------------------------------------------------------------------------------

  #transport(packet: Packet, toGroup: boolean): void {
    const flow = this.#flowOf(packet, toGroup, packet.sourcePort, packet.targetPort);
    if (flow === NO_FLOW) return;
    const base = flow * FLOW_STRIDE;
    if (packet.ipProtocol === Ip.tcp) {
      this.#connections.segment(flow, base, this.#fromA, packet);
      this.#payloads.tcp(flow, base, this.#fromA, packet);
    } else if (packet.ipProtocol === Ip.udp) {
      this.#payloads.udp(flow, base, this.#fromA, packet);
    }
  }

  /** Finds or opens the packet's flow, counts the packet, and leaves in `#fromA` who sent it. NO_FLOW when there was no room for its hosts. */
  #flowOf(packet: Packet, toGroup: boolean, sourcePort: number, targetPort: number): number {
    const { words, floats } = this.#table;
    const hosts = this.#hosts;
    const transport = packet.ipProtocol;
    // Who has no address yet is told apart by its MAC alone.
    const nameless = isUnspecified(packet);
    const from = hashEnd(packet.source0, packet.source1, packet.source2, nameless ? packet.macSourceLow : packet.source3, sourcePort);
    const to = hashEnd(packet.target0, packet.target1, packet.target2, packet.target3, targetPort);
    const hash = mix((from + to) | 0, transport ^ (packet.space << 8));
    const forward = ((sourcePort << 16) | targetPort) >>> 0;
    const backward = ((targetPort << 16) | sourcePort) >>> 0;

    let flow = this.#table.first(hash);
    let fromA = true;
    for (; flow !== NO_FLOW; flow = this.#table.next(flow)) {
      const base = flow * FLOW_STRIDE;
      if (words[base + Word.hash] !== hash || words[base + Word.transport] !== transport) continue;
      const ports = words[base + Word.ports]!;
      const hostA = words[base + Word.hostA]!;
      const hostB = words[base + Word.hostB]!;
      if (ports === forward && hosts.wears(hostA, packet, false) && hosts.wears(hostB, packet, true)) {
        if (nameless && !hosts.hasMac(hostA, packet.macSourceHigh, packet.macSourceLow)) continue;
        fromA = true;
        break;
      }
      if (ports === backward && hosts.wears(hostA, packet, true) && hosts.wears(hostB, packet, false)) {
        fromA = false;
        break;
      }
    }

    let sender: number;
    let receiver: number;
    if (flow === NO_FLOW) {
      sender = hosts.of(packet, false);
      receiver = hosts.of(packet, true);
    } else {
      const base = flow * FLOW_STRIDE;
      sender = words[base + (fromA ? Word.hostA : Word.hostB)]!;
      receiver = words[base + (fromA ? Word.hostB : Word.hostA)]!;
      // The same address by another MAC: the way changed, or it was heard at another place.
      if (packet.hasMac && !hosts.hasMac(sender, packet.macSourceHigh, packet.macSourceLow)) sender = hosts.of(packet, false);
      if (packet.hasMac && !hosts.hasMac(receiver, packet.macTargetHigh, packet.macTargetLow)) receiver = hosts.of(packet, true);
    }
    this.#sent(sender, packet, toGroup);
    this.#named(receiver);
    if (flow === NO_FLOW) {
      if (sender === NOBODY || receiver === NOBODY) return NO_FLOW;
      flow = this.#open(hash, sender, receiver, forward, packet, toGroup);
    }

    const base = flow * FLOW_STRIDE;
    const half = base >>> 1;
    const isFirst = words[base + Word.packetsA] === 0 && words[base + Word.packetsB] === 0;
    if (isFirst) floats[half + FirstAt] = packet.at;
    floats[half + LastAt] = packet.at;
    if (fromA) {
      words[base + Word.packetsA]!++;
      floats[half + BytesA]! += packet.wireLength;
    } else {
      words[base + Word.packetsB]!++;
      floats[half + BytesB]! += packet.wireLength;
      if ((words[base + Word.flags]! & FlowFlag.bothWays) === 0) {
        this.#connections.secondSide(base, transport, packet.vlan);
        if (hosts.hasMac(words[base + Word.hostB]!, packet.macSourceHigh, packet.macSourceLow))
          words[base + Word.flags]! |= FlowFlag.oneRouter;
      }
    }
    if (this.#claims.hasSuspects(packet.at)) this.#fromSuspect(base, fromA, packet);
    // Who answers loads nobody who did not ask; what asks for a connection is counted as that.
    if (fromA && isWaiting(words[base + Word.flags]!, transport) && !asksForConnection(packet))
      this.#contacts.load(words[base + Word.hostA]!, receiver, "stranger", packet.vlan);
    this.#telling.touch(flow, base);
    this.#fromA = fromA;
    return flow;
  }

  /**
   * Some card answered ARP unasked a moment ago: does what came by another card come by that one now? Compared are ways in with ways in
   * alone, since a router in may be another than the router out from the beginning.
   */
  #fromSuspect(base: number, fromA: boolean, packet: Packet): void {
    const { words } = this.#table;
    const before = words[base + (fromA ? Word.hostA : Word.hostB)]!;
    if (!packet.hasMac || this.#hosts.hasMac(before, packet.macSourceHigh, packet.macSourceLow)) return;
    if (!fromA && (words[base + Word.flags]! & FlowFlag.oneRouter) === 0) return;
    const card = this.#hosts.ofMac(packet.space, packet.macSourceHigh, packet.macSourceLow);
    const suspect = this.#claims.suspect(this.#hosts.address(card).mac ?? "", packet.at);
    // What comes from the claimed address itself comes by no router: two that claim one are told by their claims.
    if (suspect === undefined || this.#hosts.address(before).ip === suspect.ip) return;
    const claimed = this.#hosts.ofText(packet.space, null, suspect.ip);
    this.#signals.count("notable", card, claimed, packet.vlan, this.#hosts.of(packet, true), false, "routeTaken");
  }

  #open(hash: number, hostA: number, hostB: number, ports: number, packet: Packet, toGroup: boolean): number {
    const { words } = this.#table;
    const flow = this.#table.add(hash, (leaving) => this.#finish(leaving));
    const base = flow * FLOW_STRIDE;
    words[base + Word.hostA] = hostA;
    words[base + Word.hostB] = hostB;
    words[base + Word.ports] = ports;
    words[base + Word.transport] = packet.ipProtocol;
    if (toGroup || isGroup(packet)) words[base + Word.flags]! |= FlowFlag.toGroup;
    if (packet.hasTransport) {
      this.#guessSide(base, packet);
      if (this.#expected.mayBe(packet.targetPort) || this.#expected.mayBe(packet.sourcePort)) this.#agreed(flow, base, packet);
    } else {
      words[base + Word.flags]! |= FlowFlag.decided;
    }
    // How TCP begins tells `Connections`.
    if (packet.ipProtocol === Ip.udp && this.#asks(base, packet)) this.#contacts.load(hostA, hostB, "stranger", packet.vlan);
    if (packet.ipProtocol !== Ip.tcp && this.#asks(base, packet))
      this.#contacts.begun(packet.ipProtocol, hostA, hostB, ports & 0xffff, packet);
    return flow;
  }

  /** Whether its first packet asks one machine for something: whoever answers, or serves by its port, does not. */
  #asks(base: number, packet: Packet): boolean {
    const { words } = this.#table;
    if ((words[base + Word.flags]! & (FlowFlag.toGroup | FlowFlag.serverIsA)) !== 0 || isUnspecified(packet)) return false;
    return !isIcmp(packet) || packet.bytes[packet.payloadStart] === (words[base + Word.ports]! & 0xffff);
  }

  /** Who serves, before anything says so: the side whose port is a service's own, else the lower one. */
  #guessSide(base: number, packet: Packet): void {
    const { words } = this.#table;
    const { sourcePort, targetPort } = packet;
    const layer = packet.ipProtocol === Ip.udp ? "udp" : "tcp";
    // Datagram clients may speak from a low port too, as those of RPC do.
    const isService = (port: number) => (layer === "tcp" && port < WELL_KNOWN_PORTS) || this.#recognition.isKnownPort(layer, port);
    const sourceServes = isService(sourcePort);
    if (sourceServes !== isService(targetPort)) words[base + Word.flags]! |= FlowFlag.sideByPort | (sourceServes ? FlowFlag.serverIsA : 0);
    // Datagrams have no handshake: who speaks first asks. Of a stream heard from its middle the lower port is a guess.
    else if (layer === "tcp" && sourcePort < targetPort) words[base + Word.flags]! |= FlowFlag.serverIsA;
  }

  /** Another flow agreed on this one. */
  #agreed(flow: number, base: number, packet: Packet): void {
    const { words } = this.#table;
    const transport = packet.ipProtocol === Ip.udp ? "udp" : "tcp";
    const a = this.#hosts.address(words[base + Word.hostA]!).ip;
    const b = this.#hosts.address(words[base + Word.hostB]!).ip;
    const byB = this.#expected.of(transport, b, packet.targetPort, a, packet.at);
    const agreed = byB ?? this.#expected.of(transport, a, packet.sourcePort, b, packet.at);
    if (agreed === undefined) return;
    words[base + Word.flags] =
      (words[base + Word.flags]! & ~(FlowFlag.serverIsA | FlowFlag.sideByPort)) |
      FlowFlag.sideByProtocol |
      // Both sides agreed on it, whatever is said in it.
      FlowFlag.serverSpoke |
      ((byB === undefined) === agreed.serves ? FlowFlag.serverIsA : 0);
    words[base + Word.filedPort] = agreed.filedPort;
    this.#messages.decide(base, agreed.protocol);
    if (this.#spoken.protocol(words[base + Word.protocol]!) === undefined) this.#enough(flow);
  }

  // How far a flow came. ------------------------------------------------------------------------------------------------------

  #settled(base: number): void {
    this.#table.words[base + Word.flags]! |= FlowFlag.decided;
    this.#telling.touch(base / FLOW_STRIDE, base);
  }

  /** Count the rest of this flow, read no more. */
  #enough(flow: number): void {
    if (flow === NO_FLOW) return;
    const base = flow * FLOW_STRIDE;
    this.#table.words[base + Word.flags]! |= FlowFlag.counted;
    this.#settled(base);
    this.#payloads.letGo(flow, base);
  }

  /** Everything it has to tell is told; its place is the caller's to free. */
  #finish(flow: number): void {
    const base = flow * FLOW_STRIDE;
    this.#telling.last(base);
    this.#payloads.letGo(flow, base);
  }

  /** A machine says that a datagram reached nobody. */
  #unreachable(type: number, packet: Packet): void {
    const quoted = quotedDatagram(packet, type);
    if (quoted === null) return;
    const { words } = this.#table;
    for (let flow = this.#table.first(quoted.hash); flow !== NO_FLOW; flow = this.#table.next(flow)) {
      const base = flow * FLOW_STRIDE;
      if (words[base + Word.hash] !== quoted.hash || words[base + Word.transport] !== Ip.udp) continue;
      if (words[base + Word.ports] !== quoted.ports) continue;
      this.#telling.touch(flow, base);
      return this.#connections.refused(base);
    }
  }
}
