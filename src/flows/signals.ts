/**
 * Counts that only packets show, summed over one second of packet time. The sensor counts and the core judges: nothing here knows what
 * is too much, except a floor below which a second is not worth saying.
 */
import type { SignalRow } from "../model/batch.ts";
import type { Batches } from "./batches.ts";
import { NOBODY } from "./hosts.ts";

/** In one second. Below these a ward is as it always is. */
const FLOOR = { broadcast: 50, multicast: 50, icmp: 10, contacts: 5, ports: 5, refusals: 3, addressConflict: 1 } as const;
type Kind = keyof typeof FLOOR;
const KINDS = Object.keys(FLOOR) as readonly Kind[];
/** Different subjects counted in one second; the rest is one line. */
const SUBJECTS_MAX = 4_096;
/** Different targets or ports remembered of one subject within the second. */
const DISTINCT_MAX = 1_024;

interface Count {
  readonly kind: Kind;
  readonly sender: number;
  readonly receiver: number;
  readonly vlan: number;
  count: number;
  failed: number;
  readonly distinct: Set<number>;
}

export class Signals {
  readonly #batches: Batches;
  readonly #counts = KINDS.map(() => new Map<number, Count>());
  #subjects = 0;
  #others = 0;

  constructor(batches: Batches) {
    this.#batches = batches;
  }

  /** `what` is one of the things told apart: a target, a port. */
  count(kind: Kind, sender: number, receiver: number, vlan: number, what: number, failed = false): void {
    // Numbers of hosts are below 2^22; a segment matters only where there is no subject.
    const key = sender === NOBODY ? vlan : sender * 0x40_0000 + receiver;
    const counts = this.#counts[KINDS.indexOf(kind)]!;
    let it = counts.get(key);
    if (it === undefined) {
      if (this.#subjects >= SUBJECTS_MAX) {
        this.#others++;
        return;
      }
      this.#subjects++;
      counts.set(key, (it = { kind, sender, receiver, vlan, count: 0, failed: 0, distinct: new Set() }));
    }
    it.count++;
    if (failed) it.failed++;
    if (it.distinct.size < DISTINCT_MAX) it.distinct.add(what);
  }

  /** The second is over. Told in the order in which its subjects first came. */
  second(at: number): void {
    if (this.#subjects === 0) return;
    for (const it of this.#counts.flatMap((counts) => [...counts.values()]))
      if (it.count >= FLOOR[it.kind])
        this.#batches.signal(
          it.kind satisfies SignalRow[1],
          at,
          it.sender,
          it.receiver,
          it.vlan === 0 ? "untagged" : `vlan ${it.vlan}`,
          it.count,
          it.distinct.size,
          it.failed,
          it.count,
        );
    if (this.#others > 0) this.#batches.signal("others", at, NOBODY, NOBODY, "", this.#others, 0, 0, this.#others);
    for (const counts of this.#counts) counts.clear();
    this.#subjects = 0;
    this.#others = 0;
  }
}
