/** Both engines under one contract: what is kept in a file and what is kept in PostgreSQL 15 is the same recording, to the byte. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Batch } from "../model/batch.ts";
import { noteDatabase } from "../link/database-noted.ts";
import { simulate } from "../simulation/index.ts";
import { bulk } from "../store/bulk.ts";
import { openForWriting } from "../store/open.ts";
import { moveRecording } from "../store/postgres/moving.ts";
import { recordingIn } from "../store/postgres/place.ts";
import { WritingLost } from "../store/postgres/writing.ts";
import { Store } from "../store/reader.ts";
import { append, chainTrouble } from "../store/said.ts";
import { RecordingBusy, type Held } from "../store/writing.ts";
import { answersOf, kept, said } from "../testing/engines.ts";
import { inventoryOf } from "../testing/opened.ts";
import { Postgres, withoutPostgres } from "../testing/postgres.ts";
import { sensed } from "../testing/sensed.ts";
import { sampleFrames, writeCapture } from "../testing/captures.ts";

const CAPTURES = join(import.meta.dirname, "..", "..", "..", "shared", "captures");

describe("PostgreSQL beside SQLite", { skip: withoutPostgres }, () => {
  const endings: (() => void)[] = [];
  const folder = mkdtempSync(join(tmpdir(), "auscult-engines-"));
  let server: Postgres;
  let url: string;
  before(() => {
    server = new Postgres({ after: (work) => endings.push(work) });
    url = server.database("hospitals");
  });
  after(() => {
    for (const end of endings) end();
    rmSync(folder, { recursive: true });
  });

  let files = 0;
  const fresh = () => join(folder, `${++files}.db`);

  test("the sample hospital is the same to the byte, in one piece and with a flush after each batch", async () => {
    const capture = join(folder, "sample.pcap");
    writeCapture(capture, sampleFrames(1, 10));
    const batches = await sensed(capture);
    const file = fresh();
    kept(file, batches);
    const wanted = await inventoryOf(file);
    assert.ok(wanted.includes('"kind":{"value":"'), "there is something in it");
    for (const every of [1, batches.length]) {
      const site = recordingIn(url, `sample by ${every}`);
      kept(site, batches, every);
      assert.equal(await inventoryOf(site), wanted);
      // Read a second time nothing counts twice.
      kept(site, batches, every);
      assert.equal(await inventoryOf(site), wanted);
    }
  });

  test("pages are answered alike, before and after people said something, and changes stay chained", async () => {
    const capture = join(folder, "days.pcap");
    writeFileSync(capture, Buffer.concat([...simulate({ seed: 3, minutes: 3, days: 2 }).capture]));
    const batches = await sensed(capture);
    const places = [fresh(), recordingIn(url, "answers")] as const;
    for (const place of places) kept(place, batches);
    for (let round = 0; round < 2; round++) {
      const [file, site] = (await Promise.all(places.map(answersOf))) as [ReadonlyMap<string, unknown>, ReadonlyMap<string, unknown>];
      assert.deepEqual([...site.keys()], [...file.keys()]);
      for (const [question, answer] of file) assert.deepEqual(site.get(question), answer, question);
      if (round === 0) for (const place of places) await said(place);
      else assert.ok((file.get("changes") as readonly unknown[]).length >= 6);
    }
    const store = new Store(places[1]);
    assert.equal(chainTrouble(store.database), null);
    store.close();
  });

  test("a recording moved from its file is the same to the byte, also when moving was cut off, and is heard on into", async () => {
    const capture = join(folder, "moved.pcap");
    writeCapture(capture, sampleFrames(1, 4));
    const batches = await sensed(capture);
    const half = batches.slice(0, Math.ceil(batches.length / 2));
    const file = fresh();
    kept(file, half);
    const place = recordingIn(url, "moved");
    let tables = 0;
    assert.throws(
      () =>
        moveRecording(file, place, "moved", () => {
          if (++tables === 6) throw new Error("cut off");
        }),
      /cut off/,
    );
    const again: string[] = [];
    moveRecording(file, place, "moved", (table) => again.push(table));
    assert.ok(again.length < 17 - 4, `${again.length} tables were moved again`);
    assert.equal(await inventoryOf(place), await inventoryOf(file));
    assert.throws(() => moveRecording(file, place, "moved", () => undefined), /expected a site without a recording/);
    // What was taken is known there, and its runs and notes are numbered on.
    for (const path of [file, place]) kept(path, batches);
    assert.equal(await inventoryOf(place), await inventoryOf(file));
  });

  test("every capture is the same to the byte", { skip: !existsSync(CAPTURES) && "the captures are not here" }, async () => {
    const captures = readdirSync(CAPTURES, { recursive: true, encoding: "utf8" }).filter((it) => /\.(pcap|pcapng|cap)$/.test(it));
    const others: string[] = [];
    // All of a folder into one recording: to begin one takes longer than to fill it.
    for (const [name, files] of Map.groupBy(captures.toSorted(), dirname)) {
      const batches: Batch[] = [];
      for (const file of files) batches.push(...(await sensed(join(CAPTURES, file))));
      const [file, site] = [fresh(), recordingIn(url, `captures of ${name}`)];
      kept(file, batches);
      kept(site, batches);
      if ((await inventoryOf(file)) !== (await inventoryOf(site))) others.push(name);
    }
    assert.deepEqual(others, []);
    assert.ok(captures.length > 200, `${captures.length} captures`);
  });

  test("a schema has the tables and columns of the other, and before every key the site", () => {
    const held = openForWriting(fresh(), "main");
    const columns = (rows: readonly Record<string, unknown>[]) => rows.map((row) => Object.values(row).join(".")).toSorted();
    const ours = columns(
      held.database
        .prepare(
          `SELECT sqlite_schema.name AS t, info.name AS c FROM sqlite_schema JOIN pragma_table_info(sqlite_schema.name) AS info WHERE sqlite_schema.type = 'table' AND sqlite_schema.name NOT LIKE 'sqlite%'`,
        )
        .all(),
    );
    held.release();
    const theirs = server
      .sql(
        "hospitals",
        `SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'auscult' AND table_name NOT IN ('shape', 'site') AND column_name <> 'site'`,
        "keeper",
      )
      .split("\n");
    assert.deepEqual(theirs.toSorted(), ours);
    const keys = server.sql(
      "hospitals",
      "SELECT indexdef FROM pg_indexes WHERE schemaname = 'auscult' AND indexdef LIKE 'CREATE UNIQUE%'",
      "keeper",
    );
    for (const key of keys.split("\n").filter((it) => !/ON auscult\.site /.test(it))) assert.match(key, /USING btree \(site, /);
  });

  test("one site sees and writes nothing of another, whatever it is asked", () => {
    const [north, south] = ["north", "south"].map((site) => openForWriting(recordingIn(url, site), site)) as [Held, Held];
    const put = (held: Held, words: string) =>
      held.transaction(() => held.database.prepare("INSERT INTO note (input, words) VALUES ('eth1', ?)").run(words));
    put(north, "the same words");
    put(south, "the same words");
    put(south, "of the south");
    const notes = (held: Held) => held.database.prepare("SELECT words FROM note ORDER BY words").all().map((row) => row["words"]); // prettier-ignore
    assert.deepEqual(notes(north), ["the same words"]);
    assert.deepEqual(notes(south), ["of the south", "the same words"]);
    const [, other] = ["north", "south"].map((site) => server.sql("hospitals", `SELECT number FROM auscult.site WHERE name = '${site}'`));
    assert.throws(
      () => north.transaction(() => north.database.exec(`INSERT INTO note (site, input, words) VALUES (${other}, 'eth1', 'forged')`)),
      /row-level security/,
    );
    north.transaction(() => north.database.exec("DELETE FROM note"));
    assert.deepEqual([notes(north), notes(south).length], [[], 2]);
    const store = new Store(recordingIn(url, "south"));
    assert.equal(store.all("SELECT * FROM note").length, 2);
    store.close();
    north.release();
    south.release();
  });

  test("a site has one writer; the next comes when he ends, and whose connection was cut writes no more", () => {
    const place = recordingIn(url, "held");
    const first = openForWriting(place, "held");
    assert.throws(
      () => openForWriting(place, "held"),
      (error) => error instanceof RecordingBusy && !error.message.includes("host="),
    );
    server.sql("hospitals", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'auscult core held'", "owner");
    const second = openForWriting(place, "held");
    assert.throws(() => first.transaction(() => first.setAbout("derived", "mine")), WritingLost);
    assert.throws(() => first.transaction(() => first.setAbout("derived", "mine")), WritingLost);
    assert.equal(second.about("derived"), undefined);
    first.release();
    second.release();
  });

  test("what fails in a transaction leaves nothing of it, and the next one goes on", () => {
    const held = openForWriting(recordingIn(url, "failing"), "failing");
    assert.throws(() =>
      held.transaction(() => {
        held.setAbout("derived", "half");
        throw new Error("on purpose");
      }),
    );
    assert.throws(() => held.transaction(() => held.database.exec("INSERT INTO nothing VALUES (1)")), /nothing/);
    assert.equal(held.about("derived"), undefined);
    held.transaction(() => held.setAbout("derived", "whole"));
    assert.equal(held.about("derived"), "whole");
    held.release();
  });

  test("texts are kept as they are, however long and whatever stands in them", () => {
    const held = openForWriting(recordingIn(url, "texts"), "texts");
    const any = createHash("shake256", { outputLength: 4_096 }).update("any").digest();
    const long = Array.from({ length: 2_048 }, (_, at) => String.fromCharCode(0x4e00 + (any.readUInt16LE(at * 2) % 20_000))).join("");
    const texts = [
      "",
      "NULL",
      "null",
      '{"a"}',
      "a,b",
      'say "x"',
      "back\\slash\\\\",
      "line\nend",
      "$1 ? ?2",
      "'; DROP TABLE claim; --",
      "Räume 🛏",
      long,
      `${long}!`,
    ];
    const columns = ["endpoint", "attribute", "value", "protocol", "via", "first", "last", "count", "witness"];
    const key = columns.slice(0, 5);
    for (const times of [1, 2])
      held.transaction(() => {
        const claims = bulk(held.database, { table: "claim", columns, key, join: "count = claim.count + excluded.count" });
        claims.begin();
        for (const text of texts) claims.add(times === 1, 1, "names", text, "dns", 0, 1, 2, 1, null);
        claims.end();
      });
    const rows = held.database.prepare("SELECT value, count, witness FROM claim ORDER BY value").all();
    const inOrder = texts.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    assert.deepEqual(rows, inOrder.map((value) => ({ value, count: 2, witness: null }))); // prettier-ignore
    const one = held.database.prepare("SELECT count(*) AS count FROM claim WHERE value = ?");
    for (const text of texts) assert.equal(one.get(text)!["count"], 1, text.slice(0, 20));
    held.release();
  });

  test("logins may do what they are for: no superuser, no writing by who reads, no changing of what was said", () => {
    const place = (user: "owner" | "reader") => recordingIn(server.url("hospitals", user), "rights");
    assert.throws(() => openForWriting(place("owner"), "rights"), /expected a login that is held to its site/);
    assert.throws(() => new Store(place("reader")), /expected a site that a core has written/);
    openForWriting(recordingIn(url, "rights"), "rights").release();
    const store = new Store(place("reader"));
    assert.equal(store.about("site"), "rights");
    store.close();
    assert.throws(() => openForWriting(place("reader"), "rights"), /permission denied|expected a site that can be written/);
    const held = openForWriting(recordingIn(url, "rights"), "rights");
    held.transaction(() =>
      append(held.database, {
        at: 1,
        who: "lind",
        what: "say",
        about: "{}",
        attribute: "owner",
        value: "ICU",
        reason: "seen",
        undoes: null,
      }),
    );
    for (const sql of ["UPDATE change SET value = 'OR'", "DELETE FROM change"])
      assert.throws(() => held.transaction(() => held.database.exec(sql)), /permission denied/);
    assert.equal(chainTrouble(held.database), null);
    held.release();
  });

  test("a database that was set back to yesterday is found by what was noted outside of it, with the batches that are gone", () => {
    const place = recordingIn(url, "yesterday");
    const store = (sequence: number) => {
      const held = openForWriting(place, "yesterday");
      held.transaction(() => held.database.prepare(RUN).run(sequence));
      held.release();
    };
    const notes = join(folder, "notes");
    store(7);
    assert.deepEqual(noteDatabase(notes, url).gone, []);
    const yesterday = join(server.folder, "yesterday");
    server.stop();
    cpSync(server.data, yesterday, { recursive: true, preserveTimestamps: true });
    server.start();
    store(9);
    assert.deepEqual(noteDatabase(notes, url).gone, [], "it went on");
    server.stop();
    server.setBack(yesterday);
    server.start();
    assert.deepEqual(noteDatabase(notes, url).gone, [
      "It was set back to an older copy since we looked last",
      "yesterday: batches 8 to 9 of live-1 are gone; its sensor sends again what it still has",
    ]);
    store(10);
    assert.deepEqual(noteDatabase(notes, url).gone, []);
  });
});

const RUN = `INSERT INTO run (run, sensor, input, live, sequence, missing, state, trouble, frames, bytes, last_frame, drops, duplicates, gaps, counts)
  VALUES ('live-1', 'er-1', 'eth1', 1, ?, 0, 'listening', '', 0, 0, 0, 0, 0, 0, '{}') ON CONFLICT (run) DO UPDATE SET sequence = excluded.sequence`;
