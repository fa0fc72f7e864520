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
import { CLIENT, OpenIdProvider } from "../testing/open-id-provider.ts";
import { addAccount, endSignIns, removeAccount, setPassword, setRole, setSites } from "./account.ts";
import { entrance } from "./doctor-entrance.ts";
import { signOnFindings } from "./doctor-sign-on.ts";
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

test("the page leaves this computer with both an account and TLS, and with nothing less", async () => {
  const own = join(folder, "far");
  const enter = async (environment: Record<string, string>) => {
    const opened = await openEntrance(own, readSettings(own, environment));
    opened.close();
    return opened;
  };
  const refused = (words: RegExp) => (error: unknown) =>
    error instanceof CommandError && error.exit === Exit.usage && words.test(error.message);
  const far = { AUSCULT_HOST: "0.0.0.0" };
  await assert.rejects(enter(far), refused(/^host 0\.0\.0\.0 is beyond this computer: .* got no account \(.*\) and no TLS \(.*\)$/));
  await assert.rejects(enter({ ...far, AUSCULT_TLS_CERTIFICATE: "made" }), refused(/got no account \([^)]*\)$/));
  assert.equal((await enter({})).isHere, true);
  const accounts = accountsIn(own);
  accounts.add({ name: "lind", role: "viewer", password: "", made: 1 }, { at: 1, who: "root", client: "terminal" });
  accounts.close();
  await assert.rejects(enter(far), refused(/got no TLS \(.*\)$/));
  const beyond = await enter({ ...far, AUSCULT_TLS_CERTIFICATE: "made" });
  assert.deepEqual([beyond.isHere, beyond.tls?.isOurs], [false, true]);
});

test("settings that matter are written when they are other than they were, each start of the page always", async () => {
  const own = join(folder, "settings");
  const log = () => {
    const accounts = accountsIn(own);
    const rows = [...accounts.audit()].map(({ what, about }) => `${what}: ${about}`);
    accounts.close();
    return rows;
  };
  for (const environment of [{}, {}, { AUSCULT_LEFT_OUT: "10.9.0.0/16" }] as Record<string, string>[]) {
    const opened = await openEntrance(own, readSettings(own, environment));
    opened.served("http://127.0.0.1:4180", "root");
    opened.close();
  }
  const settings = (leftOut: readonly string[]) =>
    `settings: ${JSON.stringify({ host: "127.0.0.1", tlsCertificate: "", site: "main", ownRanges: [], leftOut })}`;
  const served = "page served: http://127.0.0.1:4180; 0 accounts";
  assert.deepEqual(log(), [settings([]), served, served, settings(["10.9.0.0/16"]), served]);
});

