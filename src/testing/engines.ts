/** The same batches kept by either engine, and what each then answers. */
import { Core } from "../core.ts";
import type { Batch } from "../model/batch.ts";

/** Writes them to a recording, wherever it is kept, and works everything out. `every`: of so many batches a flush. */
export function kept(path: string, batches: readonly Batch[], every = Number.POSITIVE_INFINITY): void {
  const core = new Core({ path, site: "main", ownRanges: [] });
  try {
    const runs = new Set<string>();
    for (const [place, batch] of batches.entries()) {
      core.take(batch);
      runs.add(batch.run);
      if ((place + 1) % every === 0) core.flush();
    }
    for (const run of runs) core.ended(run, "");
    core.settle();
  } finally {
    core.close();
  }
}
