/**
 * Advisories a maker's devices were named in. Who the maker is is looked up, never likened; a model or a whole family must be named; that only
 * the maker is known is nothing to say of a device. One weakness for each advisory, with its vulnerabilities: that is what a technician asks the maker about.
 */
import type { Advisory, AdvisoryProduct } from "../knowledge/advisories.ts";
import type { Target } from "../knowledge/advisory-products.ts";
import { spelled } from "../knowledge/families.ts";
import { perEdition } from "../knowledge/feeds.ts";
import { loadKnowledge, type Knowledge } from "../knowledge/index.ts";
import { LEAD_ASSERTED, LEAD_PROBABLY } from "../model/device.ts";
import type { Severity } from "../model/finding.ts";
import type { AdvisoryMatch, Answer, Condition, Examined, Exploitability, FleetDevice } from "../model/weakness.ts";
import { ourVersion } from "./our-version.ts";
import { answerFor, readVersionText, type VersionText } from "./version-text.ts";

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
interface Entry {
  readonly advisory: Advisory;
  /** In the advisory's products. */
  readonly place: number;
  readonly product: AdvisoryProduct;
  readonly versions: VersionText;
  readonly target: Target;
}

/** An entry that names the device. */
interface Match {
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
  return function* (device) {
    const matches = [...namedMatches(device, byMaker, knowledge), ...componentMatches(device, byComponent, knowledge)];
    for (const own of Map.groupBy(matches, ({ entry }) => entry.advisory).values()) {
      const examined = examinedOf(device, own, knowledge);
      if (examined !== null) yield examined;
    }
  };
}

function* entriesOf({ advisories: all, advisoryProducts }: Knowledge): Generator<Entry> {
  for (const advisory of all) {
    for (const [place, product] of advisory.products.entries()) {
      const target = advisoryProducts.targetOf(product.vendor, product.product);
      if (target !== null && target !== "unknown") yield { advisory, place, product, versions: readVersionText(product.version), target };
    }
  }
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
  for (const matches of found.values()) {
    // Said in two ways, one of them with the version.
    const telling = matches.filter(({ version }) => version !== null);
    yield* telling.length > 0 ? telling : matches;
  }
}

// What they come to. --------------------------------------------------------------------------------------------------------------

interface Held {
  readonly match: Match;
  readonly answer: Answer;
}

function examinedOf(device: FleetDevice, matches: readonly Match[], knowledge: Knowledge): Examined | null {
  const held = matches.flatMap((match): Held[] => {
    const answer = answerFor(match.entry.versions, match.version);
    return answer === "not affected" ? [] : [{ match, answer: answer === "affected" && !match.sure ? "possible" : answer }];
  });
  if (held.length === 0) return null;
  const answer: Answer = held.some((it) => it.answer === "affected") ? "affected" : "possible";
  const deciding = held.filter((it) => it.answer === answer).map((it) => it.match);
  const { advisory } = deciding[0]!.entry;
  const places = new Set(deciding.map(({ entry }) => entry.place));
  const vulnerabilities = advisory.vulnerabilities.filter(({ affects }) => affects.some((place) => places.has(place)));
  if (vulnerabilities.length === 0) return null;
  const worst = vulnerabilities.reduce((most, it) => ((it.cvss ?? 0) > (most.cvss ?? 0) ? it : most));
  const cves = vulnerabilities.map(({ cve }) => cve);
  const { vendor, product } = deciding[0]!.entry.product;
  const theirs = [...new Set(deciding.map(({ entry }) => entry.product.version))].join("; ");
  const { level, versionText, at, because } = deciding[0]!;
  const reachable = worst.vector === null || /\/AV:[NA]\b/.test(worst.vector);
  return {
    name: advisory.id,
    title: advisory.title,
    answer,
    severity: severityOf(worst.cvss),
    harms: ["life-supporting", "therapy"].includes(device.lifeCritical) ? ["device", "patient"] : ["device"],
    because: [
      { at, text: because },
      { at, text: `${advisory.id} names ${[...new Set(deciding.map(({ entry }) => entry.product.product))].join(", ")}, versions "${theirs}"; ${ourWords(deciding[0]!)}` },
    ],
    remedy: remedyFor(advisory, vendor, level),
    control: reachable ? "Let only those it works with reach it, as a policy for its group does." : null,
    cured: versionText === null ? null : `It says a version that ${advisory.id} does not name`,
    danger: dangerOf(cves, worst.cvss, worst.vector, knowledge),
    advisory: { id: advisory.id, title: advisory.title, cves, vendor, product, theirVersion: theirs, ourVersion: versionText, level, updated: advisory.updated },
    source: `${advisory.id}, updated ${advisory.updated}`,
  }; // prettier-ignore
}

function ourWords({ versionText, version }: Match): string {
  if (versionText === null) return "its version was not heard";
  return version === null ? `it says "${versionText}", of which no version can be read` : `it says "${versionText}"`;
}

function remedyFor({ id, fixedHints }: Advisory, vendor: string, level: AdvisoryMatch["level"]): string {
  const asked =
    level === "component" ? "Ask the device's maker whether it uses the part that" : `Ask ${vendor} for the version that mends what`;
  const hint = fixedHints.length === 0 ? "" : ` The advisory's words on remedies name ${fixedHints.join(", ")}.`;
  return `${asked} ${id} tells of${level === "component" ? ", and for a version without it" : ""}, and have it installed while the device treats nobody.${hint}`;
}

/** CVSS v3.1 section 5: the qualitative scale. */
export function severityOf(cvss: number | null): Severity {
  if (cvss === null) return "medium";
  return cvss >= 9 ? "critical" : cvss >= 7 ? "high" : cvss >= 4 ? "medium" : "low";
}

function dangerOf(
  cves: readonly string[],
  cvss: number | null,
  vector: string | null,
  { exploited, likelihood }: Knowledge,
): Exploitability {
  const likely = cves.flatMap((cve) => likelihood.get(cve) ?? []);
  return {
    cvss,
    vector,
    knownExploited: cves.some((cve) => exploited.has(cve)),
    epss: likely.length === 0 ? null : Math.max(...likely),
    worm: false,
  };
}
