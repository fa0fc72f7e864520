/**
 * The work list: the same step at devices of one kind in one ward is one item, what takes away the most danger first, cut to the hours
 * that may be planned. What an item takes away is worked out for it alone: two items at one device may take away less together.
 */
import { lossesOf } from "../knowledge/losses.ts";
import { CARE_CLASSES } from "../model/device.ts";
import type { RiskRemedy } from "../model/risk.ts";
import { FILLED_PERCENT, ITEMS_UNPLANNED, NAMED_MAX, type Work, type WorkItem } from "../model/today.ts";
import { heaviest, lower, partyOf, wardName, type Rated } from "./group.ts";
import { known, order, rank } from "./risk.ts";

/** What somebody looks into takes so long to begin with; nobody publishes a figure. */
const LOOK_MINUTES = 15;
const DEVICES_A_STEP = 5_000;

interface Step extends Rated {
  readonly remedy: RiskRemedy;
}

/** An item before it is cut to the hours. */
interface Whole {
  readonly item: Omit<WorkItem, "thisWeek" | "takesAway" | "minutes">;
  /** Of each device, as they are worked through. */
  readonly away: readonly number[];
  readonly order: readonly number[];
}

/** Whoever drives it may do something else between its steps. */
export function* workOf(rated: readonly Rated[], hours: number | null): Generator<undefined, Work> {
  const groups = new Map<string, Step[]>();
  for (const [place, { device, risk }] of rated.entries()) {
    for (const remedy of risk.ifDone) {
      if (remedy.takesAway.total <= 0) continue;
      const step = { device, risk, remedy };
      const name = groupOf(step);
      const known = groups.get(name);
      if (known === undefined) groups.set(name, [step]);
      else known.push(step);
    }
    if (place % DEVICES_A_STEP === DEVICES_A_STEP - 1) yield;
  }
  const wholes: Whole[] = [];
  for (const steps of groups.values()) {
    wholes.push(itemOf(steps));
    yield;
  }
  wholes.sort(byDanger);
  if (hours === null) {
    const items = wholes.slice(0, ITEMS_UNPLANNED).map((it) => cut(it, it.item.all));
    return { hours, minutes: null, items, beyond: beyondOf(wholes, items) };
  }
  const most = Math.floor((hours * 60 * FILLED_PERCENT) / 100);
  let left = most;
  const items: WorkItem[] = [];
  for (const whole of wholes) {
    const fit = Math.min(whole.item.all, Math.floor(left / whole.item.minutesEach));
    if (fit === 0) continue;
    items.push(cut(whole, fit));
    left -= fit * whole.item.minutesEach;
  }
  return { hours, minutes: { planned: most - left, most }, items, beyond: beyondOf(wholes, items) };
} // prettier-ignore

function groupOf({ device, remedy }: Step): string {
  return JSON.stringify([remedy.of, remedy.name, known(device.kind), wardName(device)]);
}

function itemOf(steps: readonly Step[]): Whole {
  const sorted = steps.toSorted((a, b) => b.risk.total - a.risk.total || order(a.device.id, b.device.id));
  const { device, risk, remedy } = sorted[0]!;
  const kind = known(device.kind);
  const devices = sorted.map((it) => it.device);
  const away = sorted.map((it) => it.remedy.takesAway.total);
  const care = heaviest(devices)!;
  const item = {
    of: remedy.of,
    name: remedy.name,
    trouble: remedy.troubles[0]!,
    title: remedy.title,
    step: remedy.remedy,
    danger: dangerOf(kind),
    control: remedy.control,
    severity: risk.band,
    care,
    kind,
    where: wardName(device),
    devices: sorted.slice(0, NAMED_MAX).map((it) => ({ id: it.device.id, name: it.device.name, risk: it.risk.total })),
    all: sorted.length,
    minutesEach: Math.max(1, remedy.minutes ?? LOOK_MINUTES),
    party: partyOf(devices),
  };
  // Numbers only, the most significant first.
  return { item, away, order: [-rank(risk.band), CARE_CLASSES.indexOf(care), -away.reduce((sum, it) => sum + it, 0) / item.minutesEach] };
}

/** The worst band first, in it who dies without it first, then what a minute takes away. */
function byDanger(a: Whole, b: Whole): number {
  const at = a.order.findIndex((it, place) => it !== b.order[place]);
  return at < 0 ? order(groupName(a), groupName(b)) : a.order[at]! - b.order[at]!;
}

function groupName({ item: { name, kind, where } }: Whole): string {
  return `${name} ${kind ?? ""} ${where ?? ""}`;
}

function cut({ item, away }: Whole, fit: number): WorkItem {
  return { ...item, thisWeek: fit, takesAway: away.slice(0, fit).reduce((sum, it) => sum + it, 0), minutes: fit * item.minutesEach };
}

function beyondOf(wholes: readonly Whole[], items: readonly WorkItem[]): Work["beyond"] {
  const all = wholes.reduce((sum, { item }) => sum + item.all, 0);
  return { items: wholes.length - items.length, devices: all - items.reduce((sum, it) => sum + it.thisWeek, 0) };
}

/** What it costs where the device rests meanwhile; never that it may. */
function dangerOf(kind: string | null): string {
  const losses = lossesOf(kind).slice(0, 2);
  if (losses.length === 0)
    return `What is lost while ${kind === null ? "it" : `the ${lower(kind)}`} rests is not known: ask the ward first`;
  return `While it rests: ${losses.map(({ words }) => words).join("; ")}. The ward says when`;
}
