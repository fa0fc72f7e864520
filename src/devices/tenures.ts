/**
 * Whom an IP belonged to, and when, as others wrote it down: leases and ARP tables say which MAC had it at which moments.
 *
 * It is asked only where no frame says whose the IP is, as with everything behind a router. What was heard of the IP between two moments
 * is its holder's, when one MAC held it all that time; else nobody's, since what frames carried is summed and cannot be parted any more.
 */

/** What was written down longer before or after than this tells nothing: identity notes 8 halve it each week, and this is where it falls below "probably". */
const REACH_SECONDS = 14 * 86_400;

/** From the first to the last moment it was written down; in seconds since 1970. */
interface Tenure {
  readonly mac: number;
  from: number;
  to: number;
}

export class Tenures {
  readonly #ofIp = new Map<number, Tenure[]>();
  readonly #holders = new Map<number, number>();
  #waiting = new Set<number>();

  tell(ip: number, mac: number, from: number, to: number): void {
    const tenures = this.#ofIp.get(ip) ?? [];
    const known = tenures.find((it) => it.mac === mac);
    if (known !== undefined && known.from <= from && known.to >= to) return;
    if (known === undefined) tenures.push({ mac, from, to });
    else {
      known.from = Math.min(known.from, from);
      known.to = Math.max(known.to, to);
    }
    this.#ofIp.set(ip, tenures);
    this.#waiting.add(ip);
  }

  /** The IP was heard at other moments than before, or is handed on between machines. */
  heard(ip: number): void {
    if (this.#ofIp.has(ip)) this.#waiting.add(ip);
  }

  get waiting(): Iterable<number> {
    return this.#waiting;
  }

  /** Works out anew whose those are that wait. `heard`: from when to when an IP was; from 0 where it was not; null where it can be nobody's. */
  settle(heard: (ip: number) => readonly [from: number, to: number] | null): void {
    for (const ip of this.#waiting) {
      const span = heard(ip);
      this.#holders.set(ip, span === null ? 0 : holderOf(this.#ofIp.get(ip)!, ...span));
    }
    this.#waiting = new Set();
  }

  /** As of the last `settle`; 0 where nobody is told, or more than one. */
  holderOf(ip: number): number {
    return this.#holders.get(ip) ?? 0;
  }
}

function holderOf(tenures: readonly Tenure[], from: number, to: number): number {
  // What was never heard is with whom it was last.
  if (from === 0) return holderAt(tenures, Math.max(...tenures.map((it) => it.to)));
  const holder = holderAt(tenures, from);
  const isAnothers = tenures.some((it) => it.mac !== holder && it.from <= to && it.to >= from);
  return !isAnothers && holderAt(tenures, to) === holder ? holder : 0;
}

/** Who is written down for that moment; else who was last before it, since an address stays until another gets it; else who is next. */
function holderAt(tenures: readonly Tenure[], at: number): number {
  const then = tenures.filter((it) => it.from <= at && at <= it.to);
  if (then.length > 0) return only(then);
  const before = tenures.filter((it) => it.to < at && at - it.to <= REACH_SECONDS);
  if (before.length > 0) return only(before.filter((it) => it.to === Math.max(...before.map(({ to }) => to))));
  const after = tenures.filter((it) => it.from > at && it.from - at <= REACH_SECONDS);
  return only(after.filter((it) => it.from === Math.min(...after.map(({ from }) => from))));
}

function only(tenures: readonly Tenure[]): number {
  return tenures.length === 1 ? tenures[0]!.mac : 0;
}
