/** Until when what the fleet runs and is, is supported: systems by endoflife.date, models by the site's own table. What ends on no known day is left out. */
import { feedDays, perEdition } from "../knowledge/feeds.ts";
import { loadKnowledge, type Knowledge } from "../knowledge/index.ts";
import { loadModelSupports, MODELS_SOURCE, type ModelSupports } from "../knowledge/model-support.ts";
import { SUPPORT_SOURCE } from "../knowledge/support.ts";
import { CARE_CLASSES } from "../model/device.ts";
import type { SupportEnd } from "../model/lifecycle.ts";
import type { FleetDevice } from "../model/weakness.ts";
import { editionsOf, heardSystem } from "./heard-system.ts";
import { supportOf } from "./model-end-of-support.ts";
import { asOf } from "./system-end-of-support.ts";

/** By what serves now; of the same devices it is worked out once. */
export function supportNow(devices: readonly FleetDevice[]): readonly SupportEnd[] {
  const made = calendars();
  const known = made.get(devices);
  if (known !== undefined) return known;
  const knowledge = loadKnowledge();
  const days = feedDays();
  const day = [days[SUPPORT_SOURCE] ?? "", days[MODELS_SOURCE] ?? ""].toSorted().at(-1)!;
  const ends = supportCalendar(devices, knowledge, ours(), day);
  made.set(devices, ends);
  return ends;
}
const calendars = perEdition(() => new WeakMap<readonly FleetDevice[], readonly SupportEnd[]>());
const ours = perEdition(() => loadModelSupports(loadKnowledge().makers));

/** As many of one list as the other lists of lifecycle show. */
const DEVICES_MAX = 200;

interface Ends extends Pick<SupportEnd, "of" | "what" | "first" | "last" | "source"> {}

/** `day`: YYYY-MM-DD, of what we know. */
export function supportCalendar(
  devices: readonly FleetDevice[],
  knowledge: Pick<Knowledge, "systems" | "signs" | "support">,
  supports: ModelSupports,
  day: string,
): readonly SupportEnd[] {
  const found = new Map<string, { readonly ends: Ends; readonly devices: FleetDevice[] }>();
  for (const device of devices)
    for (const ends of [systemEnds(device, knowledge), modelEnds(device, supports)]) {
      if (ends === null) continue;
      const key = `${ends.of} ${ends.what}`;
      const known = found.get(key);
      if (known === undefined) found.set(key, { ends, devices: [device] });
      else known.devices.push(device);
    }
  return [...found.values()]
    .map(({ ends, devices: own }) => ({ ...ends, ended: own.some((it) => ends.last < asOf(it, day)), devices: listOf(own) }))
    .toSorted((a, b) => (a.last === b.last ? (a.what < b.what ? -1 : 1) : a.last < b.last ? -1 : 1));
}

function systemEnds(device: FleetDevice, knowledge: Pick<Knowledge, "systems" | "signs" | "support">): Ends | null {
  const system = heardSystem(device, knowledge);
  const editions = system === null ? [] : editionsOf(system, knowledge);
  const days = editions.map(({ ends }) => ends).toSorted();
  // One that goes on may be the one it runs.
  if (system === null || days.length === 0 || days[0] === "") return null;
  return {
    of: "system",
    what: system.name,
    first: days[0]!,
    last: days.at(-1)!,
    source: [...new Set(editions.map(({ source }) => source))].join("; "),
  };
}

function modelEnds(device: FleetDevice, supports: ModelSupports): Ends | null {
  const known = supportOf(device, supports);
  if (known === null) return null;
  const { maker, model, ends, source } = known;
  const what = model.startsWith(maker) ? model : `${maker} ${model}`;
  return { of: "model", what, first: ends, last: ends, source: source === "" ? MODELS_SOURCE : source };
}

function listOf(devices: readonly FleetDevice[]): SupportEnd["devices"] {
  const care = ({ lifeCritical }: FleetDevice) => CARE_CLASSES.indexOf(lifeCritical);
  const rows = devices.toSorted((a, b) => care(a) - care(b) || b.last - a.last).slice(0, DEVICES_MAX);
  return {
    total: devices.length,
    rows: rows.map(({ id, name, kind, lifeCritical, location, last }) => ({
      id,
      name,
      kind: kind?.value ?? null,
      lifeCritical,
      location: location?.value ?? null,
      at: last,
      note: null,
    })),
  };
}
