/**
 * Which of the findings that only tell of devices unlike their kind are shown. What a device is, is worked out and said by people at any
 * time, so it is asked when findings are read, not when they are made.
 */
import { loadKnowledge } from "../knowledge/index.ts";
import type { StoredFinding } from "../model/finding.ts";

const DAY_US = 24 * 3600 * 1_000_000;
/** A week day must have come round for who has no likes of it; of a kind with many days count together (harm-notes 3). */
const DAYS_MIN = 3;
const DEVICE_DAYS_MIN = 14;

/** Of the device's kind, up to the day of a time. */
interface OfKind {
  readonly kind: string;
  /** On so many days before it the device itself was heard, and all of its kind together. */
  readonly days: number;
  readonly deviceDays: number;
  /** Any of them, itself among them, did the same a day before or earlier. */
  readonly did: boolean;
}

/** Null where its kind is not known for sure, or it is not in service. `first`: packet time. */
export type AskKind = (endpoint: number, what: string, first: number) => OfKind | null;

/** Their ids. `stored`: of detectors that say `unlikeKindOnly`. */
export function unlikeTheirKind(stored: readonly StoredFinding[], ofKind: AskKind): ReadonlySet<string> {
  const { kinds } = loadKnowledge();
  const shown = new Set<string>();
  /** When one of a kind was last shown to do so first: the others of that day are the same story. */
  const told = new Map<string, number>();
  for (const { id, detector, key, about, first } of stored.toSorted((a, b) => a.first - b.first || (a.id < b.id ? -1 : 1))) {
    const what = key.slice(key.lastIndexOf(" ") + 1);
    const of = ofKind(about, what, first);
    if (of === null || kinds.isComputer(of.kind) || of.did || of.days < DAYS_MIN || of.deviceDays < DEVICE_DAYS_MIN) continue;
    const story = `${detector} ${what} ${of.kind}`;
    const before = told.get(story);
    if (before !== undefined && first - before < DAY_US) continue;
    told.set(story, first);
    shown.add(id);
  }
  return shown;
}
