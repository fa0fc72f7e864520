/** Findings as people see them: what was stored, with what the detector says of itself, who the two sides are now, and what people said. */
import {
  FINDING_STATES,
  SEVERITIES,
  type About,
  type Because,
  type Finding,
  type FindingDetail,
  type FindingPage,
  type FindingParty,
  type FindingQuery,
  type FindingSaid,
  type FindingStanding,
  type Severity,
  type StoredFinding,
  type Watch,
} from "../model/finding.ts";
import type { PlannedWork } from "../model/planned.ts";
import { lossesOf } from "../knowledge/losses.ts";
import { ASK_RULES, type AskRules, type RoleAsked } from "../model/asking.ts";
import { askedOf, byDanger, type Asks } from "./asking.ts";
import { furthered } from "./furthered.ts";
import { watches } from "./index.ts";
import { PlannedWorks } from "./planned.ts";
import { unlikeTheirKind, type AskKind } from "./unlike-kind.ts";
import { standingOf } from "./standing.ts";

/** Those who die or are treated wrongly with it. */
const PATIENT_HANGS_ON: ReadonlySet<string> = new Set(["life-supporting", "therapy"]);
const LIFE_SUPPORTING = "life-supporting";
const ABOUT: ReadonlyMap<string, Watch> = new Map(watches.map((it) => [it.name, it]));
/** From here on a person should be called for a new one. */
const URGENT: Severity = "high";

/** All there is of a recording to show its findings. */
export interface Found {
  readonly stored: readonly StoredFinding[];
  /** Who an endpoint is now; null for one that is no more. */
  readonly partyOf: (endpoint: number) => FindingParty | null;
  readonly ofKind: AskKind;
  /** Of detector and key, the oldest first. */
  readonly wordsOf: (finding: Pick<StoredFinding, "detector" | "key">) => readonly FindingSaid[];
  /** Community IDs of the frames that are kept of it. */
  readonly flowsOf: (finding: Pick<StoredFinding, "witnesses">) => ReadonlySet<string>;
  /** Work that was announced. */
  readonly planned: readonly PlannedWork[];
  /** Packet time since when the site is heard, and to when. */
  readonly heardSince: number | null;
  readonly heardTo: number | null;
}

interface Listed {
  readonly stored: StoredFinding;
  readonly detector: Watch;
  readonly standing: FindingStanding;
  readonly about: FindingParty | null;
  readonly severity: Severity;
  readonly planned: PlannedWork | null;
}

export class FindingList {
  readonly #found: Found;
  /** What endangers a patient first, then the most severe, then the latest; those that wait after all others. */
  readonly #listed: readonly Listed[];
  readonly #asked: readonly RoleAsked[];
  readonly #urgent: number;
  /** By id: what others who watch say of it. */
  readonly #further: ReadonlyMap<string, readonly Because[]>;
  /** By change: what an explanation hides. */
  readonly #hides = new Map<number, { findings: number; count: number }>();

