/** What `npm run bundle` makes runs on a Debian 12 with nothing installed and no network, asks nobody anything, and leaves nothing behind. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chownSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BareDebian, bareDebianMissing } from "../testing/bare-debian.ts";
import { startProgram } from "../testing/command.ts";
import { Namespace } from "../testing/namespace.ts";
import { beyondThisComputer, watchingNetwork } from "../testing/network-calls.ts";
import { commandLineOf, familyOf, isRunning, until } from "../testing/processes.ts";

const ROOT = join(import.meta.dirname, "../..");
const VISITOR = 2000;
const HOME = "/home/visitor";
const skip = bareDebianMissing("ip", "strace", "gzip");

let work: string;
let archive: string;
let debian: BareDebian;
let network: Namespace;

before(() => {
  if (skip) return;
  work = mkdtempSync(join(tmpdir(), "auscult-bundle-test-"));
  archive = bundled("first", {});
  debian = new BareDebian();
  network = new Namespace("bundle");
  network.run("ip", "link", "set", "lo", "up");
  mkdirSync(debian.path(HOME));
  chownSync(debian.path(HOME), VISITOR, VISITOR);
});
after(() => {
  if (skip) return;
  network.delete();
  debian.delete();
  rmSync(work, { recursive: true });
});

test("the same source gives the same bytes, whoever makes it and where", { skip }, (t) => {
  const again = bundled("second", { TZ: "Asia/Tokyo", LANG: "de_DE.UTF-8", USER: "someone", LOGNAME: "someone", UMASK: "0077" });
  assert.ok(readFileSync(archive).equals(readFileSync(again)), "expected the same bytes");
  t.diagnostic(`${archive.split("/").at(-1)}: ${(readFileSync(archive).length / 1e6).toFixed(1)} MB`);
});

test("nothing in it names who made it, and no test is shipped", { skip }, () => {
  const listed = execFileSync("tar", ["-tvzf", archive, "--numeric-owner"], { encoding: "utf8", maxBuffer: 64e6 }).trim().split("\n");
  const owners = new Set(listed.map((line) => line.split(/\s+/)[1]));
  const times = new Set(listed.map((line) => line.split(/\s+/).slice(3, 5).join(" ")));
  assert.deepEqual([...owners], ["0/0"]);
  assert.equal(times.size, 1);
  assert.deepEqual(
    listed.filter((line) => /\.test\.|src\/(testing|proofs)\//.test(line)),
    [],
  );
});

test(
  "on a bare Debian without network: unpacked, started, the sample read; no name asked for, nothing beyond this computer",
  { skip },
  async (t) => {
    copyFileSync(archive, debian.path("/tmp/auscult.tar.gz"));
    const [asVisitor, ...rest] = [...debian.throughAs(VISITOR, HOME), "tar", "-xzf", "/tmp/auscult.tar.gz", "-C", HOME];
    execFileSync(asVisitor, rest);
    for (const program of ["node", "npm"]) assert.throws(() => debian.run("sh", "-c", `command -v ${program}`), `${program} is there`);

    const unpacked = readdirSync(debian.path(HOME)).find((name) => name.startsWith("auscult-"))!;
    // What it would lack without what the archive brings.
    const node = `${HOME}/${unpacked}/node_modules/node-${process.platform}-${process.arch}/bin/node`;
    assert.throws(() => debian.run(node, "--version"), /libatomic\.so\.1/);

    const log = join(work, "network.log");
    const began = performance.now();
    const through = [...network.through, ...watchingNetwork(log), ...debian.throughAs(VISITOR, HOME)];
    const running = startProgram([`${HOME}/${unpacked}/auscult`, "start", "--no-open"], {}, { through });
    const address = /Page: (http:\/\/127\.0\.0\.1:\d+)\/\?token=(\S+)/.exec(await running.said(/Page: .*token=\S+/))!;
    const ask = (path: string, method = "GET") =>
      JSON.parse(network.run(process.execPath, "-e", ASK, `${address[1]}/api/${path}`, method, address[2]!) || "null") as {
        readonly devices: number;
        readonly reading: object | null;
      };
    ask("session/sample", "POST");
    while (ask("session").devices === 0) assert.ok(performance.now() - began < 300_000, "expected a first inventory within five minutes");
    t.diagnostic(`first devices after ${((performance.now() - began) / 1000).toFixed(1)} s`);

    // While it reads: the sensor is running.
    assert.notEqual(ask("session").reading, null);
    const family = familyOf(running.child.pid!);
    const core = family.find((pid) => commandLineOf(pid).includes("/bin/auscult.mjs"))!;
    assert.ok(
      family.some((pid) => commandLineOf(pid).includes("--permission")),
      "expected a sensor among what it started",
    );
    process.kill(core, "SIGKILL");
    await until("everything it started has ended", () => !family.some(isRunning));
    await running.ended;

    const calls = readFileSync(log, "utf8");
    assert.match(calls, /bind\(.*inet_addr\("127\.0\.0\.1"\)/, "expected the page's own socket in the log");
    assert.deepEqual(beyondThisComputer(calls), []);
    const left = readdirSync(debian.path(`${HOME}/.local/share/auscult`));
    assert.ok(left.includes("recordings"), `expected the recording to stay, got ${left.join(", ")}`);
  },
);

test("a program that asks for a name is seen by the same watch", { skip }, async () => {
  const log = join(work, "planted.log");
  const lookUp = "require('node:dns').setServers(['192.0.2.53']); require('node:dns').resolve4('planted.example', () => process.exit())";
  const through = [...network.through, ...watchingNetwork(log)];
  await startProgram([process.execPath, "-e", lookUp], {}, { through }).ended;
  assert.notDeepEqual(beyondThisComputer(readFileSync(log, "utf8")), []);
});

/** Its path. */
function bundled(name: string, environment: NodeJS.ProcessEnv): string {
  const folder = join(work, name);
  const script = ["--disable-warning=ExperimentalWarning", join(ROOT, "scripts/build-bundle.ts"), folder];
  const line = `umask ${environment["UMASK"] ?? "0022"}; exec "$@"`;
  execFileSync("sh", ["-c", line, "-", process.execPath, ...script], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return join(folder, readdirSync(folder)[0]!);
}

/** Prints what is answered; in the network of the program that is asked. */
const ASK = `const [url, method, token] = process.argv.slice(1);
fetch(url, { method, headers: { authorization: "Bearer " + token } }).then(async (it) => {
  if (!it.ok) throw new Error(it.status + " " + (await it.text()));
  process.stdout.write(await it.text());
});`;
