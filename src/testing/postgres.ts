/** A PostgreSQL server of one test: in a folder that is gone afterwards, as an account without rights, by a socket that nobody else sees. */
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setUp } from "../store/postgres/setup.ts";

const BIN = "/usr/lib/postgresql/15/bin";
/** Why a test is skipped; false where the server is installed. */
export const withoutPostgres = existsSync(join(BIN, "postgres")) ? false : "needs postgresql-15 (apt-get install postgresql-15)";

interface Ending {
  readonly after: (work: () => void) => void;
}

export class Postgres {
  readonly folder: string;
  readonly #account: { readonly uid: number; readonly gid: number } | null;

  /** `locale` of the whole server: what we store is in the order of code units in any. */
  constructor(test: Ending, locale = "C.UTF-8") {
    this.folder = mkdtempSync(join(tmpdir(), "auscult-pg-"));
    chmodSync(this.folder, 0o755);
    this.#account = process.getuid?.() === 0 ? accountOf("postgres") : null;
    if (this.#account !== null) chownSync(this.folder, this.#account.uid, this.#account.gid);
    test.after(() => {
      if (existsSync(this.data)) this.#run("pg_ctl", ["-D", this.data, "-m", "immediate", "-w", "stop"], true);
      rmSync(this.folder, { recursive: true });
    });
    this.#run("initdb", ["-D", this.data, "-U", "owner", "-A", "trust", "-E", "UTF8", `--locale=${locale}`, "--no-sync"]);
    this.start();
  }

  get data(): string {
    return join(this.folder, "data");
  }

  start(): void {
    const options = `-c listen_addresses='' -c unix_socket_directories='${this.folder}' -c max_connections=40`;
    this.#run("pg_ctl", ["-D", this.data, "-w", "-l", join(this.folder, "log"), "-o", options, "start"]);
  }

  stop(how: "fast" | "immediate" = "fast"): void {
    this.#run("pg_ctl", ["-D", this.data, "-w", "-m", how, "stop"]);
  }

  /** An older copy of the data in place of those of today; while it is stopped. */
  setBack(copy: string): void {
    rmSync(this.data, { recursive: true });
    renameSync(copy, this.data);
    if (this.#account !== null) for (const it of ["", ...readdirSync(this.data, { recursive: true, encoding: "utf8" })]) chownSync(join(this.data, it), this.#account.uid, this.#account.gid); // prettier-ignore
  }

  /** A database that is set up: by an owner who is no superuser, and as a writer sees it. */
  database(name: string): string {
    if (this.sql("postgres", "SELECT 1 FROM pg_roles WHERE rolname = 'keeper'") === "")
      this.sql("postgres", "CREATE ROLE keeper LOGIN CREATEROLE");
    this.sql("postgres", `CREATE DATABASE ${name} OWNER keeper`);
    setUp(this.url(name, "keeper"));
    for (const role of ["writer", "reader"])
      if (this.sql("postgres", `SELECT 1 FROM pg_roles WHERE rolname = '${role}'`) === "")
        this.sql("postgres", `CREATE ROLE ${role} LOGIN IN ROLE auscult_${role}`);
    return this.url(name);
  }

  url(name: string, user: "writer" | "reader" | "keeper" | "owner" = "writer"): string {
    return `postgres:///${name}?host=${encodeURIComponent(this.folder)}&user=${user}`;
  }

  /** What psql prints, one row a line. Throws what it says where it fails. */
  sql(name: string, text: string, user = "owner"): string {
    return this.#run("psql", ["-h", this.folder, "-U", user, "-d", name, "-v", "ON_ERROR_STOP=1", "-Atq", "-c", text]).trim();
  }

  #run(program: string, args: readonly string[], mayFail = false): string {
    const ran = spawnSync(join(BIN, program), args, { ...this.#account, cwd: "/", encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    if (ran.status !== 0 && !mayFail) throw new Error(`${program}: ${ran.stderr}${ran.error?.message ?? ""}`);
    return ran.stdout;
  }
}

function accountOf(name: string): { readonly uid: number; readonly gid: number } {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((it) => it.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  if (uid === undefined || gid === undefined) throw new Error(`expected an account ${name}, under which the server may run`);
  return { uid: Number(uid), gid: Number(gid) };
}
