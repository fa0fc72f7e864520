/**
 * How far a database has come, to be remembered outside of it: one that was set back to an older copy has the same identity and the same
 * timeline as before, so nothing in it tells. Its log's position goes back, and so do the batches that are stored.
 */
import { beOf, connect, versionOf } from "./connecting.ts";
import type { PostgresEngine } from "./engine.ts";

export interface Standing {
  /** As the server says it: "15.14 (Debian …)". */
  readonly server: string;
  /** Of what is kept there; 0: it is not set up. */
  readonly shape: number;
  /** Drawn when the server's data were made. */
  readonly system: string;
  /** Position of the write-ahead log in bytes; as text, since it has 64 bits. */
  readonly position: string;
  readonly sites: readonly Mark[];
}

/** Of the runs of a site that began last: the highest batch stored without a gap below it. */
export interface Mark {
  readonly site: string;
  readonly runs: Readonly<Record<string, number>>;
}

/** Runs of a site that may still be sent again. */
const RUNS_MAX = 64;

/** Throws an Error for people where nobody answers. */
export function standingOf(url: string): Standing {
  const engine = connect(url, "auscult doctor");
  try {
    const { server, system, position } = engine
      .prepare(
        `SELECT current_setting('server_version') AS server, (SELECT system_identifier::text FROM pg_control_system()) AS system,
           (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END - '0/0')::text AS position`,
      )
      .get() as { server: string; system: string; position: string };
    const shape = versionOf(engine);
    return { server, system, position, shape, sites: shape === 0 ? [] : marksOf(engine) };
  } finally {
    engine.close();
  }
}

function marksOf(engine: PostgresEngine): readonly Mark[] {
  const sites = engine.prepare("SELECT number, name FROM site ORDER BY name").all() as { number: number; name: string }[];
  const runs = engine.prepare("SELECT run, sequence FROM run ORDER BY number DESC LIMIT ?");
  return sites.map(({ number, name }) => {
    beOf(engine, number);
    return { site: name, runs: Object.fromEntries(runs.all(RUNS_MAX).map((row) => [row["run"] as string, row["sequence"] as number])) };
  });
}

/** What is gone since then, a sentence each; none while it only went on, or is another server's. */
export function goneSince(before: Standing, now: Standing): readonly string[] {
  if (before.system !== now.system) return [];
  const sites = new Map(now.sites.map(({ site, runs }) => [site, runs]));
  const lost = before.sites.flatMap(({ site, runs }) =>
    Object.entries(runs).flatMap(([run, sequence]) => {
      const left = sites.get(site)?.[run] ?? 0;
      return left < sequence
        ? [`${site}: batches ${left + 1} to ${sequence} of ${run} are gone; its sensor sends again what it still has`]
        : [];
    }),
  );
  // It may have been written so much since that its log is past the place again.
  const isBack = BigInt(now.position) < BigInt(before.position) || lost.length > 0;
  return isBack ? ["It was set back to an older copy since we looked last", ...lost] : [];
}
