import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";

const ROOT = join(import.meta.dirname, "..", "..");
/** Whoever is not root: a folder of root's takes nothing of his. */
const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;

const folder = realpathSync(mkdtempSync(join(tmpdir(), "auscult-program-")));
chmodSync(folder, 0o755);
after(() => rmSync(folder, { recursive: true, force: true }));

/** An install: its own `node_modules`, in which packages are links. Its files are old enough to be known by their times. */
function installed(name: string): string {
  const root = join(folder, name);
  for (const part of ["bin", "src", "package.json", "scripts/build-web.mjs"])
    cpSync(join(ROOT, part), join(root, part), { recursive: true });
  mkdirSync(join(root, "node_modules"));
  for (const it of readdirSync(join(ROOT, "node_modules")).filter((it) => !it.startsWith(".")))
    symlinkSync(realpathSync(join(ROOT, "node_modules", it)), join(root, "node_modules", it));
  return root;
}

function started(root: string, args: readonly string[], uid?: number): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { HOME: _home, NODE_COMPILE_CACHE: _cache, ...environment } = process.env;
  const child = spawn(process.execPath, [join(root, "bin", "auscult.mjs"), ...args], { env: environment, uid });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  child.stdin.end();
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, ...said })));
}

const madeIn = (root: string) => {
  const kept = join(root, "node_modules", ".cache", "auscult-program");
  return existsSync(kept) ? readdirSync(kept).filter((it) => /^[0-9a-f]{32}$/.test(it)) : [];
};

suite("what is kept of the program", { concurrency: 2 }, () => {
  test("several that start at once, without a home, make one, whole; a changed source is another at the next start", async () => {
    const root = installed("changed");
    const three = await Promise.all([1, 2, 3].map(() => started(root, ["--version"])));
    assert.deepEqual(
      three.map(({ code, stdout, stderr }) => [code, stdout.trim(), stderr]),
      Array.from({ length: 3 }, () => [0, "0.1.0", ""]),
    );
    assert.equal(madeIn(root).length, 1);
    assert.deepEqual(
      readdirSync(join(root, "node_modules", ".cache", "auscult-program")).filter((it) => it.startsWith("making-")),
      [],
    );
    appendFileSync(join(root, "src", "version.ts"), '\nprocess.stderr.write("changed\\n");\n');
    assert.equal((await started(root, ["--version"])).stderr, "changed\n");
    assert.equal(madeIn(root).length, 2);
  });

  test("what goes wrong in it is told by the source's own files and lines", async () => {
    const root = installed("broken");
    const file = join(root, "src", "commands", "protocols.ts");
    appendFileSync(file, '\nfail();\nfunction fail(): void {\n  throw new TypeError("planted");\n}\n');
    utimesSync(file, 1e9, 1e9);
    const { code, stderr } = await started(root, ["protocols"]);
    assert.equal(code, 70);
    assert.match(stderr, /TypeError: planted\n {4}at fail \(src\/commands\/protocols\.ts:\d+:9\)/);
    assert.match(stderr, /at async run \(src\/main\.ts:\d+:5\)/);
    assert.equal(madeIn(root).length, 1);
  });

  test("for another account, in a folder that is not its own, the source is started as it stands", { skip: !isRoot }, async () => {
    const root = installed("of-root");
    const { code, stdout, stderr } = await started(root, ["--version"], NOBODY);
    assert.deepEqual([code, stdout.trim(), stderr], [0, "0.1.0", ""]);
    assert.deepEqual(madeIn(root), []);
    await started(root, ["--version"]);
    assert.equal((await started(root, ["--version"], NOBODY)).stdout.trim(), "0.1.0", "what root made, it may read");
  });
});
