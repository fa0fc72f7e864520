/** CONTRIBUTING.md promises that a protocol is one file, its test and one line: its own example is put into a copy of the tree and run. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "..");

test("the protocol of CONTRIBUTING.md works as it stands there", () => {
  const steps = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");
  const [protocol = "", itsTest = ""] = [...steps.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1]!);
  assert.ok(protocol.includes("export const wardClock") && itsTest.includes('from "./ward-clock.ts"'));

  const copy = mkdtempSync(join(tmpdir(), "auscult-toy-"));
  try {
    cpSync(join(ROOT, "src"), join(copy, "src"), { recursive: true });
    const pages = readdirSync(ROOT).filter((name) => name.endsWith(".md"));
    for (const name of ["package.json", "tsconfig.json", ...pages]) cpSync(join(ROOT, name), join(copy, name));
    for (const name of ["node_modules", "docs"]) symlinkSync(join(ROOT, name), join(copy, name));
    writeFileSync(join(copy, "src/protocols/ward-clock.ts"), protocol);
    writeFileSync(join(copy, "src/protocols/ward-clock.test.ts"), itsTest);
    const index = join(copy, "src/protocols/index.ts");
    const list = readFileSync(index, "utf8");
    writeFileSync(
      index,
      `import { wardClock } from "./ward-clock.ts";\n${list.replace("export const protocols: readonly Protocol[] = [", "$&\n  wardClock,")}`,
    );

    // Else the inner runner takes itself for a part of this one, and runs nothing.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const run = (...args: readonly string[]) =>
      spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], { cwd: copy, env, encoding: "utf8" });
    const tests = run("--test", "src/protocols/ward-clock.test.ts", "src/tidy.test.ts", "src/protocols/index.test.ts");
    assert.equal(tests.status, 0, tests.stdout);
    assert.match(tests.stdout, /a clock says its version and its name/);
    const listed = run("src/main.ts", "protocols");
    assert.match(listed.stdout, /ward-clock/, listed.stderr);
  } finally {
    rmSync(copy, { recursive: true });
  }
});
