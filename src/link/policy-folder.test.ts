/** Policies in their folder: what something else changed is found, and nothing that was written is lost. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { UnusableHistory } from "../model/policy-history.ts";
import { WrongPolicy } from "../policies/file.ts";
import { PolicyFolder, WrongChange } from "./policy-folder.ts";

const POLICY = `policy: Ward
groups:
  pumps:
    select: kind = "infusion pump"
  server:
    select: kind = "pump server"
rules:
  - allow: pumps → server
    service: tcp 443
    because: charting
`;
const BY = { who: "anna.lind", why: "as agreed" };
const other = (service: string) => POLICY.replace("tcp 443", service);

function opened(t: TestContext) {
  const data = mkdtempSync(join(tmpdir(), "auscult-policy-folder-"));
  t.after(() => rmSync(data, { recursive: true }));
  const folder = new PolicyFolder(data);
  const told = () => folder.history("ward").changes.map((it) => `${it.number} ${it.what} ${it.who}`.trimEnd());
  return { data, folder, told, file: folder.fileOf("ward"), history: join(data, "policies", "history.db") };
}

test("where no policy was ever written nothing is made", (t) => {
  const { folder, told } = opened(t);
  assert.deepEqual([folder.all(), folder.gone(), told(), folder.change("ward", 1), folder.text("ward")], [[], [], [], null, null]);
});

test("a text that an editor changed is found, with the file's own time, before anything is written over it", (t) => {
  const { folder, told, file } = opened(t);
  folder.write("ward", POLICY, BY);
  writeFileSync(file, other("tcp 22"));
  utimesSync(file, 1_700_000_000, 1_700_000_000);
  folder.write("ward", other("tcp 23"), BY);
  assert.deepEqual(told(), ["3 written anna.lind", "2 found", "1 written anna.lind"]);
  assert.equal(folder.history("ward").changes[1]!.at, 1_700_000_000e6);
  assert.deepEqual(folder.change("ward", 2), { before: POLICY, text: other("tcp 22") });
  folder.undo("ward", 3, BY);
  assert.equal(folder.text("ward"), other("tcp 22"));
  assert.deepEqual(told().length, 4, "what Auscult wrote itself is not found");
});

test("a file that is taken away, or called otherwise, is found too, and comes back by an undo", (t) => {
  const { folder, told, file, data } = opened(t);
  folder.write("ward", POLICY, BY);
  renameSync(file, join(data, "policies", "icu.yaml"));
  assert.deepEqual(told(), ["2 found", "1 written anna.lind"]);
  assert.deepEqual(folder.gone().map(({ policy }) => policy), ["ward"]); // prettier-ignore
  assert.deepEqual(folder.history("icu").changes.map(({ what }) => what), ["found"]); // prettier-ignore
  folder.undo("ward", 2, BY);
  assert.equal(readFileSync(file, "utf8"), POLICY);
  assert.deepEqual(folder.gone(), []);
});

test("an undo that would leave no policy, or stand on what is gone, is refused and changes nothing", (t) => {
  const { folder, told } = opened(t);
  folder.write("ward", POLICY, BY);
  folder.write("ward", POLICY.replace("rules:", "  archive:\n    select: kind = archive\nrules:"), BY);
  folder.write("ward", `${folder.text("ward")}  - { allow: pumps → archive, service: tcp 104, because: x }\n`, BY);
  assert.throws(() => folder.undo("ward", 2, BY), (error) => error instanceof WrongPolicy && /^ward\.yaml without change 2:\d+:\d+: /.test(error.message)); // prettier-ignore
  assert.throws(() => folder.undo("ward", 1, BY), WrongChange);
  assert.throws(() => folder.undo("ward", 9, BY), WrongChange);
  assert.throws(() => folder.restore("ward", 3, BY), WrongChange);
  folder.remove("ward", BY);
  assert.throws(() => folder.undo("ward", 3, BY), WrongChange);
  assert.throws(() => folder.restore("ward", 4, BY), WrongChange);
  assert.equal(told().length, 4);
  folder.restore("ward", 1, BY);
  assert.throws(() => folder.undo("ward", 4, BY), WrongChange, "it is there again");
  assert.equal(folder.text("ward"), POLICY);
});

test("a history that was edited by hand says where, and one that is another's is refused", (t) => {
  const { folder, history } = opened(t);
  folder.write("ward", POLICY, BY);
  folder.write("ward", other("tcp 22"), BY);
  assert.equal(folder.history("ward").trouble, null);
  const database = new DatabaseSync(history);
  assert.throws(() => database.exec("UPDATE change SET who = 'bo'"), /what a policy was is not changed/);
  assert.throws(() => database.exec("DELETE FROM change"), /what a policy was is not removed/);
  database.exec("DROP TRIGGER change_is_not_changed; UPDATE change SET who = 'bo' WHERE number = 1");
  database.close();
  assert.match(folder.history("ward").trouble!, /^change 1 of the policies is not what was written/);
  writeFileSync(history, "x".repeat(4_096));
  assert.throws(() => folder.write("ward", POLICY, BY), UnusableHistory);
  assert.equal(folder.text("ward"), other("tcp 22"), "what cannot be kept is not written");
});
