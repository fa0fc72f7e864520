/**
 * Vulnerabilities that whole networks went down by, each by the evidence it needs (`knowledge/worms.tsv`): a system and a service that answered,
 * a program's own word, a model its maker named. Whether a patch is there is heard by nobody: mostly it is possible, and said to be no more.
 */
import { perEdition } from "../knowledge/feeds.ts";
import { loadKnowledge, type Knowledge } from "../knowledge/index.ts";
import { spelled } from "../knowledge/families.ts";
import { loadWorms, type Answered, type WormRule } from "../knowledge/worms.ts";
import { LEAD_ASSERTED, LEAD_PROBABLY } from "../model/device.ts";
import type { AnsweredService, Answer, Condition, Examined, FleetDevice } from "../model/weakness.ts";
import { severityOf } from "./advisory-examined.ts";
import { answeredInWords } from "./heard.ts";
import { heardSystem, type HeardSystem } from "./heard-system.ts";
import { answerFor, readVersionText, type VersionText } from "./version-text.ts";

export const knownWorm: Condition = {
  name: "known-worm",
  kind: "vulnerability",
  title: "Open to what is known far beyond medicine",
  severity: "high",
  harms: ["device", "network"],
  remedy: "Ask the maker whether the patch is in, and for a version that has it where it is not; a patch the maker did not approve is not installed.",
  control: null,
  cured: null,
  minutes: 60,
  source: "worms.tsv: makers' bulletins and CISA's advisories, named in each line",
  misses: "Whether a patch is installed, and services that nobody used while we listened.",

  examine: (device) => ours()(device),
}; // prettier-ignore
const ours = perEdition(() => wormsOf(loadWorms(), loadKnowledge()));

type Because = Examined["because"][number];

/** What one part of a rule found; null where it was not met. */
type Met = readonly Because[] | null;

export function wormsOf(rules: readonly WormRule[], knowledge: Knowledge): (device: FleetDevice) => Iterable<Examined> {
  const ready = rules.map((rule) => ({ rule, versions: rule.versions === "" ? null : readVersionText(rule.versions) }));
  return function* (device) {
    if (device.services.length === 0 && device.said.length === 0 && device.model === null) return;
    const system = heardSystem(device, knowledge);
    for (const { rule, versions } of ready) {
      const examined = examinedBy(rule, versions, device, system, knowledge);
      if (examined !== null) yield examined;
    }
  };
}

function examinedBy(
  rule: WormRule,
  versions: VersionText | null,
  device: FleetDevice,
  system: HeardSystem | null,
  knowledge: Knowledge,
): Examined | null {
  const runs = systemMet(rule, device, system, knowledge);
  const answers = runs === null ? null : answeredMet(rule, device);
  const says = answers === null ? null : saidMet(rule, versions, device);
  const model = says === null ? null : modelMet(rule, device);
  if (runs === null || answers === null || says === null || model === null) return null;
  const answer: Answer = rule.answer === "affected" && runs.sure && says.answer === "affected" ? "affected" : "possible";
  const likely = rule.cves.flatMap((cve) => knowledge.likelihood.get(cve) ?? []);
  return {
    name: rule.name,
    title: rule.title,
    answer,
    severity: severityOf(rule.cvss),
    because: [...runs.because, ...answers, ...says.because, ...model],
    last: Math.max(...[...runs.because, ...answers, ...says.because, ...model].map(({ at }) => at)),
    control: `Keep everyone off ${rule.off} who does not work with it.`,
    danger: {
      cvss: rule.cvss,
      vector: null,
      knownExploited: rule.cves.some((cve) => knowledge.exploited.has(cve)),
      epss: likely.length === 0 ? null : Math.max(...likely),
      worm: rule.worm,
    },
    cves: rule.cves,
    source: `${rule.cves.join(", ")}: ${rule.source}`,
  };
}

function systemMet(
  { systems }: WormRule,
  { os, last }: FleetDevice,
  system: HeardSystem | null,
  known: Knowledge,
): { readonly because: readonly Because[]; readonly sure: boolean } | null {
  if (systems.length === 0) return { because: [], sure: true };
  if (system !== null) {
    const line = known.systems.pathOf(system.name).map(({ name }) => name);
    // A build says more than the name that it shares with others.
    const met = system.build !== "" && systems.includes(system.build) ? true : systems.some((it) => line.includes(it));
    return met ? { because: [{ at: system.at, text: system.because }], sure: system.sure } : null;
  }
  // A whole family: "VxWorks", "Linux".
  const root = os === null || os.lead < LEAD_PROBABLY ? null : os.value;
  if (root === null || !known.systems.pathOf(root).some(({ name }) => systems.includes(name))) return null;
  return { because: [{ at: last, text: `It ${os!.lead < LEAD_ASSERTED ? "probably " : ""}runs ${root}` }], sure: false };
}

function answeredMet({ answered }: WormRule, { services }: FleetDevice): Met {
  if (answered.length === 0) return [];
  const found = services.find((service) => answered.some((it) => isSuch(it, service)));
  return found === undefined ? null : [{ at: found.last, text: answeredInWords(found) }];
}

function isSuch(it: Answered, { protocol, port, transport, operations }: AnsweredService): boolean {
  if ("port" in it) return it.port === port && it.transport === transport;
  return "operation" in it ? operations.includes(it.operation) : it.protocol === protocol;
}

const INPUT_LENGTH_MAX = 256;

function saidMet(
  { said: wanted }: WormRule,
  versions: VersionText | null,
  { said }: FleetDevice,
): { readonly because: readonly Because[]; readonly answer: Answer } | null {
  if (wanted === null) return { because: [], answer: "affected" };
  const newest = said
    .filter(({ attribute, value }) => attribute === wanted.attribute && wanted.pattern.test(value.slice(0, INPUT_LENGTH_MAX)))
    .reduce<FleetDevice["said"][number] | null>((last, it) => (last === null || it.last > last.last ? it : last), null);
  if (newest === null) return null;
  const version = wanted.pattern.exec(newest.value.slice(0, INPUT_LENGTH_MAX))?.[1] ?? null;
  const answer = versions === null ? "affected" : answerFor(versions, version);
  return answer === "not affected" ? null : { because: [{ at: newest.last, text: `It says "${newest.value}"` }], answer };
}

function modelMet({ models }: WormRule, { maker, model, last }: FleetDevice): Met {
  if (models.length === 0) return [];
  if (maker === null || model === null || Math.min(maker.lead, model.lead) < LEAD_ASSERTED) return null;
  const key = spelled(`${maker.value} ${model.value}`);
  const met = models.some((it) => (it.endsWith("*") ? key.startsWith(it.slice(0, -1)) : key === it));
  return met ? [{ at: last, text: `It is ${model.value} of ${maker.value}` }] : null;
}
