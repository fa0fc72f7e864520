import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { confinements } from "./sandbox.ts";

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
    const { attempts, error } = await run(confinement.command, [...confinement.args, join(folder, "written"), String(process.pid)]);
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

async function run(command: string, args: readonly string[]): Promise<{ attempts: Attempt[]; error: string }> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let [output, error] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (error += text));
  await new Promise((done) => child.on("close", done));
  const attempts = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Attempt);
  return { attempts, error };
}
