/**
 * The hospital's network as a mirror port hears it. Machines speak in any order; `inOrder` makes of it what passes on the wire: by time,
 * with the questions for addresses that every system asks first, and with the numbers each system counts its packets by.
 */
import { arp, bytes, ethernet, ipv4, sealed, tcp, u32, udp } from "./frames.ts";
import type { Random } from "./random.ts";
import { isAgreed, synOptions } from "./stacks.ts";
import type { Stack } from "./stacks.ts";

/** A machine as the wire knows it. */
export interface Station {
  readonly mac: string;
  readonly ip: string;
  readonly stack: Stack;
  /** Elsewhere: the router whose card its frames carry. */
  readonly via?: Station;
}

interface Sent {
  /** Microseconds since 1970. */
  readonly at: number;
  readonly frame: Uint8Array;
}

type Side = "client" | "server";
export type Line = readonly [by: Side, message: Uint8Array];

interface Packet {
  readonly at: number;
  readonly from: Station;
  /** Null for a group, whose card follows from its address. */
  readonly to: Station | null;
  readonly toIp: string;
  readonly protocol: number;
  readonly ttl: number;
  readonly payload: Uint8Array;
}

export interface NamedTalk {
  readonly name: string;
  readonly client: string;
  readonly server: string;
  readonly transport: "tcp";
  readonly port: number;
}

const TCP = 6;
const UDP = 17;
const EVERYONE = "ff:ff:ff:ff:ff:ff";
const NOBODY = "00:00:00:00:00:00";
export const UNNUMBERED = "0.0.0.0";
export const MDNS_GROUP = "224.0.0.251";
export const LLMNR_GROUP = "224.0.0.252";
export const DISCOVERY_GROUP = "239.255.255.250";
/** RFC 6335 section 6: the ports for whoever asks. */
const FIRST_PORT = 49_152;
const LAST_PORT = 65_535;
const SEGMENT_BYTES_MAX = 1460;
const TIMESTAMP_BYTES = 12;
/** What is for a group stays on its network (RFC 1112 section 6.1), which mDNS says the other way round: RFC 6762 section 11. */
const GROUP_TTLS: ReadonlyMap<string, number> = new Map([
  [MDNS_GROUP, 255],
  [LLMNR_GROUP, 1],
  [DISCOVERY_GROUP, 1],
]);
/** How long a system remembers whose card an address is: minutes, with each another number of them. */
const REMEMBERED_US = 240_000_000;
const ASKED_BEFORE_US = 640;
const ANSWERED_BEFORE_US = 310;

export class Wire {
  readonly #random: Random;
  readonly #packets: Packet[] = [];
  readonly #others: Sent[] = [];
  readonly #ports = new Map<string, number>();
  /** What is said now has this name; what every day's work says has none. */
  #name: string | null = null;
  readonly #named = new Map<string, NamedTalk>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** Who opened connections to whom under this name, while it worked. */
  under(name: string, work: () => void): void {
    this.#name = name;
    work();
    this.#name = null;
  }

  named(): Iterable<NamedTalk> {
    return this.#named.values();
  }

  /** A frame that carries no IP. */
  link(at: number, frame: Uint8Array): void {
    this.#others.push({ at, frame });
  }

  asksWhoHas(at: number, from: Station, ip: string): void {
    this.link(at, question(from, ip));
  }

  /** `to` is a machine, or the address of a group. */
  datagram(at: number, from: Station, to: Station | string, fromPort: number, toPort: number, message: Uint8Array): void {
    const payload = udp({ from: fromPort, to: toPort }, message);
    const machine = typeof to === "string" ? null : to;
    const toIp = typeof to === "string" ? to : to.ip;
    const ttl = GROUP_TTLS.get(toIp) ?? from.stack.ttl;
    this.#packets.push({ at, from, to: machine, toIp, protocol: UDP, ttl, payload });
  }

