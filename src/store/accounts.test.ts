import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, test } from "node:test";
import { UnusableAccounts } from "../model/account.ts";
import { Accounts } from "./accounts.ts";

let folder: string;
let path: string;
let accounts: Accounts;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "auscult-accounts-"));
  path = join(folder, "accounts.db");
  accounts = new Accounts(path);
});
afterEach(() => {
  accounts.close();
  rmSync(folder, { recursive: true });
});

const BY = { at: 5, who: "root", client: "terminal" };
const add = (name: string) => accounts.add({ name, role: "viewer", password: "$argon2id$…", made: 5 }, BY);
const log = () => [...accounts.audit()].map((row) => `${row.number} ${row.who} ${row.what} ${row.about} ${row.client}`);

test("accounts are added, changed and removed, each with its row of the log or not at all", () => {
  assert.equal(accounts.isEmpty, true);
  add("lind");
  add("kuhn");
  const before = accounts.find("lind")!;
  accounts.setRole("lind", "biomed", BY);
  accounts.setPassword("lind", "$argon2id$other", BY);
  const { role, password, stamp } = accounts.find("lind")!;
  assert.deepEqual([role, password, stamp === before.stamp], ["biomed", "$argon2id$other", false]);
  accounts.remove("kuhn", BY);
  assert.throws(() => add("lind"), /expected a name that no account has, got "lind"/);
  assert.throws(() => accounts.remove("kuhn", BY), /expected an account, one of lind, got "kuhn"/);
  assert.deepEqual(
    accounts.all().map((it) => it.name),
    ["lind"],
  );
  assert.deepEqual(log(), [
    "1 root account added lind: viewer terminal",
    "2 root account added kuhn: viewer terminal",
    "3 root role changed lind: from viewer to biomed terminal",
    "4 root password changed lind terminal",
    "5 root account removed kuhn terminal",
  ]);
  assert.equal(accounts.trouble(), null);
});

test("a second process sees what the first wrote, and both write one chain", () => {
  const second = new Accounts(path);
  add("lind");
  assert.equal(second.find("lind")?.role, "viewer");
  second.record({ ...BY, what: "sign-in", about: "" });
  accounts.record({ ...BY, what: "sign-out", about: "half a character: \ud800" });
  assert.equal(second.trouble(), null);
  assert.deepEqual(accounts.lastOf("sign-in")?.number, 2);
  second.close();
});

test("the log is neither changed nor shortened by its own file; done by force it is found, with its place", () => {
  for (const name of ["lind", "kuhn", "moor"]) add(name);
  const forced = new DatabaseSync(path);
  assert.throws(() => forced.exec("UPDATE audit SET who = 'nobody'"), /the audit log is not changed/);
  assert.throws(() => forced.exec("DELETE FROM audit"), /the audit log is not shortened/);
  forced.exec("DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_removed");
  const broken = (sql: string) => {
    forced.exec(`BEGIN; ${sql}; COMMIT`);
    const words = accounts.trouble();
    return words;
  };
  assert.equal(accounts.trouble(), null);
  const last = forced.prepare("SELECT * FROM audit WHERE number = 3").get() as { hash: string };
  assert.match(broken("DELETE FROM audit WHERE number = 3")!, /expected the last row of the audit log to be 3, got 2: the end is cut off/);
  forced
    .prepare(
      "INSERT INTO audit (number, at, who, what, about, client, hash) VALUES (3, 5, 'root', 'account added', 'moor: viewer', 'terminal', ?)",
    )
    .run(last.hash);
  assert.equal(accounts.trouble(), null);
  assert.match(broken("UPDATE audit SET about = 'lind: admin' WHERE number = 2")!, /^row 2 of the audit log is not what was written/);
  assert.match(broken("DELETE FROM audit WHERE number = 1")!, /expected row 1 of the audit log, got row 2: one is missing/);
  forced.close();
});

test("the file is its owner's alone; what is no file of accounts is refused, and so is a newer one", () => {
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const refused = (words: RegExp) => (error: unknown) => error instanceof UnusableAccounts && words.test(error.message);
  const other = join(folder, "other.db");
  writeFileSync(other, "these are no accounts, and long enough to be asked for a header of their own. ".repeat(20));
  assert.throws(() => new Accounts(other), refused(/got no database: .*other\.db$/));
  rmSync(other);
  const database = new DatabaseSync(other);
  database.exec("CREATE TABLE cats (name)");
  assert.throws(() => new Accounts(other), refused(/got another program's database/));
  database.exec("PRAGMA user_version = 4");
  database.close();
  assert.throws(() => new Accounts(other), refused(/version 3, got version 4, which a newer Auscult wrote/));
  assert.throws(() => new Accounts(join(folder, "nowhere", "accounts.db")), refused(/ENOENT/));
});

test("accounts of before there were many sites see all of them, and go on", () => {
  const before = join(folder, "before.db");
  const database = new DatabaseSync(before);
  const made = readFileSync(join(import.meta.dirname, "accounts.sql"), "utf8").replace(
    /made INTEGER NOT NULL,\n.*sites.*\n.*subject.*\n(\).*\n).*INDEX.*\n/,
    "made INTEGER NOT NULL\n$1",
  );
  database.exec(`${made} INSERT INTO about VALUES ('audit_key', '${"0".repeat(64)}');
    INSERT INTO account VALUES ('kuhn', 'biomed', '$argon2id$…', 'a', 5); PRAGMA user_version = 1`);
  database.close();
  const renewed = new Accounts(before);
  assert.equal(renewed.find("kuhn")?.sites, null);
  renewed.setSites("kuhn", ["north", "Süd, west"], BY);
  assert.deepEqual(renewed.find("kuhn")?.sites, ["north", "Süd, west"]);
  assert.equal(renewed.trouble(), null);
  assert.equal(renewed.find("kuhn")?.subject, null, "and of before single sign-on have a password of their own");
  const vouched = { name: "moor@login.example", role: "viewer", sites: null, subject: "moor there" } as const;
  renewed.vouch(vouched, BY);
  assert.equal(renewed.bySubject("moor there")?.name, "moor@login.example");
  assert.throws(() => renewed.vouch({ ...vouched, subject: "another" }, BY), /is another person's account here/);
  renewed.close();
});

test("whom single sign-on vouches for is no local account, and all sign-ins of either can be ended", () => {
  accounts.vouch({ name: "moor@login.example", role: "viewer", sites: ["north"], subject: "moor there" }, BY);
  assert.deepEqual([accounts.isEmpty, accounts.hasOwn], [false, false]);
  add("lind");
  assert.equal(accounts.hasOwn, true);
  const before = accounts.find("lind")!.stamp;
  accounts.endSignIns("lind", BY);
  assert.notEqual(accounts.find("lind")!.stamp, before);
  assert.throws(() => accounts.endSignIns("kuhn", BY), /expected an account, one of lind, moor@login\.example, got "kuhn"/);
  assert.deepEqual(log(), [
    "1 root account added moor@login.example: viewer of north, by single sign-on terminal",
    "2 root account added lind: viewer terminal",
    "3 root sign-ins ended lind terminal",
  ]);
});
