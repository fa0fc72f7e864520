/**
 * What every policy ever said: one small append-only file beside them, each row chained to the one before. The chain has no key, since
 * whoever can write the file could read one as well: it shows what was damaged or edited by hand, not what was forged with care.
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { UnusableHistory, type PolicyChange } from "../model/policy-history.ts";

const VERSION = 1;
/** The page and a command write one after the other, and each for a moment only. */
const BUSY_MS = 5_000;

export interface PolicyRow extends Omit<PolicyChange, "isThere"> {
  readonly policy: string;
  /** Null: from then on there was none. */
  readonly text: string | null;
}
interface ChainedRow extends PolicyRow {
  readonly hash: string;
}

export class PolicyHistory {
  readonly #database: DatabaseSync;

  /** Made where there is none. Throws UnusableHistory where the file is not ours. */
  constructor(path: string) {
    this.#database = opened(path);
  }

  /** `work` with nobody else writing meanwhile, here or in another process; what it appends stands only when it ends well. */
  alone<Value>(work: () => Value): Value {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const value = work();
      this.#database.exec("COMMIT");
      return value;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Within `alone`, or a second process would chain to the same row. Answers its number. */
  append(given: Omit<PolicyRow, "number">): number {
    // As it will be read again: half a character is stored as another one, and the hash would be of what was never written.
    const text = given.text?.toWellFormed() ?? null;
    const last = this.#database.prepare("SELECT number, hash FROM change ORDER BY number DESC LIMIT 1").get() as unknown as
      | Pick<ChainedRow, "number" | "hash">
      | undefined;
    const row: PolicyRow = {
      ...given,
      text,
      who: given.who.toWellFormed(),
      why: given.why.toWellFormed(),
      number: (last?.number ?? 0) + 1,
    };
    this.#database
      .prepare("INSERT INTO change (number, policy, at, who, what, why, of, text, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .run(row.number, row.policy, row.at, row.who, row.what, row.why, row.of, text, linkOf(last?.hash ?? "", row));
    return row.number;
  }

  /** Newest first. */
  of(policy: string): readonly PolicyChange[] {
    const rows = this.#database
      .prepare("SELECT number, at, who, what, why, of, text IS NOT NULL AS isThere FROM change WHERE policy = ? ORDER BY number DESC")
      .all(policy) as unknown as (Omit<PolicyChange, "isThere"> & { readonly isThere: number })[];
    return rows.map((row) => ({ ...row, isThere: row.isThere === 1 }));
  }

  last(policy: string): PolicyRow | undefined {
    return this.#row("policy = ? ORDER BY number DESC LIMIT 1", policy);
  }

  /** Undefined where this policy has no such change. */
  change(policy: string, number: number): PolicyRow | undefined {
    return this.#row("policy = ? AND number = ?", policy, number);
  }

  /** As it was before that change; null where there was none. */
  textBefore(policy: string, number: number): string | null {
    return this.#row("policy = ? AND number < ? ORDER BY number DESC LIMIT 1", policy, number)?.text ?? null;
  }

  /** The last change of each policy that is no more. */
  gone(): readonly PolicyRow[] {
    return this.#database
      .prepare(
        `SELECT policy, number, at, who, what, why, of, text FROM change
         WHERE text IS NULL AND number IN (SELECT max(number) FROM change GROUP BY policy) ORDER BY policy`,
      )
      .all() as unknown as PolicyRow[];
  }

  /** The first row that does not follow from the one before it, in words; null when the chain holds. */
  trouble(): string | null {
    let before = "";
    let number = 0;
    for (const row of this.#database
      .prepare("SELECT * FROM change ORDER BY number")
      .iterate() as Iterable<unknown> as Iterable<ChainedRow>) {
      number++;
      if (row.number !== number) return `expected change ${number} of the policies, got change ${row.number}: one is missing`;
      if (linkOf(before, row) !== row.hash) return `change ${row.number} of the policies is not what was written: the chain breaks there`;
      before = row.hash;
    }
    return null;
  }

  close(): void {
    this.#database.close();
  }

  #row(where: string, ...values: readonly (string | number)[]): PolicyRow | undefined {
    return this.#database
      .prepare(`SELECT policy, number, at, who, what, why, of, text FROM change WHERE ${where}`)
      .get(...values) as unknown as PolicyRow | undefined;
  }
}

function linkOf(before: string, { number, policy, at, who, what, why, of, text }: PolicyRow): string {
  return createHash("sha256")
    .update(JSON.stringify([before, number, policy, at, who, what, why, of, text]))
    .digest("hex");
}

function opened(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    // Made by us, or it would be readable for everybody.
    closeSync(openSync(path, "a", 0o600));
    database = new DatabaseSync(path, { timeout: BUSY_MS });
    database.exec("PRAGMA synchronous = FULL; BEGIN IMMEDIATE");
    const [version] = Object.values(database.prepare("PRAGMA user_version").get()!) as [number];
    if (version > VERSION) throw new Error(`version ${version}, which a newer Auscult wrote`);
    if (version === 0) {
      database.exec(readFileSync(join(import.meta.dirname, "policy-history.sql"), "utf8"));
      database.exec(`PRAGMA user_version = ${VERSION}`);
    }
    database.exec("COMMIT");
    return database;
  } catch (error) {
    database?.close();
    throw new UnusableHistory(`expected the history of policies of version ${VERSION}, got ${(error as Error).message}: ${path}`, {
      cause: error,
    });
  }
}
