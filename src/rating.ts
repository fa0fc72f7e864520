/**
 * Risk and Today on one page: the fleet with what is wrong, who was heard to come to whom, the walls that are said to stand, and what
 * nobody is done with, joined for `risk`, which knows neither SQL nor policies.
 */
import { riskPoints } from "./knowledge/risk-points.ts";
import { SEVERITIES, type Finding, type Severity } from "./model/finding.ts";
import type { Policy } from "./model/policy.ts";
import type { Replay } from "./model/replay.ts";
import type { DeviceRemedies, DeviceRisk, Reach, RiskPage, RiskQuery, RiskRow, StandingWall, WallsAsked } from "./model/risk.ts";
import type { Fleet, FleetDevice } from "./model/weakness.ts";
import { compile } from "./policies/compile.ts";
import { judgeConversation } from "./policies/evaluate.ts";
import { policyIn } from "./policies/file.ts";
import { membershipOf } from "./policies/membership.ts";
import { stateOf } from "./policies/standing.ts";
import { HeardWays, riskOf, shares, type Endangered, type Rated, type Way } from "./risk/index.ts";

/** How it is built stands among the weaknesses already. */
const TOLD_AS_WEAKNESS = "exposure";

/** What risk rests on besides the fleet. */
export interface Around {
  /** New and acknowledged ones. */
  readonly findings: readonly Finding[];
  readonly reaching: Reaching;
}

/** By a device's number. */
export interface Reaching {
  of(device: number): Reach;
}

export interface Ratings {
  /** The most endangered first; those alike by their numbers. */
  readonly devices: readonly Rated[];
  /** Whole; null where there is no such device. */
  of(id: string): DeviceRisk | null;
}

/** All devices. Whoever drives it may do something else between its steps. */
export function* rate(fleet: Fleet, { findings, reaching }: Around): Generator<undefined, Ratings> {
  const about = Map.groupBy(
    findings.filter(({ family }) => family !== TOLD_AS_WEAKNESS),
    (it) => it.about?.device ?? "",
  );
  const endangered = (device: FleetDevice, reach: Reach | null): Endangered => ({
    device,
    weaknesses: fleet.weaknesses.get(device.id) ?? [],
    findings: about.get(device.id) ?? [],
    reach,
    to: fleet.to ?? 0,
  });
  const reached = new Map<string, Reach>();
  const devices: Rated[] = [];
  for (const [place, device] of fleet.devices.entries()) {
    // Nothing is wrong with most: who comes to them makes no difference.
    const isWell = !fleet.weaknesses.has(device.id) && !about.has(device.id);
    const reach = isWell ? null : reaching.of(Number(device.id.slice(1)));
    if (reach !== null) reached.set(device.id, reach);
    devices.push({ device, risk: remediesOf(riskOf(endangered(device, reach))) });
    if (place % DEVICES_A_STEP === DEVICES_A_STEP - 1) yield;
  }
  devices.sort((a, b) => b.risk.total - a.risk.total || Number(a.device.id.slice(1)) - Number(b.device.id.slice(1)));
  return {
    devices,
    of: (id) => {
      const device = fleet.devices.find((it) => it.id === id);
      return device === undefined ? null : riskOf(endangered(device, reached.get(id) ?? null));
    },
  };
}
const DEVICES_A_STEP = 1_000;

export function riskPage(rated: readonly Rated[], { band, offset, limit }: RiskQuery): RiskPage {
  const matching = band === undefined ? rated : rated.filter((it) => it.risk.band === band);
  const byBand = Object.fromEntries(SEVERITIES.map((it) => [it, rated.filter(({ risk }) => risk.band === it).length]));
  return {
    total: rated.length,
    matching: matching.length,
    byBand: byBand as Record<Severity, number>,
    nothing: rated.filter(({ risk }) => risk.troubles === 0).length,
    rows: matching.slice(offset, offset + limit).map(({ risk }) => rowOf(risk)),
    rules: riskPoints().rules,
    shares: shares(),
  };
}

function remediesOf({ ifDone, ...risk }: DeviceRisk): DeviceRemedies {
  return { ...rowOf(risk), ifDone };
}

function rowOf({ device, name, kind, location, lifeCritical, total, band, on, worst, troubles, reach }: RiskRow): RiskRow {
  return { device, name, kind, location, lifeCritical, total, band, on, worst, troubles, reach };
}

/** Where no wall stands. */
export function reachOver(heard: HeardWays): Reaching {
  return { of: (device) => ({ from: heard.from(device), to: heard.to(device), keptAway: 0, wall: null }) };
}

/** Some of whose groups are enforced somewhere. Throws WrongPolicy where the text is none. */
export function wallsThatStand(walls: readonly StandingWall[]): readonly (StandingWall & { readonly policy: Policy })[] {
  return walls
    .map((wall) => ({ ...wall, policy: policyIn(wall.text, wall.name) }))
    .filter(({ policy: { groups } }) => groups.some(({ governs, states }) => governs && states.some(({ state }) => state === "enforced")));
}

/** As far as the walls keep: a conversation that one denies, where either end of it is enforced, is no way. */
export function reachBehind(replay: Replay, { walls, ownRanges }: WallsAsked): Reaching {
  const own = new Set(replay.machines.filter(({ device }) => device.standing === "device").map(({ number }) => number));
  const wallAt = new Map<number, NonNullable<Reach["wall"]>>();
  const judges = wallsThatStand(walls).map(({ name, policy, counted }) => {
    const membership = membershipOf(policy, replay, ownRanges);
    const compiled = compile(policy, membership, replay.machines);
    const enforced = new Set<number>();
    for (const [at, group] of policy.groups.entries())
      for (const member of group.governs ? (membership.groups[at]?.members ?? []) : []) {
        // Our own wall spares them; what a hospital's equipment holds is its word.
        if (stateOf(group, member.ward) !== "enforced" || (counted !== null && member.care === "life-supporting")) continue;
        const number = Number(member.device.slice(1));
        enforced.add(number);
        wallAt.set(number, { policy: name, group: group.name, counted });
      }
    return { policy: compiled.policy, places: compiled.places, enforced };
  });
  const ways = new Map<string, Way>();
  const denied = new Map<string, Way>();
  for (const it of replay.conversations) {
    if (it.answered === 0 || !own.has(it.client) || !own.has(it.server)) continue;
    const isDenied = judges.some(
      ({ policy, places, enforced }) =>
        (enforced.has(it.client) || enforced.has(it.server)) &&
        judgeConversation(policy, { ...it, client: places(it.client), server: places(it.server) }).outcome === "denied",
    );
    (isDenied ? denied : ways).set(`${it.client} ${it.server}`, [it.client, it.server]);
  }
  const heard = new HeardWays(ways.values());
  const keptAway = new Map<number, number>();
  for (const [pair, [, server]] of denied) if (!ways.has(pair)) keptAway.set(server, (keptAway.get(server) ?? 0) + 1);
  return {
    of: (device) => ({
      from: heard.from(device),
      to: heard.to(device),
      keptAway: keptAway.get(device) ?? 0,
      wall: wallAt.get(device) ?? null,
    }),
  };
}
