/** What a recording is, in a few quick questions: for lists of recordings, and to tell whether some captures were read into it. */
import { EVIDENCE_RUN } from "../model/batch.ts";
import { Store } from "./reader.ts";

export interface AboutRecording {
  readonly devices: number;
  /** Microseconds since 1970; null while nothing was heard. */
  readonly from: number | null;
  readonly to: number | null;
  /** The identities of the captures in it, and of each time it was listened into. */
  readonly runs: readonly string[];
}

/** Throws an Error for people where there is no recording that can be read. */
export function aboutRecording(path: string): AboutRecording {
  const store = new Store(path);
  try {
    const { devices } = store.get<{ devices: number }>(
      "SELECT count(*) AS devices FROM device WHERE standing NOT IN ('group', 'outside')",
    )!;
    const span = store.get<{ from: number | null; to: number | null }>(`SELECT min(first) AS "from", max(last) AS "to" FROM run`)!;
    const heard = store.all<{ run: string }>(
      `SELECT run FROM run WHERE substr(run, 1, ${EVIDENCE_RUN.length}) <> ? ORDER BY number`,
      EVIDENCE_RUN,
    );
    return { devices, ...span, runs: heard.map(({ run }) => run) };
  } finally {
    store.close();
  }
}
