/**
 * Advisories a maker's devices were named in. Who the maker is is looked up, never likened; a model or a whole family must be named; that only
 * the maker is known is nothing to say of a device. One weakness for each advisory, with its vulnerabilities: that is what a technician asks the maker about
 * (advisory-examined.ts).
 */
import type { Advisory, AdvisoryProduct } from "../knowledge/advisories.ts";
import type { Target } from "../knowledge/advisory-products.ts";
import { spelled } from "../knowledge/families.ts";
import { perEdition } from "../knowledge/feeds.ts";
import { loadKnowledge, type Knowledge } from "../knowledge/index.ts";
import { LEAD_ASSERTED, LEAD_PROBABLY } from "../model/device.ts";
import type { AdvisoryMatch, Condition, Examined, FleetDevice } from "../model/weakness.ts";
import { examinedOf } from "./advisory-examined.ts";
import { sbomOf } from "./heard-sbom.ts";
import { ourVersion } from "./our-version.ts";
import { readVersionText, type VersionText } from "./version-text.ts";

export const advisory: Condition = {
  name: "advisory",
  kind: "vulnerability",
  title: "Named in an advisory",
  severity: "medium",
  harms: ["device"],
  remedy: "Ask the maker for the version that mends it, and have it installed while the device treats nobody.",
  control: null,
  cured: null,
  minutes: 60,
  source: "CISA's medical advisories (ICSMA), product and version words as published",
  misses:
    "Devices that never said their model; programs that say nothing of themselves on a network; what was published after the knowledge's day.",

  examine: (device) => ours()(device),
};
const ours = perEdition(() => advisoriesOf(loadKnowledge()));

/** An advisory's product, ready to be held against devices. */
export interface Entry {
  readonly advisory: Advisory;
  /** In the advisory's products. */
  readonly place: number;
  readonly product: AdvisoryProduct;
  readonly versions: VersionText;
  readonly target: Target;
}

/** An entry that names the device. */
export interface Match {
  readonly entry: Entry;
  readonly level: AdvisoryMatch["level"];
  /** Whether it is beyond doubt that it is this product. */
  readonly sure: boolean;
  readonly version: string | null;
  readonly versionText: string | null;
  readonly at: number;
  readonly because: string;
}

export function advisoriesOf(knowledge: Knowledge): (device: FleetDevice) => Iterable<Examined> {
  const byMaker = new Map<string, Entry[]>();
  const byComponent = new Map<string, Entry[]>();
  for (const entry of entriesOf(knowledge)) {
    const { target } = entry;
    if (target.is === "component") addTo(byComponent, target.component, entry);
    else addTo(byMaker, target.maker, entry);
  }
  /** As an SBOM may write them. */
  const named = new Map([...byComponent.keys()].map((it) => [spelled(it), it]));
  return function* (device) {
    const matches = [...namedMatches(device, byMaker, knowledge), ...componentMatches(device, byComponent, named, knowledge)];
    yield* examinedOf(device, matches, knowledge);
  };
}

function* entriesOf(knowledge: Knowledge): Generator<Entry> {
  const { advisories: all, advisoryProducts, makers } = knowledge;
  for (const advisory of all) {
    for (const [place, product] of advisory.products.entries()) {
      const told = advisoryProducts.targetOf(product.vendor, product.product);
      const target = told === "unknown" ? ofThatName(product, makers) : told;
      if (target !== null) yield { advisory, place, product, versions: versionsOf(product, knowledge), target };
    }
  }
}

export function versionsOf(
  { vendor, version }: AdvisoryProduct,
  { makers, families }: Pick<Knowledge, "makers" | "families">,
): VersionText {
  const maker = makers.called(vendor, "advisory").name;
  return readVersionText(version, (words) => families.of(words, maker) !== null);
}

/** Shorter ones are a word of many. */
const NAME_LENGTH_MIN = 3;

