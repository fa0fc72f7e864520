/** What a model is: `families.tsv`, and what the site's own people add to it (`site-families.ts`). */
import { table } from "./table.ts";

/** One line of a table. */
export interface FamilyRow {
  readonly maker: string;
  /** As a device says them; a "*" at the end of one stands for the rest. */
  readonly models: readonly string[];
  readonly name: string;
  readonly kind: string;
  readonly source: string;
  /** Of the site's own file; absent for ours. */
  readonly line?: number;
}

interface Family extends Pick<FamilyRow, "maker" | "name" | "kind" | "line"> {
  /** The model stands in the table as it is, not only its beginning. */
  readonly exact: boolean;
}

export interface Families {
  /**
   * A whole model goes before a beginning, the longer beginning before the shorter, and of equal ones the site's before ours. Null for a
   * model nobody listed, and for one that several makers have when no maker is given.
   */
  of(model: string, maker: string | null): Family | null;
}

/** "Turbo", "X2", "3500": so short a model says what it is only beside its maker. */
const TELLING_LENGTH_MIN = 6;

export function loadFamilies(site: readonly FamilyRow[] = []): Families {
  const exact = new Map<string, Family[]>();
  const beginnings = new Map<string, Family[]>();
  for (const { maker, models, name, kind, line } of [...site, ...ourFamilies()]) {
    for (const model of models) {
      const isBeginning = model.endsWith("*");
      const family = { maker, name, kind, exact: !isBeginning, ...(line === undefined ? {} : { line }) };
      if (isBeginning) add(beginnings, spelled(model), family);
      else for (const spelling of new Set([spelled(model), spelled(`${maker} ${model}`)])) add(exact, spelling, family);
    }
  }
  const longest = [...beginnings.keys()].reduce((most, it) => Math.max(most, it.length), 0);

  return {
    of(model, maker) {
      const key = spelled(model);
      const found = exact.get(key) ?? beginningsOf(key);
      if (maker !== null) return found.find((family) => family.maker === maker) ?? null;
      // The site knows which of several makers' it has.
      const telling = found[0]?.line === undefined ? found : found.filter(({ line }) => line !== undefined);
      const only = new Set(telling.map((family) => family.maker)).size === 1;
      return only && key.length >= TELLING_LENGTH_MIN ? telling[0]! : null;
    },
  };

  /** The longest says most. Looked up by each length one may have: it takes no longer however many there are. */
  function beginningsOf(key: string): readonly Family[] {
    const found: Family[] = [];
    for (let length = Math.min(key.length, longest); length > 0; length--) found.push(...(beginnings.get(key.slice(0, length)) ?? []));
    return found;
  }
}

export function ourFamilies(): readonly FamilyRow[] {
  return table("families.tsv", 5).map(([maker = "", models = "", name = "", kind = "", source = ""]) => ({
    maker,
    models: models.split("; "),
    name,
    kind,
    source,
  }));
}

/** As models are compared: without case and punctuation. */
export function spelled(model: string): string {
  return model.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}+]+/gu, ""); // prettier-ignore
}

function add(to: Map<string, Family[]>, spelling: string, family: Family): void {
  const known = to.get(spelling);
  if (known === undefined) to.set(spelling, [family]);
  else known.push(family);
}
