/**
 * What is wrong with a device, as far as points go: its weaknesses and open findings, each with the rules that hold of it. A vulnerability
 * that several tell of is one danger; what a person dismissed, and what traffic shows to be gone, is none.
 */
import type { RiskPoints } from "../knowledge/risk-points.ts";
import type { CareClass } from "../model/device.ts";
import type { Finding, Harm } from "../model/finding.ts";
import { RISK_SIDES, type DeviceRisk, type RiskPoint, type RiskRemedy } from "../model/risk.ts";
import type { FleetDevice, Weakness } from "../model/weakness.ts";
import { quietDays } from "./quiet.ts";

/** A weakness or a finding, as far as points go. */
export interface Wrong extends Pick<RiskRemedy, "of" | "title" | "remedy" | "control" | "minutes"> {
  readonly name: string;
  /** What its remedy is called, with all else it deals with: the advisory, the detector. */
  readonly work: string;
  readonly workTitle: string;
  readonly harms: readonly Harm[];
  readonly facts: readonly Fact[];
  /** Only possible: its points count in part. */
  readonly unsure: Fact | null;
}

/** A rule that holds, and why. */
export type Fact = Omit<RiskPoint, "points">;

interface Found {
  readonly device: FleetDevice;
  readonly weaknesses: readonly Weakness[];
  readonly findings: readonly Finding[];
  /** The recording's last moment. */
  readonly to: number;
}

/** `left`: weaknesses that count nothing, and why. */
export function wrongsOf(
  { device, weaknesses, findings, to }: Found,
  points: RiskPoints,
): { readonly wrongs: readonly Wrong[]; readonly left: DeviceRisk["left"] } {
  const over = weaknesses.flatMap((it) => whyLeft(it, device, to));
  const gone = new Set(over.map(({ name }) => name));
  const open = weaknesses.filter(({ name }) => !gone.has(name)).map((it) => ({ it, wrong: weaknessAsWrong(it, device.lifeCritical) }));
  const twice = toldTwice(open, points);
  const named = new Set(twice.map(({ name }) => name));
  return {
    wrongs: [
      ...open.flatMap(({ wrong }) => (named.has(wrong.name) ? [] : wrong)),
      ...findings.map((it) => findingAsWrong(it, device.lifeCritical)),
    ],
    left: [...over, ...twice],
  };
}

/** FIRST's own advice is to rank by it; these two steps part the few that are used from the rest. */
const EPSS_LIKELY = 0.1;
const EPSS_MAY_BE = 0.01;
/** CVSS v3: over the network, without an account. */
const NOBODY_ASKED = /(?:^|\/)AV:N(?:\/[^/]+)*\/PR:N(?:\/|$)/;

function weaknessAsWrong(it: Weakness, care: CareClass): Wrong {
  const { cvss, vector, knownExploited, epss, worm } = it.danger;
  const heard = it.because.at(-1)?.text ?? it.title;
  const facts: Fact[] = [{ rule: `severity ${it.severity}`, because: cvss === null ? heard : `CVSS ${cvss}: ${heard}`, source: it.source }];
  if (knownExploited) facts.push({ rule: "known exploited", because: "Used in attacks that CISA knows of", source: "CISA KEV" });
  if (epss !== null && epss >= EPSS_MAY_BE)
    facts.push({ rule: epss >= EPSS_LIKELY ? "likely exploited" : "may be exploited", because: `EPSS gives ${percent(epss)} for the next 30 days`, source: "FIRST EPSS" }); // prettier-ignore
  if (vector !== null && NOBODY_ASKED.test(vector)) facts.push({ rule: "nobody asked", because: `Over the network, without an account: ${vector}`, source: it.source }); // prettier-ignore
  if (worm) facts.push({ rule: "spreads", because: "Goes from machine to machine by itself", source: it.source });
  const isUnsure = it.answer === "possible" && it.word?.word !== "confirmed";
  return {
    of: "weakness",
    name: it.name,
    work: it.advisory?.id ?? it.name,
    workTitle: it.advisory?.title ?? it.title,
    title: it.title,
    remedy: it.remedy,
    control: it.control,
    minutes: it.minutes,
    harms: harmsOf(it.harms, care),
    facts,
    unsure: isUnsure ? { rule: "only possible", because: possibleBecause(it), source: it.source } : null,
  };
}

