import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { DAY_US } from "./calendar.ts";
import { openForWriting } from "./database.ts";
import { growthOf, RETENTION, Retention, VALUES_MAX } from "./retention.ts";
import type { Held } from "./writing.ts";

const END = 1_700_000_000_000_000;

const fileOf = (folder: string) => join(folder, "ward.db");
const folders = new WeakMap<Held, string>();

function ward(context: TestContext, begin: number): Held {
  const folder = mkdtempSync(join(tmpdir(), "auscult-retention-"));
  const held = openForWriting(fileOf(folder), "main");
  folders.set(held, folder);
  context.after(() => {
    held.release();
    rmSync(folder, { recursive: true });
  });
  held.database
    .exec(`INSERT INTO run (run, sensor, input, live, sequence, missing, state, trouble, first, last, frames, bytes, last_frame, drops,
    duplicates, gaps, counts) VALUES ('live-1', 'local', 'eth1', 1, 1, 0, 'listening', '', ${begin}, ${END}, 1, 1, 1, 0, 0, 0, '{}')`);
  return held;
}

function hear(held: Held, endpoint: number, at: number, port = 80): void {
  const server = endpoint + 1;
  held.database.exec(`
    INSERT OR IGNORE INTO signal VALUES (${at}, 'load', ${endpoint}, 0, '', '', 1, 1, 1, 0, 1, NULL);
    INSERT OR IGNORE INTO attempt VALUES (${endpoint}, ${server}, 'tcp', 1, '[${port}]', ${at}, ${at});
    INSERT OR IGNORE INTO claim VALUES (${endpoint}, 'hostname', 'pump${port}', 'dhcp', 0, ${at}, ${at}, 1, NULL);
    INSERT OR IGNORE INTO conversation VALUES (${endpoint}, ${server}, 'tcp', ${port}, '', 'local', '', 1, 1, 60, 60, 1, 0, ${at}, ${at},
      'handshake', 0, 1, 0, 1, 0, 1);
    INSERT OR IGNORE INTO daily VALUES (${at}, 'all', '', 1, 0, 0, 0, 0, 0, 0, 0, 0);
    INSERT INTO served VALUES (${server}, 'tcp', ${port}, '', 1) ON CONFLICT DO UPDATE SET answered = answered + 1`);
}

const retention = (held: Held, now = () => END) => new Retention(held.database, (work) => held.transaction(work), now);
const count = (held: Held, table: string) => held.database.prepare(`SELECT count(*) AS count FROM ${table}`).get()!["count"] as number;
const nouns = Object.keys(RETENTION) as (keyof typeof RETENTION)[];

test("each noun outlives its time by no more than a look at it", (context) => {
  const held = ward(context, END - 4_000 * DAY_US);
  const ages = nouns.flatMap((noun) => [RETENTION[noun].days, RETENTION[noun].days + 1]);
  ages.forEach((age, place) => hear(held, 10 * place + 1, END - age * DAY_US));
  const { touched, words } = retention(held).apply(Number.POSITIVE_INFINITY, [], []);
  for (const noun of nouns) {
    const { moment, days } = RETENTION[noun];
    const oldest = held.database.prepare(`SELECT min(${moment}) AS at FROM ${noun}`).get()!["at"];
    assert.equal(oldest, END - days * DAY_US, noun);
  }
  // Of these claims or conversations went, so what is known of both ends is another.
  assert.deepEqual([...touched].toSorted((a, b) => a - b), [51, 52, 71, 72]); // prettier-ignore
  assert.deepEqual(words, []);
  assert.equal(count(held, "served"), count(held, "conversation"));
});

test("a moment in the future, as a wrong clock says it, lets nothing go", (context) => {
  const held = ward(context, END - 100 * DAY_US);
  hear(held, 1, END - 80 * DAY_US);
  held.database.exec(`UPDATE run SET last = ${END + 12 * 365 * DAY_US}`);
  retention(held).apply(Number.POSITIVE_INFINITY, [], []);
  assert.deepEqual(nouns.map((noun) => count(held, noun)), nouns.map(() => 1)); // prettier-ignore
  retention(held, () => END + 12 * 365 * DAY_US).apply(Number.POSITIVE_INFINITY, [], []);
  assert.deepEqual(nouns.map((noun) => count(held, noun)), nouns.map(() => 0)); // prettier-ignore
});

test("a server serves what is left of it", (context) => {
  const held = ward(context, END - 4_000 * DAY_US);
  hear(held, 1, END - 3_000 * DAY_US, 23);
  hear(held, 1, END, 443);
  retention(held).apply(Number.POSITIVE_INFINITY, [], []);
  assert.deepEqual(
    held.database.prepare("SELECT port FROM served").all().map((row) => row["port"]), // prettier-ignore
    [443],
  );
});

