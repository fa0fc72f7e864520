import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { closeSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { confinements, SOURCE_FD, type Confinement } from "./sandbox.ts";

const ATTEMPTS = join(import.meta.dirname, "..", "testing", "confined.ts");
/** What only a user or a process namespace of its own prevents. */
const NEEDS_KERNEL = ["signal"];

interface Attempt {
  readonly name: string;
  readonly outcome: string;
}

for (const confinement of confinements(ATTEMPTS)) {
  test(`confined by ${confinement.name}, nothing leaves the sensor`, async (context) => {
    const folder = mkdtempSync(join(tmpdir(), "auscult-confined-"));
    const { attempts, error } = await runConfined(confinement, folder);
    if (attempts.length === 0) {
      context.skip(`the kernel does not let us confine by ${confinement.name} here: ${error.trim().split("\n")[0]}`);
      return rmSync(folder, { recursive: true });
    }
    const kernel = confinement.name === "full" || confinement.name === "namespaces";
    const done = attempts.filter((it) => !it.outcome.startsWith("refused") && (kernel || !NEEDS_KERNEL.includes(it.name)));
    assert.deepEqual(done, []);
    assert.ok(attempts.length >= 18, `only ${attempts.length} attempts were made`);
    assert.deepEqual(readdirSync(folder), []);
    rmSync(folder, { recursive: true });
  });
}

test("below a home that is open to its owner alone nothing is given up", async (context) => {
  const home = mkdtempSync(join(tmpdir(), "auscult-home-"));
  const source = join(home, "source");
  mkdirSync(source);
  cpSync(ATTEMPTS, join(source, "confined.ts"));
  const [there] = confinements(join(source, "confined.ts"));
  const [usual] = confinements(ATTEMPTS);
  const expected = await runConfined(usual!, home);
  const found = await runConfined(there!, home);
  rmSync(home, { recursive: true });
  if (expected.attempts.length === 0) return context.skip(`the kernel does not let us confine by ${usual!.name} here`);
  assert.deepEqual(found.attempts, expected.attempts);
});

test("the same attempts succeed without confinement: they are real", async () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-confined-"));
  const { attempts } = await run(process.execPath, [
    "--disable-warning=ExperimentalWarning",
    ATTEMPTS,
    join(folder, "written"),
    String(process.pid),
  ]);
  const done = attempts.filter((it) => it.outcome.startsWith("done")).map((it) => it.name);
  for (const name of ["listen", "udp", "write", "create", "read", "sqliteOpen", "child", "worker", "signal", "evaluate"])
    assert.ok(done.includes(name), `${name} was refused`);
  assert.ok(existsSync(join(folder, "written")));
  rmSync(folder, { recursive: true });
});

async function runConfined({ command, args, source }: Confinement, folder: string): ReturnType<typeof run> {
  const opened = source === undefined ? undefined : openSync(source, "r");
  try {
    return await run(command, [...args, join(folder, "written"), String(process.pid)], opened);
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

async function run(command: string, args: readonly string[], source?: number): Promise<{ attempts: Attempt[]; error: string }> {
  const stdio = ["ignore", "pipe", "pipe", "ignore", source ?? "ignore"] as const;
  assert.equal(stdio.length - 1, SOURCE_FD);
  const child = spawn(command, args, { stdio: [...stdio] });
  let [output, error] = ["", ""];
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (error += text));
  await new Promise((done) => child.on("close", done));
  const attempts = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Attempt);
  return { attempts, error };
}