function possibleBecause({ advisory }: Weakness): string {
  if (advisory === null) return "It may be so; what was heard does not settle it";
  return `Theirs: ${advisory.theirVersion}; ours: ${advisory.ourVersion ?? "not heard"}`;
}

/** What stops a device stops the patient's treatment with it. */
function harmsOf(harms: readonly Harm[], care: CareClass): readonly Harm[] {
  const hangsOnIt = care === "life-supporting" || care === "therapy";
  return hangsOnIt && harms.includes("device") && !harms.includes("patient") ? [...harms, "patient"] : harms;
}

function findingAsWrong(it: Finding, care: CareClass): Wrong {
  return {
    of: "finding",
    name: it.id,
    work: it.detector,
    workTitle: it.title,
    title: it.title,
    remedy: it.remedy,
    control: null,
    minutes: null,
    harms: harmsOf(it.harms, care),
    facts: [{ rule: `finding ${it.severity}`, because: it.summary, source: `finding ${it.id}` }],
    unsure: null,
  };
}

/** An advisory, a rule of ours and a part in an SBOM may tell of one vulnerability: what tells of nothing but what worse ones do counts with them. */
function toldTwice(open: readonly { readonly it: Weakness; readonly wrong: Wrong }[], points: RiskPoints): DeviceRisk["left"] {
  const telling = open.filter(({ it }) => it.cves.length > 0);
  if (telling.length < 2) return [];
  const weighed = telling.map(({ it, wrong }) => ({
    it,
    weight: RISK_SIDES.reduce((sum, side) => sum + add(partsOn(side, wrong, points)), 0),
  }));
  const told = new Map<string, string>();
  return weighed
    .toSorted((a, b) => b.weight - a.weight || (a.it.name < b.it.name ? -1 : 1))
    .flatMap(({ it: { name, title, cves } }) => {
      const anew = cves.filter((cve) => !told.has(cve));
      for (const cve of anew) told.set(cve, title);
      if (anew.length > 0) return [];
      const worse = [...new Set(cves.map((cve) => told.get(cve)!))].join(", ");
      return [{ name, title, why: `It tells of ${cves.join(", ")}, which counts with: ${worse}` }];
    });
}

function whyLeft(it: Weakness, device: FleetDevice, to: number): DeviceRisk["left"] {
  if (it.word?.word === "dismissed") return [{ name: it.name, title: it.title, why: `${it.word.who} dismissed it: ${it.word.reason}` }];
  const days = quietDays(it, device, to);
  return days === null ? [] : [{ name: it.name, title: it.title, why: `Not heard for ${days} days, while the device was` }];
}

/** None on a side it does not harm. */
export function partsOn(side: Harm, { harms, facts, unsure }: Wrong, points: RiskPoints): readonly RiskPoint[] {
  if (!harms.includes(side)) return [];
  const whole = facts.map((it) => valued(it, side, points)).filter((it) => it.points !== 0);
  // Toward nothing: half of 45 is 22 that are left.
  return unsure === null ? whole : [...whole, { ...valued(unsure, side, points), points: -Math.ceil((add(whole) * -points.of(unsure.rule).points[side]) / 100) }]; // prettier-ignore
}

export function valued({ rule, because, source }: Fact, side: Harm, points: RiskPoints): RiskPoint {
  return { rule, points: points.of(rule).points[side], because, source };
}

export function add(points: readonly RiskPoint[]): number {
  return points.reduce((sum, it) => sum + it.points, 0);
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
