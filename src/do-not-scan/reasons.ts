/**
 * Why a device is on the do-not-scan list: what it is, what was published of it, the system it runs on, and what was heard of it. A device of
 * an office is on none of these: that is what scanners are for.
 */
import { fragilityOf } from "../knowledge/fragile.ts";
import { LEAD_ASSERTED } from "../model/device.ts";
import type { AskedDevice, DoNotScanReason } from "../model/do-not-scan.ts";
import { momentInWords } from "../model/finding-words.ts";
import type { Fleet, FleetDevice, Weakness } from "../model/weakness.ts";

const SECOND_US = 1_000_000;
const HOUR_US = 3_600 * SECOND_US;
/** Whoever stops by a scan stops while it asks, or soon after. */
const STOPS_WITHIN_US = 60 * SECOND_US;
/** In a longer one many are switched off for other reasons. */
const SCAN_US = HOUR_US;
/** Before, it was heard for so long at least; after, it was not for so long. */
const HEARD_BEFORE_US = HOUR_US;
const SILENT_AFTER_US = HOUR_US;
/** Findings and advisories that are named; the first of more stand for all. */
const OF_A_SORT_MAX = 3;

/** By the device's id, the surest first; without those of whom nothing speaks for it. */
export function reasonsOf(
  { devices, weaknesses, to }: Fleet,
  asked: readonly AskedDevice[],
): ReadonlyMap<string, readonly DoNotScanReason[]> {
  const byDevice = Map.groupBy(asked, ({ device }) => device);
  const all = new Map<string, readonly DoNotScanReason[]>();
  for (const device of devices) {
    if (device.standing !== "device") continue;
    const weak = weaknesses.get(device.id) ?? [];
    const reached = byDevice.get(device.id) ?? [];
    const own = [
      ...ofWhatItIs(device),
      ...ofAdvisories(weak),
      ...ofItsSystem(device, weak),
      ...ofSilence(device, reached, to ?? 0),
      ...ofLoads(device, reached),
    ];
    if (own.length > 0)
      all.set(
        device.id,
        own.toSorted((a, b) => Number(b.sure) - Number(a.sure)),
      );
  }
  return all;
}

function* ofWhatItIs({ lifeCritical, kind }: FleetDevice): Generator<DoNotScanReason> {
  const fragility = fragilityOf(lifeCritical, kind?.value ?? null);
  if (fragility === null) return;
  const sure = kind !== null && kind.lead >= LEAD_ASSERTED;
  const what = kind === null ? "its maker makes medical devices, and what it is is not known" : `it is ${sure ? "" : "probably "}${article(kind.value)}`; // prettier-ignore
  yield { by: "fragile kind", words: `${what}: ${fragility.reason}`, source: `${fragility.line} (${fragility.source})`, sure };
}

/** Of such a weakness CVSS says that whoever reaches the device can stop it, without a password and without anybody's help. */
function* ofAdvisories(weaknesses: readonly Weakness[]): Generator<DoNotScanReason> {
  const stopping = weaknesses.filter(
    ({ advisory, danger, word }) => advisory !== null && advisory.level !== "component" && word?.word !== "dismissed" && STOPS.test(danger.vector ?? ""), // prettier-ignore
  );
  for (const { advisory, answer, danger } of stopping.slice(0, OF_A_SORT_MAX)) {
    const sure = answer === "affected";
    const words = `packets alone can stop it${sure ? "" : ", if it has the version that is named"}: ${advisory!.title}`;
    yield { by: "advisory", words, source: `${advisory!.id} (${danger.vector})`, sure };
  }
}
/** CVSS v3.1, section 2: reached over a network, no privileges, nobody's help, availability lost. */
const STOPS = /^(?=.*\/AV:[NA]\b)(?=.*\/PR:N\b)(?=.*\/UI:N\b)(?=.*\/A:H\b)/;

/** A network stack of that age, in a device that is used on patients. */
function* ofItsSystem({ lifeCritical }: FleetDevice, weaknesses: readonly Weakness[]): Generator<DoNotScanReason> {
  if (lifeCritical === "other" || lifeCritical === "clinical IT") return;
  const ended = weaknesses.find(({ kind, word }) => kind === "end of support" && word?.word !== "dismissed");
  if (ended === undefined) return;
  const sure = ended.answer === "affected";
  yield {
    by: "old system",
    words: `it is used on patients and past its support: ${ended.title}`,
    source: ended.source,
    sure,
  };
}

/** It was heard for long, a scan asked it, and it was not heard since. That it fell silent by the scan is never more than probable. */
function* ofSilence(device: FleetDevice, reached: readonly AskedDevice[], to: number): Generator<DoNotScanReason> {
  if (!isTelling(device) || to - device.last < SILENT_AFTER_US) return;
  const scan = reached.find(
    ({ isScan, first, last }) =>
      isScan &&
      last - first <= SCAN_US &&
      device.last >= first &&
      device.last <= last + STOPS_WITHIN_US &&
      first - device.first >= HEARD_BEFORE_US,
  );
  if (scan === undefined) return;
  const words = `it probably stopped by a scan: asked from ${momentInWords(scan.first)} UTC on, last heard at ${momentInWords(device.last)} UTC and not in the ${Math.floor((to - device.last) / HOUR_US)} h after`;
  yield { by: "silence after a scan", words, source: `finding ${scan.finding}`, sure: false };
}

function* ofLoads(device: FleetDevice, reached: readonly AskedDevice[]): Generator<DoNotScanReason> {
  if (!isTelling(device)) return;
  for (const { finding, title, summary } of reached.filter(({ isLoad }) => isLoad).slice(0, OF_A_SORT_MAX))
    yield { by: "finding", words: `it may not bear it: ${title}, ${summary}`, source: `finding ${finding}`, sure: false };
}

/** Of office devices, and of those with no sign of medicine that nobody knows, neither load nor silence tells anything. */
function isTelling({ lifeCritical, kind }: FleetDevice): boolean {
  return fragilityOf(lifeCritical, kind?.value ?? null) !== null || lifeCritical !== "other" || kind === null;
}

function article(kind: string): string {
  return `${/^[aeiou]/i.test(kind) ? "an" : "a"} ${kind}`;
}
