/** Machines that talk, as frames with their times: for captures of many devices, each with a MAC and an identification of its own. */
import { arp, ethernet, ipv4, tcp, udp, type Frame } from "./frames.ts";

export interface Machine {
  readonly mac: string;
  readonly ip: string;
  /** What its packets start from, or have left behind routers; 64 unless given. */
  readonly ttl?: number;
  readonly vlan?: number;
}

export const EVERYONE: Machine = { mac: "ff:ff:ff:ff:ff:ff", ip: "255.255.255.255" };

/** The MAC of an IPv4 group (RFC 1112 section 6.4). */
export function group(ip: string): Machine {
  const [, second, third, fourth] = ip.split(".").map(Number) as [number, number, number, number];
  return { mac: `01:00:5e:${[second & 127, third, fourth].map((byte) => byte.toString(16).padStart(2, "0")).join(":")}`, ip };
}

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_ARP = 0x0806;
const TCP = 6;
const UDP = 17;
/** What an Ethernet frame leaves for a segment. */
const SEGMENT_BYTES_MAX = 1460;
/** From one segment to the next. */
const GAP_US = 100;

function vlans({ vlan }: Machine): readonly number[] {
  return vlan === undefined ? [] : [vlan];
}

/** Times are microseconds since 1970. */
export class Lan {
  readonly #frames: Frame[] = [];
  #identification = 0;
  #port = 49_152;

  /** In order of time; what was said at one moment in the order it was said. */
  get frames(): Frame[] {
    return this.#frames.toSorted((a, b) => a.at! - b.at!);
  }

  frame(at: number, bytes: Uint8Array): void {
    this.#frames.push({ at, bytes });
  }

  ip(at: number, from: Machine, to: Machine, protocol: number, payload: Uint8Array): void {
    this.#identification = (this.#identification % 0xffff) + 1;
    const packet = ipv4({ protocol, from: from.ip, to: to.ip, ttl: from.ttl ?? 64, id: this.#identification }, payload);
    this.frame(at, ethernet({ from: from.mac, to: to.mac, type: ETHERTYPE_IPV4, vlans: vlans(from) }, packet));
  }

  /** Asks who wears `ip`, as each machine does of those it talks to. */
  arp(at: number, from: Machine, ip: string): void {
    const asks = arp(1, [from.mac, from.ip], ["00:00:00:00:00:00", ip]);
    this.frame(at, ethernet({ from: from.mac, to: EVERYONE.mac, type: ETHERTYPE_ARP, vlans: vlans(from) }, asks));
  }

  udp(at: number, from: Machine, to: Machine, ports: readonly [from: number, to: number], payload: Uint8Array): void {
    this.ip(at, from, to, UDP, udp({ from: ports[0], to: ports[1] }, payload));
  }

  /** Opens a connection: three segments. */
  connect(at: number, client: Machine, server: Machine, port: number): Connection {
    this.#port = this.#port === 65_535 ? 49_152 : this.#port + 1;
    return new Connection(this, at, client, server, [this.#port, port]);
  }
}

export class Connection {
  readonly #lan: Lan;
  readonly #ends: Readonly<Record<By, Machine>>;
  readonly #ports: Readonly<Record<By, number>>;
  readonly #next: Record<By, number> = { client: 1_000, server: 5_000 };

  constructor(lan: Lan, at: number, client: Machine, server: Machine, ports: readonly [client: number, server: number]) {
    this.#lan = lan;
    this.#ends = { client, server };
    this.#ports = { client: ports[0], server: ports[1] };
    this.#send(at, "client", "S");
    this.#send(at + GAP_US, "server", "SA");
    this.#send(at + 2 * GAP_US, "client", "A");
  }

  /** In segments; the other side acknowledges. */
  say(at: number, by: By, bytes: Uint8Array): this {
    let now = at;
    for (let from = 0; from < bytes.length; from += SEGMENT_BYTES_MAX, now += GAP_US)
      this.#send(now, by, "PA", bytes.subarray(from, from + SEGMENT_BYTES_MAX));
    this.#send(now, other(by), "A");
    return this;
  }

  close(at: number): void {
    this.#send(at, "client", "FA");
    this.#send(at + GAP_US, "server", "FA");
    this.#send(at + 2 * GAP_US, "client", "A");
  }

  #send(at: number, by: By, flags: string, payload?: Uint8Array): void {
    const segment = tcp(
      {
        from: this.#ports[by],
        to: this.#ports[other(by)],
        sequence: this.#next[by],
        acknowledgment: flags === "S" ? 0 : this.#next[other(by)],
        flags,
      },
      payload,
    );
    this.#lan.ip(at, this.#ends[by], this.#ends[other(by)], TCP, segment);
    this.#next[by] += (payload?.length ?? 0) + (/[SF]/.test(flags) ? 1 : 0);
  }
}

type By = "client" | "server";

function other(by: By): By {
  return by === "client" ? "server" : "client";
}
