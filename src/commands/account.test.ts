/** Accounts at the terminal: made, checked by `doctor`, and what the page takes to leave this computer. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Readable } from "node:stream";
import { after, test, type TestContext } from "node:test";
import { readSettings } from "../config.ts";
import { makeCertificate } from "../accounts/certificate.ts";
import { isPassword } from "../accounts/password.ts";
import { accountsIn } from "../link/accounts.ts";
import { start } from "../testing/command.ts";
import { addAccount, removeAccount, setPassword, setRole } from "./account.ts";
import { entrance } from "./doctor-entrance.ts";
import { openEntrance } from "./entrance.ts";
import { CommandError, Exit } from "./terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "auscult-account-command-"));
after(() => rmSync(folder, { recursive: true }));
const data = join(folder, "data");

/** Standard input holds `input`; answers what was said. */
async function telling(context: TestContext, input: string, work: () => Promise<void>): Promise<string> {
  let said = "";
  context.mock.getter(process, "stdin", () => Readable.from([input]));
  context.mock.method(process.stderr, "write", (text: string) => ((said += text), true));
  try {
    await work();
  } finally {
    context.mock.restoreAll();
  }
  return said;
}

test("an account is made with the password of standard input, which is no argument", async () => {
  const adding = start(["--data", data, "account", "add", "Anna.Lind", "--role", "biomed"]);
  adding.child.stdin.end("correct horse battery\n");
  const { code, stdout, stderr } = await adding.ended;
  assert.deepEqual([code, stdout], [0, ""]);
  assert.match(stderr, /^Added anna\.lind, biomed: may see devices.*\nFrom now on the page asks everyone for name and password/);
  const accounts = accountsIn(data);
  assert.equal(await isPassword("correct horse battery", accounts.find("anna.lind")!.password), true);
  assert.equal(accounts.lastOf("account added")!.about, "anna.lind: biomed");
  accounts.close();
});

test("roles, passwords and accounts are changed, each told and written", async (context) => {
  const own = { data: join(folder, "changed") };
  assert.match(
    await telling(context, "correct horse battery\r\n", () => addAccount("lind", { ...own, role: "admin" })),
    /^Added lind, admin/,
  );
  assert.match(await telling(context, "", () => setRole("lind", "viewer", own)), /^lind is viewer from now on: may see devices/);
  assert.match(await telling(context, "another horse battery", () => setPassword("lind", own)), /^The password of lind is set/);
  assert.match(await telling(context, "", () => removeAccount("lind", own)), /^Removed lind.*\nNobody has an account now/);
  const accounts = accountsIn(own.data);
  assert.deepEqual(
    [...accounts.audit()].map((row) => row.what),
    ["account added", "role changed", "password changed", "account removed"],
  );
  accounts.close();
});

test("what cannot be an account is refused in one line, exit 2", async (context) => {
  const own = { data: join(folder, "refused") };
  const add = (name: string, role: string) => () => addAccount(name, { ...own, role });
  for (const [work, input, words] of [
    [add("lind", "boss"), "", /^expected a role, one of viewer, .*, got "boss"$/],
    [add("Lind (admin)", "admin"), "", /^expected a name of 2 to 32 letters .*, got "Lind \(admin\)"$/],
    [add("lind", "admin"), "short\n", /^expected a password of at least 15 characters .*, got 5$/],
    [add("lind", "admin"), "", /^expected a password in the first line of standard input, got none$/],
    [() => removeAccount("nobody", own), "", /^expected an account, one of none yet, got "nobody"$/],
    [() => setPassword("nobody", own), "correct horse battery", /^expected an account, one of none yet, got "nobody"$/],
    [() => setRole("nobody", "viewer", own), "", /^expected an account, one of none yet, got "nobody"$/],
  ] as const)
    await assert.rejects(
      telling(context, input, work),
      (error) => error instanceof CommandError && error.exit === Exit.usage && words.test(error.message),
      words.source,
    );
  const accounts = accountsIn(own.data);
  assert.deepEqual([accounts.isEmpty, [...accounts.audit()]], [true, []]);
  accounts.close();
});

