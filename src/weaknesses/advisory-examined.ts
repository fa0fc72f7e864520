/**
 * What the advisories that name a device come to: one weakness each. Of a vulnerability that several tell of, the first keeps it, and the
 * others are named with it; what its maker says the device is free of (VEX) is none, unless an advisory is newer than that word.
 */
import type { Advisory, PublishedVulnerability } from "../knowledge/advisories.ts";
import type { Knowledge } from "../knowledge/index.ts";
import type { Severity } from "../model/finding.ts";
import type { AdvisoryMatch, Answer, Examined, Exploitability, FleetDevice } from "../model/weakness.ts";
import type { Match } from "./advisory.ts";
import { answerFor } from "./version-text.ts";

/** An advisory as it is held against a device. */
interface Held {
  readonly advisory: Advisory;
  readonly answer: Answer;
  /** Those that give the answer. */
  readonly deciding: readonly Match[];
  readonly vulnerabilities: readonly PublishedVulnerability[];
}

/** One weakness. */
interface Told extends Held {
  /** Other advisories that tell of the same. */
  readonly also: Held[];
}

/** `matches`: in the order of their advisories. */
export function* examinedOf(device: FleetDevice, matches: readonly Match[], knowledge: Knowledge): Generator<Examined> {
  const spared = sparedIn(matches);
  const told: Told[] = [];
  const whose = new Map<string, Told>();
  for (const own of Map.groupBy(matches, ({ entry }) => entry.advisory).values()) {
    const held = heldOf(own, spared);
    if (held === null) continue;
    for (const it of new Set(held.vulnerabilities.flatMap(({ cve }) => whose.get(cve) ?? []))) it.also.push(held);
    const left = held.vulnerabilities.filter(({ cve }) => !whose.has(cve));
    if (left.length === 0) continue;
    const it = { ...held, vulnerabilities: left, also: [] };
    told.push(it);
    for (const { cve } of left) whose.set(cve, it);
  }
  for (const it of told) yield weaknessOf(device, it, knowledge);
}

/** Vulnerabilities that the device is said to be free of, each with the day it was said on. */
function sparedIn(matches: readonly Match[]): ReadonlyMap<string, string> {
  const spared = new Map<string, string>();
  for (const { entry, level, sure, version } of matches) {
    const { vulnerabilities, updated } = entry.advisory;
    // That a part is free of it says nothing of the whole.
    if (!sure || level === "component" || vulnerabilities.every(({ spares }) => !spares.includes(entry.place))) continue;
    if (answerFor(entry.versions, version) !== "affected") continue;
    for (const { cve, spares } of vulnerabilities)
      if (spares.includes(entry.place) && (spared.get(cve) ?? "") < updated) spared.set(cve, updated);
  }
  return spared;
}

/** Null where it tells of nothing that the device has. */
function heldOf(matches: readonly Match[], spared: ReadonlyMap<string, string>): Held | null {
  const { advisory } = matches[0]!.entry;
  const left = advisory.vulnerabilities.filter(({ cve }) => (spared.get(cve) ?? "") < advisory.updated);
  const answered = matches.flatMap((match) => {
    const answer = answerFor(match.entry.versions, match.version);
    const isNamed = left.some(({ affects }) => affects.includes(match.entry.place));
    return answer === "not affected" || !isNamed ? [] : [{ match, answer: answer === "affected" && !match.sure ? "possible" : answer }];
  });
  if (answered.length === 0) return null;
  const answer: Answer = answered.some((it) => it.answer === "affected") ? "affected" : "possible";
  const deciding = answered.filter((it) => it.answer === answer).map((it) => it.match);
  const places = new Set(deciding.map(({ entry }) => entry.place));
  return { advisory, answer, deciding, vulnerabilities: left.filter(({ affects }) => affects.some((place) => places.has(place))) };
}

function weaknessOf(device: FleetDevice, it: Told, knowledge: Knowledge): Examined {
  const { advisory, deciding, vulnerabilities: named, also } = it;
  const vulnerabilities = named.map((vulnerability) => scored(vulnerability, knowledge));
  const worst = vulnerabilities.reduce((most, one) => ((one.cvss ?? 0) > (most.cvss ?? 0) ? one : most));
  const cves = vulnerabilities.map(({ cve }) => cve);
  const { vendor, product } = deciding[0]!.entry.product;
  const { level, versionText, at, because } = deciding[0]!;
  const reachable = worst.vector === null || /\/AV:[NA]\b/.test(worst.vector);
  return {
    name: advisory.id,
    // A title of CISA names products alone, which by itself would read as if they were the weakness.
    title: `An advisory on ${withoutUpdate(advisory.title)}`,
    answer: [it, ...also].some(({ answer }) => answer === "affected") ? "affected" : "possible",
    severity: severityOf(worst.cvss),
    harms: ["life-supporting", "therapy"].includes(device.lifeCritical) ? ["device", "patient"] : ["device"],
    because: [{ at, text: because }, ...[it, ...also].map((held) => ({ at, text: namesInWords(held) }))],
    remedy: remedyFor(advisory, vendor, level),
    control: reachable ? "Let only those it works with reach it, as a policy for its group does." : null,
    cured: versionText === null ? null : `It says a version that ${advisory.id} does not name`,
    danger: dangerOf(cves, worst.cvss, worst.vector, knowledge),
    advisory: { id: advisory.id, title: advisory.title, cves, vendor, product, theirVersion: versionsOf(deciding), ourVersion: versionText, level, updated: advisory.updated },
    source: [it, ...also].map((held) => `${held.advisory.id}, updated ${held.advisory.updated}`).join("; "),
  }; // prettier-ignore
}

/** Which edition of the advisory it is stands beside it as its day. */
function withoutUpdate(title: string): string {
  return title.replace(/ \(Update [A-Z]\)$/, "");
}

/** NVD's score where the advisory gives none. */
function scored(vulnerability: PublishedVulnerability, { severities }: Knowledge): PublishedVulnerability {
  const theirs = vulnerability.cvss === null ? severities.get(vulnerability.cve) : undefined;
  return theirs === undefined ? vulnerability : { ...vulnerability, ...theirs };
}

function namesInWords({ advisory, deciding }: Held): string {
  const products = [...new Set(deciding.map(({ entry }) => entry.product.product))].join(", ");
  return `${advisory.id} names ${products}, versions "${versionsOf(deciding)}"; ${ourWords(deciding[0]!)}`;
}

function versionsOf(matches: readonly Match[]): string {
  return [...new Set(matches.map(({ entry }) => entry.product.version))].join("; ");
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