  /** A connection from its first SYN to its last word. Every hop takes a fraction of a millisecond. */
  dialogue(at: number, client: Station, server: Station, port: number, lines: readonly Line[]): void {
    if (this.#name !== null) {
      const talk = { name: this.#name, client: client.ip, server: server.ip, transport: "tcp" as const, port };
      this.#named.set(Object.values(talk).join(" "), talk);
    }
    const ends = { client: this.#end(client), server: this.#end(server) };
    const ports = { client: this.freePort(client), server: port };
    const stamps = isAgreed("T", client.stack, server.stack);
    const segmentMax = SEGMENT_BYTES_MAX - (stamps ? TIMESTAMP_BYTES : 0);
    let now = at;
    const say = (by: Side, flags: string, payload?: Uint8Array) => {
      const other = by === "client" ? "server" : "client";
      const [from, to] = [ends[by], ends[other]];
      const clock = Math.floor(now / 1000 + from.clock) >>> 0;
      const options = flags.includes("S")
        ? synOptions(from.station.stack, flags === "SA" ? to.station.stack : null, clock, to.said)
        : stamps
          ? bytes([1, 1, 8, 10], u32(clock), u32(to.said))
          : undefined;
      const segment = tcp(
        {
          from: ports[by],
          to: ports[other],
          sequence: from.sequence,
          acknowledgment: flags === "S" ? 0 : to.sequence,
          flags,
          window: from.station.stack.window,
          ...(options === undefined ? {} : { options }),
        },
        payload,
      );
      const { ttl } = from.station.stack;
      this.#packets.push({ at: now, from: from.station, to: to.station, toIp: to.station.ip, protocol: TCP, ttl, payload: segment });
      from.said = clock;
      from.sequence = (from.sequence + (payload?.length ?? 0) + (/[SF]/.test(flags) ? 1 : 0)) >>> 0;
      now += 150 + this.#random.below(300);
    };
    say("client", "S");
    say("server", "SA");
    say("client", "A");
    for (const [by, message] of lines) {
      for (let from = 0; from < message.length; from += segmentMax) say(by, "PA", message.subarray(from, from + segmentMax));
      say(by === "client" ? "server" : "client", "A");
    }
    say("client", "FA");
    say("server", "FA");
    say("client", "A");
  }

  freePort(of: Station): number {
    const port = this.#ports.get(of.ip) ?? FIRST_PORT + this.#random.below(1_000);
    this.#ports.set(of.ip, port === LAST_PORT ? FIRST_PORT : port + 1);
    return port;
  }

  /** All that was said, as it passes. */
  inOrder(): readonly Sent[] {
    const packets = this.#packets.toSorted((a, b) => a.at - b.at);
    const counters = new Map<string, number>();
    const sent = packets.map((packet) => {
      const { mac } = packet.from;
      const id = ((counters.get(mac) ?? this.#random.below(0x1_0000)) + 1) & 0xffff;
      counters.set(mac, id);
      return { at: packet.at, frame: frameOf(packet, id) };
    });
    return [...this.#others, ...questions(packets), ...sent].toSorted((a, b) => a.at - b.at);
  }

  #end(station: Station) {
    // `said`: the last time stamp it sent, which the other end repeats.
    return { station, sequence: this.#random.below(0x7fff_ffff), clock: this.#random.below(0x7fff_ffff), said: 0 };
  }
}

function frameOf({ from, to, toIp, protocol, ttl, payload }: Packet, id: number): Uint8Array {
  const packet = ipv4({ protocol, from: from.ip, to: toIp, ttl, id, dontFragment: protocol === TCP }, payload);
  return sealed(ethernet({ type: 0x0800, from: from.mac, to: to?.mac ?? groupMac(toIp) }, packet));
}

/** Before a machine first speaks to another, and now and then again, it asks whose card that is (RFC 826); a router for those elsewhere. */
function* questions(packets: readonly Packet[]): Iterable<Sent> {
  const asked = new Map<string, number>();
  for (const { at, from, to } of packets) {
    if (to === null || from.ip === UNNUMBERED) continue;
    const [asker, owner] = [from.via ?? from, to.via ?? to];
    const pair = `${asker.ip} ${owner.ip}`;
    if (at - (asked.get(pair) ?? Number.NEGATIVE_INFINITY) < REMEMBERED_US) continue;
    asked.set(pair, at);
    // Who is asked learns the asker's card by the way.
    asked.set(`${owner.ip} ${asker.ip}`, at);
    yield { at: at - ASKED_BEFORE_US, frame: question(asker, owner.ip) };
    const answer = arp(2, [owner.mac, owner.ip], [asker.mac, asker.ip]);
    yield { at: at - ANSWERED_BEFORE_US, frame: ethernet({ type: 0x0806, from: owner.mac, to: asker.mac }, answer) };
  }
}

function question(asker: Station, ip: string): Uint8Array {
  return ethernet({ type: 0x0806, from: asker.mac, to: EVERYONE }, arp(1, [asker.mac, asker.ip], [NOBODY, ip]));
}

/** RFC 1112 section 6.4; any other address without a machine is a broadcast. */
function groupMac(ip: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = ip.split(".").map(Number);
  if (a < 224 || a > 239) return EVERYONE;
  return ["01", "00", "5e", ...[b & 0x7f, c, d].map((byte) => byte.toString(16).padStart(2, "0"))].join(":");
}
