import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { Accounts } from "../store/accounts.ts";
import { Door } from "./door.ts";

const PASSWORD = "correct horse battery";
const HERE = { address: "10.20.7.9", agent: "Firefox" };
const BY = { at: 1, who: "root", client: "terminal" };
// As cheap to compare with as Argon2id gets: what is tried here are the ways through the door.
const kept = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$p15c/TOJ3ovY07sMZYG2VvFjxPpwKMT5GPQgPMRev2o";

let folder: string;
let accounts: Accounts;
let door: Door;
let now: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "auscult-door-"));
  accounts = new Accounts(join(folder, "accounts.db"));
  accounts.add({ name: "lind", role: "biomed", password: kept, made: 1 }, BY);
  now = 1_000_000;
  door = new Door(accounts, () => now);
});
afterEach(() => {
  accounts.close();
  rmSync(folder, { recursive: true });
});

const signIn = (name: string, password: string, client = HERE) => door.signIn(name, password, client, "");
async function secretOf(name = "lind", client = HERE): Promise<string> {
  const answer = await signIn(name, PASSWORD, client);
  return "secret" in answer ? answer.secret : assert.fail(JSON.stringify(answer));
}
function addColleagues(count: number): readonly string[] {
  const names = Array.from({ length: count }, (_, at) => `colleague${at}`);
  for (const name of names) accounts.add({ name, role: "viewer", password: kept, made: 1 }, BY);
  return names;
}
const whose = (secret: string) => {
  const found = door.whose(secret, HERE);
  return "account" in found ? `${found.account.name}, ${found.account.role}` : found.ending;
};
const log = () => [...accounts.audit()].slice(1).map((row) => `${row.who}: ${row.what}: ${row.about}`);

test("the right password lets in, in any capitals of the name; a wrong one and an unknown name are told apart by the log alone", async () => {
  assert.equal(whose(await secretOf(" Lind ")), "lind, biomed");
  assert.deepEqual(await signIn("lind", "wrong horse battery"), { refused: "wrong" });
  assert.deepEqual(await signIn("correct horse battery", PASSWORD), { refused: "wrong" });
  assert.deepEqual(log(), [
    "lind: sign-in: biomed",
    "lind: sign-in refused: wrong password",
    "no such account: sign-in refused: wrong password",
  ]);
});

test("after three wrong passwords one must wait, an unknown name no less; then also the right one does; the address waits for all its names", async () => {
  for (const name of ["lind", "nobody"]) {
    const client = { ...HERE, address: name === "lind" ? "10.1.1.1" : "10.1.1.2" };
    for (let tries = 0; tries < 3; tries++) assert.deepEqual(await signIn(name, "wrong", client), { refused: "wrong" });
    assert.deepEqual(await signIn(name, PASSWORD, client), { refused: "wait", ms: 1_000 });
    assert.deepEqual(await signIn(name, PASSWORD, HERE), { refused: "wait", ms: 1_000 }, "from elsewhere as well");
  }
  now += 1_000;
  assert.equal(whose(await secretOf()), "lind, biomed");
  const guesser = { ...HERE, address: "10.9.9.9" };
  for (const name of addColleagues(10)) await signIn(name, "wrong", guesser);
  assert.deepEqual(await signIn("lind", PASSWORD, guesser), { refused: "wait", ms: 1_000 });
  assert.equal(whose(await secretOf()), "lind, biomed", "nobody else waits");
});

test("a hundred at once are three tries, and more than wait for their turn are sent away", async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => signIn("lind", "wrong")));
  assert.equal(answers.filter((it) => "refused" in it && it.refused === "wrong").length, 3);
  const many = await Promise.all(addColleagues(24).map((name, at) => signIn(name, "wrong", { ...HERE, address: `10.3.0.${at}` })));
  assert.equal(many.filter((it) => "refused" in it && it.refused === "busy").length, 2);
});

test("an account that is removed is out at once, one of another role has it at once, and removed and made anew it is another", async () => {
  const secret = await secretOf();
  accounts.setRole("lind", "viewer", BY);
  assert.equal(whose(secret), "lind, viewer");
  accounts.remove("lind", BY);
  assert.equal(whose(secret), "account changed");
  accounts.add({ name: "lind", role: "admin", password: kept, made: 2 }, BY);
  assert.equal(whose(secret), "account changed");
});

test("a new password ends every other sign-in, whoever set it; without the old one there is no new one", async () => {
  const [tab, other] = [await secretOf(), await secretOf()];
  const account = accounts.find("lind")!;
  const change = (current: string, next: string) => door.changePassword(account, { current, next }, HERE);
  assert.deepEqual(await change("wrong", "another horse battery"), { refused: "wrong" });
  assert.match(JSON.stringify(await change(PASSWORD, "short")), /unfit.*at least 15/);
  assert.equal(whose(other), "lind, biomed");
  const answer = await change(PASSWORD, "another horse battery");
  assert.ok("secret" in answer);
  assert.deepEqual([tab, other, answer.secret].map(whose), ["account changed", "account changed", "lind, biomed"]);
  assert.deepEqual(await signIn("lind", PASSWORD), { refused: "wrong" });
  accounts.setPassword("lind", kept, BY);
  assert.equal(whose(answer.secret), "account changed");
});

test("signing in ends what this browser held before, and signing out what it holds", async () => {
  const before = await secretOf();
  const answer = await door.signIn("lind", PASSWORD, HERE, before);
  assert.ok("secret" in answer && answer.secret !== before);
  assert.equal(whose(before), "signed out");
  door.signOut(answer.secret, "lind", HERE);
  assert.equal(whose(answer.secret), "signed out");
});

test("a secret from elsewhere is written down with where it came from", async () => {
  const secret = await secretOf();
  assert.deepEqual(door.whose(secret, { ...HERE, address: "10.66.6.6" }), { ending: "elsewhere" });
  const row = accounts.lastOf("cookie from elsewhere")!;
  assert.deepEqual([row.who, row.client], ["lind", "10.66.6.6"]);
});
