/**
 * Which sites a core takes and which it gives away, worked out of who is there and who has what. Each core comes to it for itself, from
 * the same locks and by the same order, so they need not agree on anything; where two see different moments, the site's lock decides.
 */

/** Who is there, by name of site and number of core. */
export interface Look {
  readonly me: number;
  /** Cores that are there, and the sites each would take. */
  readonly ready: ReadonlyMap<number, ReadonlySet<string>>;
  /** The core of each site that has one; 0: one that takes this site alone. */
  readonly holders: ReadonlyMap<string, number>;
}

export interface Step {
  /** To be taken now. */
  readonly take: readonly string[];
  /** To be given away now; null: none. */
  readonly give: string | null;
}

/** What should go to another core and was left lying is anybody's: that core may stand still. */
const LEFT_LYING_MS = 6_000;
/** After a site was given away the next waits so long: sites move one by one, and each is written by somebody nearly all the time. */
const GIVE_REST_MS = 2_000;
/** One that came back was given to a core that does not take it: after so long it is tried again, and then after twice as long each time. */
const CAME_BACK_MS = 60_000;
const CAME_BACK_MS_MAX = 3_600_000;

export class Spreading {
  /** Since when a site has nobody. */
  readonly #free = new Map<string, number>();
  /** Sites we gave away: none of them goes again before `until`. */
  readonly #given = new Map<string, { readonly until: number; readonly ms: number }>();
  #restUntil = Number.NEGATIVE_INFINITY;

  /** `now` in milliseconds of any clock that does not run backwards. */
  step(look: Look, now: number): Step {
    const { me, ready, holders } = look;
    const counts = new Map([...ready.keys()].map((core) => [core, 0]));
    for (const core of holders.values()) if (counts.has(core)) counts.set(core, counts.get(core)! + 1);
    const mine = ready.get(me) ?? new Set<string>();
    const wanted = new Set([...ready.values()].flatMap((sites) => [...sites]));
    const free = [...wanted].filter((site) => !holders.has(site)).toSorted();
    for (const site of this.#free.keys()) if (!free.includes(site)) this.#free.delete(site);
    for (const site of free) if (!this.#free.has(site)) this.#free.set(site, now);
    const take = free.filter((site) => {
      const least = leastOf(site, look, counts);
      if (least !== undefined) counts.set(least, counts.get(least)! + 1);
      const isMine = least === me || (mine.has(site) && now - this.#free.get(site)! >= LEFT_LYING_MS);
      if (isMine) this.#cameBack(site, now);
      return isMine;
    });
    const give = free.length > 0 || now < this.#restUntil ? null : this.#surplus(look, counts, now);
    if (give !== null) {
      this.#restUntil = now + GIVE_REST_MS;
      this.#given.set(give, { until: 0, ms: this.#given.get(give)?.ms ?? CAME_BACK_MS / 2 });
    }
    return { take, give };
  }

  #cameBack(site: string, now: number): void {
    const given = this.#given.get(site);
    if (given === undefined || given.until > now) return;
    const ms = Math.min(CAME_BACK_MS_MAX, given.ms * 2);
    this.#given.set(site, { until: now + ms, ms });
  }

  /** A site that another core has at least two fewer than we have to take it: with one fewer it would only go to and fro. */
  #surplus({ me, ready, holders }: Look, counts: ReadonlyMap<number, number>, now: number): string | null {
    const own = counts.get(me) ?? 0;
    const isOurs = (site: string) => holders.get(site) === me && (this.#given.get(site)?.until ?? 0) <= now;
    const fewer = [...ready].filter(([core]) => core !== me && counts.get(core)! <= own - 2).map(([, sites]) => sites);
    return (
      [...holders.keys()]
        .filter(isOurs)
        .toSorted()
        .find((site) => fewer.some((sites) => sites.has(site))) ?? null
    );
  }
}

/** Of those that would take it the one with the fewest sites; among equals the lowest number. */
function leastOf(site: string, { ready }: Look, counts: ReadonlyMap<number, number>): number | undefined {
  const would = [...ready].filter(([, sites]) => sites.has(site)).map(([core]) => core);
  return would.toSorted((a, b) => counts.get(a)! - counts.get(b)! || a - b)[0];
}
