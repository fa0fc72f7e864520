/** What makers say of the network on one page: our table and what people attached, joined with what a recording's devices were heard doing. */
import { ourDisclosures } from "./knowledge/disclosures.ts";
import { loadKnowledge } from "./knowledge/index.ts";
import type { DisclosureReport } from "./model/disclosure.ts";
import type { Machine, Replay } from "./model/replay.ts";
import { compareDisclosed, disclosedModels, type DisclosedModel } from "./policies/disclosed.ts";
import { summariesOf } from "./store/queries/device.ts";
import { replayOf } from "./store/queries/replay.ts";
import { disclosedIn } from "./store/papers.ts";
import { Store } from "./store/reader.ts";

/** The models of a recording of which a maker says anything. Throws an Error for people where the recording cannot be read. */
export function disclosedFrom(path: string, { machines }: Pick<Replay, "machines">): readonly DisclosedModel[] {
  const store = new Store(path);
  try {
    return disclosedOf(store, machines);
  } finally {
    store.close();
  }
}

function disclosedOf(store: Store, machines: readonly Machine[]): readonly DisclosedModel[] {
  return disclosedModels(machines, ourDisclosures(), disclosedIn(store.database));
}

/** Whether a maker says anything of a device's model, without a look at the rest. */
export function isDisclosed(store: Store, number: number): boolean {
  const machines = summariesOf(store, [number]).map((device) => ({ number, device, worn: [] }));
  return disclosedOf(store, machines).length > 0;
}

/** By the number of each device whose model is known for sure. */
export function* reportsByDevice(store: Store, recording: string): Generator<undefined, ReadonlyMap<number, DisclosureReport>> {
  const replay = replayOf(store, recording);
  const reports = new Map<number, DisclosureReport>();
  for (const model of disclosedOf(store, replay.machines)) {
    yield;
    const report = comparedTo(replay, model);
    for (const { number } of model.members) reports.set(number, report);
  }
  return reports;
}

export function comparedTo(replay: Replay, model: DisclosedModel): DisclosureReport {
  return compareDisclosed(model, replay, loadKnowledge().kinds);
}
