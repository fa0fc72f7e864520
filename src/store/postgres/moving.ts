/**
 * A recording of a file moved into PostgreSQL as a site, table by table in portions; how far it came is stored with each of them, so that
 * one that was interrupted is gone on with. The file stays as it is, and nobody writes it meanwhile.
 */
import { createHash } from "node:crypto";
import { hold } from "../database.ts";
import type { Engine, Value } from "../engine.ts";
import { bulk } from "../bulk.ts";
import { openForWriting } from "../open.ts";
import { Store } from "../reader.ts";

/** Of one transaction. */
const ROWS_AT_ONCE = 20_000;
/** In `about` while it is under way: JSON of `Progress`. */
const MOVING = "moving";

interface Progress {
  /** Names the recording, and tells nothing of it. */
  readonly of: string;
  readonly table: string;
  /** The key of the last row that is there; none: it begins. */
  readonly after: readonly Value[];
}

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

/** `told` is called with the table and how many rows of it came now. Throws an Error for people where the site has a recording of its own. */
export function moveRecording(file: string, place: string, site: string, told: (table: string, rows: number) => void): void {
  const lock = hold(file);
  try {
    const from = new Store(file);
    const to = openForWriting(place, site);
    try {
      const of = createHash("sha256")
        .update(from.about("hash_key") ?? "")
        .digest("hex");
      const tables = tablesOf(from);
      const progress = progressIn(to.database, of, site);
      const begun = progress === null ? 0 : tables.findIndex(({ name }) => name === progress.table);
      for (const [place, table] of tables.entries()) {
        if (place < begun) continue;
        let after = place === begun && progress !== null ? progress.after : [];
        for (let rows: readonly (readonly Value[])[] = []; ;) {
          rows = portionOf(from, table, after);
          after = rows.length === 0 ? after : keyOf(table, rows.at(-1)!);
          to.transaction(() => {
            write(to.database, table, rows);
            setAbout(to.database, MOVING, JSON.stringify({ of, table: table.name, after } satisfies Progress));
          });
          told(table.name, rows.length);
          if (rows.length < ROWS_AT_ONCE) break;
        }
      }
      to.transaction(() => {
        for (const { key, value } of from.all<{ key: string; value: string }>("SELECT key, value FROM about"))
          setAbout(to.database, key, key === "site" ? site : value);
        to.database.prepare("DELETE FROM about WHERE key = ?").run(MOVING);
      });
    } finally {
      from.close();
      to.release();
    }
  } finally {
    lock.release();
  }
}

/** Null where nothing came yet. */
function progressIn(database: Engine, of: string, site: string): Progress | null {
  const about = (key: string) => database.prepare("SELECT value FROM about WHERE key = ?").get(key)?.["value"] as string | undefined;
  const moving = about(MOVING);
  if (moving !== undefined) {
    const progress = JSON.parse(moving) as Progress;
    if (progress.of === of) return progress;
    throw new Error(`expected a site without a recording, another one is being moved into ${site}`);
  }
  const has = (table: string) => database.prepare(`SELECT 1 AS one FROM ${table} LIMIT 1`).get() !== undefined;
  if (["run", "endpoint", "change"].some(has)) throw new Error(`expected a site without a recording, got one that has its own: ${site}`);
  return null;
}

function tablesOf(from: Store): readonly Table[] {
  const rows = from.all<{ table: string; column: string; key: number }>(
    `SELECT sqlite_schema.name AS "table", info.name AS "column", info.pk AS "key"
     FROM sqlite_schema JOIN pragma_table_info(sqlite_schema.name) AS info
     WHERE sqlite_schema.type = 'table' AND sqlite_schema.name NOT IN ('about') ORDER BY sqlite_schema.name, info.cid`,
  );
  return [...Map.groupBy(rows, ({ table }) => table)].map(([name, columns]) => ({
    name,
    columns: columns.map(({ column }) => column),
    key: columns.filter(({ key }) => key > 0).toSorted((a, b) => a.key - b.key).map(({ column }) => column), // prettier-ignore
  }));
}

function portionOf(from: Store, { name, columns, key }: Table, after: readonly Value[]): readonly (readonly Value[])[] {
  const keys = key.join(", ");
  const beyond = after.length === 0 ? "" : `WHERE (${keys}) > (${key.map(() => "?").join(", ")})`;
  return from.tuples<readonly Value[]>(
    `SELECT ${columns.join(", ")} FROM ${name} ${beyond} ORDER BY ${keys} LIMIT ${ROWS_AT_ONCE}`,
    ...after,
  );
}

function keyOf({ columns, key }: Table, row: readonly Value[]): readonly Value[] {
  return key.map((column) => row[columns.indexOf(column)]!);
}

function write(database: Engine, table: Table, rows: readonly (readonly Value[])[]): void {
  const writing = bulk(database, { ...table, table: table.name, join: "none" });
  writing.begin();
  for (const row of rows) writing.add(true, ...row);
  writing.end();
}

function setAbout(database: Engine, key: string, value: string): void {
  database.prepare("INSERT INTO about (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value").run(key, value);
}
