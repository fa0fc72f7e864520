/** What is counted of an input's frames since the last batch: what could be heard, and what could not. */
import type { FrameCounts, LossCounts } from "../model/batch.ts";
import type { Packet, Trouble, Unheard } from "../model/packet.ts";

/** What `decode` counts, as totals. */
export interface DecoderCounts {
  readonly troubles: Readonly<Record<Trouble, number>>;
  readonly unheard: Readonly<Record<Unheard, number>>;
  readonly tunnelled: Readonly<Record<string, number>>;
  readonly cut: number;
  readonly limits: Readonly<Record<string, number>>;
}

/** VLAN ids told apart; the rest is "other". */
const VLANS_MAX = 64;

export class Coverage {
  copies = 0;
  routedCopies = 0;
  flowsTwoWay = 0;
  flowsOneWay = 0;
  gaps = 0;
  gapBytes = 0;
  drops = 0;
  timeBackwards = 0;
  /** Its number in the part. */
  lastFrame = 0;

  readonly #decoder: DecoderCounts;
  #before: DecoderCounts;
  #frames = 0;
  #bytes = 0;
  #broadcast = 0;
  #multicast = 0;
  readonly #vlans = new Uint32Array(4_096);
  #vlansSeen: number[] = [];
  #limits: Record<string, number> = {};

  constructor(decoder: DecoderCounts) {
    this.#decoder = decoder;
    this.#before = copyOf(decoder);
  }

  newPart(): void {
    this.lastFrame = 0;
  }

  frame(packet: Packet): void {
    this.#frames++;
    this.#bytes += packet.wireLength;
    this.lastFrame = packet.frameNumber;
    if (this.#vlans[packet.vlan]!++ === 0) this.#vlansSeen.push(packet.vlan);
  }

  group(everyone: boolean): void {
    if (everyone) this.#broadcast++;
    else this.#multicast++;
  }

  limit(name: string, count: number): void {
    if (count > 0) this.#limits[name] = (this.#limits[name] ?? 0) + count;
  }

  /** Everything since the last call. `malformed` is by protocol; what `decode` found wrong is added by layer. */
  take(malformed: Readonly<Record<string, number>>): { readonly frames: FrameCounts; readonly loss: LossCounts } {
    const now = copyOf(this.#decoder);
    const before = this.#before;
    this.#before = now;
    const frames: FrameCounts = {
      frames: this.#frames,
      bytes: this.#bytes,
      lastFrame: this.lastFrame,
      duplicates: this.copies,
      routedCopies: this.routedCopies,
      cut: now.cut - before.cut,
      timeBackwards: this.timeBackwards,
      malformed: { ...difference(now.troubles, before.troubles), ...malformed },
      unheard: difference(now.unheard, before.unheard),
      vlans: this.#takeVlans(),
      broadcast: this.#broadcast,
      multicast: this.#multicast,
      flowsTwoWay: this.flowsTwoWay,
      flowsOneWay: this.flowsOneWay,
      tunnelled: difference(now.tunnelled, before.tunnelled),
    };
    const limits = { ...this.#limits, ...difference(now.limits, before.limits) };
    const loss: LossCounts = { drops: this.drops, gaps: this.gaps, gapBytes: this.gapBytes, limits };
    this.#frames = this.#bytes = this.#broadcast = this.#multicast = 0;
    this.copies = this.routedCopies = this.flowsTwoWay = this.flowsOneWay = 0;
    this.gaps = this.gapBytes = this.drops = this.timeBackwards = 0;
    this.#limits = {};
    return { frames, loss };
  }

  #takeVlans(): Record<string, number> {
    const vlans: Record<string, number> = {};
    for (const [index, vlan] of this.#vlansSeen.entries()) {
      const name = index < VLANS_MAX ? String(vlan) : "other";
      vlans[name] = (vlans[name] ?? 0) + this.#vlans[vlan]!;
      this.#vlans[vlan] = 0;
    }
    this.#vlansSeen = [];
    return vlans;
  }
}

function copyOf({ troubles, unheard, tunnelled, cut, limits }: DecoderCounts): DecoderCounts {
  return { troubles: { ...troubles }, unheard: { ...unheard }, tunnelled: { ...tunnelled }, cut, limits: { ...limits } };
}

/** What grew, and by how much. */
function difference<Name extends string>(
  now: Readonly<Record<Name, number>>,
  before: Readonly<Record<Name, number>>,
): Partial<Record<Name, number>> & Record<string, number> {
  const grown: Record<string, number> = {};
  for (const name of Object.keys(now) as Name[]) {
    const by = now[name] - (before[name] ?? 0);
    if (by > 0) grown[name] = by;
  }
  return grown as Partial<Record<Name, number>> & Record<string, number>;
}
