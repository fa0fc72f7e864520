/** A PostgreSQL server of one test: in a folder that is gone afterwards, as an account without rights, by a socket that nobody else sees. */
import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setUp } from "../store/postgres/setup.ts";
import { until } from "./processes.ts";

const BIN = "/usr/lib/postgresql/15/bin";
/** Why a test is skipped; false where the server is installed. */
export const withoutPostgres = existsSync(join(BIN, "postgres")) ? false : "needs postgresql-15 (apt-get install postgresql-15)";

interface Ending {
  readonly after: (work: () => void) => void;
}

/** On a disk of its own; where others reach it, in a namespace. Needs root. */
interface Standing {
  readonly diskBytes: number;
  readonly reached?: { readonly address: string; readonly through: readonly string[] };
}

export class Postgres {
  readonly folder: string;
  readonly #account: { readonly uid: number; readonly gid: number } | null;
  readonly #standing: Standing | null;

  /** `locale` of the whole server: what we store is in the order of code units in any. */
  constructor(test: Ending, locale = "C.UTF-8", standing: Standing | null = null) {
    this.#standing = standing;
    this.folder = mkdtempSync(join(tmpdir(), "auscult-pg-"));
    if (standing !== null) execFileSync("mount", ["-t", "tmpfs", "-o", `size=${standing.diskBytes}`, "tmpfs", this.folder]);
    chmodSync(this.folder, 0o755);
    this.#account = process.getuid?.() === 0 ? accountOf("postgres") : null;
    if (this.#account !== null) chownSync(this.folder, this.#account.uid, this.#account.gid);
    test.after(() => {
      if (existsSync(this.data)) this.#run("pg_ctl", ["-D", this.data, "-m", "immediate", "-w", "stop"], true);
      if (standing !== null) execFileSync("umount", ["-l", this.folder]);
      rmSync(this.folder, { recursive: true });
    });
    this.#run("initdb", ["-D", this.data, "-U", "owner", "-A", "trust", "-E", "UTF8", `--locale=${locale}`, "--no-sync"]);
    if (standing?.reached !== undefined) appendFileSync(join(this.data, "pg_hba.conf"), "host all all samenet trust\n");
    this.start();
  }

  get data(): string {
    return join(this.folder, "data");
  }

  start(): void {
    const disk = this.#standing === null ? "" : "-c max_wal_size=96MB -c min_wal_size=64MB";
    const options = `-c listen_addresses='${this.#standing?.reached?.address ?? ""}' -c unix_socket_directories='${this.folder}' -c max_connections=40 ${disk}`;
    this.#run(
      "pg_ctl",
      ["-D", this.data, "-w", "-l", join(this.folder, "log"), "-o", options, "start"],
      false,
      this.#standing?.reached?.through,
    );
  }

  /** Resolves when it answers: one that ended, as for want of room, is started. */
  async answers(): Promise<void> {
    if (!/server is running/.test(this.#run("pg_ctl", ["-D", this.data, "status"], true))) this.start();
    const asks = () => this.#run("psql", ["-h", this.folder, "-U", "owner", "-d", "postgres", "-Atqc", "SELECT 1"], true).trim() === "1";
    await until("the database to answer", asks);
  }

  /** A copy of its data as it is now, while it goes on. */
  copy(to: string): void {
    this.#run("pg_basebackup", ["-h", this.folder, "-U", "owner", "-D", to, "-c", "fast", "-X", "stream"]);
  }

  stop(how: "fast" | "immediate" = "fast"): void {
    this.#run("pg_ctl", ["-D", this.data, "-w", "-m", how, "stop"]);
  }

  /** An older copy of the data in place of those of today; while it is stopped. */
  setBack(copy: string): void {
    rmSync(this.data, { recursive: true });
    if (this.#standing === null) renameSync(copy, this.data);
    else execFileSync("cp", ["-a", copy, this.data]);
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

  #run(program: string, args: readonly string[], mayFail = false, through: readonly string[] = []): string {
    // Into a namespace only root goes, who becomes the account there.
    const { uid, gid } = this.#account ?? {};
    const becoming = through.length === 0 ? [] : [...through, "setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"];
    const [first, ...line] = [...becoming, join(BIN, program), ...args];
    const ran = spawnSync(first!, line, {
      ...(becoming.length === 0 ? this.#account : {}),
      cwd: "/",
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
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
