/**
 * The risk of one device on three sides. A side is a sum anybody can do again from what is shown: the points of what is wrong, the worst
 * whole and the next ones in part, and those of the circumstances, cut off at 0 and 100. Where nothing is wrong, nothing counts: a
 * ventilator is no danger for being one.
 */
import { counted } from "../bytes/thousands.ts";
import { lossesOf } from "../knowledge/losses.ts";
import { riskPoints, type RiskPoints } from "../knowledge/risk-points.ts";
import { LEAD_PROBABLY, type Stated } from "../model/device.ts";
import type { Finding, Harm, Severity } from "../model/finding.ts";
import {
  bandOf,
  REACH_COUNTED,
  RISK_MAX,
  RISK_SIDES,
  type DeviceRisk,
  type Reach,
  type RiskRemedy,
  type RiskSide,
  type RiskTrouble,
} from "../model/risk.ts";
import type { FleetDevice, Weakness } from "../model/weakness.ts";
import { add, partsOn, valued, wrongsOf, type Fact, type Wrong } from "./wrongs.ts";

/** What its risk is worked out from. */
export interface Endangered {
  readonly device: FleetDevice;
  readonly weaknesses: readonly Weakness[];
  /** About it, and nobody is done with them. */
  readonly findings: readonly Finding[];
  /** Null where its conversations were not looked at. */
  readonly reach: Reach | null;
  /** The recording's last moment. */
  readonly to: number;
}

/** The first, second and third; what comes after counts nothing. */
const SHARE_RULES = ["first counts", "second counts", "third counts"] as const;

export function shares(points: RiskPoints = riskPoints()): readonly number[] {
  return SHARE_RULES.map((rule) => points.of(rule).points.device);
}

export function riskOf(endangered: Endangered, points: RiskPoints = riskPoints()): DeviceRisk {
  const { device, reach } = endangered;
  if (endangered.weaknesses.length + endangered.findings.length === 0) return { ...rowOf(device), ...NOTHING_WRONG };
  const { wrongs, left } = wrongsOf(endangered, points);
  const around = circumstancesOf(endangered);
  const sides = sidesOf(wrongs, around, points);
  const on = totals(sides);
  const total = Math.max(...Object.values(on));
  // What counts on no side takes nothing away while worse ones stand.
  const counting = new Set(sides.flatMap(({ troubles }) => troubles.filter(({ share }) => share > 0).map(({ name }) => name)));
  const ifDone = [...Map.groupBy(wrongs, ({ of, work }) => `${of} ${work}`).values()]
    .map((together): RiskRemedy => {
      const after = together.some(({ name }) => counting.has(name))
        ? totals(
            sidesOf(
              wrongs.filter((it) => !together.includes(it)),
              around,
              points,
            ),
          )
        : on;
      const less = { patient: on.patient - after.patient, device: on.device - after.device, network: on.network - after.network };
      const { of, work, workTitle, remedy, control, minutes } = together[0]!;
      const troubles = together.map(({ name }) => name);
      const takesAway = { ...less, total: total - Math.max(...Object.values(after)) };
      return { of, name: work, title: workTitle, troubles, remedy, control, minutes, takesAway };
    })
    .sort((a, b) => weightOf(b) - weightOf(a) || order(a.name, b.name));
  const [worst] = ifDone;
  return {
    ...rowOf(device),
    total,
    band: bandOf(total),
    on,
    worst: worst === undefined ? null : { of: worst.of, name: worst.name, title: worst.title, takesAway: worst.takesAway },
    troubles: wrongs.length,
    reach: reach === null ? null : { from: reach.from, to: reach.to, keptAway: reach.keptAway },
    sides,
    ifDone,
    left,
  };
}

function rowOf({ id, name, kind, location, lifeCritical }: FleetDevice) {
  return { device: id, name, kind: known(kind), location: known(location), lifeCritical };
}

/** So it is with most: of a large hospital it is held once. */
const NOTHING_WRONG = {
  total: 0,
  band: bandOf(0),
  on: { patient: 0, device: 0, network: 0 },
  worst: null,
  troubles: 0,
  reach: null,
  sides: RISK_SIDES.map((side): RiskSide => ({ side, total: 0, circumstances: [], troubles: [] })),
  ifDone: [],
  left: [],
} as const satisfies Partial<DeviceRisk>;