test("single sign-on takes a whole set of settings and a local account beside it; nothing is asked before somebody asks", async (context) => {
  const own = join(folder, "sign-on");
  const provider = await OpenIdProvider.start();
  context.after(() => provider.stop());
  provider.serves("http://127.0.0.1:1");
  const secret = join(folder, "secret");
  writeFileSync(secret, `${CLIENT.secret}\n`);
  const all = {
    AUSCULT_SIGN_ON_ISSUER: provider.issuer,
    AUSCULT_SIGN_ON_CLIENT: CLIENT.id,
    AUSCULT_SIGN_ON_SECRET: secret,
    AUSCULT_SIGN_ON_ROLES: "CN=Biomed%2COU=Groups=biomed, /north=viewer@north",
  };
  const settings = (more: Record<string, string> = {}) => readSettings(own, { ...all, ...more });
  assert.deepEqual(settings().signOnRoles, [
    { group: "CN=Biomed,OU=Groups", role: "biomed", site: null },
    { group: "/north", role: "viewer", site: "north" },
  ]);
  for (const [more, words] of [
    [{ AUSCULT_SIGN_ON_CLIENT: "" }, /^Error: signOnClient: expected what Auscult is called/],
    [{ AUSCULT_SIGN_ON_ROLES: "" }, /^Error: signOnRoles: expected the provider's groups/],
    [{ AUSCULT_SIGN_ON_SECRET: join(folder, "nowhere") }, /^Error: signOnSecret: expected a file that can be read, got no such file/],
    [{ AUSCULT_SIGN_ON_CA: folder }, /^Error: signOnCa: expected a file that can be read, got a folder/],
  ] as const)
    await assert.rejects(openEntrance(own, settings(more)), words);
  for (const [more, words] of [
    [{ AUSCULT_SIGN_ON_ISSUER: "http://login.example" }, /expected the address of a provider such as https:/],
    [{ AUSCULT_SIGN_ON_ISSUER: "https://me:secret@login.example" }, /got "https:\/\/…@login\.example"$/],
    [{ AUSCULT_SIGN_ON_ROLES: "biomed=boss" }, /expected a group, and after = one of viewer, .*, got "biomed=boss"/],
    [{ AUSCULT_SIGN_ON_ROLES: "50%=biomed" }, /expected a group, and after =/],
    [{ AUSCULT_SIGN_ON_TITLE: "<b>" }, /expected a name of at most 40 letters/],
  ] as const)
    assert.throws(() => settings(more), words);
  await assert.rejects(openEntrance(own, settings()), /^Error: signOnIssuer: expected a local account as well/);
  assert.match(entrance(own, settings())[1]!.words, /^no local account is there for the day the provider is down/);
  const accounts = accountsIn(own);
  accounts.add({ name: "lind", role: "admin", password: "", made: 1 }, { at: 1, who: "root", client: "terminal" });
  accounts.close();
  const opened = await openEntrance(own, settings());
  opened.served("https://auscult.example", "root");
  opened.close();
  assert.equal(opened.signOn?.title, "single sign-on");
  assert.match(entrance(own, settings())[1]!.words, /^http:\/\/127\.0\.0\.1:\d+, 2 groups with a role; not asked just now$/);
  assert.deepEqual(provider.asked, [], "neither by a start nor by doctor");
  const again = accountsIn(own);
  assert.match(again.lastOf("settings")!.about, /"signOnClient":"auscult"/);
  assert.equal(
    [...again.audit()].some(({ about }) => about.includes(CLIENT.secret)),
    false,
  );
  again.close();
  assert.deepEqual(
    (await signOnFindings(settings())).map(({ state, words }) => `${state}: ${words.replace(/ at .*/, "")}`),
    ["ok: its discovery document holds; it is asked"],
  );
  provider.intercept = (_request, response) => response.writeHead(500).end() !== undefined;
  assert.deepEqual(
    (await signOnFindings(settings())).map(({ state, words }) => `${state}: ${words}`),
    ["wrong: the provider answered with an error of its own"],
  );
  assert.equal((await signOnFindings(readSettings(own, {})))[0]!.state, "wrong");
});

test("whom the provider vouches for has no role, sites or password to set here; their sign-ins can be ended, and they be removed", async (context) => {
  const own = { data: join(folder, "vouched") };
  const accounts = accountsIn(own.data);
  const name = "moor@login.example";
  accounts.vouch({ name, role: "viewer", sites: null, subject: "moor there" }, { at: 1, who: name, client: "10.0.0.1" });
  const before = accounts.find(name)!.stamp;
  for (const work of [() => setRole(name, "admin", own), () => setSites(name, ["all"], own), () => setPassword(name, own)])
    await assert.rejects(
      telling(context, "correct horse battery", work),
      /expected a local account, got moor@login\.example: the provider/,
    );
  assert.match(await telling(context, "", () => endSignIns(name, own)), /^Whoever was signed in as moor@login\.example is not any more/);
  assert.notEqual(accounts.find(name)!.stamp, before);
  assert.match(await telling(context, "", () => removeAccount(name, own)), /\nSingle sign-on lets them in again while/);
  assert.deepEqual(
    [...accounts.audit()].map(({ what }) => what),
    ["account added", "sign-ins ended", "account removed"],
  );
  accounts.close();
});
