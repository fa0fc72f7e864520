/**
 * First contacts: an endpoint asked by somebody whom it never answered before, and what came of it (harm-notes 2). Answered, by the
 * server or as the client's own acknowledgment proves; turned down, by a reset or an ICMP unreachable; silent for a second, or at once
 * when the client sends its SYN again; or asked with flags that begin no connection. Silence after a datagram says nothing, as much of
 * UDP goes one way. A machine is its address, so that ARP for it and its IP are of one.
 */
import { u16, u32 } from "../bytes/numbers.ts";
import type { Packet } from "../model/packet.ts";
import { CONTACT_WAYS, type ContactWay, type Load } from "../model/signal.ts";
import type { Batches } from "./batches.ts";
import { ContactCounts } from "./contact-counts.ts";
import { ContactSet } from "./contact-set.ts";
import { hashEnd, hashHost, mix } from "./hash.ts";
import { NOBODY, type Hosts } from "./hosts.ts";
import { Ip } from "./table.ts";

const Way = Object.fromEntries(CONTACT_WAYS.map((way, number) => [way, number])) as Readonly<Record<ContactWay, number>>;
/** Of those that were named, open and failed are told apart, so that what comes of them is counted with them. */
const State = { open: 1, answered: 2, failed: 3, namedOpen: 4, namedFailed: 5 } as const;

/** Of 669 first packets in captures six were answered later (harm-notes 2). */
const SILENT_US = 1_000_000;
const SECOND_US = 1_000_000;
/** Asked and not yet silent for a second, in a ring: a larger flood than this a second has its oldest never counted as silent. */
const WAITING_MAX = 1 << 17;
/** A name lets a machine be asked at so many endpoints in vain: a browser asks two ports, each perhaps at two addresses. */
const NAMED_FIRST = 1;
const NAMED_LAST = 5;
const NAMED_PLACES = 1 << 17;
/** A card that carries so many conversing IPv4 addresses routes for them, or for IPv6 so many networks: neighbors are looked for in others' name. */
const ROUTED_MIN = 4;
const ROUTERS_MAX = 1 << 16;
const NO_PACKET = null;

export class Contacts {
  readonly #hosts: Hosts;
  readonly #batches: Batches;
  readonly #counts = new ContactCounts();
  readonly #asked = new ContactSet();
  readonly #named = new ContactSet(NAMED_PLACES);
  readonly #routed = new ContactSet(ROUTERS_MAX);

  readonly #waitA = new Uint32Array(WAITING_MAX);
  readonly #waitB = new Uint32Array(WAITING_MAX);
  readonly #waitSender = new Uint32Array(WAITING_MAX);
  readonly #waitReceiver = new Uint32Array(WAITING_MAX);
  readonly #waitWay = new Uint16Array(WAITING_MAX);
  readonly #waitUntil = new Float64Array(WAITING_MAX);
  #waitFirst = 0;
  #waiting = 0;
  #refused = 0;

  constructor(hosts: Hosts, batches: Batches) {
    this.#hosts = hosts;
    this.#batches = batches;
  }

  /** A flow of `transport` begins from `client` to `port` of `server`, or TCP asks for a connection again. */
  begun(transport: number, client: number, server: number, port: number, packet: Packet): void {
    this.#ask(this.#hosts.hash(client), this.#hosts.hashEnd(server, port), wayOf(transport), client, server, packet);
  }

