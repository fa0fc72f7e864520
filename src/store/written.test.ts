import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../testing/processes.ts";
import { openForWriting } from "./database.ts";
import { Store } from "./reader.ts";
import { whenWritten } from "./written.ts";

test("whoever reads along is told once it can be read, of this recording and not of what lies beside it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-written-"));
  const path = join(folder, "main.db");
  const held = openForWriting(path, "main");
  const other = openForWriting(join(folder, "other.db"), "other");
  const store = new Store(path);
  let told = 0;
  let seen = store.changes;
  const watching = whenWritten(path, () => {
    told++;
    seen = store.changes;
  });
  try {
    await sleep(50); // What was written on the way here.
    [told, seen] = [0, store.changes];
    const before = seen;
    other.transaction(() => other.setAbout("derived", "x"));
    writeFileSync(join(folder, "main.txt"), "");
    await sleep(50);
    assert.equal(told, 0);
    held.transaction(() => held.setAbout("derived", "x"));
    await until("it to be told", () => told > 0);
    assert.notEqual(seen, before, "what it was told of is there");
  } finally {
    watching.close();
    store.close();
    other.release();
    held.release();
    rmSync(folder, { recursive: true });
  }
});

test("a lock that somebody took away stops nobody from writing", () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-written-"));
  const held = openForWriting(join(folder, "main.db"), "main");
  try {
    rmSync(join(folder, "main.db.lock"));
    held.transaction(() => held.setAbout("derived", "x"));
    assert.equal(held.about("derived"), "x");
  } finally {
    held.release();
    rmSync(folder, { recursive: true });
  }
});