test("doctor says that the audit log holds, and where it does not", () => {
  const own = join(folder, "doctor");
  const accounts = accountsIn(own);
  for (const name of ["lind", "kuhn"])
    accounts.add({ name, role: "viewer", password: "", made: 1 }, { at: 1, who: "root", client: "terminal" });
  accounts.close();
  const words = () => entrance(own, readSettings(own, {})).map(({ about, state, words }) => `${about} ${state}: ${words}`);
  assert.deepEqual(words(), ["Accounts ok: 2 accounts; the audit log is chained without a break"]);
  const forced = new DatabaseSync(join(own, "accounts.db"));
  forced.exec("DROP TRIGGER audit_is_not_changed; UPDATE audit SET about = 'kuhn: admin' WHERE number = 2");
  forced.close();
  assert.deepEqual(words(), [
    "Accounts wrong: row 2 of the audit log is not what was written: the chain breaks there; what stands before it holds",
  ]);
  writeFileSync(join(own, "accounts.db"), "no accounts at all");
  assert.match(words()[0]!, /^Accounts wrong: expected a file of accounts, got no database: /);
  assert.deepEqual(entrance(join(folder, "nobody ever came"), readSettings(own, {})), []);
});

test("doctor says until when a given certificate holds", () => {
  const file = join(folder, "given.pem");
  const words = (now: number) => {
    const { certificate, key } = makeCertificate(["localhost"], now);
    writeFileSync(file, certificate + key);
    return entrance(join(folder, "none"), readSettings(folder, { AUSCULT_TLS_CERTIFICATE: file })).map(({ state }) => state);
  };
  const DAY = 86_400_000;
  assert.deepEqual(
    [0, 800, 900].map((age) => words(Date.now() - age * DAY)),
    [["ok"], ["note"], ["wrong"]],
  );
});

test("the page leaves this computer with both an account and TLS, and with nothing less", () => {
  const own = join(folder, "far");
  const enter = (environment: Record<string, string>) => {
    const opened = openEntrance(own, readSettings(own, environment));
    opened.close();
    return opened;
  };
  const refused = (words: RegExp) => (error: unknown) =>
    error instanceof CommandError && error.exit === Exit.usage && words.test(error.message);
  const far = { AUSCULT_HOST: "0.0.0.0" };
  assert.throws(() => enter(far), refused(/^host 0\.0\.0\.0 is beyond this computer: .* got no account \(.*\) and no TLS \(.*\)$/));
  assert.throws(() => enter({ ...far, AUSCULT_TLS_CERTIFICATE: "made" }), refused(/got no account \([^)]*\)$/));
  assert.equal(enter({}).isHere, true);
  const accounts = accountsIn(own);
  accounts.add({ name: "lind", role: "viewer", password: "", made: 1 }, { at: 1, who: "root", client: "terminal" });
  accounts.close();
  assert.throws(() => enter(far), refused(/got no TLS \(.*\)$/));
  const beyond = enter({ ...far, AUSCULT_TLS_CERTIFICATE: "made" });
  assert.deepEqual([beyond.isHere, beyond.tls?.isOurs], [false, true]);
});

test("settings that matter are written when they are other than they were, each start of the page always", () => {
  const own = join(folder, "settings");
  const log = () => {
    const accounts = accountsIn(own);
    const rows = [...accounts.audit()].map(({ what, about }) => `${what}: ${about}`);
    accounts.close();
    return rows;
  };
  for (const environment of [{}, {}, { AUSCULT_LEFT_OUT: "10.9.0.0/16" }] as Record<string, string>[]) {
    const opened = openEntrance(own, readSettings(own, environment));
    opened.served("http://127.0.0.1:4180", "root");
    opened.close();
  }
  const settings = (leftOut: readonly string[]) =>
    `settings: ${JSON.stringify({ host: "127.0.0.1", tlsCertificate: "", site: "main", ownRanges: [], leftOut })}`;
  const served = "page served: http://127.0.0.1:4180; 0 accounts";
  assert.deepEqual(log(), [settings([]), served, served, settings(["10.9.0.0/16"]), served]);
});
