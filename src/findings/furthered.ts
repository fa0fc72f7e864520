/**
 * Which findings are further evidence of others: what another watcher says of the same two at the same time, or of the same flow, is no
 * second story. Worked out whenever findings are shown, so it does not matter which of the two was read first.
 */
import type { About, Because, FindingParty, StoredFinding } from "../model/finding.ts";

/** What two programs' clocks may be apart, and what the slower of them takes to be sure. */
const APART_US = 2 * 60_000_000;
/** Of one finding: more say the same again. */
const FURTHER_MAX = 8;

interface One {
  readonly stored: StoredFinding;
  readonly detector: About;
}

interface Known {
  readonly partyOf: (endpoint: number) => FindingParty | null;
  /** Community IDs of the frames that are kept of it. */
  readonly flowsOf: (finding: StoredFinding) => ReadonlySet<string>;
}

export interface Furthered<Of extends One> {
  /** Those that stand for themselves, in their order. */
  readonly alone: readonly Of[];
  /** By id of a finding: what others say of it. */
  readonly further: ReadonlyMap<string, readonly Because[]>;
}

export function furthered<Of extends One>(all: readonly Of[], known: Known): Furthered<Of> {
  const evidence = all.filter(({ detector }) => detector.furthers === true);
  if (evidence.length === 0) return { alone: all, further: new Map() };
  const matching = new Matching(known);
  for (const { stored, detector } of all) if (detector.furthers !== true) matching.add(stored);
  const further = new Map<string, Because[]>();
  const joined = new Set<string>();
  for (const { stored } of evidence.toSorted((a, b) => a.stored.first - b.stored.first || (a.stored.id < b.stored.id ? -1 : 1))) {
    for (const { id } of matching.of(stored)) {
      joined.add(stored.id);
      further.set(id, [...(further.get(id) ?? []), ...stored.because].slice(0, FURTHER_MAX));
    }
  }
  return { alone: all.filter(({ stored }) => !joined.has(stored.id)), further };
}

class Matching {
  readonly #known: Known;
  readonly #byParty = new Map<string, Set<StoredFinding>>();
  readonly #parties = new Map<StoredFinding, ReadonlySet<string>>();
  readonly #flows = new Map<StoredFinding, ReadonlySet<string>>();
  readonly #names = new Map<number, string>();

  constructor(known: Known) {
    this.#known = known;
  }

  add(finding: StoredFinding): void {
    const parties = this.#partiesOf(finding);
    this.#parties.set(finding, parties);
    for (const party of parties) {
      const of = this.#byParty.get(party);
      if (of === undefined) this.#byParty.set(party, new Set([finding]));
      else of.add(finding);
    }
  }

  /** Findings it is evidence of. */
  of(evidence: StoredFinding): readonly StoredFinding[] {
    const parties = this.#partiesOf(evidence);
    const near = new Set([...parties].flatMap((it) => [...(this.#byParty.get(it) ?? [])]));
    return [...near].filter((it) => this.#isOfTheSame(it, parties, evidence) || this.#hasFlow(it, evidence));
  }

  /** Of a scan of thousands those beyond its list are of it too. */
  #isOfTheSame(finding: StoredFinding, parties: ReadonlySet<string>, { first, last }: StoredFinding): boolean {
    if (finding.first > last + APART_US || finding.last < first - APART_US) return false;
    const own = this.#parties.get(finding)!;
    return [...parties].every((it) => own.has(it)) || (finding.othersBeyond > 0 && parties.has(this.#nameOf(finding.about)));
  }

  /** Whatever their clocks say. */
  #hasFlow(finding: StoredFinding, { because }: StoredFinding): boolean {
    if (!because.some(({ flow }) => flow !== undefined)) return false;
    let flows = this.#flows.get(finding);
    if (flows === undefined) this.#flows.set(finding, (flows = this.#known.flowsOf(finding)));
    return because.some(({ flow }) => flow !== undefined && flows.has(flow));
  }

  #partiesOf({ about, others }: StoredFinding): ReadonlySet<string> {
    return new Set([about, ...others].filter((it) => it !== 0).map((it) => this.#nameOf(it)));
  }

  /** A device is one under all its addresses; who is none yet is told by the address. */
  #nameOf(endpoint: number): string {
    let name = this.#names.get(endpoint);
    if (name === undefined) {
      const party = this.#known.partyOf(endpoint);
      this.#names.set(endpoint, (name = party?.device ?? party?.ip ?? party?.mac ?? String(endpoint)));
    }
    return name;
  }
}
