/**
 * The accounts and their audit log: one small file beside the recordings. The page holds it open while `auscult account` changes it in
 * another process, so each change is a transaction with its row of the log in it, and each question is answered from the file.
 */
import { randomBytes } from "node:crypto";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { UnusableAccounts, type Account, type AuditRow, type Deed, type Role } from "../model/account.ts";
import { appendDeed, auditTrouble } from "./audit.ts";

const VERSION = 3;
/** From the version before it to each. */
const MIGRATIONS: Readonly<Record<number, string>> = {
  2: "ALTER TABLE account ADD COLUMN sites TEXT NOT NULL DEFAULT ''",
  3: `ALTER TABLE account ADD COLUMN subject TEXT NOT NULL DEFAULT '';
      CREATE UNIQUE INDEX account_by_subject ON account (subject) WHERE subject <> ''`,
};
const COLUMNS = "name, role, password, stamp, made, sites, subject";
/** The other process writes for a moment only. */
const BUSY_MS = 5_000;
const NOT_A_DATABASE = 26;

/** What everyone who changes accounts must say. */
type By = Pick<Deed, "at" | "who" | "client">;

/** Whom the provider of single sign-on vouches for. */
export type Vouched = Pick<Account, "name" | "role" | "sites"> & { readonly subject: string };

/** Two people would be one in the audit log. */
export class TakenName extends Error {}

export class Accounts {
  readonly #database: DatabaseSync;
  readonly #find: StatementSync;
  readonly #any: StatementSync;

  /** Made where there is none. */
  constructor(path: string) {
    this.#database = opened(path);
    this.#find = this.#database.prepare(`SELECT ${COLUMNS} FROM account WHERE name = ?`);
    this.#any = this.#database.prepare("SELECT EXISTS (SELECT 1 FROM account) AS found");
  }

  /** Whether somebody can come in when the provider of single sign-on cannot be asked. */
  get hasOwn(): boolean {
    return this.all().some(({ subject }) => subject === null);
  }

  get isEmpty(): boolean {
    return this.#any.get()?.["found"] === 0;
  }

  all(): readonly Account[] {
    return this.#database.prepare(`SELECT ${COLUMNS} FROM account ORDER BY name`).all().map(accountOf);
  }

  find(name: string): Account | undefined {
    const row = this.#find.get(name);
    return row === undefined ? undefined : accountOf(row);
  }

  bySubject(subject: string): Account | undefined {
    const row = this.#database.prepare(`SELECT ${COLUMNS} FROM account WHERE subject = ?`).get(subject);
    return row === undefined ? undefined : accountOf(row);
  }