  /** TCP with flags no program's segments have (odd), or an acknowledgment of nothing that was turned down (ack): failed whatever comes. */
  stray(name: "odd" | "ack", client: number, server: number, port: number, packet: Packet): void {
    const way = Way[name];
    if (this.#asked.state(this.#hosts.hash(client), keyOf(this.#hosts.hashEnd(server, port), way)) !== 0) return;
    this.#counts.begun(client, server, way, packet.vlan, false, packet);
    this.#fail(State.open, way, client, server, packet.vlan, packet);
  }

  /** A packet for `receiver`, whatever came before. */
  load(sender: number, receiver: number, load: Load, vlan: number): void {
    this.#counts.load(sender, receiver, load, vlan);
  }

  answered(transport: number, client: number, server: number, port: number, vlan: number): void {
    this.#answer(this.#hosts.hash(client), this.#hosts.hashEnd(server, port), wayOf(transport), client, server, vlan);
  }

  /** Turned down, or asked again because nothing came. */
  failed(transport: number, client: number, server: number, port: number, packet: Packet): void {
    this.#failIfOpen(this.#hosts.hash(client), this.#hosts.hashEnd(server, port), wayOf(transport), client, server, packet.vlan, packet);
  }

  /** An ICMP error that says that something reached nobody: the header it quotes names it (RFC 792, RFC 4443). */
  unreachable(packet: Packet, from: number, to: number): void {
    const { bytes, payloadStart, payloadEnd, family } = packet;
    const quoted = payloadStart + ICMP_HEADER_BYTES;
    if (family === 0 || bytes[quoted]! >> 4 !== family || payloadEnd < quoted + (family === 4 ? 20 : 40)) return;
    const inner = family === 4 ? quoted + (bytes[quoted]! & 15) * 4 : quoted + 40;
    const protocol = bytes[quoted + (family === 4 ? 9 : 6)]!;
    const sourceAt = quoted + (family === 4 ? 12 : 8);
    const targetAt = quoted + (family === 4 ? 16 : 24);
    // Only who is told so can have asked.
    if (!isTarget(packet, sourceAt)) return;
    const isIcmp = protocol === Ip.icmp || protocol === Ip.icmp6;
    const hasPorts = protocol === Ip.tcp || protocol === Ip.udp || protocol === Ip.sctp;
    // Of a packet that carried nothing the header is all there is to quote.
    if ((isIcmp || hasPorts) && inner + 4 > payloadEnd) return;
    const port = isIcmp ? bytes[inner]! : hasPorts ? u16(bytes, inner + 2) : protocol;
    const a = this.#hosts.hash(to);
    const b =
      family === 4
        ? hashEnd(0, 0, 0, u32(bytes, targetAt), port)
        : hashEnd(u32(bytes, targetAt), u32(bytes, targetAt + 4), u32(bytes, targetAt + 8), u32(bytes, targetAt + 12), port);
    const receiver = b === this.#hosts.hashEnd(from, port) ? from : NOBODY;
    this.#failIfOpen(a, b, wayOf(protocol), to, receiver, packet.vlan, packet);
  }

  /** Someone looks for a neighbor's card. `sender`: who asks, by its address where it has one, else by its card. */
  looksFor(way: "arp" | "nd", sender: number, hash: number, targetEnd: number, packet: Packet): void {
    this.#ask(hash, targetEnd, this.#isRouter(packet) ? Way.gateway : Way[way], sender, NOBODY, packet, Way[way]);
  }

  /** The neighbor of that address answers whom `hash` stands for. `asker`: NOBODY where it never was heard. */
  neighborAnswers(way: "arp" | "nd", asker: number, hash: number, targetEnd: number, vlan: number): void {
    if (asker !== NOBODY) this.#answer(hash, targetEnd, Way[way], asker, NOBODY, vlan);
  }

  /** A name server named this machine to whom `asker` is. */
  isNamed(asker: number, machine: number): void {
    this.#named.state(this.#hosts.hash(asker), this.#hosts.hashEnd(machine, 0));
    this.#named.put(NAMED_FIRST);
  }

  /** It converses, by this card: whose card carries many is a router. Called once for each host. */
  converses(host: number): void {
    const key = this.#hosts.cardHash(host);
    if (key === 0) return;
    // Of IPv6 a machine has several addresses of its own, so networks are told apart; of IPv4 addresses.
    const network = this.#hosts.networkHash(host);
    if (this.#routed.state(key, network) !== 0) return;
    this.#routed.put(1);
    const count = this.#routed.state(key, key);
    if (count < ROUTED_MIN) this.#routed.put(count + 1);
  }

  /** Everything silent until then is told, in its seconds. `from`: the end of the second at hand. */
  seconds(from: number, until: number): void {
    let end = from;
    do {
      this.#silentUntil(end);
      if (!this.#counts.isEmpty) this.#counts.second(end, this.#batches);
      end += SECOND_US;
    } while (this.#waiting > 0 && end <= until);
  }

  /** An input ends: who was asked last is still open, not silent. */
  end(at: number): void {
    this.#silentUntil(at);
    if (!this.#counts.isEmpty) this.#counts.second(at, this.#batches);
    this.#waiting = 0;
  }

  /** Since the last call: what was forgotten, or never counted as silent, because too much was asked. */
  takeRefused(): number {
    const taken = this.#refused + this.#asked.takeForgotten();
    this.#refused = 0;
    return taken;
  }

  #ask(a: number, end: number, way: number, sender: number, receiver: number, packet: Packet, keyWay = way): void {
    const b = keyOf(end, keyWay);
    const known = this.#asked.state(a, b) !== 0;
    const isNamed = !known && receiver !== NOBODY && !this.#named.isEmpty && this.#takeName(a, receiver);
    const told = isNamed ? Way.named : way;
    this.#counts.begun(sender, receiver, told, packet.vlan, known, packet);
    if (known) return;
    this.#asked.put(isNamed ? State.namedOpen : State.open);
    if (way !== Way.udp && way !== Way.ip) this.#wait(a, b, sender, receiver, told, packet.vlan, packet.at + SILENT_US);
  }

  #answer(a: number, end: number, way: number, sender: number, receiver: number, vlan: number): void {
    const state = this.#asked.state(a, keyOf(end, way));
    if (state === State.answered) return;
    this.#asked.put(State.answered);
    if (state === State.open) this.#counts.answered(sender, receiver, way, vlan);
    else if (state === State.failed) this.#counts.late(sender, receiver, way, vlan);
  }

  #failIfOpen(a: number, end: number, way: number, sender: number, receiver: number, vlan: number, packet: Packet): void {
    const state = this.#asked.state(a, keyOf(end, way));
    if (state === State.open || state === State.namedOpen) this.#fail(state, way, sender, receiver, vlan, packet);
  }

  /** What was looked up last. */
  #fail(state: number, way: number, sender: number, receiver: number, vlan: number, packet: Packet | null): void {
    this.#asked.put(state === State.namedOpen ? State.namedFailed : State.failed);
    this.#counts.failed(sender, receiver, state === State.namedOpen ? Way.named : way, vlan, packet);
  }

  #wait(a: number, b: number, sender: number, receiver: number, way: number, vlan: number, until: number): void {
    if (this.#waiting === WAITING_MAX) {
      this.#waitFirst = (this.#waitFirst + 1) & (WAITING_MAX - 1);
      this.#waiting--;
      this.#refused++;
    }
    const at = (this.#waitFirst + this.#waiting++) & (WAITING_MAX - 1);
    this.#waitA[at] = a;
    this.#waitB[at] = b;
    this.#waitSender[at] = sender;
    this.#waitReceiver[at] = receiver;
    this.#waitWay[at] = (vlan << 4) | way;
    this.#waitUntil[at] = until;
  }

  #silentUntil(at: number): void {
    while (this.#waiting > 0 && this.#waitUntil[this.#waitFirst]! <= at) {
      const first = this.#waitFirst;
      const a = this.#waitA[first]!;
      const b = this.#waitB[first]!;
      const state = this.#asked.state(a, b);
      const way = this.#waitWay[first]!;
      if (state === State.open || state === State.namedOpen)
        this.#fail(state, way & 15, this.#waitSender[first]!, this.#waitReceiver[first]!, way >>> 4, NO_PACKET);
      this.#waitFirst = (first + 1) & (WAITING_MAX - 1);
      this.#waiting--;
    }
  }

