/**
 * Lines that may become one: of one family, one transport and one way. Here it is known what the policy lets through in it and what was
 * heard there, so what a wider line would newly reach.
 */
import type { PortRange } from "../model/policy.ts";
import type { Platform } from "../knowledge/switches.ts";
import { ICMP_ANSWERS } from "./evaluate.ts";
import type { Host, Permit, PermitList, Served } from "./permit-list.ts";
import { isWithin, joined, left, meets, openBits, widthOf, WORDS, wordsOf, type Box, type Ternary } from "./ternary.ts";

/** One device or port that was heard counts as much as so many addresses times ports at which nobody was. */
const SPACE_OF_ONE = 256;
/** Only after a person said so: nothing else is so dear. */
const LIFE_SUPPORTING = 1_000_000;

/** A type of ICMP, and a protocol, is a lane of its own: lists name no range of them. */
export function laneOf({ family, transport, way, ports }: Permit): string {
  const number = transport === "icmp" || transport === "ip" ? ` ${ports.from}-${ports.to}` : "";
  return `IPv${family} ${transport} ${way}${number}`;
}

/** What tells apart two operations of one range: not said to be so of transports everywhere, and counted so to be careful. */
export function sideOf({ family, transport, way }: Permit): string {
  return `IPv${family} ${transport} ${way}`;
}

interface Point {
  readonly bits: Ternary;
  readonly host: Host;
}

interface ServedPoint {
  readonly bits: Ternary;
  readonly served: Served;
  /** As lines of this lane name it. */
  readonly port: number;
}

interface Within {
  readonly is: Uint8Array;
  readonly count: number;
}

/** Some megabytes; then it is asked anew. */
const ASKED_MAX = 10_000;

export interface Reached {
  readonly served: Served;
  readonly by: readonly Host[];
}

export class Lane {
  readonly permits: readonly Permit[];
  readonly side: string;
  readonly #ends: 1 | 2;
  readonly #endWords: number;
  readonly #isByPrefix: boolean;
  readonly #clients: readonly Point[];
  readonly #served: readonly ServedPoint[];
  readonly #guarded: readonly Point[];
  /** By client and what is served, their places: heard, and permitted before anything is merged. Of lists that tell only the peer the client is 0. */
  readonly #permitted: ReadonlySet<number>;
  readonly #notPermitted: readonly ServedPoint[];
  readonly #permittedClients: Int32Array;
  readonly #permittedServed: Int32Array;
  /** Places of clients that serve, with what they serve: with itself no wall parts a device. */
  readonly #oneself: readonly (readonly [client: number, served: number])[];
  readonly #asked = new Map<string, Within>();

