/**
 * Who has which site, as the database itself knows it: advisory locks, which end with the connection that holds them, so nobody has to
 * be asked whether a core still lives. The connection that writes a site holds the site's lock alone; it and the connection by which its
 * core looks around share that core's own; the latter says too which sites it would take.
 */
import type { PostgresEngine } from "./engine.ts";

/** The first halves of our locks, by which they are told from those of other programs; the second is a number of a site or of a core. */
const SITE_LOCK = 0x4155_5343; // "AUSC"
const CORE_LOCK = 0x4155_534b; // "AUSK"
const READY_LOCK = 0x4155_5357; // "AUSW"
/** A core that stands still for so long has its sites no more: the server ends its connections, as it does those of a dead one at once. */
const STILL_SECONDS_MAX = 60;

/** Who has what, by the numbers of cores and sites. */
export interface Holding {
  /** Cores that are there, and the sites each would take. */
  readonly ready: ReadonlyMap<number, ReadonlySet<number>>;
  /** The core of each site that has one; 0: one that takes this site alone. */
  readonly holders: ReadonlyMap<number, number>;
}

/** False while another has it. `core`: of many sites, whose it is. */
export function takeSite(engine: PostgresEngine, site: number, core?: number): boolean {
  limitStanding(engine);
  const isMine = engine.prepare(`SELECT pg_try_advisory_lock(${SITE_LOCK}, ?::integer) AS mine`).get(site)!["mine"] === 1;
  if (isMine && core !== undefined) share(engine, CORE_LOCK, core);
  return isMine;
}

/** This connection is that of a core which would take these sites. */
export function beCore(engine: PostgresEngine, core: number, sites: readonly number[]): void {
  limitStanding(engine);
  share(engine, CORE_LOCK, core);
  for (const site of sites) share(engine, READY_LOCK, site);
}

export function holdingOf(engine: PostgresEngine): Holding {
  const rows = engine.prepare(LOCKS).all() as { kind: number; number: number; pid: number }[];
  const of = (kind: number) => rows.filter((row) => row.kind === kind);
  const coreOf = new Map(of(CORE_LOCK).map(({ pid, number }) => [pid, number]));
  const ready = new Map<number, Set<number>>();
  for (const { pid, number } of of(READY_LOCK)) {
    const core = coreOf.get(pid);
    if (core === undefined) continue; // Between its two locks.
    const sites = ready.get(core) ?? new Set();
    ready.set(core, sites.add(number));
  }
  return { ready, holders: new Map(of(SITE_LOCK).map(({ pid, number }) => [number, coreOf.get(pid) ?? 0])) };
}

function limitStanding(engine: PostgresEngine): void {
  for (const limit of ["idle_session_timeout", "idle_in_transaction_session_timeout"])
    engine.exec(`SET ${limit} = '${STILL_SECONDS_MAX}s'`);
}

function share(engine: PostgresEngine, kind: number, number: number): void {
  engine.prepare(`SELECT pg_advisory_lock_shared(${kind}, ?::integer)::text AS done`).get(number);
}

const LOCKS = `SELECT classid::bigint AS kind, objid::bigint AS number, pid FROM pg_locks
  WHERE locktype = 'advisory' AND granted AND classid IN (${SITE_LOCK}, ${CORE_LOCK}, ${READY_LOCK})
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
