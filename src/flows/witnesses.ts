/**
 * The frames that made a second's count, as evidence: the first 4 and the last 4, each cut after its transport header, where what was
 * said begins. Of frames without IP, ARP and spanning tree speak of addresses alone and stay; what others carry nobody knows, and some
 * bedside devices speak to each other that way.
 */
import type { Witness } from "../model/batch.ts";
import type { Packet } from "../model/packet.ts";

const FIRST = 4;
const LAST = 4;
const WITNESS_BYTES_MAX = 128;
/** ARP over Ethernet with its padding (RFC 826), and a bridge's message (IEEE 802.1Q section 14). */
const LINK_BYTES_MAX = 60;
const OF_ADDRESSES_ALONE: ReadonlySet<number> = new Set([0x0806, 0x42]);
/** RFC 792: type, code, checksum and two numbers; the packet it quotes is not kept. */
const ICMP_BYTES = 8;
/** Where only a fragment is at hand, or a datagram put together from several, no more of it than Ethernet and IPv4 headers. */
const FRAGMENT_BYTES_MAX = 34;
const ICMP_PROTOCOLS: ReadonlySet<number> = new Set([1, 58]);

export class Witnesses {
  readonly #first: Kept[] = [];
  /** Filled in turn once the first are there. */
  readonly #last: Kept[] = [];
  /** Frames that were added. */
  count = 0;

  add(packet: Packet): void {
    // One frame may count twice in a second, as of two things; it is one witness.
    if (this.#newest?.frameNumber === packet.frameNumber && this.#newest.at === packet.at) return;
    this.count++;
    if (this.#first.length < FIRST) this.#first.push(kept(packet));
    else if (this.#last.length < LAST) this.#last.push(kept(packet));
    else this.#last[(this.count - FIRST - 1) % LAST] = kept(packet);
  }

  rows(): readonly Witness[] {
    const all = [...this.#first, ...this.#last].sort((a, b) => a.at - b.at || a.frameNumber - b.frameNumber);
    return all.map(({ at, frameNumber, wireLength, linkType, bytes }) => [at, frameNumber, wireLength, bytes.toString("base64"), linkType]);
  }

  get #newest(): Kept | undefined {
    if (this.#last.length === 0) return this.#first.at(-1);
    return this.#last[(this.count - FIRST - 1) % LAST];
  }
}

interface Kept {
  readonly at: number;
  readonly frameNumber: number;
  readonly wireLength: number;
  readonly linkType: number;
  readonly bytes: Buffer;
}

function kept(packet: Packet): Kept {
  const { at, frameNumber, wireLength, linkType, frameBytes, frameStart } = packet;
  return { at, frameNumber, wireLength, linkType, bytes: Buffer.from(frameBytes.subarray(frameStart, frameStart + lengthOf(packet))) };
}

function lengthOf({
  bytes,
  frameBytes,
  frameStart,
  frameEnd,
  payloadStart,
  payloadEnd,
  family,
  etherType,
  ipProtocol,
  isFragment,
  hasTransport,
}: Packet): number {
  const length = frameEnd - frameStart;
  if (family === 0 && OF_ADDRESSES_ALONE.has(etherType)) return Math.min(length, LINK_BYTES_MAX);
  if (bytes !== frameBytes || isFragment) return Math.min(length, FRAGMENT_BYTES_MAX);
  const icmp = !hasTransport && ICMP_PROTOCOLS.has(ipProtocol) ? ICMP_BYTES : 0;
  return Math.min(length, payloadStart - frameStart + Math.min(icmp, payloadEnd - payloadStart), WITNESS_BYTES_MAX);
}