function circumstancesOf({ device, reach }: Endangered): readonly Fact[] {
  const facts: Fact[] = [careFact(device)].filter((it) => it !== null);
  if (reach !== null) {
    const source = "conversations heard";
    const { from, to, keptAway, wall } = reach;
    const kept = keptAway === 0 ? "" : `; the wall keeps ${keptAway} from its doors`;
    if (from > 0) facts.push({ rule: `${some(from)} come to it`, because: `Over what was heard, ${reached(from)} ${from === 1 ? "comes" : "come"} to it${kept}`, source }); // prettier-ignore
    if (to > 0) facts.push({ rule: `it comes to ${some(to)}`, because: `Over what was heard, ${reached(to)} ${to === 1 ? "is" : "are"} within its reach`, source }); // prettier-ignore
    if (wall !== null)
      facts.push({
        rule: wall.counted === null ? "wall without proof" : "behind a wall",
        because: `Policy ${wall.policy} is enforced for ${wall.group}${wall.counted === null ? "; no counters were brought" : `; its counters were read on ${day(wall.counted)}`}`,
        source: `policy ${wall.policy}`,
      });
  }
  if (device.outside !== null)
    facts.push({
      rule: "opens to the Internet",
      because: `It opened to ${counted(device.outside.peers, "address", "addresses")} outside the site, in ${device.outside.protocols.join(", ") || "no protocol we know"}`,
      source: "conversations heard",
    });
  return facts;
}

function careFact({ kind, lifeCritical }: FleetDevice): Fact | null {
  const value = known(kind);
  const source = kind?.saidBy === undefined ? "kinds of devices (knowledge)" : `said by ${kind.saidBy}`;
  if (value === null && lifeCritical === "other") return { rule: "kind not known", because: "Nobody knows what it is", source };
  if (lifeCritical === "other") return null;
  const lost = lossesOf(value).map(({ words }) => words);
  const what = value ?? "It";
  return { rule: lifeCritical, because: `${what}: ${lost[0] === undefined ? lifeCritical : `without the network ${lost[0]}`}`, source };
}

function some(count: number): "a few" | "many" | "most" {
  return count >= REACH_COUNTED ? "most" : count >= REACH_COUNTED / 10 ? "many" : "a few";
}

function reached(count: number): string {
  return count >= REACH_COUNTED ? `${REACH_COUNTED} devices and more` : counted(count, "device");
}

function sidesOf(wrongs: readonly Wrong[], around: readonly Fact[], points: RiskPoints): readonly RiskSide[] {
  return RISK_SIDES.map((side) => sideOf(side, wrongs, around, points));
}

function sideOf(side: Harm, wrongs: readonly Wrong[], around: readonly Fact[], points: RiskPoints): RiskSide {
  const raws = wrongs
    .filter(({ harms }) => harms.includes(side))
    .map((wrong) => {
      const { of, name, title } = wrong;
      const parts = partsOn(side, wrong, points);
      return { of, name, title, parts, raw: add(parts) };
    })
    .sort((a, b) => b.raw - a.raw || order(a.name, b.name));
  const percents = shares(points);
  const troubles = raws.map((it, at): RiskTrouble => {
    const share = percents[at] ?? 0;
    return { ...it, share, counted: Math.floor((it.raw * share) / 100) };
  });
  const circumstances = troubles.length === 0 ? [] : around.map((it) => valued(it, side, points)).filter((it) => it.points !== 0);
  const sum = add(circumstances) + troubles.reduce((all, it) => all + it.counted, 0);
  return { side, total: Math.min(RISK_MAX, Math.max(0, sum)), circumstances, troubles };
}

function totals(sides: readonly RiskSide[]): Readonly<Record<Harm, number>> {
  return Object.fromEntries(sides.map(({ side, total }) => [side, total])) as Record<Harm, number>;
}

/** The patient's side first, and what all three bear together last. */
function weightOf({ takesAway: { total, patient, device, network } }: RiskRemedy): number {
  return total * 1e6 + patient * 1e4 + device + network;
}

/** As far as it is known or probably so. */
export function known(stated: Stated | null): string | null {
  return stated === null || (stated.saidBy === undefined && stated.lead < LEAD_PROBABLY) ? null : stated.value;
}

export const rank = (severity: Severity): number => ["low", "medium", "high", "critical"].indexOf(severity);

function day(micros: number): string {
  return new Date(micros / 1_000).toISOString().slice(0, 10);
}

export function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
