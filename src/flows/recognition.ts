/** Which protocols are asked, and in which order: those that name the port first, then everyone else who could be meant. */
import type { Protocol, Side } from "../model/protocol.ts";

export interface Recognized {
  readonly protocol: Protocol;
  /** Who the sender is, as far as the payload says. */
  readonly side: Side;
}

type Layer = "tcp" | "udp";

export class Recognition {
  readonly #byPort: Readonly<Record<Layer, ReadonlyMap<number, readonly Protocol[]>>>;
  readonly #all: Readonly<Record<Layer, readonly Protocol[]>>;
  readonly #byEtherType: ReadonlyMap<number, readonly Protocol[]>;
  readonly #byIp: ReadonlyMap<number, readonly Protocol[]>;
  readonly #inside: ReadonlyMap<string, readonly Protocol[]>;

  constructor(protocols: readonly Protocol[]) {
    const byPort = { tcp: new Map<number, Protocol[]>(), udp: new Map<number, Protocol[]>() };
    const all = { tcp: [] as Protocol[], udp: [] as Protocol[] };
    const byEtherType = new Map<number, Protocol[]>();
    const byIp = new Map<number, Protocol[]>();
    const inside = new Map<string, Protocol[]>();
    for (const protocol of protocols)
      for (const carrier of protocol.over) {
        if ("ethernet" in carrier) add(byEtherType, carrier.ethernet, protocol);
        else if ("ip" in carrier) add(byIp, carrier.ip, protocol);
        else if ("inside" in carrier) add(inside, insideKey(carrier.inside, carrier.as ?? ""), protocol);
        else {
          const layer = "tcp" in carrier ? "tcp" : "udp";
          for (const port of "tcp" in carrier ? carrier.tcp : carrier.udp) add(byPort[layer], port, protocol);
          if (!all[layer].includes(protocol)) all[layer].push(protocol);
        }
      }
    this.#byPort = byPort;
    this.#all = all;
    this.#byEtherType = byEtherType;
    this.#byIp = byIp;
    this.#inside = inside;
  }

  /** Whether a protocol calls this port its own: what a direction may rest on when nothing better is known. */
  isKnownPort(layer: Layer, port: number): boolean {
    return this.#byPort[layer].has(port);
  }

  /** Whether one may expect this protocol at this port. */
  isAtHome(layer: Layer, protocol: Protocol, port: number): boolean {
    return protocol.atAnyPort === true || (this.#byPort[layer].get(port) ?? NONE).includes(protocol);
  }

  /** Whether whatever is spoken at this port is to be encrypted. */
  isForEncryption(layer: Layer, port: number): boolean {
    const hinted = this.#byPort[layer].get(port);
    return hinted !== undefined && hinted.every((it) => it.encrypted === true);
  }

  /** Who takes these bytes. `side` is what the sender is known to be. */
  ask(layer: Layer, message: Uint8Array, senderPort: number, receiverPort: number, side: Side): Recognized | null {
    const byPort = this.#byPort[layer];
    const hinted = byPort.get(receiverPort) ?? NONE;
    const hintedBack = byPort.get(senderPort) ?? NONE;
    for (const protocol of hinted) if (protocol.recognize(message, side)) return recognized(protocol, message, side);
    for (const protocol of hintedBack) if (protocol.recognize(message, side)) return recognized(protocol, message, side);
    for (const protocol of this.#all[layer])
      if (!hinted.includes(protocol) && !hintedBack.includes(protocol) && protocol.recognize(message, side))
        return recognized(protocol, message, side);
    return null;
  }

  overEtherType(etherType: number): readonly Protocol[] {
    return this.#byEtherType.get(etherType) ?? NONE;
  }

  overIp(ipProtocol: number): readonly Protocol[] {
    return this.#byIp.get(ipProtocol) ?? NONE;
  }

  /** Those who are `over` what protocol `name` hands on as `as`, then those who take anything of it. */
  insideOf(name: string, as: string): readonly Protocol[] {
    const exact = this.#inside.get(insideKey(name, as)) ?? NONE;
    return as === "" ? exact : [...exact, ...(this.#inside.get(insideKey(name, "")) ?? NONE)];
  }
}

/** Where the direction is not known, a payload that only one side would send tells it. */
function recognized(protocol: Protocol, message: Uint8Array, side: Side): Recognized {
  if (side !== "unknown") return { protocol, side };
  if (protocol.speaker !== undefined) return { protocol, side: protocol.speaker(message) };
  const client = protocol.recognize(message, "client");
  const server = protocol.recognize(message, "server");
  return { protocol, side: client === server ? "unknown" : client ? "client" : "server" };
}

function add<Key>(map: Map<Key, Protocol[]>, key: Key, protocol: Protocol): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [protocol]);
  else if (!list.includes(protocol)) list.push(protocol);
}

function insideKey(name: string, as: string): string {
  return `${name}\0${as}`;
}

const NONE: readonly Protocol[] = [];