  /** Whether a name still covers it. */
  #takeName(a: number, receiver: number): boolean {
    const b = this.#hosts.hashEnd(receiver, 0);
    const uses = this.#named.state(a, b);
    if (uses === 0 || uses >= NAMED_LAST) return false;
    this.#named.put(uses + 1);
    return true;
  }

  #isRouter({ hasMac, macSourceHigh, macSourceLow }: Packet): boolean {
    if (!hasMac) return false;
    const key = cardHash(macSourceHigh, macSourceLow);
    return this.#routed.state(key, key) >= ROUTED_MIN;
  }
}

const ICMP_HEADER_BYTES = 8;

export function cardHash(macHigh: number, macLow: number): number {
  return hashHost(0, macHigh, macLow, 0, 0, 0, 0);
}

function wayOf(transport: number): number {
  switch (transport) {
    case Ip.tcp:
      return Way.tcp;
    case Ip.udp:
      return Way.udp;
    case Ip.sctp:
      return Way.sctp;
    case Ip.icmp:
    case Ip.icmp6:
      return Way.echo;
    default:
      return Way.ip;
  }
}

/** An endpoint asked in this way. */
function keyOf(end: number, way: number): number {
  return mix(end, way);
}

/** Whether the packet goes to the address that stands at `at`. */
function isTarget({ bytes, family, target0, target1, target2, target3 }: Packet, at: number): boolean {
  if (family === 4) return u32(bytes, at) === target3;
  return u32(bytes, at) === target0 && u32(bytes, at + 4) === target1 && u32(bytes, at + 8) === target2 && u32(bytes, at + 12) === target3;
}
