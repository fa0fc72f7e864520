/**
 * What is to be told to others, kept on the disk until they took it: nothing is lost by a restart, and nothing is put in twice, since its
 * id follows from what it tells.
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { OutputStanding } from "../model/output.ts";

const VERSION = 2;
/** From each version to the next. */
const MIGRATIONS: Readonly<Record<number, string>> = {
  1: "ALTER TABLE delivery ADD COLUMN answered INTEGER; ALTER TABLE delivery ADD COLUMN refused INTEGER; ALTER TABLE delivery ADD COLUMN refusal TEXT",
};
const BUSY_MS = 5_000;
/** Of one output. Beyond it the oldest that waits is dead: who answers nothing for days has more urgent trouble than the first of them. */
const WAITING_MAX = 20_000;
/** Sent and dead ones are kept so that they are known again; the oldest go first. */
const KEPT_MAX = 100_000;

export type QueueStanding = Omit<OutputStanding, "name" | "where">;

export interface Delivery {
  readonly id: string;
  readonly output: string;
  readonly body: string;
  /** 0: nobody was asked yet. */
  readonly tries: number;
  /** Milliseconds since 1970: not before. */
  readonly due: number;
  /** Milliseconds since 1970. */
  readonly made: number;
}

export class Outbox {
  readonly #database: DatabaseSync;

  /** Made where there is none. */
  constructor(path: string) {
    // What was found is in it: for its owner alone.
    closeSync(openSync(path, "a", 0o600));
    this.#database = new DatabaseSync(path, { timeout: BUSY_MS });
    this.#database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    const [version] = Object.values(this.#database.prepare("PRAGMA user_version").get()!) as [number];
    if (version > VERSION)
      throw new Error(`expected an outbox of version ${VERSION}, got version ${version} in ${path}: a newer Auscult wrote it`);
    if (version === 0) {
      this.#database.exec("BEGIN IMMEDIATE");
      this.#database.exec(readFileSync(join(import.meta.dirname, "outbox.sql"), "utf8"));
      this.#database.exec(`PRAGMA user_version = ${VERSION}; COMMIT`);
    }
    for (let from = version; from > 0 && from < VERSION; from++)
      this.#database.exec(`BEGIN IMMEDIATE; ${MIGRATIONS[from]}; PRAGMA user_version = ${from + 1}; COMMIT`);
  }

  /** Each once for each output, however often it is put in. `of` is what makes it this one and no other. Answers how many were new. */
  put(output: string, deliveries: readonly { readonly of: readonly string[]; readonly body: string }[], now: number): number {
    const insert = this.#database.prepare(
      `INSERT OR IGNORE INTO delivery (id, output, body, state, tries, due, made, answer) VALUES (?, ?, ?, 'waiting', 0, ?, ?, '')`,
    );
    let count = 0;
    this.#transaction(() => {
      for (const { of, body } of deliveries) count += Number(insert.run(idOf(output, of), output, body, now, now).changes);
      if (count > 0) this.#bound(output);
    });
    return count;
  }

  /** The next ones that are due, the longest waiting first. */
  due(output: string, now: number, limit: number): readonly Delivery[] {
    return this.#database
      .prepare(
        "SELECT id, output, body, tries, due, made FROM delivery WHERE output = ? AND state = 'waiting' AND due <= ? ORDER BY number LIMIT ?",
      )
      .all(output, now, limit) as unknown as readonly Delivery[];
  }

  /** When the next is due; null where none waits. */
  nextDue(output: string): number | null {
    const row = this.#database.prepare("SELECT min(due) AS due FROM delivery WHERE output = ? AND state = 'waiting'").get(output);
    return (row as { due: number | null }).due;
  }

  /** Before they are sent together: should this end before an answer comes, they are sent together again, at `due`. */
  trying(ids: readonly string[], due: number): void {
    this.#each(ids, "tries = tries + 1, due = ?, answer = 'no answer is known'", due);
  }

  sent(ids: readonly string[], answer: string, now: number): void {
    this.#each(ids, "state = 'sent', body = '', answer = ?, answered = ?", answer, now);
  }

  /** Again at `due`. */
  failed(ids: readonly string[], answer: string, due: number, now: number): void {
    this.#each(ids, "due = ?, answer = ?, answered = ?, refused = ?, refusal = ?", due, answer, now, now, answer);
  }

  /** What they were stays, to be read. */
  dead(ids: readonly string[], why: string, now: number): void {
    this.#each(ids, "state = 'dead', answer = ?, answered = ?, refused = ?, refusal = ?", why, now, now, why);
  }

  /** How it goes with one output. */
  of(output: string): QueueStanding {
    const one = (statement: string) => this.#database.prepare(statement).get(output) as Record<string, number | string | null> | undefined;
    const counts = one(
      `SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, min(made) FILTER (WHERE state = 'waiting') AS since,
         count(*) FILTER (WHERE state = 'sent') AS sent, max(answered) FILTER (WHERE state = 'sent') AS lastSent,
         count(*) FILTER (WHERE state = 'dead') AS dead FROM delivery WHERE output = ?`,
    )!;
    const refusal = one("SELECT refused AS at, refusal AS why FROM delivery WHERE output = ? AND refused IS NOT NULL ORDER BY refused DESC, number DESC LIMIT 1"); // prettier-ignore
    return { ...(counts as unknown as Omit<QueueStanding, "lastRefusal">), lastRefusal: refusal === undefined ? null : { at: Number(refusal["at"]), why: String(refusal["why"]) } }; // prettier-ignore
  }

  /** By output: how many wait, were sent, are dead. */
  standing(): readonly { readonly output: string; readonly state: string; readonly count: number }[] {
    const rows = this.#database.prepare(
      "SELECT output, state, count(*) AS count FROM delivery GROUP BY output, state ORDER BY output, state",
    );
    return (rows.all() as unknown as { output: string; state: string; count: number }[]).map((row) => ({ ...row }));
  }

  close(): void {
    this.#database.close();
  }

  /** All of them or none. */
  #each(ids: readonly string[], change: string, ...values: readonly (string | number)[]): void {
    const update = this.#database.prepare(`UPDATE delivery SET ${change} WHERE id = ?`);
    this.#transaction(() => {
      for (const id of ids) update.run(...values, id);
    });
  }

  #bound(output: string): void {
    this.#database
      .prepare(
        `UPDATE delivery SET state = 'dead', answer = 'more than ${WAITING_MAX} waited: the oldest were let go' WHERE id IN
         (SELECT id FROM delivery WHERE output = ? AND state = 'waiting' ORDER BY number DESC LIMIT -1 OFFSET ${WAITING_MAX})`,
      )
      .run(output);
    this.#database.exec(
      `DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE state <> 'waiting' ORDER BY number DESC LIMIT -1 OFFSET ${KEPT_MAX})`,
    );
  }

  #transaction(work: () => void): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      // A full disk ends it by itself, and is what is told.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}

function idOf(output: string, of: readonly string[]): string {
  return createHash("sha256")
    .update(JSON.stringify([output, ...of]))
    .digest("hex")
    .slice(0, 32);
}
