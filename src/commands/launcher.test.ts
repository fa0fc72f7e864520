/** The launcher under the Node a bare Debian has: it starts the one we pin and stands between it and nobody. */
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, suite, test } from "node:test";

const ROOT = join(import.meta.dirname, "..", "..");
const LAUNCHER = join(ROOT, "bin", "auscult.mjs");
const OTHERS = ["/usr/bin/node", "/usr/local/bin/node"];

const other = OTHERS.find((path) => existsSync(path) && execFileSync(path, ["--version"], { encoding: "utf8" }) !== `${process.version}\n`);

suite("the launcher", { skip: other === undefined && `no other Node in ${OTHERS.join(" or ")}: THE LAUNCHER WAS NOT TRIED` }, () => {
  const folder = mkdtempSync(join(tmpdir(), "auscult-launcher-"));
  after(() => rmSync(folder, { recursive: true }));

  test("runs the command under the Node we pin, and passes on what it prints and how it ends", () => {
    const { status, stdout } = spawnSync(other!, [LAUNCHER, "--data", folder, "doctor", "--json"], { encoding: "utf8" });
    assert.equal(status, 0);
    const { findings } = JSON.parse(stdout) as { findings: { about: string; words: string }[] };
    assert.equal(findings.find((it) => it.about === "Node")?.words, process.version);
    assert.equal(spawnSync(other!, [LAUNCHER, "--data", folder, "open", "/nowhere", "--exit"]).status, 3);
  });

  // A terminal tells both, and npm tells the launcher once more: that is one key press, and no reason to end at once.
  test("Ctrl-C, told to launcher and command alike, ends the command in order once", async () => {
    const child = spawn(other!, [LAUNCHER, "--data", folder, "open", "-", "--exit"], { stdio: ["pipe", "ignore", "pipe"], detached: true });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    const ended = new Promise((resolve) => child.on("exit", resolve));
    while (!existsSync(join(folder, "recordings", "standard-input.db"))) await new Promise((resolve) => setTimeout(resolve, 20));
    process.kill(-child.pid!, "SIGINT");
    child.kill("SIGINT");
    assert.equal(await ended, 130);
    assert.match(said, /Stopped before the end/);
  });

  test("killed, it leaves nothing running", async () => {
    const child = spawn(other!, [LAUNCHER, "--data", folder, "start", "--no-open"], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, AUSCULT_PORT: "0" },
    });
    await told(child, /Page: (\S+)/);
    // The pipe closes when the last process that holds it is gone.
    const gone = once(child, "close");
    child.kill("SIGKILL");
    await gone;
  });
});

test("npm start serves a page, and ends with all it started when it is told to", async () => {
  const home = mkdtempSync(join(tmpdir(), "auscult-start-"));
  const environment = {
    ...process.env,
    XDG_DATA_HOME: home,
    AUSCULT_PORT: "0",
    PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`,
  };
  const npm = spawn("npm", ["start", "--", "--no-open"], { cwd: ROOT, env: environment, stdio: ["ignore", "ignore", "pipe"] });
  const url = await told(npm, /Page: (\S+)/);
  assert.equal((await fetch(url)).status, 200);
  // The pipe closes when the last process that holds it is gone.
  const gone = new Promise((resolve) => npm.on("close", resolve));
  npm.kill("SIGTERM");
  assert.equal(await gone, 0);
  await assert.rejects(fetch(url));
  rmSync(home, { recursive: true });
});

/** What it says of itself, as soon as it does. */
function told(child: ChildProcess, what: RegExp): Promise<string> {
  return new Promise((resolve) => {
    let said = "";
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const found = what.exec(said);
      if (found !== null) resolve(found[1]!);
    });
  });
}
