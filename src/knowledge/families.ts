/** What a model is: `families.tsv`. */
import { table } from "./table.ts";

interface Family {
  readonly maker: string;
  readonly name: string;
  readonly kind: string;
  /** The model stands in the table as it is, not only its beginning. */
  readonly exact: boolean;
}

export interface Families {
  /** Null for a model nobody listed, and for one that several makers have when no maker is given. */
  of(model: string, maker: string | null): Family | null;
}

/** "Turbo", "X2", "3500": so short a model says what it is only beside its maker. */
const TELLING_LENGTH_MIN = 6;

export function loadFamilies(): Families {
  const exact = new Map<string, Family[]>();
  const beginnings: { readonly start: string; readonly family: Family }[] = [];
  for (const [maker = "", models = "", name = "", kind = ""] of table("families.tsv", 5)) {
    for (const model of models.split("; ")) {
      if (model.endsWith("*")) {
        beginnings.push({ start: plain(model.slice(0, -1)), family: { maker, name, kind, exact: false } });
        continue;
      }
      const family = { maker, name, kind, exact: true };
      for (const spelling of new Set([plain(model), plain(`${maker} ${model}`)]))
        exact.set(spelling, [...(exact.get(spelling) ?? []), family]);
    }
  }
  // The longest beginning says most.
  beginnings.sort((a, b) => b.start.length - a.start.length || (a.start < b.start ? -1 : 1));

  return {
    of(model, maker) {
      const key = plain(model);
      const found = exact.get(key) ?? beginnings.filter(({ start }) => start !== "" && key.startsWith(start)).map(({ family }) => family);
      if (maker !== null) return found.find((family) => family.maker === maker) ?? null;
      const only = new Set(found.map((family) => family.maker)).size === 1;
      return only && key.length >= TELLING_LENGTH_MIN ? found[0]! : null;
    },
  };
}

function plain(model: string): string {
  return model.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}+]+/gu, ""); // prettier-ignore
}
