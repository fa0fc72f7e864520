import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import * as fc from "fast-check";
import { assertProperty } from "../testing/property.ts";
import { backup, besideIn, restore } from "./backup.ts";
import { openForWriting } from "./database.ts";
import { append } from "./said.ts";

function ward(work: (path: string, file: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), "auscult-backup-"));
  const path = join(directory, "ward.db");
  const held = openForWriting(path, "main");
  append(held.database, {
    at: 1,
    who: "biomed",
    what: "say",
    about: "{}",
    attribute: "kind",
    value: "infusion pump",
    reason: "label",
    undoes: null,
  });
  held.database.exec(`INSERT INTO note (input, words) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
    SELECT 'ward.pcap', 'a note of some length, number ' || i FROM n`);
  try {
    backup(path, join(directory, "ward.backup"));
    held.release();
    work(path, join(directory, "ward.backup"));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const notes = (path: string) => {
  const held = openForWriting(path, "main");
  try {
    return held.database.prepare("SELECT count(*) AS notes, (SELECT count(*) FROM change) AS changes FROM note").get();
  } finally {
    held.release();
  }
};

test("what was lost comes back as it was", () => {
  ward((path, file) => {
    const before = notes(path);
    for (const end of ["", "-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
    restore(file, path);
    assert.deepEqual(notes(path), before);
    assert.deepEqual({ ...before }, { notes: 40_000, changes: 1 });
  });
});

test("what an earlier Auscult copied, without what lies beside it, comes back", () => {
  ward((path, file) => {
    const before = notes(path);
    const bytes = readFileSync(file);
    bytes.write("AUSCULT-BACKUP 1 ", "latin1");
    writeFileSync(file, bytes);
    restore(file, path);
    assert.deepEqual([notes(path), besideIn(file)], [before, []]);
  });
});

test("a damaged backup is refused with its place, and replaces nothing", () => {
  ward((path, file) => {
    const bytes = readFileSync(file);
    const before = readFileSync(path);
    assertProperty(
      fc.property(fc.oneof(fc.nat(400), fc.nat(bytes.length - 1)), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(bytes);
        damaged[at]! ^= change;
        // Then it is one of an earlier Auscult, and whole.
        fc.pre(!damaged.subarray(0, 17).equals(Buffer.from("AUSCULT-BACKUP 1 ")));
        writeFileSync(file, damaged);
        assert.throws(
          () => restore(file, path),
          ({ message }: Error) => {
            if (/got another file or one that is damaged at its beginning/.test(message)) return at < 17;
            const [, from, to] = /damaged between byte (\d+) and (\d+)/.exec(message)!;
            return Number(from) <= at && at < Number(to);
          },
        );
      }),
      { numRuns: 60 },
    );
    for (const length of [0, 16, 80, 200, bytes.length >> 1, bytes.length - 1]) {
      writeFileSync(file, bytes.subarray(0, length));
      assert.throws(() => restore(file, path), /cut or added to|damaged between byte|damaged at its beginning/, `${length} bytes`);
    }
    writeFileSync(file, Buffer.concat([bytes, Buffer.from("x")]));
    assert.throws(() => restore(file, path), /it was cut or added to/);
    assert.deepEqual(readFileSync(path), before);
  });
});

test("a recording that is being written is not replaced, and one that is damaged is", () => {
  ward((path, file) => {
    const before = notes(path);
    const held = openForWriting(path, "main");
    assert.throws(() => restore(file, path), /expected to be the only writer/);
    held.release();
    writeFileSync(path, "no database any more");
    restore(file, path);
    assert.deepEqual(notes(path), before);
  });
});

test("a recording whose chain is broken is not copied as if nothing were wrong", () => {
  ward((path, file) => {
    const held = openForWriting(path, "main");
    held.database.exec("DROP TRIGGER change_is_not_changed; UPDATE change SET value = 'camera'");
    held.release();
    assert.throws(() => backup(path, `${file}.2`), /change 1 is not what was written/);
    assert.deepEqual(
      readdirSync(dirname(file)).filter((name) => name.includes("backup.2")),
      [],
    );
  });
});

test("nobody else can read a backup", () => {
  ward((_, file) => assert.equal(statSync(file).mode & 0o777, 0o600));
});
