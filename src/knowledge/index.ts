/** What is true before we listen. Text tables that people edit, and larger ones compiled; each is read when it is first asked for. */
import { loadAdvisories } from "./advisories.ts";
import type { Advisory } from "./advisories.ts";
import { loadAdvisoryProducts, loadComponents } from "./advisory-products.ts";
import type { AdvisoryProducts, Components } from "./advisory-products.ts";
import { loadExploited, loadLikelihood } from "./exploited.ts";
import type { Exploited } from "./exploited.ts";
import { loadFamilies } from "./families.ts";
import { perEdition } from "./feeds.ts";
import type { Families } from "./families.ts";
import { loadKinds } from "./kinds.ts";
import type { Kinds } from "./kinds.ts";
import { loadMakers } from "./makers.ts";
import type { Makers } from "./makers.ts";
import { loadPrefixes, ourRegistry } from "./prefixes.ts";
import type { Prefixes } from "./prefixes.ts";
import { loadRecog } from "./recog.ts";
import type { Recog } from "./recog.ts";
import { loadRecalls } from "./recalls.ts";
import type { PublishedRecall } from "../model/recall.ts";
import { siteRegistry } from "./registry.ts";
import { loadSeverities } from "./severities.ts";
import type { PublishedSeverity } from "./severities.ts";
import { loadSigns, loadWeights } from "./signs.ts";
import type { Signs, Weight } from "./signs.ts";
import { siteFamilies } from "./site-families.ts";
import { loadSupport } from "./support.ts";
import type { SupportRow } from "./support.ts";
import { loadStacks } from "./stacks.ts";
import type { Stacks } from "./stacks.ts";
import { loadSystems } from "./systems.ts";
import type { Systems } from "./systems.ts";

export interface Knowledge {
  readonly prefixes: Prefixes;
  readonly makers: Makers;
  readonly kinds: Kinds;
  readonly families: Families;
  readonly systems: Systems;
  readonly stacks: Stacks;
  readonly recog: Recog;
  readonly signs: Signs;
  /** By source. */
  readonly weights: ReadonlyMap<string, Weight>;
  readonly advisories: readonly Advisory[];
  readonly advisoryProducts: AdvisoryProducts;
  readonly components: Components;
  /** By CVE. */
  readonly exploited: ReadonlyMap<string, Exploited>;
  readonly likelihood: ReadonlyMap<string, number>;
  readonly severities: ReadonlyMap<string, PublishedSeverity>;
  readonly recalls: readonly PublishedRecall[];
  readonly support: readonly SupportRow[];
}

let loaded: Knowledge | null = null;

export function loadKnowledge(): Knowledge {
  loaded ??= lazily({
    prefixes: () => loadPrefixes(siteRegistry() ?? ourRegistry()),
    makers: loadMakers,
    kinds: loadKinds,
    families: () => loadFamilies(siteFamilies()),
    systems: loadSystems,
    stacks: loadStacks,
    recog: loadRecog,
    signs: loadSigns,
    weights: loadWeights,
    advisories: loadAdvisories,
    advisoryProducts: () => loadAdvisoryProducts(loadKnowledge().makers),
    components: loadComponents,
    exploited: loadExploited,
    likelihood: loadLikelihood,
    severities: loadSeverities,
    recalls: loadRecalls,
    support: loadSupport,
  });
  return loaded;
}

/** Made of what is published anew, which may be another while we run. */
const OF_FEEDS: ReadonlySet<string> = new Set<keyof Knowledge>([
  "advisories",
  "exploited",
  "likelihood",
  "recalls",
  "severities",
  "support",
]);

function once(load: () => unknown): () => unknown {
  let value: unknown;
  return () => (value ??= load());
}

function lazily(loaders: { readonly [Part in keyof Knowledge]: () => Knowledge[Part] }): Knowledge {
  const knowledge = {};
  for (const [part, load] of Object.entries(loaders)) {
    Object.defineProperty(knowledge, part, { enumerable: true, get: OF_FEEDS.has(part) ? perEdition<unknown>(load) : once(load) });
  }
  return knowledge as Knowledge;
}
