/** Conditions asked of devices: what each yields, with what it says of itself, worst first. */
import { SEVERITIES } from "../model/finding.ts";
import type { Condition, Examined, Exploitability, FleetDevice, Weakness } from "../model/weakness.ts";

const DEVICES_A_STEP = 1_000;

/** By device id; a device without any is left out. Whoever drives it may do something else between its steps. */
export function* weaknessesOf(
  devices: readonly FleetDevice[],
  conditions: readonly Condition[],
): Generator<undefined, ReadonlyMap<string, readonly Weakness[]>> {
  const all = new Map<string, readonly Weakness[]>();
  for (const [place, device] of devices.entries()) {
    const weaknesses = examined(device, conditions);
    if (weaknesses.length > 0) all.set(device.id, weaknesses);
    if (place % DEVICES_A_STEP === DEVICES_A_STEP - 1) yield;
  }
  return all;
}

/** Of one device, the worst first. */
export function examined(device: FleetDevice, conditions: readonly Condition[]): readonly Weakness[] {
  const weaknesses: Weakness[] = [];
  for (const condition of conditions) for (const it of condition.examine(device)) weaknesses.push(weakness(device, condition, it));
  return weaknesses.length > 1 ? weaknesses.sort(byWorst) : weaknesses;
}

/** What it yielded wins over what the condition says of all. */
function weakness(device: FleetDevice, condition: Condition, it: Examined): Weakness {
  const name = it.name ?? condition.name;
  const because = it.because.toSorted((a, b) => a.at - b.at);
  return {
    name,
    device: device.id,
    kind: it.kind ?? condition.kind,
    title: it.title ?? condition.title,
    answer: it.answer ?? "affected",
    severity: it.severity ?? condition.severity,
    harms: it.harms ?? condition.harms,
    because,
    first: it.first ?? because[0]?.at ?? device.first,
    last: it.last ?? because.at(-1)?.at ?? device.last,
    remedy: it.remedy ?? condition.remedy,
    control: it.control === undefined ? condition.control : it.control,
    cured: it.cured === undefined ? condition.cured : it.cured,
    minutes: it.minutes ?? condition.minutes,
    danger: it.danger ?? (condition.danger === undefined ? NO_DANGER_TOLD : { ...NO_DANGER_TOLD, ...condition.danger }),
    cves: it.cves ?? it.advisory?.cves ?? [],
    advisory: it.advisory ?? null,
    word: it.word ?? null,
    source: it.source ?? condition.source,
  };
}

const NO_DANGER_TOLD: Exploitability = { cvss: null, vector: null, knownExploited: false, epss: null, worm: false };

/** Dismissed last, affected before possible, then the most severe. */
export function byWorst(a: Weakness, b: Weakness): number {
  return (
    Number(a.word?.word === "dismissed") - Number(b.word?.word === "dismissed") ||
    (a.answer === b.answer ? 0 : a.answer === "affected" ? -1 : 1) ||
    SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
    Number(b.danger.knownExploited) - Number(a.danger.knownExploited) ||
    (a.name < b.name ? -1 : 1)
  );
}
