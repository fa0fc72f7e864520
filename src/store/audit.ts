/**
 * The audit log: append-only, each row chained to the one before by an HMAC under the file's key, as what people say of devices is
 * (`said.ts`). What it shows and what it cannot show is the same: see SECURITY.md.
 */
import { createHmac } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { AuditRow, Deed } from "../model/account.ts";

type Head = Pick<ChainedRow, "number" | "hash">;
interface ChainedRow extends AuditRow {
  readonly hash: string;
}

/** Within the caller's transaction, or a second process would chain to the same row. */
export function appendDeed(database: DatabaseSync, given: Deed): void {
  // As it will be read again: half a character is stored as another one, and the hash would be of what was never written.
  const deed = { ...given, who: given.who.toWellFormed(), about: given.about.toWellFormed(), client: given.client.toWellFormed() };
  const last = database.prepare("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1").get() as Head | undefined;
  const number = (last?.number ?? 0) + 1;
  const hash = link(keyOf(database), last?.hash ?? "", { number, ...deed });
  database
    .prepare("INSERT INTO audit (number, at, who, what, about, client, hash) VALUES (?, ?, ?, ?, ?, ?, ?)")
    .run(number, deed.at, deed.who, deed.what, deed.about, deed.client, hash);
  database
    .prepare("INSERT INTO about (key, value) VALUES ('audit_head', ?) ON CONFLICT DO UPDATE SET value = excluded.value")
    .run(`${number} ${hash}`);
}

/** The first row that does not follow from the one before it, in words; null when the chain holds. */
export function auditTrouble(database: DatabaseSync): string | null {
  const key = keyOf(database);
  let before = "";
  let number = 0;
  for (const row of database.prepare("SELECT * FROM audit ORDER BY number").iterate() as Iterable<unknown> as Iterable<ChainedRow>) {
    number++;
    if (row.number !== number) return `expected row ${number} of the audit log, got row ${row.number}: one is missing`;
    if (link(key, before, row) !== row.hash) return `row ${row.number} of the audit log is not what was written: the chain breaks there`;
    before = row.hash;
  }
  const head = about(database, "audit_head") ?? "0 ";
  if (head !== `${number} ${before}`)
    return `expected the last row of the audit log to be ${head.split(" ")[0]}, got ${number}: the end is cut off`;
  return null;
}

function keyOf(database: DatabaseSync): Buffer {
  return Buffer.from(about(database, "audit_key") ?? "", "hex");
}

function about(database: DatabaseSync, key: string): string | undefined {
  return database.prepare("SELECT value FROM about WHERE key = ?").get(key)?.["value"] as string | undefined;
}

function link(key: Buffer, before: string, { number, at, who, what, about: of, client }: AuditRow): string {
  return createHmac("sha256", key)
    .update(JSON.stringify([before, number, at, who, what, of, client]))
    .digest("hex");
}
