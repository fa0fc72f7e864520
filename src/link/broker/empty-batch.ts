/** A batch in which nothing was heard: it stands for one that is no more, so that what comes after it is not waited for in vain. */
import { BATCH_SCHEMA, NO_FRAMES, NO_LOSS, type Batch } from "../../model/batch.ts";

export interface Missing {
  readonly site: string;
  readonly sensor: string;
  readonly run: string;
  readonly sequence: number;
  readonly input: string;
  /** Packet time; 0 where it is not known any more. */
  readonly from: number;
  readonly to: number;
  /** Frames that were heard and let go; 0 where it is not known any more. */
  readonly frames: number;
  /** Under which name of a limit it counts as loss; absent: nothing was lost. */
  readonly limit?: string;
  readonly end?: true;
}

export function emptyBatch({ site, sensor, run, sequence, input, from, to, frames, limit, end }: Missing): Batch {
  return {
    schema: BATCH_SCHEMA,
    site,
    sensor,
    run,
    sequence,
    input,
    from,
    to,
    ...(end === undefined ? {} : { end }),
    frames: NO_FRAMES,
    addresses: [],
    observations: [],
    conversations: [],
    attempts: [],
    signals: [],
    loss: { ...NO_LOSS, drops: frames, limits: limit === undefined ? {} : { [limit]: 1 } },
  };
}
