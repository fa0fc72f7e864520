import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { openForWriting } from "./database.ts";
import { append, appendList, chainTrouble, undo, words } from "./said.ts";
import type { Held } from "./writing.ts";

let directory: string;
let held: Held;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "auscult-said-"));
  held = openForWriting(join(directory, "ward.db"), "main");
});
afterEach(() => {
  held.release();
  rmSync(directory, { recursive: true });
});

const ABOUT = JSON.stringify({ serials: [], macs: ["00:09:fb:12:34:56"], ips: ["10.0.0.7"] });
const say = (value: string, more: object = {}) =>
  append(held.database, {
    at: 1,
    who: "biomed",
    what: "say",
    about: ABOUT,
    attribute: "kind",
    value,
    reason: "label on the device",
    undoes: null,
    ...more,
  });

const heard = () => words(held.database).map((it) => it.value);

test("a word holds until it is undone; taking one back is a word too, and can be undone", () => {
  say("infusion pump");
  say("syringe pump");
  assert.deepEqual(heard(), ["infusion pump", "syringe pump"]);
  say("", { what: "undo", undoes: 2 });
  assert.deepEqual(heard(), ["infusion pump"]);
  say("", { what: "take back" });
  assert.deepEqual(heard(), ["infusion pump", null]);
  say("", { what: "undo", undoes: 4 });
  assert.deepEqual(heard(), ["infusion pump"]);
});

test("what was said can neither be changed nor removed by mistake", () => {
  say("a");
  assert.throws(() => held.database.exec("UPDATE change SET value = 'b'"), /what was said is not changed/);
  assert.throws(() => held.database.exec("DELETE FROM change"), /what was said is not removed/);
});

test("a row that was changed, left out, moved or put in between, and an end that was cut off, break the chain and are named", () => {
  assert.equal(chainTrouble(held.database), null);
  for (const value of ["a", "b", "c"]) say(value);
  assert.equal(chainTrouble(held.database), null);
  held.database.exec("DROP TRIGGER change_is_not_changed; DROP TRIGGER change_is_not_removed");
  const forged = `INSERT INTO change SELECT 3, at, who, what, about, attribute, 'forged', reason, undoes, hash FROM change WHERE number = 2`;
  const tampered: readonly [how: string, trouble: RegExp][] = [
    ["UPDATE change SET reason = 'another' WHERE number = 2", /^change 2 is not what was written: the chain breaks there$/],
    ["UPDATE change SET at = at + 1 WHERE number = 1", /^change 1 is not what was written/],
    ["UPDATE change SET hash = '' WHERE number = 3", /^change 3 is not what was written/],
    ["DELETE FROM change WHERE number = 2", /^expected change 2, got change 3: one is missing$/],
    ["DELETE FROM change WHERE number = 2; UPDATE change SET number = 2 WHERE number = 3", /^change 2 is not what was written/],
    [
      "UPDATE change SET number = -number WHERE number > 1; UPDATE change SET number = 5 + number WHERE number < 0",
      /^change 2 is not what/,
    ],
    [`UPDATE change SET number = 4 WHERE number = 3; ${forged}`, /^change 3 is not what was written/],
    ["DELETE FROM change WHERE number = 3", /^expected the last change to be 3, got 2: the end is cut off$/],
    ["DELETE FROM change", /^expected the last change to be 3, got 0: the end is cut off$/],
  ];
  for (const [how, trouble] of tampered) {
    held.database.exec(`SAVEPOINT before; ${how}`);
    assert.match(chainTrouble(held.database) ?? "", trouble, how);
    held.database.exec("ROLLBACK TO before; RELEASE before");
  }
  assert.equal(chainTrouble(held.database), null);
});

test("half a character in a word breaks no chain", () => {
  say("a\ud800b", { reason: "\udc00", who: "bio\ud801med" });
  say("pump");
  assert.equal(chainTrouble(held.database), null);
});

test("a list is said at once and taken back at once; a word of it can be taken back alone", () => {
  say("before");
  const list = appendList(held.database, 2, { at: 2, who: "biomed", reason: "assets.csv" });
  say("first");
  say("second");
  say("after");
  assert.deepEqual(heard(), ["before", "first", "second", "after"]);
  undo(held.database, list + 1, { at: 3, who: "biomed", reason: "another device" });
  assert.deepEqual(heard(), ["before", "second", "after"]);
  undo(held.database, list, { at: 4, who: "biomed", reason: "last year's list" });
  assert.deepEqual(heard(), ["before", "after"]);
  for (const change of [list, list + 1, list + 2])
    assert.throws(() => undo(held.database, change, { at: 5, who: "biomed", reason: "" }), /was taken back already/);
  assert.equal(chainTrouble(held.database), null);
});
