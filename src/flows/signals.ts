/** Counts that only packets show, summed over one second of packet time. What is counted, and from how many on it is told, stands in model/signal.ts. */
import type { Witness } from "../model/batch.ts";
import type { Packet } from "../model/packet.ts";
import { notables, type Notable } from "../model/notable.ts";
import { SIGNAL_KINDS, signalKinds, type SignalKind, type SignalWhat } from "../model/signal.ts";
import type { Batches } from "./batches.ts";
import { hashText, mix } from "./hash.ts";
import { NOBODY } from "./hosts.ts";
import { Recently } from "./recently.ts";
import { Witnesses } from "./witnesses.ts";

/** Different subjects counted in one second; the rest is one line. */
const SUBJECTS_MAX = 4_096;
/** Different things remembered of one subject within the second. */
const DISTINCT_MAX = 1_024;
/** What was told apart stays known for so long: over it, the sums of `distinct` of what is not told every second count each thing once. */
const KNOWN_SECONDS = 300;

interface Count {
  readonly kind: SignalKind;
  readonly what: SignalWhat;
  readonly sender: number;
  readonly receiver: number;
  readonly vlan: number;
  count: number;
  failed: number;
  amount: number;
  readonly distinct: Set<number>;
  /** Of what is told whatever its number: those not heard in the last minutes. */
  fresh: number;
  readonly witnesses: Witnesses | null;
}

export class Signals {
  /** The frame at hand; null while time passes or an input ends, when what is counted has none. */
  packet: Packet | null = null;

  readonly #batches: Batches;
  readonly #counts = SIGNAL_KINDS.map(() => new Map<number, Count>());
  /** Of kinds that tell apart what it is: by kind and that. */
  readonly #named = new Map<string, Map<number, Count>>();
  readonly #known = new Recently(KNOWN_SECONDS);
  /** By protocol and pair: log-ins taken since a refusal was last told, and since when. The oldest goes first. */
  readonly #accepted = new Map<string, { count: number; since: number }>();
  #subjects = 0;
  #others = 0;

  constructor(batches: Batches) {
    this.#batches = batches;
  }

  /** `thing` is one of those told apart: a target, a port, the hash of a name. `amount` adds up. */
  count(
    kind: SignalKind,
    sender: number,
    receiver: number,
    vlan: number,
    thing: number,
    failed = false,
    what: SignalWhat = "",
    amount = 0,
  ): void {
    const counts = what === "" ? this.#counts[SIGNAL_KINDS.indexOf(kind)] : this.#named.get(`${kind} ${what}`);
    // Numbers of hosts are below 2^22; a segment matters only where there is no subject.
    const key = sender === NOBODY ? vlan : sender * 0x40_0000 + receiver;
    let it = counts?.get(key);
    if (it === undefined) {
      // Before there is a place for its name: who sends may choose as many as he likes.
      if (this.#subjects >= SUBJECTS_MAX) {
        this.#others++;
        return;
      }
      this.#subjects++;
      const witnesses = signalKinds[kind].witness === true ? new Witnesses() : null;
      (counts ?? this.#ofNamed(`${kind} ${what}`)).set(
        key,
        (it = { kind, what, sender, receiver, vlan, count: 0, failed: 0, amount: 0, distinct: new Set(), fresh: 0, witnesses }),
      );
    }
    it.count++;
    if (failed) it.failed++;
    it.amount += amount;
    if (it.distinct.size < DISTINCT_MAX && !it.distinct.has(thing)) {
      it.distinct.add(thing);
      // Host numbers are of this input, as the table of what is known is.
      if (what !== "" && this.#known.isNew(mix(mix(mix(hashText(`${kind} ${what}`), sender), receiver), thing), this.packet?.at ?? 0))
        it.fresh++;
    }
    if (it.witnesses !== null && this.packet !== null) it.witnesses.add(this.packet);
  }

  /** A log-in was taken: no signal of its own, but told with the next refusal between these two, so that the share that is refused is known. */
  accepted(sender: number, receiver: number, what: SignalWhat, at: number): void {
    const key = `${what} ${sender} ${receiver}`;
    const it = this.#accepted.get(key);
    if (it !== undefined && at - it.since < KNOWN_SECONDS * 1_000_000) {
      it.count++;
      return;
    }
    if (it === undefined && this.#accepted.size >= SUBJECTS_MAX) this.#accepted.delete(this.#accepted.keys().next().value!);
    this.#accepted.set(key, { count: 1, since: at });
  }

  /** The second is over. Told in the order in which its subjects first came. */
  second(at: number): void {
    if (this.#subjects === 0) return;
    for (const counts of [...this.#counts, ...this.#named.values()])
      for (const it of counts.values()) if (it.count >= signalKinds[it.kind].floor && (it.fresh > 0 || !isOfNew(it))) this.#tell(it, at);
    if (this.#others > 0) this.#batches.signal(["others", NOBODY, NOBODY], at, "", "", this.#others, 0, 0, 0);
    for (const counts of this.#counts) counts.clear();
    this.#named.clear();
    this.#subjects = 0;
    this.#others = 0;
  }

  #tell({ kind, what, sender, receiver, vlan, count, distinct, fresh, failed, amount, witnesses }: Count, at: number): void {
    const segment = vlan === 0 ? "untagged" : `vlan ${vlan}`;
    const apart = what === "" ? distinct.size : fresh;
    const all = kind === "refusals" ? count + this.#takeAccepted(`${what.replace(/ user$/, "")} ${sender} ${receiver}`, at) : count;
    this.#batches.signal([kind, sender, receiver], at, segment, what, all, apart, failed, amount, witnesses?.rows() ?? NO_WITNESSES);
  }

  #takeAccepted(key: string, at: number): number {
    const it = this.#accepted.get(key);
    this.#accepted.delete(key);
    return it === undefined || at - it.since >= KNOWN_SECONDS * 1_000_000 ? 0 : it.count;
  }

  #ofNamed(name: string): Map<number, Count> {
    let counts = this.#named.get(name);
    if (counts === undefined) this.#named.set(name, (counts = new Map()));
    return counts;
  }
}

/** Of some notable things only new ones are worth a line. */
function isOfNew({ kind, what }: Count): boolean {
  return kind === "notable" && notables[what.split(" ", 1)[0] as Notable].ofNew === true;
}

const NO_WITNESSES: readonly Witness[] = [];
