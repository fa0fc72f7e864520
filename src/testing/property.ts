/** A property holds, or the smallest counterexample that is found in time is told with its seed: shrinking a story of batches took minutes. */
import * as fc from "fast-check";

const SHRINKING_MS_MAX = 10_000;

export function assertProperty<Values>(property: fc.IRawProperty<Values, false>, parameters: { readonly numRuns?: number } = {}): void {
  const found = fc.check(property, { ...parameters, endOnFailure: true });
  if (!found.failed) return;
  const { seed, counterexamplePath: path } = found;
  const smaller = fc.check(property, { ...parameters, seed, path: path!, interruptAfterTimeLimit: SHRINKING_MS_MAX });
  const told = smaller.failed ? smaller : found;
  throw new Error(fc.defaultReportMessage(told), { cause: told.errorInstance });
}
