/**
 * What must hold of a recording that was cut off anywhere: it is whole, and it holds exactly what the batches it counts as stored say. The
 * batches are summed again beside it, by the same core, as if nothing had happened.
 */
import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { Core } from "../core.ts";
import type { Batch } from "../model/batch.ts";
import { check } from "../store/backup.ts";
import type { Running } from "./command.ts";
import { isRunning, sensorOf } from "./processes.ts";
import { storedBatches } from "./stored.ts";

/** What only batches write, and what people said. */
const TABLES = ["endpoint", "claim", "conversation", "attempt", "signal", "change"];
/** How far each run came; not its state, which the next start sets right. */
const RUNS = "SELECT input, sequence, missing, first, last, frames, bytes, drops, duplicates, gaps, counts FROM run ORDER BY number";

interface Found {
  /** Batches without a gap. */
  readonly stored: number;
  /** "" before anything is stored. */
  readonly state: string;
}

export class Recovery {
  readonly #before: string;
  readonly #batches: readonly Batch[];
  readonly #expected = new Map<number, string>();

  /** `before`: a recording in which none of the batches is stored; it is only read. */
  constructor(before: string, batches: readonly Batch[]) {
    this.#before = before;
    this.#batches = batches;
  }

  /** Looks at a copy, so that the next start is the first to open it. */
  check(recording: string): Found {
    const folder = mkdtempSync(join(tmpdir(), "auscult-recovery-"));
    try {
      const copy = copied(recording, join(folder, "copy.db"));
      check(copy);
      const { stored, state } = found(copy, this.#batches[0]!.run);
      const expected = this.#expected.get(stored) ?? this.#sum(stored, join(folder, "expected.db"));
      this.#expected.set(stored, expected);
      assert.equal(contents(copy), expected, `after ${stored} of ${this.#batches.length} batches`);
      return { stored, state };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  #sum(count: number, path: string): string {
    const core = new Core({ path: copied(this.#before, path), site: "main", ownRanges: [] });
    for (const batch of this.#batches.slice(0, count)) core.take(batch);
    core.flush();
    core.close();
    return contents(path);
  }
}

interface Killed {
  /** Batches of the input that were seen to be stored before. */
  readonly seen: number;
  /** The sensor it had then. */
  readonly sensor: number | undefined;
}

/** Kills the program -9 when `moment` has come. */
export async function killAt(program: Running, recording: string, input: string, moment: Promise<unknown>): Promise<Killed> {
  const pid = program.child.pid!;
  let seen = 0;
  const over = new AbortController();
  const watching = (async () => {
    for (; !over.signal.aborted; await sleep(10)) seen = Math.max(seen, storedBatches(recording).get(input) ?? 0);
  })();
  try {
    await moment;
    const sensor = isRunning(pid) ? sensorOf(pid) : undefined;
    program.child.kill("SIGKILL");
    over.abort();
    await watching;
    return { seen, sensor };
  } finally {
    over.abort();
    program.child.kill("SIGKILL");
    await program.ended;
  }
}

/** With its log, which SQLite works in when it opens it. */
function copied(recording: string, to: string): string {
  for (const part of ["", "-wal"]) if (existsSync(`${recording}${part}`)) copyFileSync(`${recording}${part}`, `${to}${part}`);
  return to;
}

/** What the names in it are hashed with. */
export function hashKeyOf(recording: string): string {
  const database = new DatabaseSync(recording, { readOnly: true });
  try {
    return database.prepare("SELECT value FROM about WHERE key = 'hash_key'").get()!["value"] as string;
  } finally {
    database.close();
  }
}

function contents(path: string): string {
  const database = new DatabaseSync(path, { readOnly: true });
  const lines = (sql: string) => database.prepare(sql).all().map((row) => JSON.stringify(row)); // prettier-ignore
  try {
    return [...TABLES.flatMap((table) => [table, ...lines(`SELECT * FROM ${table}`).toSorted()]), "run", ...lines(RUNS)].join("\n");
  } finally {
    database.close();
  }
}

function found(path: string, run: string): Found {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const row = database.prepare("SELECT sequence AS stored, state FROM run WHERE run = ?").get(run) as Found | undefined;
    return row ?? { stored: 0, state: "" };
  } finally {
    database.close();
  }
}
