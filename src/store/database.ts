/** A recording's file, opened for writing by the one process that may: made, or brought to today's shape, and held. */
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { joinedPorts, joinedWords } from "./joining.ts";
import { RECORDING_VERSION } from "./version.ts";
import { DiskRefused, RecordingBusy, type About, type Held } from "./writing.ts";

/** The log beside the file is folded in when it is larger, so that it never outgrows the recording. */
const LOG_BYTES_MAX = 64 << 20;
/** Nobody else writes; a reader may hold the file for a moment when it begins or ends. */
const BUSY_MS = 5_000;
const SqliteError = { busy: 5, inputOutput: 10, full: 13, notADatabase: 26 } as const;

/**
 * Opens or makes the recording at `path`. Throws RecordingBusy while another process writes it, and an Error for people when the file
 * is no recording or of a newer version. `site` is written into a new one.
 */
export function openForWriting(path: string, site: string): Held {
  const lock = hold(path);
  let database: DatabaseSync | undefined;
  try {
    if (!existsSync(path)) make(path, site);
    begin(path);
    database = new DatabaseSync(path, { timeout: BUSY_MS });
    const version = versionOf(database, path);
    // What people said must outlive a power cut, and so does what was heard: NORMAL lost up to 83 batches in one (measured), FULL none.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 4000");
    database.function("joined_words", { deterministic: true, directOnly: true }, (a, b) => joinedWords(a as string, b as string));
    database.function("lowest_ports", { deterministic: true, directOnly: true }, (a, b) => joinedPorts(a as string, b as string));
    if (version === 0) fill(database, site);
    else migrate(database, version, RECORDING_VERSION);
    return new HeldFile(database, path, lock);
  } catch (error) {
    database?.close();
    lock.release();
    if (codeOf(error) !== SqliteError.notADatabase) throw error;
    throw new Error(`expected a recording, got a file that is no database: ${path}`, { cause: error });
  }
}

class HeldFile implements Held {
  readonly database: DatabaseSync;
  readonly #path: string;
  readonly #lock: Lock;

  constructor(database: DatabaseSync, path: string, lock: Lock) {
    this.database = database;
    this.#path = path;
    this.#lock = lock;
  }

  transaction(work: () => void): void {
    try {
      this.database.exec("BEGIN IMMEDIATE");
      work();
      this.database.exec("COMMIT");
      this.#lock.tellWritten();
    } catch (error) {
      if (this.database.isTransaction) this.database.exec("ROLLBACK");
      const code = codeOf(error);
      if (code !== SqliteError.full && code !== SqliteError.inputOutput) throw error;
      throw new DiskRefused((error as Error).message, { cause: error });
    }
  }

  about(key: About): string | undefined {
    return this.database.prepare("SELECT value FROM about WHERE key = ?").get(key)?.["value"] as string | undefined;
  }

