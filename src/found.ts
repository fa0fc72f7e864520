/** What was found in a recording, with the planned work that lies beside it. */
import { flowsOf } from "./finding-flows.ts";
import { plannedBeside } from "./link/planned.ts";
import type { StoredFinding } from "./model/finding.ts";
import { foundIn } from "./store/queries/findings.ts";
import type { Store } from "./store/reader.ts";

/** `first`: detectors whose findings are there however many others are later. */
export function foundAt(path: string, store: Store, first: readonly string[] = []) {
  return {
    ...foundIn(store, first),
    planned: plannedBeside(path),
    flowsOf: ({ witnesses }: Pick<StoredFinding, "witnesses">) => new Set(flowsOf(witnesses).keys()),
  };
}
