import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test, type TestContext } from "node:test";
import { migrate, openForWriting } from "./database.ts";
import { Store } from "./reader.ts";
import { RECORDING_VERSION } from "./version.ts";
import { RecordingBusy } from "./writing.ts";

function ward(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "auscult-database-"));
  context.after(() => rmSync(folder, { recursive: true }));
  return join(folder, "ward.db");
}

const schemaOf = (database: DatabaseSync) =>
  database
    .prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name")
    .all()
    .map((row) => ({ ...row }));

test("the migrations, each there and one after the other, lead to the schema of today", () => {
  const steps = readdirSync(join(import.meta.dirname, "migrations")).toSorted();
  assert.deepEqual(steps, Array.from({ length: RECORDING_VERSION }, (_, at) => `${String(at + 1).padStart(3, "0")}.sql`)); // prettier-ignore
  const [made, migrated] = [new DatabaseSync(":memory:"), new DatabaseSync(":memory:")];
  made.exec(readFileSync(join(import.meta.dirname, "schema.sql"), "utf8"));
  migrate(migrated, 0, RECORDING_VERSION);
  assert.deepEqual(schemaOf(migrated), schemaOf(made));
  assert.equal(migrated.prepare("PRAGMA user_version").get()!["user_version"], RECORDING_VERSION);
});

test("a recording of an older Auscult is read before anybody writes it again", (context) => {
  const path = ward(context);
  const old = new DatabaseSync(path);
  migrate(old, 0, 1);
  old.exec(`INSERT INTO device (id, name, name_key, said, against, names, life_critical, standing, macs, ips, first, last, frames, bytes,
    days_low, days_high, services, peers, words) VALUES (7, 'ICU-07', 'icu-07', '{}', '{}', '[]', 'other', 'device', '[]', '[]', 1, 2, 3, 4, 1, 0, 0, 0, '')`);
  old.close();
  const store = new Store(path);
  assert.deepEqual(
    { ...store.get<object>("SELECT id, name, owner, frames FROM device") },
    { id: 7, name: "ICU-07", owner: null, frames: 3 },
  );
  store.close();
});

test("two that open a recording of an older Auscult at the same moment both read it", (context) => {
  const path = ward(context);
  const [one, other] = [new DatabaseSync(path), new DatabaseSync(path)];
  migrate(one, 0, 2);
  migrate(other, 1, RECORDING_VERSION);
  migrate(one, 1, RECORDING_VERSION);
  assert.equal(other.prepare("PRAGMA user_version").get()!["user_version"], RECORDING_VERSION);
  one.close();
  other.close();
});

test("a recording of a newer Auscult, and another program's database, are left as they are", (context) => {
  const path = ward(context);
  const held = openForWriting(path, "main");
  held.database.exec(`PRAGMA user_version = ${RECORDING_VERSION + 1}`);
  held.release();
  let before = readFileSync(path);
  assert.throws(
    () => openForWriting(path, "main"),
    new RegExp(
      `expected a recording of version ${RECORDING_VERSION} or older, got version ${RECORDING_VERSION + 1} in .*: a newer Auscult wrote it`,
    ),
  );
  assert.deepEqual(readFileSync(path), before);

  const other = `${path}.other`;
  const database = new DatabaseSync(other);
  database.exec(`CREATE TABLE pump (name TEXT); PRAGMA user_version = ${RECORDING_VERSION}`);
  database.close();
  before = readFileSync(other);
  assert.throws(() => openForWriting(other, "main"), /expected a recording, got another program's database/);
  assert.deepEqual(readFileSync(other), before);
});

test("a recording has one writer; one that was killed is in nobody's way, and its address is not told any more", async (context) => {
  const path = ward(context);
  const code = `
    import { openForWriting } from ${JSON.stringify(join(import.meta.dirname, "database.ts"))};
    const held = openForWriting(${JSON.stringify(path)}, "main");
    held.tellAddress("http://127.0.0.1:4180/");
    // The lock stands although nobody here refers to it after this turn.
    setTimeout(() => (gc(), setTimeout(() => console.log("held"))));
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ["--expose-gc", "--disable-warning=ExperimentalWarning", "--input-type=module", "-e", code]);
  context.after(() => child.kill("SIGKILL"));
  await once(child.stdout, "data");
  assert.throws(
    () => openForWriting(path, "main"),
    (error: Error) => error instanceof RecordingBusy && error.address === "http://127.0.0.1:4180/",
  );
  const closed = once(child, "close");
  child.kill("SIGKILL");
  await closed;

  assert.ok(existsSync(`${path}.owner`));
  const held = openForWriting(path, "main");
  assert.throws(
    () => openForWriting(path, "main"),
    (error: Error) => error instanceof RecordingBusy && error.address === "",
  );
  held.release();
});

test("nobody else can read a recording; where none can be written, that is said", (context) => {
  const path = ward(context);
  const held = openForWriting(path, "main");
  held.transaction(() => held.database.exec("INSERT INTO note (input, words) VALUES ('ward.pcap', 'there is a log from here on')"));
  for (const end of ["", "-wal", ".lock"]) assert.equal(statSync(`${path}${end}`).mode & 0o777, 0o600, end);
  held.release();
  const nowhere = join(path, "inside", "ward.db");
  assert.throws(
    () => openForWriting(nowhere, "main"),
    new RegExp(`^Error: expected a file that can be written, got ${nowhere}.lock: ENOTDIR$`),
  );
});

test("a writer that was killed while it made the file leaves one that can be made", (context) => {
  const path = ward(context);
  writeFileSync(path, "");
  const held = openForWriting(path, "main");
  assert.equal(held.database.prepare("SELECT value FROM about WHERE key = 'site'").get()!["value"], "main");
  held.release();
});
