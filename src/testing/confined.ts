/** Tries, from inside the sensor's confinement, everything it must not be able to do. Prints one JSON line per attempt. */
import { spawn } from "node:child_process";
import { lookup } from "node:dns";
import { writeFileSync, readFileSync, openSync } from "node:fs";
import { createRequire } from "node:module";
import { connect, createServer } from "node:net";
import { createSocket } from "node:dgram";
import { Worker } from "node:worker_threads";

const target = process.argv[2] ?? "/tmp/auscult-confined";
const parent = Number(process.argv[3] ?? process.ppid);
const load = createRequire(import.meta.url);

const attempts: Record<string, () => unknown> = {
  tcp: () => settle((done) => connect(9, "127.0.0.1", () => done("connected")).on("error", (error) => done(error))),
  unix: () => settle((done) => connect("/run/auscult.sock", () => done("connected")).on("error", (error) => done(error))),
  listen: () =>
    settle((done) =>
      createServer()
        .on("error", (error) => done(error))
        .listen(0, "127.0.0.1", () => done("listening")),
    ),
  udp: () =>
    settle((done) =>
      createSocket("udp4")
        .on("error", (error) => done(error))
        .send("x", 9, "127.0.0.1", (error) => done(error ?? "sent")),
    ),
  name: () => settle((done) => lookup("auscult.example", (error) => done(error ?? "found"))),
  write: () => writeFileSync(target, "x"),
  create: () => openSync(target, "w"),
  read: () => readFileSync("/etc/passwd"),
  sqliteOpen: () => new (sqlite().DatabaseSync)(target),
  sqliteAttach: () => new (sqlite().DatabaseSync)(":memory:").exec(`ATTACH '${target}' AS other`),
  sqliteVacuum: () => new (sqlite().DatabaseSync)(":memory:").exec(`VACUUM INTO '${target}'`),
  sqliteBackup: () => sqlite().backup(new (sqlite().DatabaseSync)(":memory:"), target),
  ffi: () => load("node:ffi"),
  child: () =>
    settle((done) =>
      spawn("/bin/true")
        .on("error", (error) => done(error))
        .on("exit", () => done("ran")),
    ),
  worker: () => new Worker("0", { eval: true }),
  signal: () => process.kill(parent, 0),
  // oxlint-disable-next-line typescript/no-implied-eval -- that it is refused is what is tried
  evaluate: () => new Function("return 1")(),
  // Last: where it succeeds this process is gone.
  execve: () => (process as unknown as { execve(file: string): void }).execve("/bin/true"),
};

for (const [name, attempt] of Object.entries(attempts)) {
  let outcome: string;
  try {
    const value = await attempt();
    outcome = value instanceof Error ? refused(value) : `done: ${String(value)}`;
  } catch (error) {
    outcome = refused(error as Error);
  }
  process.stdout.write(`${JSON.stringify({ name, outcome })}\n`);
}
process.exit(0);

function refused(error: Error): string {
  return `refused: ${(error as NodeJS.ErrnoException).code ?? error.name}`;
}

/** Waits at most 2 s for a callback; some refusals come as an exception nobody can catch where the call was made. */
function settle(start: (done: (value: unknown) => void) => unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    process.removeAllListeners("uncaughtException").once("uncaughtException", resolve);
    setTimeout(() => resolve("no answer in 2 s"), 2000);
    try {
      start(resolve);
    } catch (error) {
      reject(error);
    }
  });
}

interface Sqlite {
  DatabaseSync: new (path: string) => { exec(sql: string): void };
  backup(database: unknown, path: string): Promise<unknown>;
}
function sqlite(): Sqlite {
  return load("node:sqlite") as Sqlite;
}
