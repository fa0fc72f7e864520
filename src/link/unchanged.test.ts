import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { madeBefore, noteMade } from "./unchanged.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-unchanged-"));
after(() => rmSync(folder, { recursive: true }));
const [note, file] = [join(folder, "note"), join(folder, "file")];
/** As long after what was just written as it takes; other files that share the process may have run for minutes before. */
const later = () => Date.now() + 60_000;

/** The clock of files ticks every few milliseconds; here it is the change that is looked for, not how soon one shows. */
function aTickLater(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
}

test("what was made of a file is known until the file is another, also one of the same length and time", () => {
  writeFileSync(file, "one");
  const time = new Date(1e12);
  utimesSync(file, time, time);
  noteMade(note, "made of one", [file], later());
  assert.equal(madeBefore(note), "made of one");
  aTickLater();
  writeFileSync(file, "two");
  utimesSync(file, time, time);
  assert.equal(madeBefore(note), undefined);
  rmSync(file);
  assert.equal(madeBefore(note), undefined);
});

test("of a file so young that a change of it might not show, nothing is noted", () => {
  rmSync(note, { force: true });
  writeFileSync(file, "one");
  noteMade(note, "made of one", [file], Date.now());
  assert.equal(madeBefore(note), undefined);
});

test("what comes into a folder or goes is a change of it, and half a note is none", () => {
  const [, inside] = [writeFileSync(file, "one"), mkdtempSync(join(folder, "inside-"))];
  noteMade(note, "made of it", [inside], later());
  assert.equal(madeBefore(note), "made of it");
  aTickLater();
  writeFileSync(join(inside, "new"), "");
  assert.equal(madeBefore(note), undefined);
  noteMade(note, "made of it", [inside], later());
  writeFileSync(note, readFileSync(note, "utf8").slice(0, -9));
  assert.equal(madeBefore(note), undefined);
});