  setAbout(key: About, value: string): void {
    this.database
      .prepare("INSERT INTO about (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
      .run(key, value);
  }

  /** Keeps the log short. A reader that holds an old moment keeps it as it is: then it is for the next time, nobody waits. */
  foldLog(): void {
    const log = statSync(`${this.#path}-wal`, { throwIfNoEntry: false });
    if ((log?.size ?? 0) <= LOG_BYTES_MAX) return;
    this.database.exec("PRAGMA busy_timeout = 0");
    this.database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
    this.database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
  }

  check(): void {}

  tellAddress(address: string): void {
    writeFileSync(ownerFile(this.#path), address, { mode: 0o600 });
  }

  release(): void {
    this.database.close();
    this.#lock.release();
  }
}

interface Lock {
  tellWritten(): void;
  release(): void;
}

/** A lock nobody refers to any more would be collected, closed with that, and the next writer let in beside us (seen). */
const locks = new Set<DatabaseSync>();

/** An exclusive transaction on a file of its own: it ends with the process that holds it, however that ends. */
export function hold(path: string): Lock {
  begin(lockFile(path));
  const lock = new DatabaseSync(lockFile(path), { timeout: 0 });
  const owner = ownerFile(path);
  try {
    lock.exec("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
    // Left by one that was killed.
    rmSync(owner, { force: true });
  } catch (error) {
    lock.close();
    if (codeOf(error) !== SqliteError.busy) throw error;
    throw new RecordingBusy(path, existsSync(owner) ? readFileSync(owner, "utf8") : "");
  }
  locks.add(lock);
  let written = 0;
  return {
    tellWritten: () => {
      written++;
      try {
        utimesSync(lockFile(path), written, written);
      } catch (error) {
        // Somebody took it away: whoever reads along looks by himself after a while.
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      }
    },
    release: () => {
      rmSync(owner, { force: true });
      locks.delete(lock);
      lock.close();
    },
  };
}

/** Made by us, or everybody on this machine could read what a hospital's devices are weak in. */
function begin(file: string): void {
  try {
    closeSync(openSync(file, "a", 0o600));
  } catch (error) {
    throw new Error(`expected a file that can be written, got ${file}: ${(error as NodeJS.ErrnoException).code}`, { cause: error });
  }
}

/** SQLite's own, without its finer distinctions; 0 for what is no error of SQLite. */
function codeOf(error: unknown): number {
  return ((error as { errcode?: number }).errcode ?? 0) & 0xff;
}

/** Held by who writes; its time is how often he has written, and tells who reads along. */
export function lockFile(path: string): string {
  return `${path}.lock`;
}

function ownerFile(path: string): string {
  return `${path}.owner`;
}

/** 0 where there is nothing yet. Throws before anything is written into a file that is not ours. */
function versionOf(database: DatabaseSync, path: string): number {
  const { user_version: version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (version > RECORDING_VERSION)
    throw new Error(
      `expected a recording of version ${RECORDING_VERSION} or older, got version ${version} in ${path}: a newer Auscult wrote it`,
    );
  const { tables, ours } = database
    .prepare("SELECT count(*) AS tables, count(*) FILTER (WHERE name = 'change') AS ours FROM sqlite_schema")
    .get() as { tables: number; ours: number };
  if (version === 0 ? tables > 0 : ours === 0) throw new Error(`expected a recording, got another program's database: ${path}`);
  return version;
}

/** Whole or not at all: one that was cut off while it was made would stand in the way of the next, and of whoever lists recordings. */
function make(path: string, site: string): void {
  const unborn = `${path}.new`;
  // A log of a recording that somebody took away would be read into this one.
  for (const left of [unborn, `${unborn}-journal`, `${path}-wal`, `${path}-shm`]) rmSync(left, { force: true });
  begin(unborn);
  try {
    const database = new DatabaseSync(unborn);
    try {
      fill(database, site);
    } finally {
      database.close();
    }
    renameSync(unborn, path);
  } finally {
    for (const left of [unborn, `${unborn}-journal`]) rmSync(left, { force: true });
  }
}

function fill(database: DatabaseSync, site: string): void {
  database.exec("BEGIN IMMEDIATE");
  database.exec(readFileSync(join(import.meta.dirname, "schema.sql"), "utf8"));
  const about = database.prepare("INSERT INTO about (key, value) VALUES (?, ?)");
  about.run("site", site);
  about.run("hash_key", randomBytes(32).toString("hex"));
  database.exec(`PRAGMA user_version = ${RECORDING_VERSION}; COMMIT`);
}

/** Step by step, so that one that was interrupted is gone on with. */
export function migrate(database: DatabaseSync, from: number, to: number): void {
  for (let step = from + 1; step <= to; step++) {
    const migration = readFileSync(join(import.meta.dirname, "migrations", `${String(step).padStart(3, "0")}.sql`), "utf8");
    database.exec("BEGIN IMMEDIATE");
    // Another that opened it meanwhile may have taken the step while this one waited.
    const { user_version: version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
    if (version < step) database.exec(`${migration}; PRAGMA user_version = ${step}`);
    database.exec("COMMIT");
  }
}
