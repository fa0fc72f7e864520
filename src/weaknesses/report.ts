/** The fleet's weaknesses as people ask for them: by weakness with how many have it, one with its devices, those of one device. */
import { CARE_CLASSES, LEAD_PROBABLY } from "../model/device.ts";
import type { CareClass, Stated } from "../model/device.ts";
import { SEVERITIES } from "../model/finding.ts";
import type { Fleet, FleetDevice, Weakness } from "../model/weakness.ts";
import type { WeakDevice, WeaknessDetail, WeaknessPage, WeaknessQuery, WeaknessRow } from "../model/weakness-report.ts";

interface Having {
  readonly device: FleetDevice;
  readonly weakness: Weakness;
}

export function weaknessPage({ devices, weaknesses, knowledge }: Fleet, query: WeaknessQuery): WeaknessPage {
  const all = new Set<string>();
  const groups = new Map<string, Having[]>();
  let weak = 0;
  for (const device of devices) {
    const own = weaknesses.get(device.id) ?? [];
    if (own.some((it) => !isDismissed(it))) weak++;
    for (const weakness of own) {
      all.add(weakness.name);
      if (!fits(weakness, query)) continue;
      const group = groups.get(weakness.name);
      if (group === undefined) groups.set(weakness.name, [{ device, weakness }]);
      else group.push({ device, weakness });
    }
  }
  const rows = [...groups.values()]
    .filter((group) => query.dismissed || group.some(({ weakness }) => !isDismissed(weakness)))
    .map(rowOf)
    .sort(byWeight);
  return {
    total: all.size,
    matching: rows.length,
    devices: weak,
    of: devices.length,
    knowledge,
    rows: rows.slice(query.offset, query.offset + query.limit),
  };
}

/** Null where no device has one of this name. Those on which a life hangs stand first, dismissed ones last. */
export function weaknessDetail(fleet: Fleet, name: string, offset: number, limit: number): WeaknessDetail | null {
  const ordered = orderedOf(fleet, name);
  if (ordered.having.length === 0) return null;
  const { having, row, kinds } = ordered;
  return { ...row!, matching: having.length, kinds, devices: having.slice(offset, offset + limit).map(weakDevice) };
}

interface Ordered {
  readonly name: string;
  readonly having: readonly Having[];
  /** Null where none has it. */
  readonly row: WeaknessRow | null;
  readonly kinds: WeaknessDetail["kinds"];
}

/** Whoever pages on through the devices of one asks for it again and again: the last one asked for is kept as long as its fleet is. */
const lastAsked = new WeakMap<Fleet, Ordered>();

function orderedOf(fleet: Fleet, name: string): Ordered {
  const known = lastAsked.get(fleet);
  if (known?.name === name) return known;
  const having = fleet.devices.flatMap((device): Having[] => {
    const weakness = fleet.weaknesses.get(device.id)?.find((it) => it.name === name);
    return weakness === undefined ? [] : [{ device, weakness }];
  });
  const ordered = { name, having: having.sort(byCare), row: having.length === 0 ? null : rowOf(having), kinds: kindsOf(having) };
  lastAsked.set(fleet, ordered);
  return ordered;
}

function byCare(a: Having, b: Having): number {
  return (
    Number(isDismissed(a.weakness)) - Number(isDismissed(b.weakness)) ||
    CARE_CLASSES.indexOf(a.device.lifeCritical) - CARE_CLASSES.indexOf(b.device.lifeCritical) ||
    rank(b.weakness) - rank(a.weakness) ||
    (a.weakness.answer < b.weakness.answer ? -1 : a.weakness.answer > b.weakness.answer ? 1 : b.weakness.last - a.weakness.last)
  );
}

function kindsOf(having: readonly Having[]): WeaknessDetail["kinds"] {
  const counts = new Map<string, number>();
  for (const { device, weakness } of having) {
    const kind = probable(device.kind);
    if (kind !== null && !isDismissed(weakness)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, devices]) => ({ kind, devices })).sort((a, b) => b.devices - a.devices || (a.kind < b.kind ? -1 : 1));
}

function fits(it: Weakness, { kind, severity, answer, device }: WeaknessQuery): boolean {
  return (
    (kind === undefined || it.kind === kind) &&
    (severity === undefined || rank(it) >= SEVERITIES.indexOf(severity)) &&
    (answer === undefined || it.answer === answer) &&
    (device === undefined || it.device === device)
  );
}

function rowOf(group: readonly Having[]): WeaknessRow {
  const open = group.filter(({ weakness }) => !isDismissed(weakness));
  // Of a group that is dismissed as a whole, what it would be.
  const shown = open.length > 0 ? open : group;
  const worst = shown.reduce((a, b) => (rank(b.weakness) > rank(a.weakness) ? b : a)).weakness;
  const byCare: Partial<Record<CareClass, number>> = {};
  for (const care of CARE_CLASSES) {
    const count = open.filter(({ device }) => device.lifeCritical === care).length;
    if (count > 0) byCare[care] = count;
  }
  return {
    name: worst.name,
    kind: worst.kind,
    title: worst.title,
    severity: worst.severity,
    harms: worst.harms,
    affected: open.filter(({ weakness }) => weakness.answer === "affected").length,
    possible: open.filter(({ weakness }) => weakness.answer === "possible").length,
    dismissed: group.length - open.length,
    confirmed: group.filter(({ weakness }) => weakness.word?.word === "confirmed").length,
    byCare,
    knownExploited: shown.some(({ weakness }) => weakness.danger.knownExploited),
    first: shown.reduce((least, { weakness }) => Math.min(least, weakness.first), Number.POSITIVE_INFINITY),
    last: shown.reduce((most, { weakness }) => Math.max(most, weakness.last), 0),
  };
}

/** The most severe first; what is exploited, then on whom a life hangs, then how many. */
function byWeight(a: WeaknessRow, b: WeaknessRow): number {
  return (
    Number(a.affected + a.possible === 0) - Number(b.affected + b.possible === 0) ||
    SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
    Number(b.knownExploited) - Number(a.knownExploited) ||
    Number(b.affected > 0) - Number(a.affected > 0) ||
    worstCare(a) - worstCare(b) ||
    b.affected - a.affected ||
    b.possible - a.possible ||
    (a.name < b.name ? -1 : 1)
  );
}

function worstCare({ byCare }: WeaknessRow): number {
  const place = CARE_CLASSES.findIndex((care) => (byCare[care] ?? 0) > 0);
  return place < 0 ? CARE_CLASSES.length : place;
}

function weakDevice({ device, weakness }: Having): WeakDevice {
  const { id, name, kind, maker, model, location, lifeCritical } = device;
  return { id, name, kind: probable(kind), maker: probable(maker), model: probable(model), location: probable(location), lifeCritical, weakness }; // prettier-ignore
}

/** What is less than probable is not said. */
function probable(stated: Stated | null): string | null {
  return stated !== null && stated.lead >= LEAD_PROBABLY ? stated.value : null;
}

function isDismissed({ word }: Weakness): boolean {
  return word?.word === "dismissed";
}

function rank({ severity }: Weakness): number {
  return SEVERITIES.indexOf(severity);
}