  add(
    { name, role, password, made, sites = null, subject = null }: Omit<Account, "stamp" | "sites" | "subject"> & Partial<Account>,
    by: By,
  ): void {
    const where = sites === null ? "" : ` of ${sites.join(", ")}`;
    const how = subject === null ? "" : ", by single sign-on";
    this.#change({ ...by, what: "account added", about: `${name}: ${role}${where}${how}` }, () => {
      if (this.find(name) !== undefined) throw new Error(`expected a name that no account has, got "${name}"`);
      this.#database
        .prepare(`INSERT INTO account (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`)
        .run(name, role, password, newStamp(), made, textOf(sites), subject ?? "");
    });
  }

  /** As the provider says now: a new account, or another name, role or sites of the one that is kept. Refused where another has the name. */
  vouch({ name, role, sites, subject }: Vouched, by: By): Account {
    const known = this.bySubject(subject);
    const namesake = this.find(name);
    if (namesake !== undefined && namesake.subject !== subject)
      throw new TakenName(`"${name}" is another person's account here: auscult account remove ${name} frees the name`);
    if (known === undefined) this.add({ name, role, password: "", made: by.at, sites, subject }, by);
    else if (known.name !== name) this.#rename(known.name, name, by);
    if (known !== undefined && known.role !== role) this.setRole(name, role, by);
    if (known !== undefined && textOf(known.sites) !== textOf(sites)) this.setSites(name, sites, by);
    return this.find(name)!;
  }

  /** Every sign-in of the account is over, whichever process keeps it. */
  endSignIns(name: string, by: By): void {
    this.#change({ ...by, what: "sign-ins ended", about: name }, () => {
      this.#existing(name);
      this.#database.prepare("UPDATE account SET stamp = ? WHERE name = ?").run(newStamp(), name);
    });
  }

  remove(name: string, by: By): void {
    this.#change({ ...by, what: "account removed", about: name }, () => {
      this.#existing(name);
      this.#database.prepare("DELETE FROM account WHERE name = ?").run(name);
    });
  }

  setRole(name: string, role: Role, by: By): void {
    const before = this.find(name)?.role ?? "";
    this.#change({ ...by, what: "role changed", about: `${name}: from ${before} to ${role}` }, () => {
      this.#existing(name);
      this.#database.prepare("UPDATE account SET role = ? WHERE name = ?").run(role, name);
    });
  }

  /** `sites`: null for all there are. */
  setSites(name: string, sites: Account["sites"], by: By): void {
    this.#change({ ...by, what: "sites changed", about: `${name}: ${sites === null ? "all" : sites.join(", ")}` }, () => {
      this.#existing(name);
      this.#database.prepare("UPDATE account SET sites = ? WHERE name = ?").run(textOf(sites), name);
    });
  }

  setPassword(name: string, password: string, by: By): void {
    this.#change({ ...by, what: "password changed", about: name }, () => {
      this.#existing(name);
      this.#database.prepare("UPDATE account SET password = ?, stamp = ? WHERE name = ?").run(password, newStamp(), name);
    });
  }

  record(deed: Deed): void {
    this.#change(deed, () => undefined);
  }

  /** The last thing of its kind that was written. */
  lastOf(what: Deed["what"]): AuditRow | undefined {
    return this.#database
      .prepare("SELECT number, at, who, what, about, client FROM audit WHERE what = ? ORDER BY number DESC LIMIT 1")
      .get(what) as unknown as AuditRow | undefined;
  }

  /** In its order. */
  audit(): Iterable<AuditRow> {
    return this.#database
      .prepare("SELECT number, at, who, what, about, client FROM audit ORDER BY number")
      .iterate() as Iterable<unknown> as Iterable<AuditRow>;
  }

  /** Where the audit log does not follow from itself, in words; null when it holds. */
  trouble(): string | null {
    return auditTrouble(this.#database);
  }

  close(): void {
    this.#database.close();
  }

  #rename(from: string, to: string, by: By): void {
    this.#change({ ...by, what: "account renamed", about: `${from} is ${to} at the provider` }, () => {
      this.#database.prepare("UPDATE account SET name = ? WHERE name = ?").run(to, from);
    });
  }

  #existing(name: string): void {
    if (this.find(name) !== undefined) return;
    const names = this.all().map((it) => it.name);
    throw new Error(`expected an account, one of ${names.join(", ") || "none yet"}, got "${name}"`);
  }

  #change(deed: Deed, work: () => void): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      work();
      appendDeed(this.#database, deed);
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}

function accountOf({ sites, subject, ...row }: Record<string, unknown>): Account {
  return {
    ...row,
    sites: sites === "" ? null : (JSON.parse(sites as string) as string[]),
    subject: subject === "" ? null : subject,
  } as Account;
}

function textOf(sites: Account["sites"]): string {
  return sites === null ? "" : JSON.stringify(sites);
}

function newStamp(): string {
  return randomBytes(16).toString("hex");
}

function opened(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    closeSync(openSync(path, "a", 0o600));
    database = new DatabaseSync(path, { timeout: BUSY_MS });
    database.exec("PRAGMA synchronous = FULL");
    fillIfEmpty(database, path);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof UnusableAccounts) throw error;
    const { errcode, message } = error as Error & { readonly errcode?: number };
    throw new UnusableAccounts(`expected a file of accounts, got ${errcode === NOT_A_DATABASE ? "no database" : message}: ${path}`, {
      cause: error,
    });
  }
}

/** Two that open it at once wait for each other, and the second finds it filled. */
function fillIfEmpty(database: DatabaseSync, path: string): void {
  database.exec("BEGIN IMMEDIATE");
  const { user_version: version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  const { tables } = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get() as { tables: number };
  if (version > VERSION || (version === 0 && tables > 0)) {
    const got = version === 0 ? "another program's database" : `version ${version}, which a newer Auscult wrote`;
    throw new UnusableAccounts(`expected a file of accounts of version ${VERSION}, got ${got}: ${path}`);
  }
  if (version === 0) {
    database.exec(readFileSync(join(import.meta.dirname, "accounts.sql"), "utf8"));
    database.prepare("INSERT INTO about (key, value) VALUES ('audit_key', ?)").run(randomBytes(32).toString("hex"));
  }
  if (version > 0) for (let to = version + 1; to <= VERSION; to++) database.exec(MIGRATIONS[to]!);
  if (version < VERSION) database.exec(`PRAGMA user_version = ${VERSION}`);
  database.exec("COMMIT");
}
