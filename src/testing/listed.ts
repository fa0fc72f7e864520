/** A list held against devices, as lines a person can read. */
import { loadKnowledge } from "../knowledge/index.ts";
import type { DeviceSummary, Stated } from "../model/device.ts";
import type { ListPlan, ListQuestion } from "../model/list.ts";
import { planOf } from "../list/plan.ts";

/** Only what a test is about: texts are known for sure. */
export type DeviceSketch = {
  readonly [Field in keyof DeviceSummary]?: DeviceSummary[Field] extends Stated | null ? string : DeviceSummary[Field];
};

export function known(value: string, lead = 24): Stated {
  return { value, confidence: 0.99, lead };
}

export function deviceLike({ name = "10.0.0.7", ...sketch }: DeviceSketch): DeviceSummary {
  const stated = (value: string | undefined) => (value === undefined ? null : known(value));
  const { kind, maker, model, serial, udi, software, os, location, controlNumber, owner, status, ...plain } = sketch;
  const all = { kind, maker, model, serial, udi, software, os, location, controlNumber, owner, status };
  return {
    id: "d1", name, names: name === "10.0.0.7" ? [] : [known(name)], lifeCritical: "other", macs: [], ips: [], standing: "device", first: 0,
    last: Date.UTC(2026, 10, 20) * 1_000, frames: 1, bytes: 1, days: [1, 0], services: 0, peers: 0, ...plain,
    ...(Object.fromEntries(Object.entries(all).map(([field, value]) => [field, stated(value)])) as Record<keyof typeof all, Stated | null>),
  }; // prettier-ignore
}

export function held(list: string | Uint8Array, devices: readonly DeviceSketch[], more: Partial<ListQuestion> = {}): ListPlan {
  const bytes = typeof list === "string" ? Buffer.from(list) : list;
  return planOf({ file: "assets.csv", bytes, ...more }, devices.map(deviceLike), loadKnowledge()); // prettier-ignore
}

/** `2 matched d1: owner "" → "Biomed"; notes`. */
export function linesOf({ rows }: ListPlan): readonly string[] {
  return rows.map(({ row, state, candidates, changes, notes }) =>
    [
      `${row} ${state}${candidates.map(({ device }) => ` ${device.id}`).join("")}`,
      ...changes.map(({ attribute, from, to }) => `${attribute} "${from}" → "${to}"`),
      ...notes,
    ].join("; "),
  );
}