  /** A detector that is no more took its findings with it. */
  constructor(found: Found, rules: AskRules = ASK_RULES) {
    this.#found = found;
    const unlikeKind = unlikeTheirKind(
      found.stored.filter((it) => ABOUT.get(it.detector)?.unlikeKindOnly === true),
      found.ofKind,
    );
    const works = new PlannedWorks(found.planned);
    const ofDetector = Map.groupBy(found.stored, ({ detector }) => detector);
    const all = found.stored
      .flatMap((stored) => {
        const detector = ABOUT.get(stored.detector);
        if (detector === undefined) return [];
        const about = stored.about === 0 ? null : found.partyOf(stored.about);
        if (detector.fragileOnly === true && !isFragile(about)) return [];
        if (isSaid(stored, detector, ofDetector)) return [];
        if (detector.unlikeKindOnly === true && !unlikeKind.has(stored.id)) return [];
        const hit = [about, ...(detector.othersAreHit === true ? stored.others.map((it) => found.partyOf(it)) : [])];
        const isWorse = hit.some((it) => it !== null && PATIENT_HANGS_ON.has(it.lifeCritical));
        const severity = isWorse ? oneHigher(stored.severity) : stored.severity;
        const planned = works.covering(stored, detector, found.partyOf);
        return [{ stored, detector, about, severity, planned, standing: standingOf(stored, found.wordsOf(stored)) }];
      })
      .sort((a, b) => byDanger(asks(a), asks(b)) || b.stored.last - a.stored.last || (a.stored.id < b.stored.id ? -1 : 1));
    const { alone, further } = furthered(all, found);
    const fresh = alone.filter(({ standing, planned }) => standing.state === "new" && planned === null);
    this.#asked = askedOf(fresh.map(asks), rules, found.heardTo);
    const asking = new Set(this.#asked.flatMap((it) => it.asking));
    const waiting = new Set(fresh.filter(({ stored }) => !asking.has(stored.id)));
    this.#urgent = fresh.filter((it) => !waiting.has(it) && rank(it.severity) >= rank(URGENT)).length;
    this.#listed = [...alone.filter((it) => !waiting.has(it)), ...waiting];
    this.#further = further;
    for (const { standing, stored } of this.#listed) {
      if (standing.state !== "explained") continue;
      const { findings, count } = this.#hides.get(standing.said!.change) ?? { findings: 0, count: 0 };
      this.#hides.set(standing.said!.change, { findings: findings + 1, count: count + stored.count });
    }
  }

  page({ states, severity, family, device, offset, limit }: FindingQuery): FindingPage {
    const matching = this.#listed.filter(
      (it) =>
        (states.length === 0 || states.includes(it.standing.state)) &&
        (severity === undefined || rank(it.severity) >= rank(severity)) &&
        (family === undefined || it.detector.family === family) &&
        (device === undefined || this.#isOf(it, device)),
    );
    const byState = Object.groupBy(this.#listed, ({ standing }) => standing.state);
    return {
      total: this.#listed.length,
      matching: matching.length,
      byState: Object.fromEntries(FINDING_STATES.map((it) => [it, byState[it]?.length ?? 0])) as FindingPage["byState"],
      planned: byState.new?.filter(({ planned }) => planned !== null).length ?? 0,
      urgent: this.#urgent,
      asked: this.#asked,
      rows: matching.slice(offset, offset + limit).map((it) => this.#shown(it)),
    };
  }

  one(id: string): FindingDetail | null {
    const it = this.#listed.find(({ stored }) => stored.id === id);
    if (it === undefined) return null;
    const { stored, detector } = it;
    const { sees, misses, mistaken, tune } = detector;
    const others = this.#listed.filter(({ stored: { id: other, detector: of } }) => of === stored.detector && other !== id);
    const before = others.filter(({ stored: { key, first } }) => key === stored.key && first < stored.first);
    return {
      ...this.#shown(it),
      frames: stored.witnesses,
      history: this.#found.wordsOf(stored).toReversed(),
      usual: {
        heardSince: this.#found.heardSince,
        before: before.length,
        lastBefore: before.length === 0 ? null : Math.max(...before.map(({ stored: { last } }) => last)),
        elsewhere: others.filter(({ stored: { key } }) => key !== stored.key).length,
      },
      losses: lossesOf(it.about?.kind ?? null),
      detectorSays: { sees, misses, mistaken, tune },
    };
  }

  #isOf({ about, stored: { others } }: Listed, device: string): boolean {
    return about?.device === device || others.some((endpoint) => this.#found.partyOf(endpoint)?.device === device);
  }

  #shown({ stored, detector: { title, family, harms, remedy, technique }, about, severity, standing, planned }: Listed): Finding {
    const { id, detector, first, last, count, summary, othersBeyond, before } = stored;
    const because = [...stored.because, ...(this.#further.get(id) ?? [])].map(({ at, text }) => ({ at, text }));
    const others = stored.others.flatMap((endpoint) => this.#found.partyOf(endpoint) ?? []);
    const hides = standing.state === "explained" ? this.#hides.get(standing.said!.change)! : null;
    return {
      id, detector, title, family, severity, harms, remedy, technique, about, others, othersBeyond, first, last, count, summary, because,
      witnesses: stored.witnesses.length, before, standing, hides,
      planned: planned === null ? null : { what: planned.what, who: planned.who, from: planned.from, to: planned.to },
    }; // prettier-ignore
  }
}

function asks({ stored: { id, first }, detector: { title, family }, severity }: Pick<Listed, "stored" | "detector" | "severity">): Asks {
  return { id, first, title, family, severity };
}

/** A life hangs on it, or nobody knows what it is. */
function isFragile(party: FindingParty | null): boolean {
  return party !== null && (party.lifeCritical === LIFE_SUPPORTING || party.kind === null);
}

/** Connections come before the log-ins in them are refused. */
const NEAR_US = 10_000_000;

/** Other detectors tell of the same at the same time: of the one it is about with each of the others. */
function isSaid(
  { about, others, first, last }: StoredFinding,
  { saidBy = [] }: About,
  of: ReadonlyMap<string, readonly StoredFinding[]>,
): boolean {
  if (saidBy.length === 0) return false;
  const meanwhile = saidBy.flatMap((name) => of.get(name) ?? []).filter((it) => it.first <= last + NEAR_US && it.last >= first - NEAR_US);
  const tells = (both: readonly number[]) => meanwhile.some((it) => both.every((one) => it.about === one || it.others.includes(one)));
  return others.length === 0 ? tells([about]) : others.every((other) => tells([about, other]));
}

/** By which of the detectors what they find is shown however much else there is. */
export const CLINICAL: readonly string[] = watches.filter(({ family }) => family === "clinical").map(({ name }) => name);

const rank = (severity: Severity) => SEVERITIES.indexOf(severity);

function oneHigher(severity: Severity): Severity {
  return SEVERITIES[Math.min(rank(severity) + 1, SEVERITIES.length - 1)]!;
}