test("a recording is kept under its size by the oldest seconds first, and says from when on it is thin", (context) => {
  const held = ward(context, END - 10 * DAY_US);
  held.transaction(() => {
    const signal = held.database.prepare("INSERT INTO signal VALUES (?, 'load', ?, 0, ?, '', 1, 1, 1, 0, 1, NULL)");
    for (let at = 0; at < 40_000; at++) signal.run(END - 10 * DAY_US + at * 20_000_000, at, "vlan 7".padEnd(60));
    for (let at = 0; at < 100; at++) hear(held, 2 * at + 1, END - DAY_US + at);
  });
  const one = retention(held);
  const bytesMax = 3_000_000;
  assert.ok(one.isAbove(bytesMax));
  const { words } = one.apply(bytesMax, [], []);
  assert.match(
    words.join("\n"),
    /^Signals before 2023-11-\d\d are let go to keep the recording under 3 MB: counts of single seconds[^\n]*\.$/,
  );
  assert.ok(!one.isAbove(bytesMax));
  assert.ok(count(held, "signal") > 10_000);
  assert.deepEqual(["attempt", "claim", "conversation"].map((table) => count(held, table)), [100, 100, 100]); // prettier-ignore

  const newest = held.database.prepare("SELECT max(at) AS at FROM signal").get()!["at"] as number;
  assert.equal(newest, END - 10 * DAY_US + 39_999 * 20_000_000);
  one.apply(1_500_000, [], []);
  const notes = held.database.prepare("SELECT words FROM note").all();
  assert.equal(notes.length, 1);
  assert.match(notes[0]!["words"] as string, /under 2 MB/);
  held.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  assert.ok(statSync(fileOf(folders.get(held)!)).size <= 1_500_000, "the file is as small as what is in it");
});

test("when seconds are not enough, attempts, claims and conversations follow", (context) => {
  const held = ward(context, END - 10 * DAY_US);
  held.transaction(() => {
    for (let at = 0; at < 2_000; at++) hear(held, 2 * at + 1, END - 2_000 + at);
  });
  const { words, touched } = retention(held).apply(350_000, [], []);
  assert.deepEqual(words.map((it) => it.split(" ")[0]), ["Signals", "Attempts", "Claims", "Conversations"]); // prettier-ignore
  assert.deepEqual(["signal", "attempt", "claim"].map((table) => count(held, table)), [0, 0, 0]); // prettier-ignore
  const left = count(held, "conversation");
  assert.ok(left > 0 && left < 2_000);
  assert.equal(count(held, "served"), left);
  assert.ok(touched.has(1) && touched.has(2));
});

test("of who says too much the latest is kept, and of what binds addresses more", (context) => {
  const held = ward(context, END);
  held.transaction(() => {
    for (let at = 0; at < 200; at++) {
      hear(held, 1, END - 1_000 + at, at);
      held.database.exec(`INSERT INTO claim VALUES (1, 'address', '10.0.0.${at}', 'arp', 0, ${END}, ${END}, 1, NULL)`);
    }
    hear(held, 5, END);
  });
  const { touched } = retention(held).apply(Number.POSITIVE_INFINITY, [1, 5], ["address"]);
  assert.deepEqual([...touched], [1]);
  const names = held.database.prepare("SELECT value FROM claim WHERE endpoint = 1 AND attribute = 'hostname' ORDER BY last").all();
  assert.equal(names.length, VALUES_MAX);
  assert.equal(names[0]!["value"], `pump${200 - VALUES_MAX}`);
  assert.equal(count(held, "claim WHERE attribute = 'address'"), 200);
});

test("growth is told from sizes as they are, and not from less than a day", (context) => {
  const held = ward(context, END - 73 * DAY_US);
  held.transaction(() => {
    for (let at = 0; at < 1_000; at++) hear(held, at, END);
  });
  const before = growthOf(held.database);
  assert.deepEqual([before.devices, before.days, before.bytesPerDeviceAndYear], [0, 73, null]);
  held.database
    .exec(`INSERT INTO device (id, name, name_key, said, against, names, life_critical, standing, macs, ips, first, last, frames, bytes,
    days_low, days_high, services, peers, words) VALUES (1, '', '', '{}', '{}', '[]', 'other', 'device', '[]', '[]', 0, 0, 0, 0, 1, 0, 0, 0, '')`);
  const { bytes, bytesPerDeviceAndYear } = growthOf(held.database);
  assert.equal(bytesPerDeviceAndYear, bytes * 5);
  held.database.exec(`UPDATE run SET first = ${END - DAY_US / 2}`);
  assert.equal(growthOf(held.database).bytesPerDeviceAndYear, null);
});