  constructor(permits: readonly Permit[], { ends, hosts, served }: PermitList, { masks }: Platform) {
    const [first] = permits;
    this.permits = permits;
    this.side = sideOf(first!);
    this.#ends = ends;
    this.#endWords = WORDS[first!.family];
    this.#isByPrefix = masks === "prefix" || first!.family === 6;
    const points = hosts.flatMap((host) => pointOf(host, this.#endWords) ?? []);
    this.#clients = ends === 2 ? points : [];
    this.#guarded = points.filter(({ host }) => host.lifeSupporting);
    const isBackToPeer = ends === 1 && first!.way === "back";
    this.#served = isBackToPeer ? answered(points, permits) : served.flatMap((it) => servedPointOf(it, first!, this.#endWords) ?? []);
    this.#permitted = new Set(permits.flatMap((permit) => [...this.#pairsIn(permit)]));
    const pairs = ends === 2 ? [...this.#permitted] : [];
    this.#permittedClients = Int32Array.from(pairs, (it) => Math.floor(it / this.#served.length));
    this.#permittedServed = Int32Array.from(pairs, (it) => it % this.#served.length);
    const placeOf = new Map(this.#clients.map(({ host }, client) => [host.address, client]));
    this.#oneself = this.#served.flatMap(({ served: it }, place) => {
      const client = placeOf.get(it.address);
      return client === undefined ? [] : [[client, place] as const];
    });
    this.#notPermitted = ends === 2 ? [] : this.#served.filter((_, place) => !this.#permitted.has(place));
  }

  joined(a: Box, b: Box): Box {
    return joined(a, b, this.#isByPrefix ? this.#endWords : null);
  }

  /** What it would let through: what was heard and is newly reached, then how much there is of it at all. */
  costOf(box: Box, free = false): number {
    const space = 2 ** openBits(box.mask) * widthOf(box.ports);
    return this.#countReached(box) + space / SPACE_OF_ONE + (free ? LIFE_SUPPORTING * this.endangered(box).length : 0);
  }

  /** Life-supporting devices to or from which it would newly let something through, on any port. */
  endangered(box: Box): Host[] {
    return this.#guarded.filter((it) => this.#opens(box, it)).map(({ host }) => host);
  }

  isEndangering(box: Box): boolean {
    return this.#guarded.some((it) => this.#opens(box, it));
  }

  #opens(box: Box, { bits }: Point): boolean {
    return this.#endsOf(box).some((end, at) => isWithin(bits, end) && this.#isWider(this.#only(box, bits, at)));
  }

  reached(boxes: readonly Box[]): Reached[] {
    const pairs = new Set(boxes.flatMap((box) => [...this.#pairsIn(box)]));
    const byServed = Map.groupBy([...pairs].filter((it) => !this.#permitted.has(it)).sort((a, b) => a - b), (it) => it % this.#served.length); // prettier-ignore
    return [...byServed]
      .sort(([a], [b]) => a - b)
      .map(([place, some]) => ({
        served: this.#served[place]!.served,
        by: this.#ends === 1 ? [] : some.map((it) => this.#clients[Math.floor(it / this.#served.length)]!.host),
      }));
  }

  #countReached(box: Box): number {
    if (this.#ends === 1) {
      let count = 0;
      for (const it of this.#notPermitted) if (isServedIn(it, box, box)) count++;
      return count;
    }
    // All pairs within, without those that were permitted before: there are few of these, and of all pairs there may be very many.
    const [first, last] = this.#endsOf(box);
    const served = this.#within(`${key(last!)} ${box.ports.from}-${box.ports.to}`, this.#served, (it) => isServedIn(it, last!, box));
    if (served.count === 0) return 0;
    const clients = this.#within(key(first!), this.#clients, ({ bits }) => isWithin(bits, first!));
    let known = 0;
    for (let at = 0; at < this.#permittedClients.length; at++)
      known += clients.is[this.#permittedClients[at]!]! & served.is[this.#permittedServed[at]!]!;
    for (const [client, place] of this.#oneself) known += clients.is[client]! & served.is[place]!;
    return clients.count * served.count - known;
  }

  /** Which of them are: asked for the same addresses again and again. */
  #within<One>(name: string, all: readonly One[], test: (one: One) => boolean): Within {
    let within = this.#asked.get(name);
    if (within === undefined) {
      const is = Uint8Array.from(all, (it) => Number(test(it)));
      within = { is, count: is.reduce((sum, it) => sum + it, 0) };
      if (this.#asked.size >= ASKED_MAX) this.#asked.clear();
      this.#asked.set(name, within);
    }
    return within;
  }

  *#pairsIn(box: Box): Generator<number> {
    const last = this.#endsOf(box).at(-1)!;
    const some = this.#served.flatMap((it, place) => (isServedIn(it, last, box) ? [place] : []));
    if (this.#ends === 1) return yield* some;
    if (some.length === 0) return;
    const [first] = this.#endsOf(box);
    for (const [client, { bits, host }] of this.#clients.entries())
      if (isWithin(bits, first!))
        for (const place of some) if (this.#served[place]!.served.address !== host.address) yield client * this.#served.length + place;
  }

  /** The one that is told, or the client's and the server's. */
  #endsOf(box: Ternary): readonly Ternary[] {
    if (this.#ends === 1) return [box];
    const { value, mask } = box;
    const part = (from: number, to: number) => ({ value: value.slice(from, to), mask: mask.slice(from, to) });
    return [part(0, this.#endWords), part(this.#endWords, 2 * this.#endWords)];
  }

  #only(box: Box, bits: Ternary, end: number): Box {
    const put = (of: "value" | "mask") => [...box[of].slice(0, end * this.#endWords), ...bits[of], ...box[of].slice((end + 1) * this.#endWords)]; // prettier-ignore
    return { value: put("value"), mask: put("mask"), ports: box.ports };
  }

  /** Than what the policy lets through. */
  #isWider(box: Box): boolean {
    return left(box, this.permits.filter((it) => meets(it, box))).length > 0; // prettier-ignore
  }
}

function key({ value, mask }: Ternary): string {
  return `${value.join(".")}/${mask.join(".")}`;
}

function isServedIn({ bits, port }: ServedPoint, address: Ternary, { ports }: Box): boolean {
  return ports.from <= port && port <= ports.to && isWithin(bits, address);
}

function pointOf(host: Host, words: number): Point | null {
  const value = wordsOf(host.address);
  return value?.length === words ? { bits: { value, mask: value.map(() => 0) }, host } : null;
}

/** Of a list on the port of one device: whoever was heard may newly be sent answers, from each port that answers anybody. */
function answered(points: readonly Point[], permits: readonly Permit[]): ServedPoint[] {
  const ports = [...new Set(permits.map(({ ports }) => ports.from))].sort((a, b) => a - b);
  const { transport } = permits[0]!;
  return points.flatMap(({ bits, host }) => ports.map((port) => ({ bits, served: { ...host, transport, port }, port })));
}

function servedPointOf(served: Served, { transport, way, ports, family }: Permit, words: number): ServedPoint | null {
  const point = pointOf(served, words);
  if (point === null) return null;
  if (transport === "ip" && isAny(ports)) return { bits: point.bits, served, port: 0 };
  if (served.transport !== transport) return null;
  const port = transport === "icmp" && way === "back" && !isAny(ports) ? answerOf(served.port, family) : served.port;
  return port === null ? null : { bits: point.bits, served, port };
}

const isAny = (ports: PortRange) => widthOf(ports) > 1;

function answerOf(type: number, family: Permit["family"]): number | null {
  const found = Object.entries(ICMP_ANSWERS[family]).find(([, question]) => question === type);
  return found === undefined ? null : Number(found[0]);
}