/** A product nobody wrote a line for, as makers' own advisories name them: the model that is called just so. */
function ofThatName({ vendor, product }: AdvisoryProduct, makers: Knowledge["makers"]): Target | null {
  const maker = makers.called(vendor, "advisory").name;
  const name = spelled(product);
  const short = name.startsWith(spelled(maker)) ? name.slice(spelled(maker).length) : name;
  return short.length < NAME_LENGTH_MIN ? null : { is: "models", maker, models: [name, short] };
}

function addTo<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

// Which entries name it. ----------------------------------------------------------------------------------------------------------

function* namedMatches(device: FleetDevice, byMaker: ReadonlyMap<string, readonly Entry[]>, knowledge: Knowledge): Generator<Match> {
  const { model } = device;
  if (model === null || model.lead < LEAD_PROBABLY) return;
  const told = device.maker !== null && device.maker.lead >= LEAD_PROBABLY ? device.maker.value : null;
  const byModel = knowledge.families.of(model.value, null)?.maker ?? null;
  const maker = told ?? byModel;
  if (maker === null) return;
  const sure = model.lead >= LEAD_ASSERTED && (byModel === maker || (device.maker?.lead ?? 0) >= LEAD_ASSERTED);
  for (const entry of byMaker.get(maker) ?? []) {
    const level = levelOf(entry.target, model.value, maker, knowledge);
    if (level === null) continue;
    const version = ourVersion(device, [maker, model.value, entry.product.product, entry.product.vendor], knowledge);
    yield {
      entry, level: level.named, sure: sure && !level.vague, version: version?.version ?? null, versionText: version?.text ?? null, at: version?.at ?? device.last,
      because: `It is ${sure ? "" : "probably "}${model.value} of ${maker}`,
    }; // prettier-ignore
  }
}

/** `vague`: only the family's name is known of it, and the advisory names some of its models. */
function levelOf(
  target: Target,
  model: string,
  maker: string,
  { families }: Knowledge,
): { readonly named: "model" | "family"; readonly vague: boolean } | null {
  if (target.is === "component") return null;
  const family = families.of(model, maker)?.name ?? null;
  if (target.is === "family") return family === target.family || spelled(model) === spelled(target.family) ? { named: "family", vague: false } : null; // prettier-ignore
  const key = spelled(model);
  const short = key.startsWith(spelled(maker)) ? key.slice(spelled(maker).length) : key;
  if (target.models.some((it) => it === key || it === short)) return { named: "model", vague: false };
  return target.models.some((it) => it.endsWith("*") && short.startsWith(it.slice(0, -1))) ? { named: "family", vague: false } : null;
}

function* componentMatches(
  device: FleetDevice,
  byComponent: ReadonlyMap<string, readonly Entry[]>,
  named: ReadonlyMap<string, string>,
  knowledge: Knowledge,
): Generator<Match> {
  const found = new Map<string, Match[]>();
  for (const { attribute, value, last } of device.said) {
    for (const { component, version } of knowledge.components.of(attribute, value)) {
      for (const entry of byComponent.get(component) ?? [])
        addTo(found, component, {
          entry, level: "component", sure: true, version, versionText: version, at: last,
          because: `It says that ${component}${version === null ? "" : ` ${version}`} works in it: "${value}"`,
        }); // prettier-ignore
    }
  }
  const sbom = sbomOf(device, knowledge);
  for (const it of sbom?.sbom.components ?? []) {
    const component = named.get(spelled(it.name));
    for (const entry of component === undefined ? [] : (byComponent.get(component) ?? []))
      addTo(found, component!, { entry, level: "component", sure: sbom!.sure, version: it.version, versionText: it.version, at: device.last, because: sbom!.words(it) }); // prettier-ignore
  }
  for (const matches of found.values()) {
    // Said in two ways, one of them with the version.
    const telling = matches.filter(({ version }) => version !== null);
    yield* telling.length > 0 ? telling : matches;
  }
}
