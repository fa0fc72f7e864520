/** Which devices an advisory's product is: `advisory-families.tsv`; and which program within a machine says so: `components.tsv`. */
import type { Attribute } from "../model/observation.ts";
import { spelled } from "./families.ts";
import type { Makers } from "./makers.ts";
import { table } from "./table.ts";

/** What an advisory's product is looked for as. */
export type Target =
  | { readonly is: "models"; readonly maker: string; /** As `spelled` writes them; a "*" at the end stands for the rest. */ readonly models: readonly string[] }
  | { readonly is: "family"; readonly maker: string; readonly family: string }
  | { readonly is: "component"; readonly component: string }; // prettier-ignore

export interface AdvisoryProducts {
  /** Null where nothing a network hears says it; "unknown" where no line speaks of it. */
  targetOf(vendor: string, product: string): Target | null | "unknown";
}

/** Nobody's product has a longer name; a longer one is no product we know. */
const NAME_LENGTH_MAX = 200;

export function loadAdvisoryProducts(makers: Makers): AdvisoryProducts {
  const rows = Map.groupBy(
    table("advisory-families.tsv", 4).map(([maker = "", pattern = "", models = ""]) => ({
      maker,
      pattern: new RegExp(`^(?:${pattern})$`),
      models,
    })),
    ({ maker }) => maker,
  );
  return {
    targetOf(vendor, product) {
      const maker = makers.called(vendor, "advisory").name;
      const name = named(product);
      if (name.length > NAME_LENGTH_MAX) return "unknown";
      for (const { pattern, models } of rows.get(maker) ?? []) {
        const found = pattern.exec(name);
        if (found !== null) return targetOf(maker, models, found[1] ?? "");
      }
      return "unknown";
    },
  };
}

function targetOf(maker: string, models: string, group: string): Target | null {
  if (models === "-") return null;
  const [, what, which] = /^(family|component):(.+)$/.exec(models) ?? [];
  if (what === "family") return { is: "family", maker, family: which! };
  if (what === "component") return { is: "component", component: which! };
  const written = models.replaceAll("$1", group).split("; ");
  return { is: "models", maker, models: written.map((model) => (model.endsWith("*") ? `${spelled(model)}*` : spelled(model))) };
}

/** "BD Alaris Point-of-Care Unit (PCU) Model 8015" as patterns are written: "bd alaris point of care unit pcu model 8015". */
export function named(product: string): string {
  return product.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}+]+/gu, " ").trim(); // prettier-ignore
}

export interface Component {
  readonly component: string;
  /** Null where it does not say, or whose version it says is not known. */
  readonly version: string | null;
}

export interface Components {
  /** What a claim says is within. */
  of(observed: Attribute, value: string): readonly Component[];
}

const INPUT_LENGTH_MAX = 256;

export function loadComponents(): Components {
  const rows = table("components.tsv", 5).map(([component = "", observed = "", pattern = "", version = ""]) => ({
    component,
    observed,
    pattern: new RegExp(pattern, "i"),
    version,
  }));
  return {
    of: (observed, value) =>
      rows.flatMap(({ component, pattern, version, ...row }) => {
        const found = row.observed === observed ? pattern.exec(value.slice(0, INPUT_LENGTH_MAX)) : null;
        if (found === null) return [];
        const said = found[1] ?? null;
        return [{ component, version: version === "" || said === null ? null : version === "digits" ? said.replace(/\B/g, ".") : said }];
      }),
  };
}
