/** Findings as people see them: what was stored, with what the detector says of itself and who the two sides are now. */
import { SEVERITIES, type About, type Finding, type FindingParty, type Severity, type StoredFinding } from "../model/finding.ts";
import { watches } from "./index.ts";

/** Those who die or are treated wrongly with it. */
const PATIENT_HANGS_ON: ReadonlySet<string> = new Set(["life-supporting", "therapy"]);
const ABOUT: ReadonlyMap<string, About> = new Map(watches.map((it) => [it.name, it]));

/** The most severe first, then the latest. A detector that is no more took its findings with it. */
export function shown(stored: readonly StoredFinding[], partyOf: (endpoint: number) => FindingParty | null): readonly Finding[] {
  return stored
    .flatMap((it) => {
      const about = ABOUT.get(it.detector);
      return about === undefined ? [] : [findingOf(it, about, partyOf)];
    })
    .sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || b.last - a.last || (a.id < b.id ? -1 : 1));
}

function findingOf(
  it: StoredFinding,
  { title, family, harms, remedy, technique }: About,
  partyOf: (endpoint: number) => FindingParty | null,
): Finding {
  const about = it.about === 0 ? null : partyOf(it.about);
  const { id, detector, first, last, count, summary, because, othersBeyond, before } = it;
  return {
    id,
    detector,
    title,
    family,
    severity: about !== null && PATIENT_HANGS_ON.has(about.lifeCritical) ? oneHigher(it.severity) : it.severity,
    harms,
    remedy,
    technique,
    about,
    others: it.others.flatMap((endpoint) => partyOf(endpoint) ?? []),
    othersBeyond,
    first,
    last,
    count,
    summary,
    because,
    witnesses: it.witnesses.length,
    before,
  };
}

function oneHigher(severity: Severity): Severity {
  return SEVERITIES[Math.min(SEVERITIES.indexOf(severity) + 1, SEVERITIES.length - 1)]!;
}
