/**
 * Flows of the same two machines, port and protocol, added up into one conversation while they are told. A resolver asked from a
 * thousand ports in a second is one row. Numbers in typed arrays, as a busy second has tens of thousands of them.
 */
import { SIDES, type ConversationRow, type SideKnown, type Transport } from "../model/batch.ts";
import { mix } from "./hash.ts";
import type { Spoken } from "./spoken.ts";
import { BytesA, BytesB, FirstAt, FlowFlag, Ip, LastAt, Word, type FlowTable } from "./table.ts";
import type { Verbs } from "./verbs.ts";

/** While the core is slow sums add up in place; different conversations beyond this are let go and counted. */
const ENTRIES_MAX = 262_144;
const INDEX_SIZE = 1 << 18;
/** Words of an entry; the last four pairs are 64-bit floats. */
const STRIDE = 22;
const At = {
  next: 0, hash: 1, client: 2, server: 3, transport: 4, port: 5, protocol: 6, verbs: 7, toServer: 8, toClient: 9, answered: 10, refused: 11,
  side: 12, spoken: 13,
} as const; // prettier-ignore
const Sum = { toServer: 7, toClient: 8, first: 9, last: 10 } as const;

export class ConversedTable {
  size = 0;

  readonly #spoken: Spoken;
  readonly #verbs: Verbs;
  readonly #words = new Uint32Array((ENTRIES_MAX + 1) * STRIDE);
  readonly #floats = new Float64Array(this.#words.buffer);
  readonly #index = new Uint32Array(INDEX_SIZE);
  #refused = 0;

  constructor(spoken: Spoken, verbs: Verbs) {
    this.#spoken = spoken;
    this.#verbs = verbs;
  }

  /** What the flow that begins at `base` of its table has to tell. */
  add(table: FlowTable, base: number, spoken: number): void {
    const flow = table.words;
    const flags = flow[base + Word.flags]!;
    const serverIsA = (flags & FlowFlag.serverIsA) !== 0;
    const client = flow[base + (serverIsA ? Word.hostB : Word.hostA)]!;
    const server = flow[base + (serverIsA ? Word.hostA : Word.hostB)]!;
    const port = table.port(base);
    const transport = flow[base + Word.transport]!;
    const protocol = flow[base + Word.protocol]!;
    const entry = this.#entry(client, server, transport, port, protocol);
    if (entry === 0) return;

    const words = this.#words;
    const floats = this.#floats;
    const at = entry * STRIDE;
    words[at + At.verbs] = this.#verbs.joined(words[at + At.verbs]!, flow[base + Word.verbs]!);
    words[at + At.toServer]! += flow[base + (serverIsA ? Word.packetsB : Word.packetsA)]!;
    words[at + At.toClient]! += flow[base + (serverIsA ? Word.packetsA : Word.packetsB)]!;
    words[at + At.answered]! += flow[base + Word.answered]!;
    words[at + At.refused]! += flow[base + Word.refused]!;
    words[at + At.spoken]! += spoken;
    words[at + At.side] = Math.min(words[at + At.side]!, sideKnown(flags));
    const sums = at >>> 1;
    const half = base >>> 1;
    floats[sums + Sum.toServer]! += table.floats[half + (serverIsA ? BytesB : BytesA)]!;
    floats[sums + Sum.toClient]! += table.floats[half + (serverIsA ? BytesA : BytesB)]!;
    floats[sums + Sum.first] = Math.min(floats[sums + Sum.first]!, table.floats[half + FirstAt]!);
    floats[sums + Sum.last] = Math.max(floats[sums + Sum.last]!, table.floats[half + LastAt]!);
  }

  client(entry: number): number {
    return this.#words[entry * STRIDE + At.client]!;
  }

  server(entry: number): number {
    return this.#words[entry * STRIDE + At.server]!;
  }

  /** Number `entry`, from 1, in the order they were first told; `place` is where the row finds an address. */
  row(entry: number, place: (host: number) => number): ConversationRow {
    const words = this.#words;
    const at = entry * STRIDE;
    const sums = at >>> 1;
    const protocol = words[at + At.protocol]!;
    return [
      place(words[at + At.client]!),
      place(words[at + At.server]!),
      transportOf(words[at + At.transport]!),
      words[at + At.port]!,
      this.#spoken.name(protocol),
      this.#verbs.list(words[at + At.verbs]!),
      words[at + At.toServer]!,
      words[at + At.toClient]!,
      this.#floats[sums + Sum.toServer]!,
      this.#floats[sums + Sum.toClient]!,
      words[at + At.answered]!,
      words[at + At.refused]!,
      this.#floats[sums + Sum.first]!,
      this.#floats[sums + Sum.last]!,
      SIDES[words[at + At.side]!]!,
      this.#spoken.protocol(protocol)?.encrypted === true ? 1 : 0,
      words[at + At.spoken]!,
    ];
  }

  /** All of it was told. */
  clear(): void {
    const words = this.#words;
    for (let entry = 1; entry <= this.size; entry++) this.#index[words[entry * STRIDE + At.hash]! & (INDEX_SIZE - 1)] = 0;
    this.size = 0;
  }

  /** What flows had to tell and was let go because there were too many, since the last call. */
  takeRefused(): number {
    const taken = this.#refused;
    this.#refused = 0;
    return taken;
  }

  /** Found or made; 0 when there is no room. */
  #entry(client: number, server: number, transport: number, port: number, protocol: number): number {
    const words = this.#words;
    const hash = mix(mix(client, server), mix((port << 8) | protocol, transport));
    const bucket = hash & (INDEX_SIZE - 1);
    for (let entry = this.#index[bucket]!; entry !== 0; entry = words[entry * STRIDE]!) {
      const at = entry * STRIDE;
      if (
        words[at + At.hash] === hash &&
        words[at + At.client] === client &&
        words[at + At.server] === server &&
        words[at + At.port] === port &&
        words[at + At.protocol] === protocol &&
        words[at + At.transport] === transport
      )
        return entry;
    }
    if (this.size >= ENTRIES_MAX) {
      this.#refused++;
      return 0;
    }
    const entry = ++this.size;
    const at = entry * STRIDE;
    words.fill(0, at, at + STRIDE);
    words[at] = this.#index[bucket]!;
    this.#index[bucket] = entry;
    words[at + At.hash] = hash;
    words[at + At.client] = client;
    words[at + At.server] = server;
    words[at + At.transport] = transport;
    words[at + At.port] = port;
    words[at + At.protocol] = protocol;
    words[at + At.side] = SIDES.length - 1;
    this.#floats[(at >>> 1) + Sum.first] = Number.POSITIVE_INFINITY;
    return entry;
  }
}

/** By the number IP gives it (IANA, Assigned Internet Protocol Numbers). */
export function transportOf(ipProtocol: number): Transport {
  switch (ipProtocol) {
    case Ip.tcp:
      return "tcp";
    case Ip.udp:
      return "udp";
    case Ip.sctp:
      return "sctp";
    case Ip.icmp:
    case Ip.icmp6:
      return "icmp";
    default:
      return "ip";
  }
}

const Side = Object.fromEntries(SIDES.map((name, place) => [name, place])) as Readonly<Record<SideKnown, number>>;

/** A place in SIDES. */
function sideKnown(flags: number): number {
  if ((flags & (FlowFlag.syn | FlowFlag.synAck)) !== 0) return Side.handshake;
  if ((flags & FlowFlag.sideByProtocol) !== 0) return Side.protocol;
  return (flags & FlowFlag.sideByPort) !== 0 ? Side.port : Side.guessed;
}
