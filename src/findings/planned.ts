/**
 * Which announced work a finding lies inside of: all of it, or none covers it. Another source, another target, a moment before or after,
 * or another kind of finding goes beyond what was announced, and then it stands as if nothing had been.
 */
import { ipWords } from "../bytes/address.ts";
import { Networks } from "../bytes/networks.ts";
import { loadKinds } from "../knowledge/kinds.ts";
import type { FindingParty, StoredFinding, Watch } from "../model/finding.ts";
import { isInPlace } from "../model/place.ts";
import { PLANNABLE, partsOf, type PlannedWork } from "../model/planned.ts";

export class PlannedWorks {
  readonly #scopes: readonly Scope[];

  constructor(works: readonly PlannedWork[]) {
    const kinds = loadKinds();
    this.#scopes = works.map((work) => ({ work, by: new Whom(work.by, kinds), where: new Whom(work.where, kinds), kinds: kindsOf(work) }));
  }

  /** The first that covers all of it; null where none does. `parties`: the two sides, null for whom nobody knows any more. */
  covering(finding: StoredFinding, watch: Pick<Watch, "name" | "family" | "subject">, partyOf: PartyOf): PlannedWork | null {
    if (!PLANNABLE.includes(watch.family)) return null;
    const inTime = this.#scopes.filter(
      ({ work, kinds }) => finding.first >= work.from && finding.last <= work.to && (kinds.has(watch.family) || kinds.has(watch.name)),
    );
    if (inTime.length === 0) return null;
    const sides = sidesOf(finding, watch, partyOf);
    return inTime.find(({ by, where }) => isInside(sides, by, where))?.work ?? null;
  }
}

type PartyOf = (endpoint: number) => FindingParty | null;

interface Scope {
  readonly work: PlannedWork;
  readonly by: Whom;
  readonly where: Whom;
  readonly kinds: ReadonlySet<string>;
}

function kindsOf({ kind }: PlannedWork): ReadonlySet<string> {
  return new Set(kind === "" ? ["hazard"] : partsOf(kind));
}

interface Sides {
  /** Who did it, and to whom. Which of the two somebody is may be unknown: then he is of either. */
  readonly sources: readonly (FindingParty | null)[];
  readonly targets: readonly (FindingParty | null)[];
  readonly either: readonly (FindingParty | null)[];
}

/** The subject stands first in a story's key, and says which side it is. Those beyond the list, and a segment, are somebody unknown. */
function sidesOf({ about, others, othersBeyond, key }: StoredFinding, { subject }: Pick<Watch, "subject">, partyOf: PartyOf): Sides {
  const known = [about, ...others].filter((it) => it !== 0).map(partyOf);
  const unknown = about === 0 || othersBeyond > 0 ? [null] : [];
  const address = key.split(" ")[0]!.split("/")[1];
  const isSubject = (it: FindingParty | null) => it !== null && address !== undefined && (it.ip === address || it.mac === address);
  const own = known.filter(isSubject);
  const rest = [...known.filter((it) => !isSubject(it)), ...unknown];
  if (own.length === 0 || !(subject === "sender" || subject === "pair" || subject === "receiver"))
    return { sources: [], targets: [], either: [...known, ...unknown] };
  return subject === "receiver" ? { sources: rest, targets: own, either: [] } : { sources: own, targets: rest, either: [] };
}

function isInside({ sources, targets, either }: Sides, by: Whom, where: Whom): boolean {
  return (
    sources.every((it) => by.has(it)) &&
    targets.every((it) => where.has(it)) &&
    either.every((it) => by.has(it) || where.has(it)) &&
    (either.length === 0 || [by, where].every((whom) => whom.isAnybody || either.some((it) => whom.has(it))))
  );
}

/** Networks, addresses, names, places, kinds: whoever one of them names. */
class Whom {
  readonly isAnybody: boolean;
  readonly #networks: Networks;
  readonly #words: readonly string[];
  readonly #kinds: ReadonlySet<string>;
  readonly #all: ReturnType<typeof loadKinds>;

  constructor(text: string, kinds: ReturnType<typeof loadKinds>) {
    const parts = partsOf(text);
    this.isAnybody = parts.length === 0;
    this.#networks = new Networks(parts.flatMap((it) => networkIn(it) ?? []));
    this.#words = parts.filter((it) => networkIn(it) === null).map((it) => it.toLowerCase());
    this.#kinds = new Set(parts.flatMap((it) => kinds.called(it) ?? []));
    this.#all = kinds;
  }

  has(party: FindingParty | null): boolean {
    if (this.isAnybody) return true;
    if (party === null) return false;
    const { ip, mac, name, location, kind } = party;
    const words = ip === null ? null : ipWords(ip);
    return (
      (words !== null && this.#networks.has(words.family, ...words.words)) ||
      this.#words.some((it) => it === name.toLowerCase() || it === mac || isInPlace(location, it)) ||
      (kind !== null && this.#all.lineOf(kind).some((it) => this.#kinds.has(it)))
    );
  }
}

/** An address is a network of one. Null where it is neither. */
function networkIn(text: string): string | null {
  const [address = "", length] = text.split("/");
  const words = ipWords(address);
  const bits = words?.family === 4 ? 32 : 128;
  if (words === null || (length !== undefined && !(/^\d{1,3}$/.test(length) && Number(length) <= bits))) return null;
  return `${address}/${length ?? bits}`;
}
