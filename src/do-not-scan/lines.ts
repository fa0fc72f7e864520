/**
 * The lines of the do-not-scan list. A line holds where its device was heard, for so many days after it was last heard there: then somebody
 * has to say that it still is. What a person says goes before what follows from the rest: taken off it is on no export, listed it is listed
 * until the day that was named.
 */
import { CARE_CLASSES, LEAD_PROBABLY, type Stated } from "../model/device.ts";
import type {
  DoNotScan,
  DoNotScanLine,
  DoNotScanPage,
  DoNotScanQuery,
  DoNotScanReason,
  DoNotScanState,
  DoNotScanWord,
  SparedAddress,
} from "../model/do-not-scan.ts";
import { DO_NOT_SCAN_STATES } from "../model/do-not-scan.ts";
import type { Fleet, FleetDevice } from "../model/weakness.ts";

export const DAY_US = 86_400_000_000;

interface Known {
  readonly fleet: Fleet;
  /** By the device's id (reasons.ts). */
  readonly reasons: ReadonlyMap<string, readonly DoNotScanReason[]>;
  /** Where those were heard of whom something speaks or was said, and no other since; by the device's id. */
  readonly worn: ReadonlyMap<string, readonly SparedAddress[]>;
  readonly words: DoNotScanWords;
  readonly days: number;
}

/** The last word of each, by the device's id and by address or network. */
export interface DoNotScanWords {
  readonly devices: ReadonlyMap<string, DoNotScanWord>;
  readonly networks: ReadonlyMap<string, DoNotScanWord>;
}

export function doNotScanOf({ fleet, reasons, worn, words, days }: Known): DoNotScan {
  const at = fleet.to ?? 0;
  const lines = fleet.devices.flatMap((device) => {
    const own = reasons.get(device.id) ?? [];
    const word = words.devices.get(device.id) ?? null;
    return own.length === 0 && word === null ? [] : [lineOf(device, own, word, worn.get(device.id) ?? [], { at, days })];
  });
  const networks = [...words.networks].map(([network, word]) => networkLine(network, word, at, days));
  return {
    at,
    days,
    devices: fleet.devices.length,
    lines: [...lines.sort((a, b) => rankOf(a) - rankOf(b)), ...networks.sort((a, b) => (a.about < b.about ? -1 : 1))],
  };
}

export function doNotScanPage({ lines, ...list }: DoNotScan, { states, offset, limit }: DoNotScanQuery): DoNotScanPage {
  const matching = states.length === 0 ? lines : lines.filter(({ state }) => states.includes(state));
  const byState = Object.groupBy(lines, ({ state }) => state);
  return {
    ...list,
    byState: Object.fromEntries(DO_NOT_SCAN_STATES.map((it) => [it, byState[it]?.length ?? 0])) as Record<DoNotScanState, number>,
    spared: lines.filter(({ state, device }) => state === "listed" && device !== null).length,
    matching: matching.length,
    rows: matching.slice(offset, offset + limit),
  };
}

function lineOf(
  device: FleetDevice,
  heard: readonly DoNotScanReason[],
  word: DoNotScanWord | null,
  worn: readonly SparedAddress[],
  { at, days }: Pick<DoNotScan, "at" | "days">,
): DoNotScanLine {
  const holdsUntil = word?.word === "list" ? untilOf(word, days) : 0;
  const isHeld = holdsUntil >= at;
  const reasons = isHeld ? [said(word!), ...heard] : heard;
  // What it left long ago is not carried on beside what it wears now, unless somebody says that all of it is still so.
  const current = worn.filter(({ last }) => isHeld || (last ?? 0) + days * DAY_US >= at);
  const last = latest(worn);
  const addresses = current.length > 0 ? current : worn.filter((it) => it.last === last);
  // Where only a person spoke for it, what he said has ended, wherever it is heard.
  const ends =
    last === null ? null : reasons.length === 0 && word?.word === "list" ? holdsUntil : Math.max(last + days * DAY_US, holdsUntil);
  return {
    about: device.id,
    device: device.id,
    name: device.name,
    kind: probable(device.kind),
    location: probable(device.location),
    lifeCritical: device.lifeCritical,
    state: word?.word === "take off" ? "taken off" : ends === null ? "no address" : ends < at || reasons.length === 0 ? "ended" : "listed",
    addresses,
    written: device.ips.filter((ip) => !worn.some((it) => it.ip === ip)),
    reasons,
    sure: reasons.some(({ sure }) => sure),
    confirmed: last,
    ends,
    word,
  };
}

function networkLine(network: string, word: DoNotScanWord, at: number, days: number): DoNotScanLine {
  const ends = word.word === "list" ? untilOf(word, days) : word.at;
  return {
    about: network,
    device: null,
    name: network,
    kind: null,
    location: null,
    lifeCritical: "other",
    state: word.word === "take off" ? "taken off" : ends < at ? "ended" : "listed",
    addresses: [{ ip: network, since: null, last: null }],
    written: [],
    reasons: word.word === "list" ? [said(word)] : [],
    sure: true,
    confirmed: word.at,
    ends,
    word,
  };
}

function untilOf({ at, until }: DoNotScanWord, days: number): number {
  return until ?? at + days * DAY_US;
}

function said({ who, reason }: DoNotScanWord): DoNotScanReason {
  return { by: "person", words: reason, source: who, sure: true };
}

function latest(worn: readonly SparedAddress[]): number | null {
  return worn.length === 0 ? null : Math.max(...worn.map(({ last }) => last ?? 0));
}

function probable(stated: Stated | null): string | null {
  return stated !== null && stated.lead >= LEAD_PROBABLY ? stated.value : null;
}

/** Sure ones first, then by what hangs on them; alike they stay by their numbers. */
function rankOf({ sure, lifeCritical }: DoNotScanLine): number {
  return (sure ? 0 : CARE_CLASSES.length) + CARE_CLASSES.indexOf(lifeCritical);
}
